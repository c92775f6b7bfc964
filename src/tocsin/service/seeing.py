"""Who may see a request: everybody a public one, and a private one those with a part in it."""

from tocsin.domain.errors import UnknownRequest
from tocsin.domain.people import Directory, Person, RequestId, Speaker
from tocsin.domain.request import Request
from tocsin.domain.standing import named_teams
from tocsin.service.requests import Requests


def has_part(request: Request, person: Person) -> bool:
    """Say whether somebody has a role in a request, may deploy its target, or is in a team that its policy names."""
    roles = (request.requester, request.deployer, *request.confirmers, *request.requesters_before)
    teams = person.teams & named_teams(request)
    return person.id in roles or bool(teams) or (request.target is not None and request.target in person.may_deploy)


def may_see(request: Request, person: Person | None) -> bool:
    """Say whether a request may be shown to somebody, who is nothing where nobody signed in."""
    return not request.private or (person is not None and has_part(request, person))


def may_hear_private(request: RequestId | None, speaker: Speaker, requests: Requests, directory: Directory) -> bool:
    """Say whether somebody has a part in a request, or where none is meant, in every private one that is open."""
    person = directory.person(speaker.person)
    if person is None:
        return False
    one = requests.find(request) if request else None
    meant = [one] if one else [each for each in requests.open() if each.private]
    return all(has_part(each, person) for each in meant)


def whatever_runs(requests: Requests) -> tuple[RequestId, ...]:
    """Return what a stop that names nothing is about; raises `UnknownRequest` where nothing runs."""
    running = tuple(each.id for each in requests.open() if each.carrying)
    if not running:
        waiting = [each.id for each in requests.open()]
        keep = f" To keep one from starting: !hold {waiting[0]} <why>" if waiting else ""
        raise UnknownRequest(f"Nothing runs, so there is nothing to stop.{keep}")
    return running
