"""The refusals that many rules share, each a sentence that says what to do next."""

from collections.abc import Iterator

from tocsin.domain.request import Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import has_role, in_named_team, required_teams, teams_of

LOG_IN = (
    "I cannot tell who you are: log in to services (/msg NickServ IDENTIFY), or use another way in, then say it again."
)
UNKNOWN_ACCOUNT = "The directory does not know you. Someone it knows can act, or have you added for later requests."


def unknown_speaker(situation: Situation) -> Iterator[str]:
    """Object to a voice that could not be verified."""
    if not situation.speaker.verified:
        yield situation.speaker.doubt or LOG_IN


def wrong_status(request: Request, *allowed: Status) -> Iterator[str]:
    """Object when the request stands elsewhere."""
    if request.status not in allowed:
        yield f"{request.id} is {request.status}{advice(request)}"


def not_a_role(request: Request, situation: Situation) -> Iterator[str]:
    """Object to somebody who is neither requester, deployer nor confirmer."""
    if situation.speaker.verified and not has_role(request, situation.person):
        yield f"Only the requester, the deployer and the confirmers of {request.id} may do that."


def uncounted_speaker(situation: Situation) -> Iterator[str]:
    """Object to a voice that could not be verified, or that is suspended: that one may still hold and stop."""
    yield from unknown_speaker(situation)
    if situation.person in situation.directory.suspended:
        yield (
            "Your account is suspended: you can still hold and stop. Two members of the teams restore it, or one,"
            " once you used your passkey on the page: /me"
        )


def not_the_requester(request: Request, situation: Situation) -> Iterator[str]:
    """Object to anybody but the requester."""
    if situation.speaker.verified and situation.person != request.requester:
        whose = f"that is {request.requester}" if request.requester else f"it has none yet: !adopt {request.id}"
        yield f"Only the requester of {request.id} may do that; {whose}."


def not_the_deployer(request: Request, situation: Situation) -> Iterator[str]:
    """Object to anybody but the deployer."""
    if situation.speaker.verified and situation.person != request.deployer:
        yield f"Only the deployer may do that; {deployer_words(request)}."


def not_required(request: Request, situation: Situation) -> Iterator[str]:
    """Object to somebody who is in no team that must confirm."""
    person = situation.person
    if person is not None and not teams_of(request, situation, person):
        named = request.roster.named(required_teams(request))
        yield f"{request.id} is for members of {named} who were members before it opened; !who {request.id} names them."


def no_named_team(request: Request, situation: Situation) -> Iterator[str]:
    """Object to somebody with neither a role nor a place in any team that the policy names."""
    person = situation.person
    if person is not None and not has_role(request, person) and not in_named_team(request, situation, person):
        yield f"Only people with a part in {request.id}, and members of its teams, may do that: !who {request.id}"


def deployer_words(request: Request) -> str:
    """Say who the deployer is, or how to become it."""
    return f"that is {request.deployer}" if request.deployer else f"there is none yet: !take {request.id}"


def advice(request: Request) -> str:
    """Say what can be done in the status that a request has."""
    return {
        Status.ASKED: ": something is still missing, see !status.",
        Status.CONFIRMING: f": it is being confirmed, see !status {request.id}.",
        Status.READY: f": it waits for its deployer: !go {request.id}",
        Status.DEPLOYING: f": it is under way; !stop {request.id} pauses it.",
        Status.PAUSED: f": see !status {request.id} for what ends the pause.",
        Status.VERIFYING: f": it is being proved; !live {request.id} or !rollback {request.id}.",
        Status.ROLLING_BACK: f": the steps that ran are being undone, see !status {request.id}.",
        Status.DONE: ": nothing is left to confirm or carry out; a new matter is a new !emergency.",
        Status.ROLLED_BACK: ": ask anew with !emergency, or !unlock its target.",
        Status.EXPIRED: f": its requester asks again with !renew {request.id}.",
    }.get(request.status, ": it is over; ask anew with !emergency.")
