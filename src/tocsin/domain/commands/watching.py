"""What the clock and the world bring about by themselves: reminders, expiry, pauses; never a yes.

Law: no timer grants anything. Everything here reminds, wakes, voids, pauses or expires.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.domain import events as e
from tocsin.domain.commands.opening import with_proposal
from tocsin.domain.commands.staffing import answered, those_to_call
from tocsin.domain.deployment import Cause, CauseKind
from tocsin.domain.events import Nudge
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.request import BEFORE_GO, Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import absent_teams, excluded, is_present, quorum, required_teams, teams_of


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Look at one request again as time and people have moved on (the system's own act, every few seconds)."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Say each thing once: the record remembers what was said, so a restart neither forgets nor repeats."""
        if request.status in BEFORE_GO:
            return self._before_go(request, situation)
        if request.carrying:
            return with_proposal(request, situation, [*_while_carrying(request, situation)])
        return list(_review(request, situation))

    def _before_go(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        if situation.now - request.acted_at >= request.policy.limits.act_expires:
            return [e.RequestExpired()]
        passed = [*_voided(request, situation), *_lapsed(request, situation), *_calls(request, situation)]
        why = (
            ""
            if not request.proposal or situation.ground.last == request.proposal.after
            else (f"{situation.ground.last} was deployed to {request.target} meanwhile")
        )
        return with_proposal(request, situation, passed, why)


def _voided(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """A yes ends with its giver's membership, with their suspension, and with age before go."""
    for given in request.confirmations:
        if why := excluded(request, given.person, situation):
            yield e.ConfirmationVoided(given.person, why)
        elif not given.teams & teams_of(request, situation, given.person):
            yield e.ConfirmationVoided(given.person, f"{given.person} is no longer in the team")
        elif request.status in BEFORE_GO and situation.now - given.at > request.policy.limits.yes_lasts:
            hours = int(request.policy.limits.yes_lasts.total_seconds() // 3600)
            yield e.ConfirmationVoided(given.person, f"it is more than {hours} h old")


def _lapsed(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """An unverified hold or stop ends by itself when nobody made it good."""
    limit = request.policy.limits.unverified_pause
    for hold in request.holds:
        if not hold.verified and situation.now - hold.at >= limit:
            yield e.HoldLapsed(hold.person)
    for cause in request.deployment.causes if request.deployment else ():
        if cause.kind is CauseKind.STOP and not cause.verified and situation.now - cause.at >= limit:
            yield e.CauseEnded(cause.kind, cause.by, None)


def _calls(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """Call people before go: somebody to adopt it, the teams that are silent, the deployer of a ready request."""
    if request.status is Status.READY:
        yield from _once(request, situation, Nudge.READY, request.since + request.policy.limits.remind_ready, ())
        return
    if request.requester is None:
        yield from _once(request, situation, Nudge.ADOPTION, request.opened_at + request.policy.limits.adopt, ())
    silent = [team for team in _teams_wanted(request, situation) if not answered(request, situation, team)]
    for team in silent:
        yield from _call(request, situation, team)
    woken = [request.nudged(Nudge.WOKEN, team) for team in silent]
    if silent and all(woken):
        latest = max(at for at in woken if at)
        yield from _once(request, situation, Nudge.UNANSWERED, latest + request.policy.limits.all_answer, ())


def _call(request: Request, situation: Situation, team: TeamId) -> Iterator[e.RequestEvent]:
    """Remind, widen, wake one silent team; at once when nobody of it is here."""
    limits, opened = request.policy.limits, request.opened_at
    few = those_to_call(request, situation, team)
    many = those_to_call(request, situation, team, wide=True)
    nobody_here = not any(is_present(request, situation, person) for person in request.roster.of(team))
    if nobody_here and situation.now - opened < limits.wake:
        yield from _once(request, situation, Nudge.WOKEN, opened, few or many, team, "nobody of the team is here")
        return
    yield from _once(request, situation, Nudge.REMINDED, opened + limits.remind, few, team)
    yield from _once(request, situation, Nudge.WIDENED, opened + limits.widen, many, team)
    yield from _once(request, situation, Nudge.WOKEN, opened + limits.wake, few or many, team)


def _teams_wanted(request: Request, situation: Situation) -> tuple[TeamId, ...]:
    return quorum(request, situation).missing_teams if request.proposal else required_teams(request)


def _while_carrying(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    yield from _voided(request, situation)
    yield from _lapsed(request, situation)
    if request.status is Status.PAUSED:
        yield from _paused(request, situation)
    elif request.status is Status.DEPLOYING:
        yield from _looks(request, situation)
        yield from _absences(request, situation)
    elif request.underway.proving:
        limit = request.since + request.policy.limits.proof
        yield from _once(request, situation, Nudge.PROOF_MISSING, limit, _roles(request), stage=str(request.status))


def _looks(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """At a checkpoint: remind, wake, and at last propose to go back; never go on."""
    looked = request.underway.checkpoint
    if looked is None:
        return
    limits, stage = request.policy.limits, str(looked.step)
    people = tuple(person for person in (request.requester, request.deployer) if person and person not in looked.goods)
    for nudge, wait in (
        (Nudge.LOOK, limits.remind_look),
        (Nudge.LOOK_WOKEN, limits.wake_look),
        (Nudge.LOOK_ROLLBACK, limits.propose_rollback),
    ):
        yield from _once(request, situation, nudge, looked.at + wait, people, stage=stage)


def _paused(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """A pause reminds, wakes, and at last asks for each yes again."""
    limits, stage, people = request.policy.limits, request.since.isoformat(), _roles(request)
    yield from _once(request, situation, Nudge.PAUSE, request.since + limits.remind_pause, people, stage=stage)
    yield from _once(request, situation, Nudge.PAUSE_WOKEN, request.since + limits.wake_pause, people, stage=stage)
    if _due(request, situation, Nudge.ASKED_AGAIN, request.since + limits.ask_again, stage=stage):
        yield e.Nudged(Nudge.ASKED_AGAIN, request.confirmers, stage=stage)
        for given in request.confirmations:
            yield e.ConfirmationVoided(given.person, "the pause is long, so the yes is asked for again")
        yield e.Paused(Cause(CauseKind.QUORUM, situation.now, about="each team must confirm again"))


def _absences(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """Pause when somebody required has been gone, or silent at a checkpoint, for too long."""
    for person in _required_people(request, situation):
        since = _absent_since(request, situation, person)
        if since is not None and situation.now - since >= request.policy.limits.absence:
            yield e.Paused(Cause(CauseKind.ABSENCE, situation.now, person, "not here"))


def _required_people(request: Request, situation: Situation) -> Iterator[PersonId]:
    """Yield requester and deployer, and of a team that nobody present stands for, the one who counts for it."""
    yield from dict.fromkeys(person for person in (request.deployer, request.requester) if person)
    absent = absent_teams(request, situation)
    for person, team in quorum(request, situation).counted:
        if team in absent and person not in (request.deployer, request.requester):
            yield person


def _absent_since(request: Request, situation: Situation, person: PersonId) -> datetime | None:
    if is_present(request, situation, person):
        return None
    gone = situation.presence.gone_since(person)
    if gone is not None:
        return gone
    seen = max(filter(None, (request.acted(person), situation.presence.seen_at(person))), default=None)
    silent = seen + request.policy.limits.presence if seen else request.since
    return silent if request.underway.checkpoint else None


def _review(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    if request.ended_at and request.status in (Status.DONE, Status.ROLLED_BACK, Status.CLOSED):
        people = (request.requester,) if request.requester else ()
        yield from _once(request, situation, Nudge.REVIEW, request.ended_at + request.policy.limits.review, people)


def _roles(request: Request) -> tuple[PersonId, ...]:
    people = (request.deployer, request.requester, *request.confirmers)
    return tuple(dict.fromkeys(person for person in people if person))


def _once(  # noqa: PLR0913 - the parts of one call
    request: Request,
    situation: Situation,
    nudge: Nudge,
    at: datetime,
    people: tuple[PersonId, ...],
    team: TeamId | None = None,
    why: str = "",
    stage: str = "",
) -> Iterator[e.RequestEvent]:
    if _due(request, situation, nudge, at, team, stage):
        yield e.Nudged(nudge, people, team, stage, why)


def _due(
    request: Request, situation: Situation, nudge: Nudge, at: datetime, team: TeamId | None = None, stage: str = ""
) -> bool:
    said = request.nudged(nudge, team, stage)
    earlier_round = said is not None and nudge is Nudge.READY and said < request.since
    return situation.now >= at and (said is None or earlier_round)
