"""Keeping what became of telling others: in the admin log, and on the task."""

from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation


@dataclass(frozen=True, slots=True)
class ReportTold:
    """Report what became of telling others (the system's own act); the same outcome again is no news."""

    told: e.OutsideTold

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep what is new: however often a failure is repeated, it is kept once."""
        known = request.told(self.told.place, self.told.about)
        return [] if known and known.outcome is self.told.outcome else [self.told]
