"""The parts of a room, each an element with an id of its own: sent whole with the page, and one by one as they change."""

from tocsin.domain.request import Request
from tocsin.views.board import status
from tocsin.web.office import Office
from tocsin.web.templating import render
from tocsin.web.visitors import NOBODY, Visitor


def shared(office: Office, request: Request) -> dict[str, str]:
    """Return the parts that are the same for everybody who may see the request, by the id of their element."""
    lines = status(request, office.situation(request, NOBODY.speaker()))
    return {"state": render("parts/state.html", request=request, lines=lines)}


def personal(office: Office, request: Request, visitor: Visitor) -> dict[str, str]:
    """Return the parts that depend on who looks, by the id of their element."""
    return {}
