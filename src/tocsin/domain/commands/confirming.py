"""Giving, taking back and denying the positive confirmation that an emergency needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.check_word import same_word
from tocsin.domain.consequences import settled
from tocsin.domain.deployment import CauseKind
from tocsin.domain.errors import Refused
from tocsin.domain.objecting import not_required, uncounted_speaker, unknown_speaker, wrong_status
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.qualifying import milder
from tocsin.domain.request import BEFORE_GO, Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import (
    any_member_serves,
    excluded,
    is_author,
    on_call_for,
    places,
    teams_of,
)


@dataclass(frozen=True, slots=True)
class Confirm:
    """Confirm a request, with the check word that you were shown; you may say for which team you speak."""

    check_word: str
    team: TeamId | None = None

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Count the confirmation, and say so when it completes the quorum."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None and request.proposal is not None
        teams = self._teams(request, situation, situation.person)
        on_call = on_call_for(request, situation, situation.person) & teams
        remark = "; ".join(_remarks(request, situation, situation.person, on_call))
        given = e.ConfirmationGiven(situation.person, teams, on_call, request.proposal.check_word, remark)
        return settled(request, situation, [given])

    def _teams(self, request: Request, situation: Situation, person: PersonId) -> frozenset[TeamId]:
        may = teams_of(request, situation, person)
        return may & {self.team} if self.team else may

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from unknown_speaker(situation)
        yield from _not_open_for_a_yes(request)
        yield from not_required(request, situation)
        if situation.person is None:
            return
        if why := excluded(request, situation.person, situation):
            yield why
        if request.proposal and not same_word(self.check_word, request.proposal.check_word):
            yield _wrong_word(request, self.check_word)
        if self.team and self.team not in teams_of(request, situation, situation.person):
            yield f"You cannot speak for {request.roster.name(self.team)} here."
        yield from self._not_on_call(request, situation, situation.person)
        given = request.confirmation(situation.person)
        asked_again = request.asked_again_at if request.carrying else None
        fresh = given is not None and (asked_again is None or given.at >= asked_again)
        if given and fresh and given.teams == self._teams(request, situation, situation.person):
            yield f"Your yes for {request.id} stands already, since {given.at:%H:%M} UTC."

    def _not_on_call(self, request: Request, situation: Situation, person: PersonId) -> Iterator[str]:
        """Somebody whose every place is only for the one on call is told who that is, and when anybody counts."""
        teams = self._teams(request, situation, person)
        asked = [place for place in places(request) if place.team in teams]
        narrow = [place.team for place in asked if place.on_call]
        if asked and len(narrow) == len(asked) and not on_call_for(request, situation, person) & set(narrow):
            waiting = " or ".join(situation.on_call.of(narrow[0]))
            minutes = int(request.policy.limits.on_call_answers.total_seconds() // 60)
            team = request.roster.name(narrow[0])
            yield f"{team} on call must confirm: {waiting}. Without an answer for {minutes} min any member counts."


@dataclass(frozen=True, slots=True)
class Unconfirm:
    """Take your confirmation back; once it is being deployed, that pauses it."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Take it back at once, whatever the reason."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return settled(request, situation, [e.ConfirmationTakenBack(situation.person)])

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from unknown_speaker(situation)
        if situation.person and not request.confirmation(situation.person):
            yield f"You have no confirmation of {request.id} to take back."
        if not request.open:
            yield from wrong_status(request, *BEFORE_GO)


@dataclass(frozen=True, slots=True)
class Refuse:
    """Say no, with the reason: a hold that closes the request when its requester or another team agrees."""

    reason: str = ""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Block at once; a second no, or the requester's agreement, ends it."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        if situation.person == request.requester:
            return [e.RefusalAgreed(situation.person), e.RequestRefused(request.refusal_reason)]
        said: list[e.RequestEvent] = []
        if request.confirmation(situation.person):
            said.append(e.ConfirmationTakenBack(situation.person))
        said += [e.RefusalGiven(situation.person, self.reason), e.HoldPlaced(situation.person, f"no: {self.reason}")]
        if self._second(request, situation, situation.person):
            return [*said, e.RequestRefused(self.reason)]
        return settled(request, situation, said)

    def _second(self, request: Request, situation: Situation, person: PersonId) -> bool:
        """Another required team's member refuses too when two people can be seated in two different teams."""
        mine = teams_of(request, situation, person)
        others = [teams_of(request, situation, each) for each in request.refusals if each != person]
        return any(mine and theirs and len(mine | theirs) > 1 for theirs in others)

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from wrong_status(request, *BEFORE_GO)
        agreeing = situation.person == request.requester
        if agreeing and not request.refusals:
            yield f"Nobody has refused {request.id}; to take it back yourself: !withdraw {request.id}"
        elif not agreeing:
            yield from not_required(request, situation)
            if not self.reason.strip():
                yield f"Why not? e.g.  !refuse {request.id} this would lose today's edits"


def _not_open_for_a_yes(request: Request) -> Iterator[str]:
    """A yes is taken while confirming, and while paused because one is missing."""
    paused_for_it = request.status is Status.PAUSED and request.underway.cause(CauseKind.QUORUM) is not None
    if not paused_for_it:
        yield from wrong_status(request, Status.CONFIRMING, Status.READY)


def _wrong_word(request: Request, typed: str) -> str:
    assert request.proposal is not None
    shown = f"read it (!status {request.id}), then: !confirm {request.id} {request.proposal.check_word}"
    return (
        f"{typed} is not the check word now, what is to be confirmed may have changed; {shown}"
        if typed
        else (f"Say the check word, so that it is clear what you confirm; {shown}")
    )


def _remarks(request: Request, situation: Situation, person: PersonId, on_call: frozenset[TeamId]) -> Iterator[str]:
    """Say with a yes what is unusual about it: why it counts, and what its giver saw."""
    yield from sorted(filter(None, (_stands_in(request, situation, team) for team in on_call)))
    if is_author(request, person):
        yield f"they wrote the change, and {request.policy.label} lets its author confirm"
    if seen := milder(request):
        yield f"seen: {seen}"


def _stands_in(request: Request, situation: Situation, team: TeamId) -> str:
    narrowed = any(place.on_call for place in places(request) if place.team == team)
    on_shift = situation.person in situation.on_call.of(team)
    return any_member_serves(request, situation, team) if narrowed and not on_shift else ""
