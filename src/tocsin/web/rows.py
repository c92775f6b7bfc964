"""One request as a row of a list: of one that somebody may not see, its id and state alone, which lead nowhere."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.domain.people import Person
from tocsin.domain.request import BEFORE_GO, Request
from tocsin.service.seeing import may_see
from tocsin.views.counting import quorum_of
from tocsin.views.room import TROUBLED, headline


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a request."""

    id: str
    status: str
    troubled: bool
    headline: str
    needs: str
    opened: datetime
    since: datetime
    seen: bool = True


def row(request: Request, person: Person | None) -> Row:
    """Return the row of a request, as far as somebody may see it."""
    troubled, opened = request.status in TROUBLED, request.opened_at
    if not may_see(request, person):
        return Row(request.id, request.status, troubled, "private", "", opened, request.since, seen=False)
    lacking = quorum_of(request).missing_teams if request.status in BEFORE_GO else ()
    needs = request.roster.named(lacking)
    return Row(request.id, request.status, troubled, headline(request), needs, opened, request.since)
