"""Asking for an emergency deployment, and saying more of it, by one form: everything that a line on IRC can say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.domain.change import Verdict
from tocsin.domain.errors import AlreadyActed, Refused, TocsinError
from tocsin.domain.people import RequestId
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.request import Request
from tocsin.service.acts import command
from tocsin.service.handler import Act
from tocsin.web.office import Office
from tocsin.web.refusals import told
from tocsin.web.rooms import found
from tocsin.web.templating import page
from tocsin.web.visitors import Visitor, new_act, visitor_of

REASONS: Mapping[Reason, str] = {
    Reason.SECURITY: "a hole that is open now, or secrets that leak",
    Reason.DATA: "data is being lost or corrupted",
    Reason.AVAILABILITY: "people cannot reach or use it at all, or soon will not",
    Reason.ABUSE: "somebody is misusing it right now",
    Reason.FUNCTIONALITY: "much of it no longer works, or looks broken, for many",
}
REMEDIES: Mapping[Remedy, str] = {
    Remedy.ROLLBACK: "go back to what ran before: try this first",
    Remedy.REVERT: "take the change back",
    Remedy.DISABLE: "switch off what does harm",
    Remedy.BLOCK: "keep out who or what does harm",
    Remedy.FIX: "repair it, once nothing above serves",
    Remedy.WIKI_EDIT: "edit a page on a wiki; rarely, for each community expects to decide itself",
}
WISH = ("named", "task", "recipe", "reason", "remedy", "sentence", "why_not_rollback", "going_back", "going_back_why")
WIKI = ("wiki", "page", "community_told")
TEXTS = (*WISH, *WIKI, "values", "other_reason")
TICKS = ("private", "anyway")
NEEDS_DEPLOYER = "I need someone to deploy"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as somebody filled it in."""

    texts: Mapping[str, str]
    ticks: Mapping[str, bool]
    act: str

    def wish(self) -> dict[str, Any]:
        """Return the wish as the fields of a command; what is empty is not said."""
        said: dict[str, Any] = {name: self.texts[name] for name in WISH if self.texts[name]}
        if any(self.texts[name] for name in WIKI):
            said["wiki"] = {name: self.texts[name] for name in WIKI}
        if self.texts["values"]:
            said["values"] = [list(each.partition("=")[::2]) for each in self.texts["values"].split()]
        return {**said, "anyway": True} if self.ticks["anyway"] else said


class Asking:
    """The form for a new request, and for what one still lacks."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/ask", self.blank, methods=["GET"]),
            Route("/ask", self.ask, methods=["POST"]),
            Route("/{request_id:str}/describe", self.known, methods=["GET"]),
            Route("/{request_id:str}/describe", self.describe, methods=["POST"]),
        ]

    async def blank(self, asked: HttpRequest) -> Response:
        """Show the form for a new request."""
        visitor = await visitor_of(self._office, asked)
        return self._form(visitor, None, _filled({}))

    async def ask(self, asked: HttpRequest) -> Response:
        """Open a request, and lead to its room."""
        visitor, filled = await visitor_of(self._office, asked), _filled(_texts(await asked.form(max_files=0)))
        named = filled.texts["named"] or filled.texts["recipe"]
        given = {
            "wording": f"On the page: an emergency deployment of {named or 'something'}",
            "wish": filled.wish(),
            "channel": "",
            "private": filled.ticks["private"],
            "other_reason": filled.texts["other_reason"],
        }
        return await self._said("emergency", given, visitor, None, filled)

    async def known(self, asked: HttpRequest) -> Response:
        """Show the form for what a request still lacks."""
        visitor = await visitor_of(self._office, asked)
        request = found(self._office, asked.path_params["request_id"], visitor)
        return self._form(visitor, request, _filled(_of_wish(request)))

    async def describe(self, asked: HttpRequest) -> Response:
        """Say more of a request."""
        visitor, filled = await visitor_of(self._office, asked), _filled(_texts(await asked.form(max_files=0)))
        request = found(self._office, asked.path_params["request_id"], visitor)
        given = {"wish": filled.wish(), "other_reason": filled.texts["other_reason"]}
        return await self._said("describe", given, visitor, request, filled)

    async def _said(
        self, verb: str, given: Mapping[str, Any], visitor: Visitor, request: Request | None, filled: Filled
    ) -> Response:
        try:
            if visitor.person is None:
                raise Refused(["Sign in first, in another window: what you typed stays here."])
            wanted = command(verb, given, self._office.directory())
            act = Act(visitor.speaker(act=f"page {filled.act}"), wanted, request.id if request else None)
            happening = await self._office.handler.handle(act)
        except AlreadyActed:
            return RedirectResponse(f"/{request.id}" if request else "/", status_code=303)
        except TocsinError as error:
            status, reasons = told(error)
            return self._form(visitor, request, filled, status=status, reasons=reasons)
        opened = happening.after.id if happening.after else RequestId("")
        return RedirectResponse(f"/{opened}", status_code=303)

    def _form(
        self,
        visitor: Visitor,
        request: Request | None,
        filled: Filled,
        *,
        status: int = 200,
        reasons: tuple[str, ...] = (),
    ) -> Response:
        return page(
            self._office,
            visitor,
            "ask.html",
            status=status,
            request=request,
            filled=filled,
            reasons=reasons,
            five=REASONS,
            ladder=REMEDIES,
            verdicts=tuple(Verdict),
            recipes=self._recipes(),
        )

    def _recipes(self) -> tuple[tuple[str, str], ...]:
        targets = self._office.configuration().catalogue.targets
        return tuple((recipe.name, str(target.id)) for target in targets for recipe in target.recipes)


def _filled(said: Mapping[str, str]) -> Filled:
    texts = {name: " ".join(said.get(name, "").split()) for name in TEXTS}
    return Filled(texts, {name: said.get(name) == "yes" for name in TICKS}, said.get("act", "")[:64] or new_act())


def _texts(form: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _of_wish(request: Request) -> dict[str, str]:
    wish = request.wish
    said = {name: str(getattr(wish, name) or "") for name in WISH}
    wiki = {name: getattr(wish.wiki, name) for name in WIKI} if wish.wiki else {}
    return {**said, **wiki, "values": " ".join(f"{name}={value}" for name, value in wish.values)}
