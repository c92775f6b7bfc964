"""The whole page as one application: routes of every part behind one guard."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from tocsin.web import assets
from tocsin.web.api.late import LateApi
from tocsin.web.asking import Asking
from tocsin.web.beating import Beating
from tocsin.web.calendar import CalendarPage
from tocsin.web.entering import Entering
from tocsin.web.guarding import BY_TOKEN_ONLY, BoundBodies, BoundHeaders, OnceBegun, OwnOrigin
from tocsin.web.history import History
from tocsin.web.live import Live
from tocsin.web.me import Me
from tocsin.web.means import Means
from tocsin.web.office import Office
from tocsin.web.pages import Pages
from tocsin.web.passkey_questions import PasskeyQuestions
from tocsin.web.proxied import ProxysWord
from tocsin.web.sign_in import SignIn
from tocsin.web.suspending import Suspending
from tocsin.web.templating import page
from tocsin.web.visitors import visitor_of


def application(office: Office, live: Live) -> Starlette:
    """Return the application of one installation."""
    entering, api = Entering(office), LateApi(office)
    app = Starlette(
        routes=[
            *assets.ROUTES,
            Mount("/api", app=api),
            *SignIn(office, entering).routes(),
            *_elsewhere(office, entering),
            *Me(office).routes(),
            *live.routes(),
            *Asking(office).routes(),
            *Beating(office).routes(),
            *Means(office).routes(),
            *Suspending(office).routes(),
            *PasskeyQuestions(office).routes(),
            *History(office).routes(),
            *CalendarPage(office).routes(),
            *Pages(office).routes(),
        ],
        middleware=[
            Middleware(BoundHeaders, secure=office.settings.secure),
            Middleware(OwnOrigin, origin=office.settings.origin),
            Middleware(OnceBegun, begun=office.begun),
            Middleware(BoundBodies),
            Middleware(ProxysWord, proxy=office.settings.proxy),
        ],
        exception_handlers={HTTPException: _said},  # type: ignore[dict-item]  # Starlette's own type is too wide
    )
    app.state.office = office
    app.state.end = api.end
    return app


def _elsewhere(office: Office, entering: Entering) -> list[Route]:
    """The way in by a provider of identities; its libraries are loaded only where there is one."""
    if office.settings.oidc is None:
        return []
    from tocsin.web.oidc.door import OidcDoor

    return OidcDoor(office, entering, office.settings.oidc).routes()


async def _said(request: Request, error: HTTPException) -> Response:
    """Say what is wrong on a page of ours, and to a program as it expects it: an odd address may miss the API."""
    if request.url.path.startswith(BY_TOKEN_ONLY):
        from tocsin.web.api.problems import of_http

        return await of_http(request, error)
    office: Office = request.app.state.office
    visitor = await visitor_of(office, request)
    hidden = error.status_code == 404 and visitor.person is None
    return page(office, visitor, "error.html", status=error.status_code, sentence=error.detail, hidden=hidden)
