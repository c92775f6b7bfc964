"""The pages that people look at: the board and the room of each request."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.web.acting import Acting
from tocsin.web.board import board_part
from tocsin.web.flashes import Flashes
from tocsin.web.office import Office
from tocsin.web.rooms import found, room_page
from tocsin.web.templating import page
from tocsin.web.visitors import visitor_of


class Pages:
    """Answers what a browser asks for."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office
        self._flashes = Flashes()
        self._acting = Acting(office, self._flashes)

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/", self.board, methods=["GET"]),
            Route("/{request_id:str}", self.room, methods=["GET"]),
            Route("/{request_id:str}/{verb:str}", self._acting.act, methods=["POST"]),
        ]

    async def board(self, request: Request) -> Response:
        """Show what is open, then what was lately."""
        visitor = await visitor_of(self._office, request)
        return page(self._office, visitor, "board.html", board=board_part(self._office, visitor.person))

    async def room(self, request: Request) -> Response:
        """Show one request, at its one address."""
        visitor = await visitor_of(self._office, request)
        named = request.path_params["request_id"]
        seen = found(self._office, named, visitor)
        if named != seen.id:
            return RedirectResponse(f"/{seen.id}", status_code=307)
        flashes = self._flashes.take(visitor.session.id) if visitor.session else ()
        return await room_page(self._office, seen.id, visitor, flashes=flashes)
