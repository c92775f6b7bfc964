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
from tocsin.domain.lapsing import lapsed, voided
from tocsin.domain.looking import may_look
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.request import BEFORE_GO, Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import absent_teams, is_present, last_sign, quorum, required_teams


@dataclass(frozen=True, slots=True)
class Call:
    """What the clock says to whom, and from when on."""

    nudge: Nudge
    at: datetime
    people: tuple[PersonId, ...] = ()
    team: TeamId | None = None
    stage: str = ""
    why: str = ""


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
        passed = [*voided(request, situation), *lapsed(request, situation), *_calls(request, situation)]
        return with_proposal(request, situation, passed, _overtaken(request, situation))


def _overtaken(request: Request, situation: Situation) -> str:
    last = situation.ground.last
    same = request.proposal is None or last == request.proposal.after
    return "" if same else f"{last} was deployed to {request.target} meanwhile"


def _calls(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """Call people before go: somebody to adopt it, the teams that are silent, the deployer of a ready request."""
    if request.status is Status.READY:
        yield from _once(request, situation, Call(Nudge.READY, request.since + request.policy.limits.remind_ready))
        return
    if request.requester is None:
        yield from _once(request, situation, Call(Nudge.ADOPTION, request.opened_at + request.policy.limits.adopt))
    silent = [team for team in _teams_wanted(request, situation) if not answered(request, situation, team)]
    for team in silent:
        yield from _call(request, situation, team)
    woken = [request.nudged(Nudge.WOKEN, team) for team in silent]
    if silent and all(woken):
        latest = max(at for at in woken if at)
        yield from _once(request, situation, Call(Nudge.UNANSWERED, latest + request.policy.limits.all_answer))


def _call(request: Request, situation: Situation, team: TeamId) -> Iterator[e.RequestEvent]:
    """Remind, widen, wake one silent team; wake at once when nobody of it is here. Who was woken is not reminded.

    A stranger's request is woken for as soon as nobody has adopted it for so long.
    """
    limits, asked = request.policy.limits, request.asked_since(team)
    few = those_to_call(request, situation, team)
    many = those_to_call(request, situation, team, wide=True)
    woken = request.nudged(Nudge.WOKEN, team) is not None
    if not woken and not any(is_present(request, situation, person) for person in request.roster.of(team)):
        yield e.Nudged(Nudge.WOKEN, few, team, why="nobody of the team is here")
        return
    if not woken:
        yield from _once(request, situation, Call(Nudge.REMINDED, asked + limits.remind, few, team))
    yield from _once(request, situation, Call(Nudge.WIDENED, asked + limits.widen, many, team))
    patience = limits.wake if request.requester else min(limits.adopt, limits.wake)
    yield from _once(request, situation, Call(Nudge.WOKEN, asked + patience, few, team))


def _teams_wanted(request: Request, situation: Situation) -> tuple[TeamId, ...]:
    return quorum(request, situation).missing_teams if request.proposal else required_teams(request)


def _while_carrying(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    yield from voided(request, situation)
    yield from lapsed(request, situation)
    if request.status is Status.PAUSED:
        yield from _paused(request, situation)
    elif request.status is Status.DEPLOYING:
        yield from _looks(request, situation)
        yield from _absences(request, situation)
    elif request.underway.proving:
        limit, stage = request.since + request.policy.limits.proof, str(request.status)
        yield from _once(request, situation, Call(Nudge.PROOF_MISSING, limit, _roles(request), stage=stage))


def _looks(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """At a checkpoint: remind, wake, and at last propose to go back; never go on."""
    looked = request.underway.checkpoint
    if looked is None:
        return
    limits, stage, since = request.policy.limits, str(looked.step), max(looked.at, request.since)
    people = tuple(person for person in may_look(request) if person not in looked.goods)
    for nudge, wait in (
        (Nudge.LOOK, limits.remind_look),
        (Nudge.LOOK_WOKEN, limits.wake_look),
        (Nudge.LOOK_ROLLBACK, limits.propose_rollback),
    ):
        yield from _once(request, situation, Call(nudge, since + wait, people, stage=stage))


def _paused(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    """A pause reminds, wakes, and at last asks for each yes again; on the way back, all teams are woken at once."""
    limits, since, stage = request.policy.limits, request.since, request.since.isoformat()
    people = _roles(request)
    if request.underway.going_back:
        for team in required_teams(request):
            called, why = those_to_call(request, situation, team, wide=True), "going back is paused"
            yield from _once(request, situation, Call(Nudge.WOKEN, since, called, team, stage, why))
    yield from _once(request, situation, Call(Nudge.PAUSE, since + limits.remind_pause, people, stage=stage))
    yield from _once(request, situation, Call(Nudge.PAUSE_WOKEN, since + limits.wake_pause, people, stage=stage))
    if looked := request.underway.checkpoint:
        propose = Call(Nudge.LOOK_ROLLBACK, looked.at + limits.propose_rollback, people, stage=str(looked.step))
        yield from _once(request, situation, propose)
    if request.underway.going_forward:
        again = Call(Nudge.ASKED_AGAIN, since + limits.ask_again, request.confirmers, stage=stage)
        yield from _once(request, situation, again)


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
    seen, gone = last_sign(request, situation, person), situation.presence.gone_since(person)
    if gone is not None and (seen is None or gone >= seen):
        return gone
    silent = seen + request.policy.limits.presence if seen else request.since
    return silent if request.underway.checkpoint else None


def _review(request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
    if request.ended_at and request.status in (Status.DONE, Status.ROLLED_BACK, Status.CLOSED):
        people = (request.requester,) if request.requester else ()
        yield from _once(
            request, situation, Call(Nudge.REVIEW, request.ended_at + request.policy.limits.review, people)
        )


def _roles(request: Request) -> tuple[PersonId, ...]:
    people = (request.deployer, request.requester, *request.confirmers)
    return tuple(dict.fromkeys(person for person in people if person))


def _once(request: Request, situation: Situation, call: Call) -> Iterator[e.RequestEvent]:
    """Say it when it is due and was not said; `go wanted` is said once for each time that it became ready."""
    said = request.nudged(call.nudge, call.team, call.stage)
    earlier_round = said is not None and call.nudge is Nudge.READY and said < request.since
    if situation.now >= call.at and (said is None or earlier_round):
        yield e.Nudged(call.nudge, call.people, call.team, call.stage, call.why)
