"""The HTTP API as an application of its own under /api: one route for each verb and question."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import FastAPI
from fastapi import Path as InPath
from fastapi import Query as InQuery
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tocsin.domain.commands import VERBS, Verb
from tocsin.domain.errors import TocsinError
from tocsin.web.api import document, problems
from tocsin.web.api.callers import Keyring
from tocsin.web.api.calls import Calls
from tocsin.web.api.docs import docs_page
from tocsin.web.api.events import Events
from tocsin.web.office import Office

ONE = "/v1/requests/{request_id}"
OF_THE_HOUSE = frozenset({"suspend", "restore"})
ABOUT_ONE = {
    "who": "Tell who is needed, and who could fill each place.",
    "timeline": "Tell everything that happened to a request.",
    "report": "Tell how it went, for the report after it.",
}
WINDOWS = {
    "now": "Tell which windows are open.",
    "next": "Tell which windows open next.",
    "nowandnext": "Tell both.",
}
Endpoint = Callable[..., Awaitable[Response]]
Named = Annotated[str, InPath(description="The id of a request, in any case.", examples=["E17"], max_length=40)]
Kind = Annotated[str, InQuery(description="A kind of change, or a target: its windows alone.", max_length=100)]
After = Annotated[int | None, InQuery(description="The position after which to begin; else now.", ge=0, lt=10**15)]


class Api(FastAPI):
    """The application; `events` ends with the server."""

    def __init__(self, office: Office) -> None:
        """Put the routes together."""
        super().__init__(title=f"tocsin of {office.settings.name}", version="1", docs_url=None, redoc_url=None)
        self.router.redirect_slashes = False
        self._keyring = Keyring(office)
        self._calls = Calls(office, self._keyring)
        self.events = Events(office, self._keyring, self._calls)
        self.add_exception_handler(TocsinError, problems.of_ours)
        self.add_exception_handler(HTTPException, problems.of_http)
        self.add_exception_handler(RequestValidationError, problems.of_parameters)
        self.add_exception_handler(Exception, problems.of_a_flaw)
        self._questions()
        self._acts()
        self._streams()
        self.add_api_route("/docs", docs_page(office, self.openapi), include_in_schema=False)

    def openapi(self) -> dict[str, Any]:
        """Return the document, with the schemas of everything that is sent and answered."""
        if self.openapi_schema is None:
            made = super().openapi()
            made["components"] = {"schemas": document.components(), "securitySchemes": {"token": document.BEARER}}
            self.openapi_schema = made
        return self.openapi_schema

    def _questions(self) -> None:
        told = self._calls.told

        async def listed(asked: Request) -> Response:
            return await told(asked, "list")

        async def status(asked: Request, request_id: Named) -> Response:
            return await told(asked, "status", request_id)

        async def irc(asked: Request) -> Response:
            return await told(asked, "irc")

        async def me(asked: Request) -> Response:
            return await self._calls.me(asked)

        self._asked("/v1/requests", listed, "Tell which requests are open.")
        self._asked(ONE, status, "Tell how a request stands, and what is needed.")
        for verb, summary in ABOUT_ONE.items():
            self._asked(f"{ONE}/{verb}", self._about_one(verb), summary)
        for verb, summary in WINDOWS.items():
            self._asked(f"/v1/calendar/{verb}", self._window(verb), summary)
        self._asked("/v1/irc", irc, "Tell how the bot is on IRC.")
        self._asked("/v1/me", me, "Tell whose the token is, its scopes, and until when.", "Me")

    def _about_one(self, verb: str) -> Endpoint:
        async def about_one(asked: Request, request_id: Named) -> Response:
            return await self._calls.told(asked, verb, request_id)

        return about_one

    def _window(self, verb: str) -> Endpoint:
        async def window(asked: Request, kind: Kind = "") -> Response:
            return await self._calls.told(asked, verb, words=kind)

        return window

    def _acts(self) -> None:
        for verb in VERBS:
            if verb.name == "emergency":
                self._said("/v1/requests", self._alone(verb.name), verb)
            elif verb.name in OF_THE_HOUSE:
                self._said(f"/v1/people/{verb.name}", self._alone(verb.name), verb)
            else:
                self._said(f"{ONE}/{verb.name}", self._on_one(verb.name), verb)
            if verb.name == "stop":
                self._said("/v1/stop", self._alone(verb.name), verb)

    def _alone(self, verb: str) -> Endpoint:
        async def alone(asked: Request) -> Response:
            return await self._calls.done(asked, verb)

        return alone

    def _on_one(self, verb: str) -> Endpoint:
        async def on_one(asked: Request, request_id: Named) -> Response:
            return await self._calls.done(asked, verb, request_id)

        return on_one

    def _streams(self) -> None:
        async def of_one(asked: Request, request_id: Named, after: After = None) -> Response:
            return await self.events.stream(asked, request_id, after)

        async def of_all(asked: Request, after: After = None) -> Response:
            return await self.events.stream(asked, after=after)

        summary = "Stream what happens, as events with JSON (Event); goes on after Last-Event-ID."
        for path, endpoint in ((f"{ONE}/events", of_one), ("/v1/events", of_all)):
            self._asked(path, endpoint, summary, "Event", "text/event-stream")

    def _asked(
        self, path: str, endpoint: Endpoint, summary: str, model: str = "Answer", kind: str = "application/json"
    ) -> None:
        self.add_api_route(
            path,
            endpoint,
            response_class=Response,
            response_model=None,
            responses=document.answers(model, document.OF_QUESTIONS, kind),
            summary=summary,
            openapi_extra=_may_bear(),
        )

    def _said(self, path: str, endpoint: Endpoint, verb: Verb) -> None:
        self.add_api_route(
            path,
            endpoint,
            methods=["POST"],
            response_class=Response,
            response_model=None,
            responses=document.answers("Answer", document.OF_ACTS),
            summary=verb.help,
            description=document.describing(verb),
            openapi_extra=document.sending(verb),
            operation_id=f"{verb.name}{'_whatever_runs' if path == '/v1/stop' else ''}",
        )


def _may_bear() -> dict[str, Any]:
    """What is public is told without a token too."""
    return {"security": [{"token": []}, {}]}
