"""What somebody has here: who they are, their teams, and every browser in which they are signed in.

Law: a session is ended only by the person whose it is.
"""

import asyncio
from collections.abc import Iterable

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.service.credentials import Session
from tocsin.web.office import Office
from tocsin.web.returning import keep
from tocsin.web.templating import page
from tocsin.web.visitors import Visitor, farewell, visitor_of

log = structlog.get_logger()
HANDLE = 16
"""Letters of a session's id that tell it from one's others in a form."""


class Me:
    """The page of whoever is signed in."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/me", self.look, methods=["GET"]),
            Route("/me/sessions/end", self.end_one, methods=["POST"]),
            Route("/me/sessions/end-others", self.end_others, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        """Show it; who is not signed in is led to the door."""
        visitor = await visitor_of(self._office, request)
        if visitor.session is None:
            keep(self._office, answer := RedirectResponse("/sign-in", 303), "/me")
            return answer
        directory = self._office.directory()
        teams = sorted(directory.team_name(each) for each in visitor.person.teams) if visitor.person else []
        return page(
            self._office,
            visitor,
            "me.html",
            teams=teams,
            suspended=visitor.session.person in self._office.requests.house.suspended_people,
            sessions=[(each, each.id[:HANDLE]) for each in await self._sessions(visitor)],
        )

    async def end_one(self, request: Request) -> Response:
        """End one of one's own sessions; with the one of this very browser that is signing out."""
        visitor = await visitor_of(self._office, request)
        handle = (await request.form(max_files=0, max_fields=5)).get("session")
        meant = [each for each in await self._sessions(visitor) if each.id[:HANDLE] == handle]
        if visitor.session in meant:
            await farewell(self._office, visitor, answer := RedirectResponse("/", 303))
            return answer
        await self._end(meant)
        return RedirectResponse("/me", 303)

    async def end_others(self, request: Request) -> Response:
        """End every one of one's own sessions but that of this browser."""
        visitor = await visitor_of(self._office, request)
        await self._end([each for each in await self._sessions(visitor) if each != visitor.session])
        return RedirectResponse("/me", 303)

    async def _sessions(self, visitor: Visitor) -> tuple[Session, ...]:
        if visitor.session is None:
            return ()
        return await asyncio.to_thread(self._office.sessions.of, visitor.session.person, self._office.clock.now())

    async def _end(self, sessions: Iterable[Session]) -> None:
        for each in sessions:
            await asyncio.to_thread(self._office.sessions.end, each.id)
            log.info("a session was ended from another", person=each.person, how=each.how)
