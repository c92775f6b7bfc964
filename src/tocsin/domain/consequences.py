"""What follows of itself once something has happened: readiness gained or lost, a pause, the next stage."""

from collections.abc import Iterator

from tocsin.domain import events as e
from tocsin.domain.deployment import Cause, CauseKind
from tocsin.domain.evolving import evolve_all
from tocsin.domain.request import Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import quorum, required_teams


def settled(request: Request, situation: Situation, events: list[e.RequestEvent]) -> list[e.RequestEvent]:
    """Return events with everything that follows from them."""
    after = evolve_all(request, events, situation.stamp)
    more = list(_following(after, situation))
    return [*events, *more]


def readiness_lost(request: Request, situation: Situation) -> str:
    """Say why a request cannot go ahead as it stands; empty when quorum is met and nothing holds."""
    if request.holds:
        return f"on hold by {' and '.join(hold.person for hold in request.holds)}"
    return "" if quorum(request, situation).met else _who_must(request, situation)


def _following(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    match request.status:
        case Status.CONFIRMING if not readiness_lost(request, situation):
            yield e.BecameReady(quorum(request, situation).counted)
        case Status.READY if why := readiness_lost(request, situation):
            yield e.NoLongerReady(why)
        case Status.DEPLOYING if not quorum(request, situation).met:
            yield _quorum_lost(request, situation)
        case Status.DEPLOYING | Status.ROLLING_BACK:
            yield from _advanced(request)
        case Status.PAUSED:
            yield from _causes_changed(request, situation)
        case _:
            pass


def _quorum_lost(request: Request, situation: Situation) -> e.Paused:
    return e.Paused(Cause(CauseKind.QUORUM, situation.now, about=_who_must(request, situation)))


def _who_must(request: Request, situation: Situation) -> str:
    return f"{request.roster.named(quorum(request, situation).missing_teams or required_teams(request))} must confirm"


def _causes_changed(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """A hold lifted and a quorum met again are causes over; a quorum lost while paused is one cause more."""
    going_on = request.underway.going_forward
    met = not going_on or quorum(request, situation).met
    for cause in request.underway.causes:
        lifted = cause.kind is CauseKind.HOLD and request.hold(cause.by) is None
        if lifted or (cause.kind is CauseKind.QUORUM and met):
            yield e.CauseEnded(cause.kind, cause.by, situation.person)
    if not met and request.underway.cause(CauseKind.QUORUM) is None:
        yield _quorum_lost(request, situation)


def _advanced(request: Request) -> Iterator[e.RequestEvent]:
    """When no step is left, it is time for the proof."""
    deployment = request.underway
    busy = deployment.running is not None or deployment.next_waiting is not None or deployment.unsettled is not None
    if not (busy or deployment.proving or deployment.checkpoint or deployment.rollback_agreed):
        yield e.ProvingStarted(deployment.direction)
