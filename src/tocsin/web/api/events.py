"""What happens, as a stream from the record: whoever comes back says what they heard last, and misses nothing.

Laws: nothing is sent before it is folded, so what was just made private is judged as such; a stream ends with its
token, and with the server.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from tocsin.domain.errors import Malformed, RecordUnavailable
from tocsin.domain.people import RequestId
from tocsin.domain.recorded import HOUSE, Recorded, StreamId
from tocsin.service.seeing import may_see
from tocsin.views.announcing import house_lines
from tocsin.views.lines import harmless
from tocsin.views.timeline import entries
from tocsin.web.api.callers import Caller, Keyring
from tocsin.web.api.calls import Calls
from tocsin.web.api.problems import Denied
from tocsin.web.office import Office

AT_ONCE = 100
PING_SECONDS = 15
LOOK_AGAIN_SECONDS = 5.0
"""How long a stream on which nothing happens goes on by a token that was revoked."""
MOST_STREAMS = 200


class Events:
    """Streams to programs."""

    def __init__(self, office: Office, keyring: Keyring, calls: Calls) -> None:
        """Take what it works with, and hear when the record grows."""
        self._office = office
        self._keyring = keyring
        self._calls = calls
        self._bells: set[asyncio.Event] = set()
        self._over = False
        office.handler.tell(self.ring)

    def ring(self) -> None:
        """Have every stream look at the record."""
        for bell in self._bells:
            bell.set()

    def end(self) -> None:
        """End every stream: the server stops."""
        self._over = True
        self.ring()

    async def stream(self, asked: HttpRequest, named: str = "", after: int | None = None) -> Response:
        """Stream what happens to one request, or to all that the caller may see."""
        caller = await self._keyring.caller(asked)
        caller.must_read()
        request = self._calls.seen(named, caller).id if named else None
        begin = _begin(asked, after)
        if len(self._bells) >= MOST_STREAMS:
            raise Denied(429, "Too many listen already; try again in a minute.", {"Retry-After": "60"})
        start = self._office.requests.position if begin is None else begin
        return EventSourceResponse(self._messages(caller, request, start), ping=PING_SECONDS)

    async def _messages(self, caller: Caller, only: RequestId | None, after: int) -> AsyncIterator[ServerSentEvent]:
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            while not self._over and (now := await self._keyring.still(caller)) is not None:
                bell.clear()
                batch = await self._since(after)
                for each, sentence in await self._in_words(batch, now, only):
                    yield _message(each, sentence)
                if batch:
                    after = batch[-1].position
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                        await bell.wait()
        except RecordUnavailable:
            return  # they come back, and go on where they were
        finally:
            self._bells.discard(bell)

    async def _since(self, after: int) -> tuple[Recorded, ...]:
        folded = self._office.requests.position
        batch = await asyncio.to_thread(self._office.store.since, after, AT_ONCE)
        return tuple(each for each in batch if each.position <= folded)

    async def _in_words(
        self, batch: tuple[Recorded, ...], caller: Caller, only: RequestId | None
    ) -> list[tuple[Recorded, str]]:
        """Say each event that the caller may see; a request is read once, for its sentences tell what went before."""
        sentences: dict[int, str] = {}
        for stream in {each.stream for each in batch}:
            if (only is None or StreamId(only) == stream) and self._may_hear(stream, caller):
                sentences |= await self._sentences(stream, batch)
        return [(each, sentences[each.position]) for each in batch if each.position in sentences]

    def _may_hear(self, stream: StreamId, caller: Caller) -> bool:
        if stream == HOUSE:
            return True
        request = self._office.requests.find(RequestId(stream))
        return request is not None and may_see(request, caller.person)

    async def _sentences(self, stream: StreamId, batch: tuple[Recorded, ...]) -> dict[int, str]:
        if stream == HOUSE:
            said = {each.position: house_lines((each,)) for each in batch if each.stream == HOUSE}
            return {position: line.text for position, lines in said.items() for line in lines}
        recorded = await asyncio.to_thread(self._office.store.read, stream)
        return {each.position: entry.text for each, entry in zip(recorded, entries(recorded), strict=True)}


def _message(recorded: Recorded, sentence: str) -> ServerSentEvent:
    origin = recorded.origin
    told = {
        "position": recorded.position,
        "request": None if recorded.stream == HOUSE else recorded.stream,
        "at": f"{recorded.at:%Y-%m-%dT%H:%M:%SZ}",
        "by": origin.person or harmless(origin.name),
        "surface": origin.surface,
        "kind": type(recorded.event).__name__,
        "sentence": sentence,
    }
    return ServerSentEvent(data=json.dumps(told), event="happened", id=str(recorded.position))


def _begin(asked: HttpRequest, after: int | None) -> int | None:
    """A client that comes back says by a header what it heard last; that counts more than its address."""
    last = asked.headers.get("last-event-id", "")
    if not last:
        return after
    if not (last.isascii() and last.isdigit() and len(last) <= 15):
        raise Malformed("Last-Event-Id is a position in the record, such as 412.")
    return int(last)
