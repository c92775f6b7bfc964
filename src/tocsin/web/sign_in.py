"""Signing in and out. A code that the command line gave stands for the account that the kernel named there."""

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.domain.people import PersonId
from tocsin.web.entering import Entering, place_of
from tocsin.web.office import Office
from tocsin.web.visitors import farewell, visitor_of

log = structlog.get_logger()
BY_CODE = "a one-time code of the command line"
NOT_GOOD = "That code is not good: it was used, is older than 5 minutes, or has a slip. A new one: tocsin sign-in"


class SignIn:
    """The door of the page, and the way in by a code."""

    def __init__(self, office: Office, entering: Entering) -> None:
        """Take what it works with."""
        self._office = office
        self._entering = entering

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/sign-in", self.ask, methods=["GET"]),
            Route("/sign-in", self.enter, methods=["POST"]),
            Route("/sign-out", self.leave, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Show the ways in."""
        return await self._entering.door(request)

    async def enter(self, request: Request) -> Response:
        """Let in whoever has a code that is good, and refuse guessing."""
        if not self._office.settings.local:
            return await self._entering.door(request, 422, "Codes sign nobody in here.")
        if later := await self._entering.too_often(request):
            return later
        code = (await request.form(max_files=0, max_fields=5)).get("code")
        person = self._office.codes.redeem(code, self._office.clock.now()) if isinstance(code, str) else None
        return await self._let_in(request, person) if person else await self._wrong(request)

    async def leave(self, request: Request) -> Response:
        """End the session of this browser."""
        answer = RedirectResponse("/", status_code=303)
        await farewell(self._office, await visitor_of(self._office, request), answer)
        return answer

    async def _let_in(self, request: Request, named: PersonId) -> Response:
        person = self._office.directory().person(named)
        if person is None:
            return await self._entering.door(request, 422, f"The directory has nobody named {named} any more.")
        return await self._entering.let_in(request, person, BY_CODE)

    async def _wrong(self, request: Request) -> Response:
        self._entering.failed(request)
        log.warning("a code to sign in was wrong", place=place_of(request))
        return await self._entering.door(request, 422, NOT_GOOD)
