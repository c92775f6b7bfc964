"""What ends by itself: a yes with age, membership or suspension, an unverified hold or stop with time."""

from collections.abc import Iterator

from tocsin.domain import events as e
from tocsin.domain.deployment import CauseKind
from tocsin.domain.request import Confirmation, Request
from tocsin.domain.situation import Situation
from tocsin.domain.standing import excluded, oldest_yes, teams_of


def voided(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """Void each yes that counts no longer."""
    for given in request.confirmations:
        if why := why_void(request, situation, given):
            yield e.ConfirmationVoided(given.person, why)


def why_void(request: Request, situation: Situation, given: Confirmation) -> str:
    """Say why a yes counts no longer; empty while it does. Age ends it only before go."""
    if given.person in situation.directory.suspended:
        return "their account is suspended"
    if excluded(request, given.person, situation):
        return "they asked for it or wrote it"
    if not given.teams & teams_of(request, situation, given.person):
        return "they are no longer in the team"
    oldest = None if request.carrying else oldest_yes(request, situation)
    hours = int(request.policy.limits.yes_lasts.total_seconds() // 3600)
    return f"it is more than {hours} h old" if oldest and given.at < oldest else ""


def lapsed(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """End each unverified hold and stop that nobody made good in time."""
    limit = request.policy.limits.unverified_pause
    for hold in request.holds:
        if not hold.verified and situation.now - hold.at >= limit:
            yield e.HoldLapsed(hold.person)
    for cause in request.deployment.causes if request.deployment else ():
        if cause.kind is CauseKind.STOP and not cause.verified and situation.now - cause.at >= limit:
            yield e.CauseEnded(cause.kind, cause.by, None)
