"""What follows of itself once something has happened: readiness gained or lost, a pause, the next stage."""

from collections.abc import Iterator

from tocsin.domain import events as e
from tocsin.domain.deployment import Cause, CauseKind
from tocsin.domain.evolving import evolve_all
from tocsin.domain.request import Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import quorum


def settled(request: Request, situation: Situation, events: list[e.RequestEvent]) -> list[e.RequestEvent]:
    """Return events with everything that follows from them."""
    after = evolve_all(request, events, situation.stamp)
    more = list(_following(after, situation))
    return [*events, *more]


def readiness_lost(request: Request, situation: Situation) -> str:
    """Say why a request cannot go ahead as it stands; empty when quorum is met and nothing holds."""
    counted = quorum(request, situation)
    if request.holds:
        return f"on hold by {' and '.join(hold.person for hold in request.holds)}"
    if counted.met:
        return ""
    return f"{request.roster.named(counted.missing_teams)} must confirm"


def _following(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    if request.status is Status.CONFIRMING and not readiness_lost(request, situation):
        yield e.BecameReady(quorum(request, situation).counted)
    elif request.status is Status.READY and (why := readiness_lost(request, situation)):
        yield e.NoLongerReady(why)
    elif request.status is Status.DEPLOYING and not quorum(request, situation).met:
        yield e.Paused(Cause(CauseKind.QUORUM, situation.now, about=readiness_lost(request, situation)))
    elif request.status is Status.PAUSED:
        yield from _causes_ended(request, situation)
    if request.status in (Status.DEPLOYING, Status.ROLLING_BACK):
        yield from _advanced(request)


def _causes_ended(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    for cause in request.underway.causes:
        held = request.hold(cause.by) is not None
        if cause.kind is CauseKind.HOLD and not held:
            yield e.CauseEnded(cause.kind, cause.by, situation.person)
        elif cause.kind is CauseKind.QUORUM and quorum(request, situation).met:
            yield e.CauseEnded(cause.kind, cause.by, situation.person)


def _advanced(request: Request) -> Iterator[e.RequestEvent]:
    """When no step is left, it is time for the proof."""
    deployment = request.underway
    busy = deployment.running is not None or deployment.next_waiting is not None or deployment.unsettled is not None
    if not (busy or deployment.proving or deployment.checkpoint or deployment.rollback_agreed):
        yield e.ProvingStarted(deployment.direction)
