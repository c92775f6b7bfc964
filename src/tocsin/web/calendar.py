"""The calendar: what is open now, the windows and freezes to come, and on which days there were emergencies."""

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from tocsin.service.seeing import may_see
from tocsin.views.days import coming, lately
from tocsin.views.schedule import now_and_next_lines
from tocsin.web.office import Office
from tocsin.web.rows import row
from tocsin.web.templating import page
from tocsin.web.visitors import visitor_of


class CalendarPage:
    """Shows what the calendars around said last."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [Route("/calendar", self.look, methods=["GET"])]

    async def look(self, asked: HttpRequest) -> Response:
        """Show it."""
        visitor = await visitor_of(self._office, asked)
        now, calendar = self._office.clock.now(), self._office.situation(None, visitor.speaker()).calendar
        seen = (each for each in self._office.requests.all() if may_see(each, visitor.person))
        return page(
            self._office,
            visitor,
            "calendar.html",
            now_lines=now_and_next_lines(calendar, now),
            known=calendar.known,
            coming=coming(calendar, now),
            lately=[(day, [row(each, visitor.person) for each in those]) for day, those in lately(seen, now)],
        )
