"""What somebody has here: who they are, their teams, and every browser in which they are signed in.

Laws: a session is ended only by the person whose it is; who is suspended comes back by no session alone.
"""

import asyncio
from collections.abc import Iterable, Sequence

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.domain.commands import ComeBack
from tocsin.domain.errors import TocsinError
from tocsin.service.credentials import Session
from tocsin.service.handler import Act
from tocsin.views.lines import harmless
from tocsin.web.flashes import Flashes
from tocsin.web.means import Sent, sent
from tocsin.web.office import Office
from tocsin.web.passkeys import Passkeys
from tocsin.web.refusals import told
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
        self._flashes = Flashes()

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/me", self.look, methods=["GET"]),
            Route("/me/restore", self.come_back, methods=["POST"]),
            Route("/me/sessions/end", self.end_one, methods=["POST"]),
            Route("/me/sessions/end-others", self.end_others, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        """Show it; who is not signed in is led to the door."""
        visitor = await visitor_of(self._office, request)
        if visitor.session is None:
            keep(self._office, answer := RedirectResponse("/sign-in", 303), "/me")
            return answer
        return await self._page(visitor, flashes=self._flashes.take(visitor.session.id))

    async def come_back(self, request: Request) -> Response:
        """Take the word of somebody who is suspended, given with a passkey of theirs."""
        form = await sent(self._office, request)
        if form is None:
            return RedirectResponse("/me", 303)
        try:
            self._flashes.leave(form.session.id, await self._came_back(form))
        except TocsinError as error:
            status, reasons = told(error)
            return await self._page(form.visitor, status, reasons)
        return RedirectResponse("/me", 303)

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

    async def _came_back(self, form: Sent) -> list[str]:
        """Whether it holds is decided by the rules; a slip of the browser's is told before."""
        bound = Passkeys(self._office).bound(form.person, "restore", form.person.id)
        answer = form.fields.get("assertion", "")
        proven = await Passkeys(self._office).proven(form.session, bound, answer) if answer else None
        speaker = form.visitor.speaker(proof=proven.proof if proven else "")
        wanted = ComeBack(proven.credential if proven else "")
        return self._office.in_words(await self._office.handler.handle(Act(speaker, wanted)))

    async def _page(
        self, visitor: Visitor, status: int = 200, reasons: Sequence[str] = (), flashes: Sequence[str] = ()
    ) -> Response:
        person, house, directory = visitor.person, self._office.requests.house, self._office.directory()
        suspension = house.suspension(person.id) if person else None
        return page(
            self._office,
            visitor,
            "me.html",
            status=status,
            reasons=reasons,
            flashes=flashes,
            teams=sorted(directory.team_name(each) for each in person.teams) if person else [],
            why=harmless(suspension.reason) if suspension else "",
            proven_until=suspension.proven_until(self._office.clock.now()) if suspension else None,
            mine=house.passkeys_of(person.id) if person else (),
            sessions=[(each, each.id[:HANDLE]) for each in await self._sessions(visitor)],
        )

    async def _sessions(self, visitor: Visitor) -> tuple[Session, ...]:
        if visitor.session is None:
            return ()
        return await asyncio.to_thread(self._office.sessions.of, visitor.session.person, self._office.clock.now())

    async def _end(self, sessions: Iterable[Session]) -> None:
        for each in sessions:
            await asyncio.to_thread(self._office.sessions.end, each.id)
            log.info("a session was ended from another", person=each.person, how=each.how)
