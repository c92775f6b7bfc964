"""What came of waking people: kept once for each person and call, whoever reports it again."""

from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation


@dataclass(frozen=True, slots=True)
class ReportWaking:
    """Report what came of waking people (the system's own act)."""

    attempts: tuple[e.WakeAttempted, ...]

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep what is not kept yet, of a request that is over by now too: it has happened."""
        return [each for each in self.attempts if not _is_kept(request, each)]


def _is_kept(request: Request, attempt: e.WakeAttempted) -> bool:
    calls = (waking for waking in request.wakings if waking.at == attempt.called_at)
    return any(attempt.person in waking.tried for waking in calls)
