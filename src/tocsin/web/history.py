"""Looking for requests of before: a form that asks, and a page of what was found, the newest first."""

from urllib.parse import urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from tocsin.domain.plan import Reason
from tocsin.domain.request import Request
from tocsin.service.seeing import may_see
from tocsin.views.history import LONGEST_SAID, Search, found
from tocsin.web.office import Office
from tocsin.web.rows import row
from tocsin.web.templating import page
from tocsin.web.visitors import visitor_of

ON_A_PAGE = 25
ASKED = ("person", "target", "reason", "text")


class History:
    """Answers from the requests that somebody may see; the others are not even counted."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [Route("/history", self.look, methods=["GET"])]

    async def look(self, asked: HttpRequest) -> Response:
        """Show the form, and what it finds."""
        visitor = await visitor_of(self._office, asked)
        said = {name: " ".join(asked.query_params.get(name, "").split())[:LONGEST_SAID] for name in ASKED}
        seen = [each for each in reversed(self._office.requests.all()) if may_see(each, visitor.person)]
        matching = found(seen, Search(**said))
        last = max(1, -(-len(matching) // ON_A_PAGE))
        number = min(_number(asked.query_params.get("page", "")), last)
        shown = matching[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        return page(
            self._office,
            visitor,
            "history.html",
            said=said,
            searched=not Search(**said).any,
            count=len(matching),
            rows=[row(each, visitor.person) for each in shown],
            number=number,
            last=last,
            newer=_address(said, number - 1) if number > 1 else "",
            older=_address(said, number + 1) if number < last else "",
            targets=self._targets(seen, said["target"]),
            reasons=tuple(Reason),
        )

    def _targets(self, seen: list[Request], asked_for: str) -> list[str]:
        configured = {str(each.id) for each in self._office.configuration().catalogue.targets}
        return sorted(configured | {str(each.target) for each in seen if each.target} | set(filter(None, [asked_for])))


def _address(said: dict[str, str], number: int) -> str:
    return f"/history?{urlencode({**{name: value for name, value in said.items() if value}, 'page': number})}"


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
