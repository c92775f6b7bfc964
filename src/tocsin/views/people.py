"""Who is needed for a request: each place that must be filled, who fills it, who could, and who is here."""

from collections.abc import Iterable, Iterator, Sequence

from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation
from tocsin.domain.standing import could_fill, is_present, may_deploy, places, quorum, required_teams
from tocsin.views.lines import Said, told
from tocsin.views.phrases import at_most

MOST_NAMED = 6


def who(request: Request, situation: Situation) -> list[str]:
    """Return who has a part in a request and who could have one, in few lines."""
    sentences = [_roles(request, situation), *_teams(request, situation), *_rest(request)]
    return [line.text for line in told(request.id, sentences)]


def _roles(request: Request, situation: Situation) -> Said:
    requester = _with_signs(request, situation, [request.requester]) if request.requester else "nobody known yet"
    return Said((f"requester: {requester}. Deployer: {_deployer(request, situation)}.",))


def _deployer(request: Request, situation: Situation) -> str:
    if request.deployer:
        return _with_signs(request, situation, [request.deployer])
    might = [person.id for person in situation.directory.people if may_deploy(request, situation, person.id)]
    named = _with_signs(request, situation, might) or "nobody of the directory"
    return f"none yet, {named} may: !take {request.id}" if might else f"none yet, and {named} may"


def _teams(request: Request, situation: Situation) -> Iterator[Said]:
    counting = quorum(request, situation)
    for team in required_teams(request):
        filled = [person for person, each in counting.counted if each == team]
        wanted = sum(place.team == team for place in places(request)) - len(filled)
        yield Said((f"{request.roster.name(team)}: {_place(request, situation, team, filled, wanted=wanted)}.",))


def _place(request: Request, situation: Situation, team: TeamId, filled: Sequence[PersonId], *, wanted: int) -> str:
    said = f"{_with_signs(request, situation, filled)} confirmed" if filled else ""
    if wanted <= 0:
        return said
    narrow = any(place.on_call for place in places(request) if place.team == team)
    more = f"{wanted} more" if filled or wanted > 1 else "one"
    could = _with_signs(request, situation, could_fill(request, situation, team), team)
    missing = f"{more} wanted{' on call' if narrow else ''}: {could or 'nobody is left who could'}"
    return f"{said}; {missing}" if said else missing


def _rest(request: Request) -> Iterator[Said]:
    if request.policy.informed:
        yield Said((f"Informed: {request.roster.named(request.policy.informed)}.",))
    if request.waived:
        yield Said((f"Waived: {request.roster.named(request.waived)}.",))


def _with_signs(request: Request, situation: Situation, people: Iterable[PersonId], team: TeamId | None = None) -> str:
    named = [f"{person}{_signs(request, situation, person, team)}" for person in people]
    return at_most(named, MOST_NAMED)


def _signs(request: Request, situation: Situation, person: PersonId, team: TeamId | None) -> str:
    on_call = team is not None and person in situation.on_call.of(team)
    here = person != situation.person and is_present(request, situation, person)
    signs = [*(["on call"] if on_call else []), *(["here"] if here or person == situation.person else [])]
    return f" ({', '.join(signs)})" if signs else ""
