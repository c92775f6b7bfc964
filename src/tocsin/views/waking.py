"""What a pager shows: what a request is for and where it is; of one that may be private, its id and page alone."""

from dataclasses import dataclass

from tocsin.domain.request import Request
from tocsin.views.lines import fitted
from tocsin.views.phrases import what


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to somebody's pager; not every service shows the subject."""

    subject: str
    body: str


def waking_message(request: Request, public_url: str) -> Message:
    """Return what wakes people for a request."""
    page = f" {public_url.rstrip('/')}/{request.id}" if public_url else ""
    if not _may_be_told(request):
        return Message(request.id, f"{request.id}{page}")
    needs, place = f"{request.id} needs you", f", in {request.channel}" if request.channel else ""
    return Message(needs, fitted((f"{needs}: ", *what(request), f"{place}.", page)))


def _may_be_told(request: Request) -> bool:
    """A pager's message passes through many hands: until it is settled that all may read it, nothing of it does."""
    return not request.private and (request.published or request.facts.readable(request.wish))
