"""Telling others outside how a deployment goes: a line in the admin log at its start and end, a comment on its task.

Laws: what is to be told is worked out from the record, so that no crash loses it; it may be told twice. Each place is
told in the order of the record, and one that is silent keeps no other waiting. What became of it is recorded. Whatever
goes wrong here, deployments go on as if it were not there.
"""

import asyncio
from asyncio import timeout
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from tocsin.domain import events as e
from tocsin.domain.copying import altered
from tocsin.domain.errors import RecordUnavailable, Refused, Unreachable
from tocsin.domain.people import RequestId
from tocsin.domain.request import Request
from tocsin.service.lately import Lately
from tocsin.service.noting import Noting, Paces
from tocsin.service.ports import AdminLog, LogPage, TaskComments
from tocsin.service.reading_back import ReadingBack
from tocsin.views.admin_log import log_line
from tocsin.views.outside import Turn, is_to_be_told
from tocsin.views.task_comment import task_comment

log = structlog.get_logger()
LATE: Final = timedelta(minutes=2)
WAY_SECONDS: Final = 90.0
"""Every way has a limit of its own; this one is for one that forgets it."""
OVER: Final = (e.Arrival.SENT, e.Arrival.SEEN, e.Arrival.MISSING)
Key = tuple[RequestId, e.Outside, str]


@dataclass(frozen=True, slots=True)
class Ways:
    """How each place is reached; one that is not configured is told nothing."""

    admin_log: AdminLog | None = None
    log_page: LogPage | None = None
    comments: TaskComments | None = None

    def __bool__(self) -> bool:
        """Say whether there is anybody to be told."""
        return self.admin_log is not None or self.comments is not None


@dataclass(slots=True)
class Telling:
    """Follows the record, and tells each place what it has not heard yet."""

    lately: Lately
    noting: Noting
    ways: Ways
    tree_head: Callable[[], str] = lambda: ""
    public_url: str = ""
    paces: Paces = field(default_factory=Paces)
    _given_up: set[Key] = field(default_factory=set)

    def grown(self) -> None:
        """Say that the record may have grown; carries nothing, may be said too often."""
        self.lately.grown()

    async def run(self) -> None:
        """Tell until cancelled; begins with what an earlier process left untold, of the last day."""
        self.lately.begin()
        async with asyncio.TaskGroup() as lanes:
            lanes.create_task(self.lately.follow())
            if self.ways.admin_log:
                lanes.create_task(self._tell_all(e.Outside.ADMIN_LOG))
            if self.ways.admin_log and self.ways.log_page:
                lanes.create_task(ReadingBack(self.lately, self.noting, self.ways.log_page, self.paces).run())
            if self.ways.comments:
                lanes.create_task(self._tell_all(e.Outside.TASK))

    async def _tell_all(self, place: e.Outside) -> None:
        news, failures = self.lately.news(), 0
        while True:
            news.clear()
            try:
                turn = await self._next(place)
                if turn is None:
                    await news.wait()
                    continue
                told = await self._tell(place, turn)
                failures = failures + 1 if told.outcome is e.Arrival.FAILED else 0
            except RecordUnavailable as gone:
                log.error("what is to be told outside cannot be read", place=place, why=str(gone))
                failures += 1
            if failures:
                await asyncio.sleep(self.paces.after(failures))

    async def _next(self, place: e.Outside) -> Turn | None:
        """Return the oldest turn of which a place has not heard."""
        waiting = [turn async for request, turn in self.lately.turns() if self._is_waiting(turn, place, request)]
        return min(waiting, key=lambda turn: turn.recorded.position, default=None)

    def _is_waiting(self, turn: Turn, place: e.Outside, now: Request) -> bool:
        """What was begun is brought to an end, however old it is by then; what was not is told while it is news."""
        known = now.told(place, turn.about)
        told = known is not None and known.outcome in OVER
        if told or (now.id, place, turn.about) in self._given_up or not is_to_be_told(turn, place, now):
            return False
        return known is not None or not self.lately.is_old(turn)

    async def _tell(self, place: e.Outside, turn: Turn) -> e.OutsideTold:
        """Tell a place of one turn, and record what became of it."""
        text = await self._text(place, turn)
        why = await self._trouble_with(place, turn, text)
        outcome = e.Arrival.FAILED if why else e.Arrival.SENT
        if why and self.lately.is_old(turn):
            why, outcome = f"for a day nobody took it: {why}", e.Arrival.MISSING
        told = e.OutsideTold(place, turn.about, text, outcome, why)
        await self.noting.note(turn.request.id, told)
        return told

    async def _text(self, place: e.Outside, turn: Turn) -> str:
        """Word it as it may be said now: what has become private meanwhile is private."""
        head = await asyncio.to_thread(self.tree_head)
        if place is e.Outside.TASK:
            return task_comment(turn, head, self.public_url)
        now = self.lately.request(turn.request.id)
        late = self.lately.clock.now() - turn.recorded.at > LATE
        return log_line(altered(turn.request, private=now.private), (turn.recorded,), head, late=late)

    async def _trouble_with(self, place: e.Outside, turn: Turn, text: str) -> str:
        """Send it, and return why it could not be sent; nothing when it is on its way."""
        key = (turn.request.id, place, turn.about)
        try:
            async with timeout(WAY_SECONDS):
                await self._send(place, turn, text)
        except Unreachable as silent:
            return str(silent)
        except TimeoutError:
            return f"the {place} did not answer within {WAY_SECONDS:g} s"
        except Refused as no:
            self._given_up.add(key)
            return str(no)
        except Exception as error:  # the top of the loop: one text that cannot be sent must not keep others waiting
            log.exception("others could not be told", place=place, id=turn.request.id)
            self._given_up.add(key)
            return f"a mistake of ours, {type(error).__name__}; the log has it"
        return ""

    async def _send(self, place: e.Outside, turn: Turn, text: str) -> None:
        if place is e.Outside.TASK:
            assert self.ways.comments is not None, "this place is told only where there is a way"
            await self.ways.comments.comment(turn.request.wish.task, text)
        else:
            assert self.ways.admin_log is not None, "this place is told only where there is a way"
            await self.ways.admin_log.write(text)
