"""What a room's page says of itself: that somebody has it in front of them, or that it was closed."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tocsin.web.office import Office
from tocsin.web.rooms import found
from tocsin.web.visitors import visitor_of

_PAGE = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


class Beating:
    """Takes the signs of life of pages."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/{request_id:str}/beat", self.beat, methods=["POST"]),
            Route("/{request_id:str}/left", self.left, methods=["POST"]),
        ]

    async def beat(self, asked: Request) -> Response:
        """Somebody has the page in front of them."""
        return await self._noted(asked, here=True)

    async def left(self, asked: Request) -> Response:
        """The page is closed."""
        return await self._noted(asked, here=False)

    async def _noted(self, asked: Request, *, here: bool) -> Response:
        visitor = await visitor_of(self._office, asked)
        found(self._office, asked.path_params["request_id"], visitor)
        page = (await asked.body()).decode("utf-8", "replace")
        if visitor.person is None or not _PAGE.fullmatch(page):
            return Response(status_code=422)
        note = self._office.presence.beat if here else self._office.presence.left
        note(visitor.person.id, page)
        return Response(status_code=204)
