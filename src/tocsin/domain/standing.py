"""Where people stand in one request: for whom they may count, which role they have, and whether they are here."""

from collections.abc import Iterable
from datetime import datetime

from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.policy import Place
from tocsin.domain.quorum import Quorum, Voice
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation


def places(request: Request) -> tuple[Place, ...]:
    """Return the places that must be filled for this request: the policy's, and those of added teams."""
    frozen = request.deployment.frozen if request.deployment else request.facts.freeze is not None
    asked = request.policy.demands(request.wish.reason, request.wish.remedy, frozen=frozen)
    added = (place for team in request.needed for place in (Place(team),) if team not in {each.team for each in asked})
    kept = (place for demand in asked for place in demand.places())
    return tuple(place for place in (*kept, *added) if place.team not in request.waived)


def required_teams(request: Request) -> tuple[TeamId, ...]:
    """Return the teams that must confirm, each once, in the policy's order."""
    return tuple(dict.fromkeys(place.team for place in places(request)))


def named_teams(request: Request) -> frozenset[TeamId]:
    """Return the teams that the policy names for this request, confirming or informed."""
    return frozenset((*required_teams(request), *request.policy.informed, *request.waived))


def teams_of(request: Request, situation: Situation, person: PersonId) -> frozenset[TeamId]:
    """Return the required teams that a person may speak for: a member since before the opening, and still."""
    return frozenset(
        team
        for team in required_teams(request)
        if person in request.roster.of(team) and situation.is_member(person, team)
    )


def in_named_team(request: Request, situation: Situation, person: PersonId | None) -> bool:
    """Say whether a person is, now, in any team that the policy names; the suspended may still hold and stop."""
    return person is not None and any(person in situation.directory.members(team) for team in named_teams(request))


def excluded(request: Request, person: PersonId, situation: Situation) -> str:
    """Say in a sentence why a person's yes can never count for this request; empty when it can."""
    if person == request.requester:
        return "You asked for it, so your own yes cannot count."
    if person in request.requesters_before:
        return "You asked for it before, so your yes cannot count."
    if _is_stranger(request, person, situation):
        return "You share a nick, host or account with the one who first asked, so your yes cannot count."
    if is_author(request, person) and not request.policy.author_may_confirm:
        return "You wrote the change, so your yes cannot count."
    if person in situation.directory.suspended:
        return (
            "Your account is suspended here. Two members of the required teams restore it, or one, once you used your"
            " passkey on the page: /me"
        )
    return ""


def is_author(request: Request, person: PersonId | None) -> bool:
    """Say whether a person wrote or uploaded the change: what is carried out, whatever is uploaded meanwhile."""
    carried_out = request.proposal.change if request.proposal and request.deployment else None
    change = carried_out or request.facts.change
    return change is not None and person in change.authors


def voices(request: Request, situation: Situation) -> tuple[Voice, ...]:
    """Return whom the standing confirmations may be counted for at this moment."""
    limit = oldest_yes(request, situation)
    return tuple(
        Voice(each.person, each.teams & still, each.on_call_for & still)
        for each in request.confirmations
        for still in (teams_of(request, situation, each.person),)
        if (limit is None or each.at >= limit) and not excluded(request, each.person, situation)
    )


def oldest_yes(request: Request, situation: Situation) -> datetime | None:
    """Return since when a yes must have been given: it lasts a while until go, then until it is asked for again."""
    return request.asked_again_at if request.carrying else situation.now - request.policy.limits.yes_lasts


def quorum(request: Request, situation: Situation) -> Quorum:
    """Count the standing confirmations."""
    return Quorum.of(places(request), voices(request, situation))


def could_fill(request: Request, situation: Situation, team: TeamId) -> tuple[PersonId, ...]:
    """Return who could still confirm for a team, in the directory's order."""
    return tuple(
        person.id
        for person in situation.directory.people
        if team in teams_of(request, situation, person.id)
        and not excluded(request, person.id, situation)
        and not request.confirmation(person.id)
    )


def unfillable(request: Request, situation: Situation) -> tuple[TeamId, ...]:
    """Return the required teams whose places nobody who is left could fill."""
    everybody = tuple(
        Voice(person.id, teams, teams)
        for person in situation.directory.people
        if (teams := teams_of(request, situation, person.id)) and not excluded(request, person.id, situation)
    )
    return Quorum.of(places(request), everybody).missing_teams


def on_call_for(request: Request, situation: Situation, person: PersonId) -> frozenset[TeamId]:
    """Return the teams for which a person's yes counts as that of the one on call, at this moment."""
    return frozenset(
        team
        for team in teams_of(request, situation, person)
        if person in situation.on_call.of(team) or any_member_serves(request, situation, team)
    )


def any_member_serves(request: Request, situation: Situation, team: TeamId) -> str:
    """Say why any member of a team counts in place of the one on call; empty when only the one on call does."""
    on_call = situation.on_call.of(team)
    if team in situation.on_call.unknown or not on_call:
        return "who is on call is not known"
    members = [person for person in on_call if team in teams_of(request, situation, person)]
    free = [person for person in members if not excluded(request, person, situation)]
    if not free:
        return "the one on call cannot count: they asked for it, wrote it, are suspended or no member since before it"
    waited = situation.now - request.opened_at >= request.policy.limits.on_call_answers
    return "" if not waited or any(request.acted(person) for person in free) else "the one on call did not answer"


def has_role(request: Request, person: PersonId | None) -> bool:
    """Say whether a person is requester, deployer or confirmer here."""
    return person is not None and person in (request.requester, request.deployer, *request.confirmers)


def may_deploy(request: Request, situation: Situation, person: PersonId | None) -> bool:
    """Say whether the directory let a person deploy the target before the request opened, and still does."""
    if person is None or request.target is None or person in situation.directory.suspended:
        return False
    return person in request.roster.deployers & situation.directory.deployers(request.target)


def last_sign(request: Request, situation: Situation, person: PersonId) -> datetime | None:
    """Return when a person last did something verified, here or anywhere that a surface could see."""
    signs = (request.acted(person), situation.presence.seen_at(person))
    return max((at for at in signs if at is not None), default=None)


def is_present(request: Request, situation: Situation, person: PersonId) -> bool:
    """Say whether a person did something lately and has not gone since; who speaks just now is here."""
    if person == situation.person:
        return True
    last = last_sign(request, situation, person)
    gone = situation.presence.gone_since(person)
    lately = last is not None and situation.now - last <= request.policy.limits.presence
    return lately and (gone is None or last is None or gone < last)


def stand_ins(request: Request, situation: Situation, people: Iterable[PersonId]) -> Quorum:
    """Match people to the required teams, one each: who of them stands for which team while it is carried out."""
    seats = [Place(team) for team in required_teams(request)]
    counted = (
        Voice(person, _speaks_for(request, situation, person))
        for person in people
        if not excluded(request, person, situation)
    )
    return Quorum.of(seats, counted)


def absent_teams(request: Request, situation: Situation) -> tuple[TeamId, ...]:
    """Return the required teams of which nobody present has confirmed, or said `here` to this very plan."""
    watching = {*request.confirmers, *(person for person, _ in request.here)}
    present = sorted(person for person in watching if is_present(request, situation, person))
    return stand_ins(request, situation, present).missing_teams


def _speaks_for(request: Request, situation: Situation, person: PersonId) -> frozenset[TeamId]:
    """Whoever confirmed for one of their teams keeps to it."""
    teams, given = teams_of(request, situation, person), request.confirmation(person)
    return teams & given.teams if given else teams


def _is_stranger(request: Request, person: PersonId, situation: Situation) -> bool:
    """A stranger opened it; whoever resembles them is excluded, by signs that never count for anybody."""
    known = situation.directory.person(person)
    signs = {sign.casefold() for sign in (request.marks.nick, request.marks.account) if sign}
    names = {name.casefold() for name in (*known.nicks, *(each.name for each in known.accounts))} if known else set()
    speaking = situation.speaker
    return bool(signs & names) or (speaking.person == person and speaking.marks.resemble(request.marks))
