"""Who may see a request: everybody a public one, and a private one those with a part in it."""

from tocsin.domain.people import Person
from tocsin.domain.request import Request
from tocsin.domain.standing import named_teams


def has_part(request: Request, person: Person) -> bool:
    """Say whether somebody has a role in a request, may deploy its target, or is in a team that its policy names."""
    roles = (request.requester, request.deployer, *request.confirmers, *request.requesters_before)
    teams = person.teams & named_teams(request)
    return person.id in roles or bool(teams) or (request.target is not None and request.target in person.may_deploy)


def may_see(request: Request, person: Person | None) -> bool:
    """Say whether a request may be shown to somebody, who is nothing where nobody signed in."""
    return not request.private or (person is not None and has_part(request, person))
