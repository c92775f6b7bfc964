"""Recording what became of telling others, at its own pace, and waiting longer from failure to failure."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from tocsin.domain import events as e
from tocsin.domain.commands.telling import ReportTold
from tocsin.domain.errors import Conflict, RecordUnavailable, TocsinError
from tocsin.domain.people import SYSTEM, RequestId, Speaker, Surface
from tocsin.service.handler import Act, Handler

log = structlog.get_logger()
ITSELF: Final = Speaker(name=SYSTEM, surface=Surface.TOCSIN)
MOST_DOUBLINGS: Final = 16


@dataclass(frozen=True, slots=True)
class Paces:
    """How long to wait after a failure, up to the longest; and when after its sending a line is looked for."""

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=1)
    looks: tuple[timedelta, ...] = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))

    def after(self, failures: int) -> float:
        """Return how many seconds to wait after so many failures in a row."""
        doublings = min(failures - 1, MOST_DOUBLINGS)
        return min(self.first * (1 << doublings), self.longest).total_seconds()


@dataclass(frozen=True, slots=True)
class Noting:
    """Appends by the handler, like everybody else."""

    handler: Handler
    paces: Paces = field(default_factory=Paces)

    async def note(self, request: RequestId, told: e.OutsideTold) -> None:
        """Record it. For a failure one try is enough; all else waits for the record: better than telling it again."""
        failures = 0
        while not await self._noted(request, told):
            if told.outcome is e.Arrival.FAILED:
                return
            failures += 1
            await asyncio.sleep(self.paces.after(failures))

    async def _noted(self, request: RequestId, told: e.OutsideTold) -> bool:
        try:
            await self.handler.handle(Act(ITSELF, ReportTold(told), request))
        except (RecordUnavailable, Conflict) as gone:
            log.error("what others were told cannot be recorded", id=request, why=str(gone))
            return False
        except TocsinError:
            log.exception("what others were told was not recorded", id=request)
        return True
