"""Letting in somebody of whom a way to sign in has said who it is; which ways there are is left to those."""

from datetime import timedelta
from math import ceil

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tocsin.domain.people import Person
from tocsin.web.office import Office
from tocsin.web.proxied import IDENTITY
from tocsin.web.returning import BOARD, forget, remember, way_back
from tocsin.web.templating import page
from tocsin.web.tries import MOST_BEGUN, MOST_OF_ONE, Tries, in_minutes, most_from, place_named
from tocsin.web.visitors import farewell, visitor_of, welcome

log = structlog.get_logger()


class Entering:
    """The door itself: whoever passes gets a new session, and whoever tries too often waits."""

    def __init__(self, office: Office) -> None:
        """Take what it works with; nobody has tried yet."""
        self._office = office
        self._failed = Tries()
        self._entered = Tries()
        self._begun = Tries()

    async def too_often(self, request: Request) -> Response | None:
        """Refuse a place from which too much was wrong lately; nothing where it may try."""
        place = place_of(request)
        wait = self._failed.wait(place, self._office.clock.now(), most_from(place))
        return await self._later(request, wait, "Too many tries were wrong from here") if wait else None

    async def begun_too_often(self, request: Request) -> Response | None:
        """Count a sign-in that a place begins elsewhere, and refuse it when they are too many."""
        place, now = place_of(request), self._office.clock.now()
        if wait := self._begun.wait(place, now, max(MOST_BEGUN, most_from(place))):
            return await self._later(request, wait, "Too many began to sign in from here")
        self._begun.note(place, now)
        return None

    def failed(self, request: Request) -> None:
        """Note that a try came to nothing."""
        self._failed.note(place_of(request), self._office.clock.now())

    async def let_in(self, request: Request, person: Person, how: str) -> Response:
        """Begin a new session in place of any that this browser has, and lead back to where they came from."""
        now = self._office.clock.now()
        if wait := self._entered.wait(person.id, now, MOST_OF_ONE):
            return await self._later(request, wait, f"{person.id} signed in {MOST_OF_ONE} times in a few minutes")
        self._entered.note(person.id, now)
        answer = RedirectResponse(way_back(self._office, request), 303)
        await farewell(self._office, await visitor_of(self._office, request), answer)
        await welcome(self._office, person, how, answer)
        forget(self._office, answer)
        log.info("signed in on the page", person=person.id, by=how)
        return answer

    async def unknown(self, request: Request, label: str, identity: str) -> Response:
        """Tell somebody whom a provider knows and the directory does not what is to be added."""
        visitor = await visitor_of(self._office, request)
        said = {"label": label, "identity": identity, "otherwise": not request.scope.get(IDENTITY)}
        return page(self._office, visitor, "unknown.html", status=403, **said)

    async def door(self, request: Request, status: int = 200, *reasons: str) -> Response:
        """Show the ways in, with why it stays closed, if it does."""
        visitor = await visitor_of(self._office, request)
        named = request.scope.get(IDENTITY)
        if named and visitor.person is None:
            return await self.unknown(request, "The proxy in front", named)
        back, ways = way_back(self._office, request), self._office.settings
        said = {"reasons": reasons, "ways": ways, "back": back if back != BOARD else ""}
        answer = page(self._office, visitor, "sign_in.html", status=status, **said)
        remember(self._office, request, answer)
        return answer

    async def _later(self, request: Request, wait: timedelta, why: str) -> Response:
        answer = await self.door(request, 429, f"{why}; {in_minutes(wait)}.")
        answer.headers["Retry-After"] = str(ceil(wait.total_seconds()))
        return answer


def place_of(request: Request) -> str:
    """Return from where a request came, as the connection tells; what it says itself of those before counts nothing."""
    return place_named(request.client.host if request.client else "")
