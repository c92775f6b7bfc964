"""The board: what is open first, then what was lately, as far as somebody may see it."""

from itertools import islice

from tocsin.domain.people import Person, Speaker, Surface
from tocsin.domain.request import Request
from tocsin.service.seeing import has_part, may_see
from tocsin.views.possible import is_wanted
from tocsin.web.office import Office
from tocsin.web.rows import row
from tocsin.web.templating import render

MOST_RECENT = 20


def board_part(office: Office, person: Person | None) -> str:
    """Return the board for somebody; a private request without a part in it is there by id and state alone."""
    now_open = office.requests.open()[::-1]
    needing = [each.id for each in now_open if person and _needs(office, each, person)]
    over = (each for each in reversed(office.requests.all()) if not each.open)
    return render(
        "parts/board.html",
        open=[row(each, person) for each in now_open],
        needing=needing,
        recent=[row(each, person) for each in islice(over, MOST_RECENT)],
    )


def _needs(office: Office, request: Request, person: Person) -> bool:
    """Say whether something is waited for from somebody; who has nothing to do with a request is not asked about."""
    if request.requester is not None and not has_part(request, person):
        return False
    speaker = Speaker(person.id, Surface.PAGE, person.id)
    return may_see(request, person) and is_wanted(request, office.situation(request, speaker))
