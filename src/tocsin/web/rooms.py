"""The room of one request as a page; of what somebody may not see, nobody learns that it is there."""

from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from tocsin.domain.people import RequestId
from tocsin.domain.request import Request
from tocsin.service.seeing import may_see
from tocsin.web.office import Office
from tocsin.web.sections import NOTHING_TYPED, parts
from tocsin.web.templating import page
from tocsin.web.visitors import Visitor

NOT_THERE = "There is no such page here, or none that you may see."


def found(office: Office, named: str, visitor: Visitor) -> Request:
    """Return a request by its id in any case; raises `HTTPException` 404 where there is none that they may see."""
    request = office.requests.find(RequestId(named.upper()))
    if request is None or not may_see(request, visitor.person):
        raise HTTPException(404, NOT_THERE)
    return request


async def room_page(  # noqa: PLR0913 - what a page may show beside the request
    office: Office,
    named: str,
    visitor: Visitor,
    *,
    status: int = 200,
    reasons: Sequence[str] = (),
    typed: Mapping[str, str] = NOTHING_TYPED,
    flashes: Sequence[str] = (),
) -> Response:
    """Return the room, with what was refused or has just been done on top."""
    request = found(office, named, visitor)
    every = await parts(office, request, visitor, typed)
    return page(
        office,
        visitor,
        "room.html",
        status=status,
        request=request,
        parts=every,
        reasons=reasons,
        flashes=flashes,
    )
