"""The board: what is open first, then what was lately, as far as somebody may see it."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.domain.people import Person
from tocsin.domain.request import BEFORE_GO, Request
from tocsin.service.seeing import may_see
from tocsin.views.counting import quorum_of
from tocsin.views.room import TROUBLED, headline
from tocsin.web.office import Office
from tocsin.web.templating import render

MOST_RECENT = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One request on the board."""

    id: str
    status: str
    troubled: bool
    headline: str
    needs: str
    since: datetime


def board_part(office: Office, person: Person | None) -> str:
    """Return the board for somebody; a private request without a part in it is there by id and state alone."""
    seen = office.requests.all()
    open_ones = [_row(each, person) for each in reversed(seen) if each.open]
    recent = [_row(each, person) for each in reversed(seen) if not each.open][:MOST_RECENT]
    return render("parts/board.html", open=open_ones, recent=recent)


def _row(request: Request, person: Person | None) -> Row:
    if not may_see(request, person):
        return Row(request.id, request.status, request.status in TROUBLED, "private", "", request.since)
    lacking = quorum_of(request).missing_teams if request.status in BEFORE_GO else ()
    return Row(
        request.id,
        request.status,
        request.status in TROUBLED,
        headline(request),
        request.roster.named(lacking),
        request.since,
    )
