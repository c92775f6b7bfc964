"""Waking people: what the record says they are called for is sent to their pagers, and what came of it is recorded.

Law: each call is tried once for each person, and what is not in the record yet was not tried. Killed in between, the
next start tries again: twice rather than never. What is older than `LATE` is said to be late instead: nobody is rung
for what the night has left behind.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from tocsin.domain.commands.waking import ReportWaking
from tocsin.domain.errors import Conflict, RecordUnavailable
from tocsin.domain.events import WakeAttempted, WakeOutcome
from tocsin.domain.people import PersonId, RequestId, TeamId
from tocsin.domain.request import Request
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act, Handler
from tocsin.service.ports import Clock, Notifier, Woken
from tocsin.service.requests import Requests
from tocsin.views.waking import waking_message

log = structlog.get_logger()
LATE: Final = timedelta(minutes=15)
AGAIN_AFTER_SECONDS = 1.0
TRIES: Final = 900
"""How often an outcome is told to a record that takes nothing: a quarter of an hour; then the log alone has it."""
MOST_AT_THE_END_SECONDS: Final = 15.0
"""How long a stop waits for those who are being woken: as long as a service may take, so that nobody is rung twice."""
BROKE: Final = Woken(WakeOutcome.FAILED, detail="paging itself broke, the log says how")


@dataclass(frozen=True, slots=True)
class Call:
    """People who are to be woken together: by one call, for one team perhaps."""

    request: RequestId
    at: datetime
    team: TeamId | None
    people: tuple[PersonId, ...]


@dataclass(slots=True)
class Waking:
    """Tries every call once; while nobody can be reached at all, everything waits for a way."""

    handler: Handler
    requests: Requests
    clock: Clock
    notifier: Notifier
    public_url: str = ""
    _under_way: set[tuple[RequestId, PersonId, datetime]] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    def grown(self) -> None:
        """Say that the record may have grown; carries nothing, may be said too often."""
        self._grown.set()

    def use(self, notifier: Notifier) -> None:
        """Wake people in another way from now on; what waited for one is looked at at once."""
        self.notifier = notifier
        self.grown()

    async def run(self) -> None:
        """Wake whoever is called, until cancelled; who is being woken just then is told of before it ends."""
        self._grown.set()
        try:
            while True:
                await self._grown.wait()
                self._grown.clear()
                for request in self.requests.open() if self.notifier.most else ():
                    self._begin(request)
        finally:
            if self._tasks:
                _, left = await asyncio.wait(self._tasks, timeout=MOST_AT_THE_END_SECONDS)
                for task in left:
                    task.cancel()

    def _begin(self, request: Request) -> None:
        for call in self._calls(request):
            self._under_way.update((call.request, person, call.at) for person in call.people)
            task = asyncio.get_running_loop().create_task(self._wake(request, call))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _calls(self, request: Request) -> Iterable[Call]:
        """Return those who are called and not being woken yet, the ones of one call together."""
        together: dict[tuple[datetime, TeamId | None], list[PersonId]] = {}
        for person, waking in request.to_wake(self.notifier.most):
            if (request.id, person, waking.at) not in self._under_way:
                together.setdefault((waking.at, waking.team), []).append(person)
        return [Call(request.id, at, team, tuple(people)) for (at, team), people in together.items()]

    async def _wake(self, request: Request, call: Call) -> None:
        woken = await self._woken(request, call)
        attempts = (
            WakeAttempted(person, call.at, each.outcome, each.via, each.detail) for person, each in woken.items()
        )
        await self._record(call, ReportWaking(tuple(attempts)))

    async def _woken(self, request: Request, call: Call) -> Mapping[PersonId, Woken]:
        """The top of each call: whatever a notifier does, every call ends, and is told of."""
        if self.clock.now() - call.at > LATE:
            return dict.fromkeys(call.people, Woken(WakeOutcome.LATE))
        try:
            return await self.notifier.wake(call.people, call.team, waking_message(request, self.public_url))
        except Exception:
            log.exception("paging broke", request=call.request, people=call.people)
            return dict.fromkeys(call.people, BROKE)

    async def _record(self, call: Call, report: ReportWaking) -> None:
        for _ in range(TRIES):
            try:
                await self.handler.handle(Act(ITSELF, report, call.request))
            except (RecordUnavailable, Conflict) as gone:
                log.error("what came of waking people is not recorded yet", request=call.request, why=str(gone))
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
            else:
                self._under_way.difference_update((call.request, person, call.at) for person in call.people)
                return
        log.error("what came of waking people was never recorded", request=call.request, attempts=report.attempts)
