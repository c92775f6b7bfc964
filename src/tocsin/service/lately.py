"""The requests whose deployment started or ended lately, kept up with the record for whoever is to tell others."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from tocsin.domain import events as e
from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.people import RequestId
from tocsin.domain.recorded import Recorded, StreamId
from tocsin.domain.request import Request
from tocsin.service.ports import Clock, Store
from tocsin.service.requests import AT_ONCE, Requests
from tocsin.views.outside import TURNS, Turn, turns

log = structlog.get_logger()
NEWS_FOR: Final = timedelta(days=1)
"""What is older helps nobody any more who reads it as news."""
MOST_WATCHED: Final = 500
"""Emergencies are few; more than so many in a day nobody outside could take in."""
AGAIN_AFTER_SECONDS: Final = 1.0
STIRRING: Final = (*TURNS, e.OutsideTold, e.MadePublic, e.FactsLearned)
"""After these there may be something to tell, or to look for."""


@dataclass(slots=True)
class Lately:
    """What is kept is taken from the requests as they stand and, for their turns, from the record itself."""

    requests: Requests
    store: Store
    clock: Clock
    _watched: dict[RequestId, tuple[int, tuple[Turn, ...]]] = field(default_factory=dict)
    _position: int = 0
    _grown: asyncio.Event = field(default_factory=asyncio.Event)
    _news: list[asyncio.Event] = field(default_factory=list)

    def grown(self) -> None:
        """Say that the record may have grown; carries nothing, may be said too often."""
        self._grown.set()

    def news(self) -> asyncio.Event:
        """Return what is set, for one listener, whenever there may be something new."""
        self._news.append(asyncio.Event())
        return self._news[-1]

    def begin(self) -> None:
        """Begin with what an earlier process may have left untold."""
        self._position = self.requests.position
        for request in self.requests.all():
            if (request.deployment or not request.open) and self._is_recent(request):
                self._watch(request.id)

    async def follow(self) -> None:
        """Follow the record until cancelled."""
        while True:
            await self._grown.wait()
            self._grown.clear()
            try:
                fresh = await asyncio.to_thread(self.store.since, self._position, AT_ONCE)
            except RecordUnavailable as gone:
                log.error("cannot follow the record", follower="telling", why=str(gone))
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
                self._grown.set()
            else:
                self._take_in(fresh)

    async def turns(self) -> AsyncIterator[tuple[Request, Turn]]:
        """Yield every turn of these requests, with the request as it stands now; raises `RecordUnavailable`."""
        for request_id in tuple(self._watched):
            for turn in await self._turns(request_id):
                yield self.request(request_id), turn

    def all(self) -> list[Request]:
        """Return these requests as they stand now."""
        return [self.request(each) for each in self._watched]

    def request(self, request: RequestId) -> Request:
        """Return one of them as it stands now."""
        found = self.requests.find(request)
        assert found is not None, "what is watched has opened"
        return found

    def is_old(self, turn: Turn) -> bool:
        """Say whether a turn is no news any more."""
        return self.clock.now() - turn.recorded.at > NEWS_FOR

    def _take_in(self, fresh: tuple[Recorded, ...]) -> None:
        for each in fresh:
            self._position = each.position
            if isinstance(each.event, TURNS):
                self._watch(RequestId(each.stream))
        if any(isinstance(each.event, STIRRING) for each in fresh):
            for news in self._news:
                news.set()
        if len(fresh) == AT_ONCE:
            self._grown.set()

    def _watch(self, request: RequestId) -> None:
        for old in [each for each in self._watched if not self._is_recent(self.request(each))]:
            del self._watched[old]
        if len(self._watched) >= MOST_WATCHED:
            oldest = next(iter(self._watched))
            del self._watched[oldest]
            log.error("too many requests at once to tell others of: of one no more is told", id=oldest)
        self._watched[request] = (0, ())

    def _is_recent(self, request: Request) -> bool:
        return request.ended_at is None or self.clock.now() - request.ended_at <= NEWS_FOR

    async def _turns(self, request: RequestId) -> tuple[Turn, ...]:
        """Return a request's turns, read anew when its stream has grown."""
        version, known = self.requests.version(StreamId(request)), self._watched.get(request, (0, ()))
        if known[0] == version:
            return known[1]
        found = tuple(turns(await asyncio.to_thread(self.store.read, StreamId(request))))
        if request in self._watched:
            self._watched[request] = (version, found)
        return found
