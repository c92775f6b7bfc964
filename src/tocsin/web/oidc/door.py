"""Signing in by a provider of OpenID Connect: there, and back with a code; who that is, is for `provider`."""

import secrets

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.domain.errors import Unreachable
from tocsin.web.entering import Entering
from tocsin.web.office import Office
from tocsin.web.oidc.asking import NotBelieved, plain
from tocsin.web.oidc.provider import Provider, Transaction
from tocsin.web.oidc.transactions import LASTS, Transactions
from tocsin.web.settings import OidcSettings

log = structlog.get_logger()
BACK = "/sign-in/oidc/back"
LONGEST_CODE = 4096
NOT_BEGUN = "This sign-in was not begun in this browser, was used, or is older than 10 minutes. Begin again."


class OidcDoor:
    """The way in by one provider."""

    def __init__(self, office: Office, entering: Entering, settings: OidcSettings) -> None:
        """Take what it works with."""
        self._office = office
        self._entering = entering
        self._settings = settings
        self._provider = Provider(settings, f"{office.settings.public_url.rstrip('/')}{BACK}", office.clock)
        self._transactions = Transactions()

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [Route("/sign-in/oidc", self.begin, methods=["GET"]), Route(BACK, self.back, methods=["GET"])]

    async def begin(self, request: Request) -> Response:
        """Lead to the provider. A link does, for it changes nothing, and a form may lead nowhere but to us."""
        if later := await self._entering.begun_too_often(request):
            return later
        try:
            address, begun = await self._provider.begin()
        except Unreachable as silent:
            return await self._silent(request, silent)
        answer = RedirectResponse(address, 303)
        answer.set_cookie(
            self._cookie,
            self._transactions.keep(begun),
            max_age=int(LASTS.total_seconds()),
            path="/",
            secure=self._office.settings.secure,
            httponly=True,
            samesite="lax",  # the provider leads back from its own site, where a strict one would be left behind
        )
        return answer

    async def back(self, request: Request) -> Response:
        """Let in whom the provider means, where the directory knows them; the browser's own part is used up."""
        if later := await self._entering.too_often(request):
            return later
        answer = await self._answer(request)
        answer.delete_cookie(self._cookie, path="/", secure=self._office.settings.secure, httponly=True, samesite="lax")
        return answer

    async def _answer(self, request: Request) -> Response:
        begun = self._transactions.take(request.cookies.get(self._cookie, ""), self._office.clock.now())
        said = request.query_params
        if begun is None or not secrets.compare_digest(begun.state.encode(), said.get("state", "").encode()):
            return await self._wrong(request, "not begun here", NOT_BEGUN)
        if "error" in said:
            return await self._wrong(request, plain(said["error"]), _no(self._settings.label, said["error"]))
        code = said.get("code", "")
        if not 0 < len(code) <= LONGEST_CODE:
            return await self._wrong(request, "no code", NOT_BEGUN)
        return await self._identified(request, begun, code)

    async def _identified(self, request: Request, begun: Transaction, code: str) -> Response:
        try:
            identity = await self._provider.identity(begun, code, request.query_params.get("iss"))
        except NotBelieved as error:
            return await self._wrong(request, error.why, str(error))
        except Unreachable as silent:
            return await self._silent(request, silent)
        person = self._office.directory().signing_in(identity)
        if person is None:
            log.warning("somebody unknown came by single sign-on", label=self._settings.label, identity=identity)
            return await self._entering.unknown(request, self._settings.label, identity)
        return await self._entering.let_in(request, person, f"OpenID Connect, {self._settings.label}")

    async def _wrong(self, request: Request, why: str, sentence: str) -> Response:
        self._entering.failed(request)
        log.warning("a sign-in by OpenID Connect came to nothing", label=self._settings.label, why=why)
        return await self._entering.door(request, 422, sentence)

    async def _silent(self, request: Request, silent: Unreachable) -> Response:
        log.warning("nobody can sign in by OpenID Connect just now", label=self._settings.label, why=silent.why)
        others = " Sign in by a code: tocsin sign-in" if self._office.settings.local else ""
        sentence = f"{self._settings.label} {silent.why}. Try again in a moment.{others}"
        return await self._entering.door(request, 503, sentence)

    @property
    def _cookie(self) -> str:
        return "__Host-tocsin-oidc" if self._office.settings.secure else "tocsin-oidc"


def _no(label: str, error: str) -> str:
    return f"{label} did not sign you in ({plain(error)}). Begin again, or ask whoever runs it."
