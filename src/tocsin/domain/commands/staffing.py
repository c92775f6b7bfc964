"""Who takes part: more and fewer teams, the deployer, being here, and being woken."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.commands.opening import with_proposal
from tocsin.domain.consequences import settled
from tocsin.domain.deployment import Cause, CauseKind
from tocsin.domain.errors import Refused
from tocsin.domain.events import Nudge
from tocsin.domain.objecting import (
    deployer_words,
    not_a_role,
    not_required,
    not_the_deployer,
    uncounted_speaker,
    wrong_status,
)
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.request import BEFORE_GO, OPEN, Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import has_role, last_sign, may_deploy, required_teams, stand_ins, teams_of

MOST_WOKEN = 5


@dataclass(frozen=True, slots=True)
class Need:
    """Ask for the confirmation of one more team."""

    team: TeamId

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Add the team; what was confirmed without it is void."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return with_proposal(request, situation, [e.TeamNeeded(situation.person, self.team)], why="a team was added")

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from wrong_status(request, *BEFORE_GO)
        if situation.person != request.requester:
            yield from not_required(request, situation)
        if not request.roster.of(self.team):
            known = ", ".join(team for team, people in request.roster.members if people)
            yield f"There is no team {self.team} with anybody in it; there are {known}."
        elif self.team in required_teams(request):
            yield f"{request.roster.name(self.team)} must confirm {request.id} already."


@dataclass(frozen=True, slots=True)
class Waive:
    """Do without a specialist team that was woken and did not answer; one confirmer of each own team must say so."""

    team: TeamId
    reason: str = ""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Waive the team when confirmers of all the profile's own teams have said so."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        supported = e.WaiverSupported(situation.person, self.team, self.reason)
        before = (person for team, person in request.waivers if team == self.team and request.confirmation(person))
        agreed = [*before, situation.person]
        missing = set(stand_ins(request, situation, agreed).missing_teams)
        if missing & set(request.policy.own_teams):
            return [supported]
        return with_proposal(request, situation, [supported, e.TeamWaived(self.team)], why="a team was waived")

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from wrong_status(request, *BEFORE_GO)
        name = request.roster.name(self.team)
        if self.team not in required_teams(request):
            yield f"{name} need not confirm {request.id}."
        elif self.team in request.policy.own_teams:
            yield f"{name} can never be waived: the policy {request.policy.profile} asks for it."
        elif not _silent_since_woken(request, situation, self.team):
            minutes = int(request.policy.limits.team_answers.total_seconds() // 60)
            yield f"{name} can be waived when it was woken and has not answered for {minutes} min: !wake {request.id}"
        if situation.person and not request.confirmation(situation.person):
            yield f"Only somebody who has confirmed {request.id} can waive a team."
        if not self.reason.strip():
            yield f"Say why: !waive {request.id} {self.team} nobody there answers, and no personal data is touched"


@dataclass(frozen=True, slots=True)
class Take:
    """Become the deployer: where there is none, or the one there was is gone."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Let anybody take it who may deploy the target; in the middle of a run it pauses first."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return _taken(request, situation, situation.person)

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from wrong_status(request, *OPEN)
        yield from cannot_deploy(request, situation, situation.person)
        if request.deployer and request.deployer == situation.person:
            yield f"You are the deployer of {request.id} already."
        elif request.deployer and not self._open(request, situation, request.deployer):
            how = "They hand over with !give, or when absent for a minute."
            yield f"{request.id} has a deployer: {deployer_words(request)}. {how}"

    def _open(self, request: Request, situation: Situation, deployer: PersonId) -> bool:
        """The place opens when its holder is gone for a while, may no longer, or lets a ready request lie."""
        reminded = request.nudged(Nudge.READY)
        lies = request.status is Status.READY and reminded is not None and reminded > request.since
        if lies or not may_deploy(request, situation, deployer):
            return True
        gone = situation.presence.gone_since(deployer)
        if gone is not None:
            return situation.now - gone >= request.policy.limits.absence
        last = last_sign(request, situation, deployer)
        limit = request.policy.limits.presence + request.policy.limits.absence
        return last is None or situation.now - last >= limit


@dataclass(frozen=True, slots=True)
class Give:
    """Hand the deployer's place over to somebody who may deploy the target."""

    to: PersonId

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Hand it over; in the middle of a run it pauses first."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        return _taken(request, situation, self.to)

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_the_deployer(request, situation)
        yield from wrong_status(request, *OPEN)
        yield from cannot_deploy(request, situation, self.to)
        if self.to == request.deployer:
            yield f"{self.to} is the deployer already."


@dataclass(frozen=True, slots=True)
class ShowPresence:
    """Say "I am present", having seen the plan; it ends a pause for your own absence, or that of a team-mate."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep it, and end the pauses that it ends."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        shown: list[e.RequestEvent] = [e.PresenceShown(situation.person)]
        causes = request.deployment.causes if request.deployment else ()
        shown += (
            e.CauseEnded(cause.kind, cause.by, situation.person)
            for cause in causes
            if cause.kind is CauseKind.ABSENCE and self._ends(request, situation, situation.person, cause)
        )
        return settled(request, situation, shown)

    def _ends(self, request: Request, situation: Situation, person: PersonId, cause: Cause) -> bool:
        if person == cause.by or cause.by is None:
            return True
        if cause.by in (request.requester, request.deployer):
            return person == request.deployer and cause.by != request.requester
        return bool(teams_of(request, situation, person) & teams_of(request, situation, cause.by))

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from wrong_status(request, *OPEN)
        if not has_role(request, situation.person):
            yield from not_required(request, situation)


@dataclass(frozen=True, slots=True)
class Wake:
    """Wake people now: the ones on call of every team that has not answered."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Wake at most five, and only those who are still needed."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        quiet = [team for team in required_teams(request) if not answered(request, situation, team)]
        teams = quiet or list(required_teams(request))
        woken = (_nudge_of(request, situation, team) for team in teams)
        return [nudge for nudge in woken if nudge.people]

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_a_role(request, situation)
        yield from wrong_status(request, *OPEN)


def cannot_deploy(request: Request, situation: Situation, person: PersonId | None) -> Iterator[str]:
    """Object to somebody whom the directory did not let deploy this target before the request opened."""
    if person is not None and not may_deploy(request, situation, person):
        what = request.target or "a target that is not known yet"
        yield f"{person} may not deploy {what}; who may: !who {request.id}"


def answered(request: Request, situation: Situation, team: TeamId) -> bool:
    """Say whether anybody of a team has done anything verified about this request."""
    return any(situation.is_member(person, team) for person, _ in request.acts if person != request.requester)


def those_to_call(request: Request, situation: Situation, team: TeamId, *, wide: bool = False) -> tuple[PersonId, ...]:
    """Return whom to call of a team, never the requester: who is on call and those asked first; wide or else: all."""
    asked = next((people for each, people in request.asked if each == team), ())
    members = situation.directory.members(team) - {request.requester}
    few = [person for person in (*situation.on_call.of(team), *asked) if person in members]
    rest = (*situation.on_call.backup(team), *sorted(request.roster.of(team)))
    more = [person for person in rest if person in members] if wide or not few else []
    return tuple(dict.fromkeys((*few, *more)))[:MOST_WOKEN]


def _nudge_of(request: Request, situation: Situation, team: TeamId) -> e.Nudged:
    people = those_to_call(request, situation, team)
    return e.Nudged(Nudge.WOKEN, people, team, stage=str(request.status), why=f"{situation.person} asked for it")


def _taken(request: Request, situation: Situation, person: PersonId) -> list[e.RequestEvent]:
    taken: list[e.RequestEvent] = [e.DeployerTaken(person, request.deployer)]
    if request.carrying and request.deployer and request.deployment:
        cause = Cause(CauseKind.STOP, situation.now, person, "the deployer changed")
        taken.append(e.Paused(cause))
        if request.underway.cause(CauseKind.ABSENCE, request.deployer):
            taken.append(e.CauseEnded(CauseKind.ABSENCE, request.deployer, person))
    return settled(request, situation, taken)


def _silent_since_woken(request: Request, situation: Situation, team: TeamId) -> bool:
    woken = [at for nudge, of, _, at in request.nudges if nudge is Nudge.WOKEN and of == team]
    waited = bool(woken) and situation.now - min(woken) >= request.policy.limits.team_answers
    return waited and not answered(request, situation, team)
