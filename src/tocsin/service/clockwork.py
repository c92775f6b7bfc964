"""What the clock drives: looking at every request again, asking the systems around, filling gaps of the record."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from tocsin.domain.commands.opening import Learn
from tocsin.domain.commands.proving import ReportSight
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.errors import Conflict, RecordUnavailable, Refused, UnknownRequest
from tocsin.domain.people import SYSTEM, RequestId, Speaker, Surface
from tocsin.domain.request import BEFORE_GO, CARRYING, Request, Status
from tocsin.service.brake import Brake
from tocsin.service.handler import Act, Handler, SystemCommand
from tocsin.service.ports import Clock, Prover, Store
from tocsin.service.requests import Requests
from tocsin.service.situating import Situations

log = structlog.get_logger()
ITSELF = Speaker(name=SYSTEM, surface=Surface.TOCSIN)
LEARN_EVERY = timedelta(seconds=10)
"""A new patchset is to be noticed within 15 s, the asking itself included."""
SIGHT_EVERY = timedelta(seconds=60)
REFRESH_EVERY = timedelta(seconds=30)
REVIEW_EVERY = timedelta(hours=1)
MOST_AT_ONCE = 4
"""Requests about which the systems around are asked side by side."""
TICK = timedelta(seconds=1)
OVER = frozenset({Status.DONE, Status.ROLLED_BACK, Status.CLOSED})
"""Requests that are over and may still be reminded of their review."""


@dataclass(slots=True)
class Clockwork:
    """Ticks; each tick looks at every open request, and now and then at what lies around it."""

    handler: Handler
    requests: Requests
    situations: Situations
    prover: Prover
    brake: Brake
    store: Store
    clock: Clock
    tick: timedelta = TICK
    _learned: dict[RequestId, datetime] = field(default_factory=dict)
    _sighted: dict[RequestId, datetime] = field(default_factory=dict)
    _reviewed: dict[RequestId, datetime] = field(default_factory=dict)
    _learning: set[RequestId] = field(default_factory=set)
    _known: int = 0
    _once_more: set[RequestId] = field(default_factory=set)
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    _busy: set[asyncio.Task[None]] = field(default_factory=set)
    _refreshed: datetime | None = None

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            await self.once()
            await asyncio.sleep(self.tick.total_seconds())

    async def once(self) -> None:
        """Do what is due at this moment."""
        now = self.clock.now()
        await self._fill_gaps()
        if self._refreshed is None or now - self._refreshed >= REFRESH_EVERY:
            self._refreshed = now
            self._aside(self.situations.refresh(now))
        for request in self.requests.all():
            if request.open or (request.status in OVER and _due(self._reviewed, request.id, now, REVIEW_EVERY)):
                await self._act(request.id, LookAgain())
            self._ask_around(request, now)
            await asyncio.sleep(0)  # people who act meanwhile do not wait until all of them were looked at

    def grown(self) -> None:
        """Hear that the record has grown: about a new request the systems around are asked on at once."""
        fresh = self.requests.opened_after(self._known)
        self._known += len(fresh)
        for request in fresh:
            self._ask_around(request, self.clock.now())

    def learn_soon(self, number: int) -> None:
        """Ask about a change now, for every request that it concerns: something is said to have happened to it."""
        for request in self.requests.open():
            if request.status in BEFORE_GO | CARRYING and concerns(request, number):
                if request.id in self._learning:
                    self._once_more.add(request.id)  # what is being asked may have been answered before it happened
                else:
                    self._learning.add(request.id)  # now, since the next event may come before it has begun
                    self._aside(self._learn(request.id))

    def _ask_around(self, request: Request, now: datetime) -> None:
        """Ask about the change before and while it is carried out, and look before go whether it is live already."""
        to_be_learned = request.status in BEFORE_GO | CARRYING and request.id not in self._learning
        if to_be_learned and _due(self._learned, request.id, now, LEARN_EVERY):
            self._aside(self._learn(request.id))
        if request.status in BEFORE_GO and request.proposal and _due(self._sighted, request.id, now, SIGHT_EVERY):
            self._aside(self._sight(request))

    async def _learn(self, request: RequestId) -> None:
        """Ask about few at a time, so that whoever acts meanwhile waits for no more than those."""
        self._learning.add(request)
        try:
            self._once_more.add(request)
            while request in self._once_more:
                self._once_more.discard(request)
                async with self._few:
                    await self._act(request, Learn())
        finally:
            self._learning.discard(request)
            self._once_more.discard(request)

    async def _sight(self, request: Request) -> None:
        assert request.proposal is not None
        for proof in request.proposal.plan.machine_proofs:
            sight = await self.prover.look(request.proposal.plan.proofs[proof])
            await self._act(request.id, ReportSight(proof, sight.live, sight.saw))

    async def _act(self, request: RequestId, command: SystemCommand) -> None:
        try:
            await self.handler.handle(Act(ITSELF, command, request))
        except (Refused, Conflict, UnknownRequest) as no:
            log.debug("nothing came of looking again", request=request, why=str(no))
        except RecordUnavailable as gone:
            log.error("the record cannot be written", why=str(gone))

    async def _fill_gaps(self) -> None:
        """Append what was done without the record, as soon as it takes it; who acts meanwhile has it done too."""
        try:
            await self.handler.fill_gaps()
        except (RecordUnavailable, Conflict) as gone:
            log.error("a stop is kept aside still: the record does not take it", why=str(gone))

    def _aside(self, work: Awaitable[None]) -> None:
        """Let slow asking run beside the tick; what it finds comes in by the handler like everything else."""
        task = asyncio.ensure_future(work)
        self._busy.add(task)
        task.add_done_callback(_finished(self._busy))


def concerns(request: Request, number: int) -> bool:
    """Say whether a change is the one of a request, or goes live with it."""
    change = request.facts.change
    return change is not None and str(number) in (
        str(change.number),
        *(each.partition("/")[0] for each in change.brings),
    )


def _due(last: dict[RequestId, datetime], request: RequestId, now: datetime, every: timedelta) -> bool:
    if request in last and now - last[request] < every:
        return False
    last[request] = now
    return True


def _finished(busy: set[asyncio.Task[None]]) -> Callable[[asyncio.Task[None]], None]:
    def forget(task: asyncio.Task[None]) -> None:
        busy.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("asking around failed", error=repr(error))

    return forget
