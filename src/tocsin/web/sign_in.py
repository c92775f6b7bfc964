"""Signing in and out. A code that the command line gave stands for the account that the kernel named there."""

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.domain.people import PersonId
from tocsin.web.office import Office
from tocsin.web.templating import page
from tocsin.web.tries import Tries
from tocsin.web.visitors import farewell, visitor_of, welcome

log = structlog.get_logger()
NOT_GOOD = "That code is not good: it was used, is older than 5 minutes, or has a slip. A new one: tocsin sign-in"


class SignIn:
    """The door of the page."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office
        self._tries = Tries()

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/sign-in", self.ask, methods=["GET"]),
            Route("/sign-in", self.enter, methods=["POST"]),
            Route("/sign-out", self.leave, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Show the ways in."""
        return page(self._office, await visitor_of(self._office, request), "sign_in.html", reasons=())

    async def enter(self, request: Request) -> Response:
        """Let in whoever has a code that is good, and refuse guessing."""
        now, place = self._office.clock.now(), request.client.host if request.client else ""
        if wait := self._tries.wait(place, now):
            minutes = int(wait.total_seconds() // 60) + 1
            return await self._refused(
                request, 429, f"Too many codes were wrong from here; try again in {minutes} min."
            )
        form = await request.form(max_files=0, max_fields=5)
        code = form.get("code")
        person = self._office.codes.redeem(code, now) if isinstance(code, str) else None
        return await self._let_in(request, person) if person else await self._wrong(request, place)

    async def leave(self, request: Request) -> Response:
        """End the session of this browser."""
        answer = RedirectResponse("/", status_code=303)
        await farewell(self._office, await visitor_of(self._office, request), answer)
        return answer

    async def _let_in(self, request: Request, named: PersonId) -> Response:
        person = self._office.directory().person(named)
        if person is None:
            return await self._refused(request, 422, f"The directory has nobody named {named} any more.")
        await farewell(self._office, await visitor_of(self._office, request), answer := RedirectResponse("/", 303))
        await welcome(self._office, person, "a one-time code of the command line", answer)
        log.info("signed in on the page", person=person.id, by="code")
        return answer

    async def _wrong(self, request: Request, place: str) -> Response:
        self._tries.failed(place, self._office.clock.now())
        log.warning("a code to sign in was wrong", place=place)
        return await self._refused(request, 422, NOT_GOOD)

    async def _refused(self, request: Request, status: int, reason: str) -> Response:
        visitor = await visitor_of(self._office, request)
        return page(self._office, visitor, "sign_in.html", status=status, reasons=(reason,))
