"""Which requests a line is about when it names none."""

from tocsin.domain.commands import Command, Stop
from tocsin.domain.errors import UnknownRequest
from tocsin.domain.people import RequestId
from tocsin.local.messages import Asking
from tocsin.service.requests import Requests
from tocsin.service.seeing import whatever_runs

ABOUT_ONE = ("status", "who", "timeline", "report")
"""Questions that are about one request."""


def acted_on(asking: Asking, command: Command, requests: Requests) -> tuple[RequestId, ...]:
    """Return the request that an act names, or the open one; a stop without an id is about whatever runs."""
    if asking.request:
        return (asking.request,)
    if isinstance(command, Stop):
        return whatever_runs(requests)
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


def _open_ones(requests: Requests, verb: str) -> str:
    names = [each.id for each in requests.open()]
    if not names:
        return "None is open; every one there was: !list"
    return f"Open are {', '.join(names)}. Say the id too, e.g.  !{verb} {names[0]}"
