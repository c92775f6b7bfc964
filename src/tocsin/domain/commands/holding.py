"""Holding a request back, and letting it go on: a hold blocks, whatever the count."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.consequences import settled
from tocsin.domain.deployment import Cause, CauseKind
from tocsin.domain.errors import Refused
from tocsin.domain.objecting import LOG_IN, no_named_team, uncounted_speaker, wrong_status
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.request import BEFORE_GO, Hold, Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import in_named_team, is_author, named_teams, stand_ins, teams_of


@dataclass(frozen=True, slots=True)
class PutOnHold:
    """Say "not yet", with a reason: it blocks at once, and pauses what is being deployed."""

    reason: str

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Block for anybody with a part in it; an unverified voice blocks briefly, once, towards safety."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        person = situation.person or situation.speaker.claimed
        assert person is not None
        verified = situation.speaker.verified
        placed: list[e.RequestEvent] = [e.HoldPlaced(person, self.reason, verified)]
        if request.carrying:
            placed.append(e.Paused(Cause(CauseKind.HOLD, situation.now, person, self.reason, verified)))
        return settled(request, situation, placed)

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from unverified_objections(request, situation)
        yield from no_named_team(request, situation)
        if not request.open:
            yield from wrong_status(request, *BEFORE_GO)
        if not self.reason.strip():
            yield f"Why hold it? e.g.  !hold {request.id} who is watching the caches?"
        held = request.hold(situation.person)
        if held and held.verified and held.reason == self.reason:
            yield f"Your hold on {request.id} stands already."


@dataclass(frozen=True, slots=True)
class Lift:
    """Lift your hold (or stop); another's with a reason, as a member of their team, or together when they are gone."""

    reason: str = ""
    holder: PersonId | None = None

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Lift it when this person may alone, or when this word completes those of all required teams."""
        hold = self._hold(request, situation)
        if reasons := list(self._objections(request, situation, hold)):
            raise Refused(reasons)
        assert hold is not None and situation.person is not None
        if self._alone(request, situation, hold):
            return settled(request, situation, [e.HoldLifted(hold.person, situation.person, self.reason)])
        team = _team_for(request, situation)
        assert team is not None
        supported = e.LiftSupported(hold.person, situation.person, team, self.reason)
        if not stand_ins(request, situation, [*(person for person, _ in hold.lifts), situation.person]).met:
            return [supported]
        return settled(
            request, situation, [supported, e.HoldLifted(hold.person, situation.person, self.reason, overruled=True)]
        )

    def _hold(self, request: Request, situation: Situation) -> Hold | None:
        if self.holder:
            return request.hold(self.holder)
        return request.hold(situation.person) or (request.holds[0] if len(request.holds) == 1 else None)

    def _objections(self, request: Request, situation: Situation, hold: Hold | None) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        if hold is None:
            yield _which_hold(request)
        elif situation.person and situation.person != hold.person:
            yield from self._objections_to_another(request, situation, hold)

    def _objections_to_another(self, request: Request, situation: Situation, hold: Hold) -> Iterator[str]:
        if not self.reason.strip():
            yield f"Say why it may be lifted: !lift {request.id} {hold.person} -- the caches are watched by mo-sre"
        if self._alone(request, situation, hold):
            return
        if not _holder_is_gone(request, situation, hold):
            minutes = int(request.policy.limits.holder_answers.total_seconds() // 60)
            together = f"after {minutes} min without an answer, one of each required team together"
            yield f"{hold.person} must lift it, or another of their team; {together}."
        elif _team_for(request, situation) is None:
            yield f"One of each required team lift it together, none of them requester or author of {request.id}."

    def _alone(self, request: Request, situation: Situation, hold: Hold) -> bool:
        """The holder lifts alone, and so does a team-mate who has no stake of their own in it."""
        person = situation.person
        if person == hold.person:
            return True
        if person is None or person in (request.requester, request.deployer) or is_author(request, person):
            return False
        return bool(_teams(situation, person) & _teams(situation, hold.person) & named_teams(request))


@dataclass(frozen=True, slots=True)
class Object:
    """Plain words such as "not yet" by a member of a named team: go waits a little (the system notices them)."""

    words: str

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Let go wait, once for each person; anybody else's words are just words."""
        person = situation.person
        heard = {each for each, _ in request.objections}
        before_go = request.status in (Status.CONFIRMING, Status.READY)
        if person is None or person in heard or not before_go or not in_named_team(request, situation, person):
            return []
        return [e.ObjectionHeard(person, self.words)]


def unverified_objections(request: Request, situation: Situation) -> Iterator[str]:
    """Object to an unverified voice, unless it bears the nick of somebody known who has not used up their one pause."""
    speaker = situation.speaker
    if speaker.verified:
        return
    if speaker.claimed is None:
        yield speaker.doubt or LOG_IN
    elif speaker.claimed in request.doubted:
        yield f"Seen, but not counted a second time. {speaker.doubt or LOG_IN}"
    elif not request.carrying and request.status not in BEFORE_GO:
        yield f"{request.id} is {request.status}."


def _which_hold(request: Request) -> str:
    if not request.holds:
        return f"Nothing holds {request.id}."
    holders = " or ".join(hold.person for hold in request.holds)
    return f"Whose hold? !lift {request.id} {request.holds[0].person} -- why ({holders})"


def _holder_is_gone(request: Request, situation: Situation, hold: Hold) -> bool:
    """The holder has no team here, has left, or has done nothing about it since for as long as they have to answer."""
    last = max(filter(None, (request.acted(hold.person), hold.at)))
    silent = situation.now - last >= request.policy.limits.holder_answers
    gone = situation.presence.gone_since(hold.person) is not None
    return silent or gone or not _teams(situation, hold.person) & named_teams(request)


def _team_for(request: Request, situation: Situation) -> TeamId | None:
    """Return a required team for which this person may help to overrule a hold."""
    person = situation.person
    if person is None or person == request.requester or is_author(request, person):
        return None
    return min(teams_of(request, situation, person), default=None)


def _teams(situation: Situation, person: PersonId) -> frozenset[TeamId]:
    known = situation.directory.person(person)
    return known.teams if known else frozenset()
