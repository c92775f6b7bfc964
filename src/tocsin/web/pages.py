"""The pages that people look at: the board and the room of each request."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tocsin.domain.people import RequestId
from tocsin.domain.request import Request as Asked
from tocsin.service.seeing import may_see
from tocsin.web.office import Office
from tocsin.web.sections import personal, shared
from tocsin.web.templating import page
from tocsin.web.visitors import Visitor, visitor_of

NOT_THERE = "There is no such page here, or none that you may see."


class Pages:
    """Answers what a browser asks for."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/", self.board, methods=["GET"]),
            Route("/{request_id:str}", self.room, methods=["GET"]),
        ]

    async def board(self, request: Request) -> Response:
        """Show what is open, then what was lately."""
        visitor = await visitor_of(self._office, request)
        seen = [each for each in self._office.requests.open() if may_see(each, visitor.person)]
        return page(self._office, visitor, "board.html", requests=seen)

    async def room(self, request: Request) -> Response:
        """Show one request."""
        visitor = await visitor_of(self._office, request)
        found = self._found(request.path_params["request_id"], visitor)
        parts = {**shared(self._office, found), **personal(self._office, found, visitor)}
        return page(self._office, visitor, "room.html", request=found, parts=parts)

    def _found(self, request: str, visitor: Visitor) -> Asked:
        """Return a request; of a private one nobody without a part in it learns that it is there."""
        found = self._office.requests.find(RequestId(request.upper()))
        if found is None or not may_see(found, visitor.person):
            raise HTTPException(404, NOT_THERE)
        return found
