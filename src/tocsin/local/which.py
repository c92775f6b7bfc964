"""Which requests a line is about when it names none, and whether its speaker may hear what is private about them."""

from tocsin.domain.commands import Command, Stop
from tocsin.domain.errors import UnknownRequest
from tocsin.domain.people import Directory, RequestId, Speaker
from tocsin.local.messages import Asking
from tocsin.service.requests import Requests
from tocsin.service.seeing import has_part

ABOUT_ONE = ("status", "who", "timeline", "report")
"""Questions that are about one request."""


def acted_on(asking: Asking, command: Command, requests: Requests) -> tuple[RequestId, ...]:
    """Return the request that an act names, or the open one; a stop without an id is about whatever runs."""
    if asking.request:
        return (asking.request,)
    if isinstance(command, Stop):
        return _whatever_runs(requests)
    here = requests.open()
    if len(here) != 1:
        raise UnknownRequest(f"Which request? {_open_ones(requests, asking.verb)}")
    return (here[0].id,)


def asked_about(asking: Asking, requests: Requests) -> RequestId | None:
    """Return the request that a question is about: the one it names, or the only one that is open, if there is one."""
    if asking.request or asking.verb not in ABOUT_ONE:
        return asking.request
    here = requests.open()
    return here[0].id if len(here) == 1 else None


def may_hear_private(request: RequestId | None, speaker: Speaker, requests: Requests, directory: Directory) -> bool:
    """Say whether somebody has a part in a request, or where none is meant, in every private one that is open."""
    person = directory.person(speaker.person)
    if person is None:
        return False
    one = requests.find(request) if request else None
    meant = [one] if one else [each for each in requests.open() if each.private]
    return all(has_part(each, person) for each in meant)


def _whatever_runs(requests: Requests) -> tuple[RequestId, ...]:
    running = tuple(each.id for each in requests.open() if each.carrying)
    if not running:
        waiting = [each.id for each in requests.open()]
        keep = f" To keep one from starting: !hold {waiting[0]} <why>" if waiting else ""
        raise UnknownRequest(f"Nothing runs, so there is nothing to stop.{keep}")
    return running


def _open_ones(requests: Requests, verb: str) -> str:
    names = [each.id for each in requests.open()]
    if not names:
        return "None is open; every one there was: !list"
    return f"Open are {', '.join(names)}. Say the id too, e.g.  !{verb} {names[0]}"
