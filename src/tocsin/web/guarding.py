"""What stands before every page and every act: headers that bind the browser, and acts from our own pages only.

Laws: no act by GET; an act from another origin is none; a body has a bound; no act before the whole server is there.
"""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_BODY = 64 * 1024
STARTING_SECONDS = 20
"""How long an act waits for a server that has a page already and is still starting; it takes about one."""
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
BY_TOKEN_ONLY = "/api/"
"""There no cookie counts, so another page has nothing to make use of; who has no token is told so."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the little pictures of the stylesheet
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # with none at all, a browser does not tell our own origin of a form either
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class BoundHeaders:
    """Adds the headers that every answer bears; what is not a file of ours is kept by no cache."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Take what is inside, and whether people reach us over TLS."""
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and add to what is answered."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if self._secure:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self._app(scope, receive, sent)


class OwnOrigin:
    """Lets through what changes something only when our own page sent it; the API takes only who has a token."""

    def __init__(self, app: ASGIApp, *, origin: str) -> None:
        """Take what is inside, and our origin as browsers spell it."""
        self._app = app
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a stranger's act in one sentence."""
        harmless = scope["type"] != "http" or scope["method"] in HARMLESS or scope["path"].startswith(BY_TOKEN_ONLY)
        if harmless or Headers(scope=scope).get("origin") == self._origin:
            await self._app(scope, receive, send)
            return
        sentence = f"That came from another page than {self._origin}, so nothing was done. Say it there.\n"
        refused = PlainTextResponse(sentence, status_code=403)
        await refused(scope, receive, send)


class OnceBegun:
    """Lets an act wait for the whole server; looking is possible before."""

    def __init__(self, app: ASGIApp, *, begun: asyncio.Event) -> None:
        """Take what is inside, and what is set when the server is there."""
        self._app = app
        self._begun = begun

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on in its time, or say that nothing was done."""
        if scope["type"] != "http" or scope["method"] in HARMLESS or await self._has_begun():
            await self._app(scope, receive, send)
            return
        sentence = "Tocsin is still starting, so nothing was done. Say it again in a moment.\n"
        refused = PlainTextResponse(sentence, status_code=503, headers={"Retry-After": "5"})
        await refused(scope, receive, send)

    async def _has_begun(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(STARTING_SECONDS):
                await self._begun.wait()
        return self._begun.is_set()


class BoundBodies:
    """Reads no body further than the longest that a form can have."""

    def __init__(self, app: ASGIApp) -> None:
        """Take what is inside."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in place of what is inside when a body is too long, by what it says or by what comes."""
        if scope["type"] != "http" or scope["method"] in HARMLESS:
            await self._app(scope, receive, send)
            return
        body = await _body(Headers(scope=scope), receive)
        if body is None:
            too_long = PlainTextResponse(
                f"That is longer than {LONGEST_BODY} bytes: say it shorter.\n", status_code=413
            )
            await too_long(scope, receive, send)
            return
        await self._app(scope, _once(body, receive), send)


async def _body(headers: Headers, receive: Receive) -> bytes | None:
    told = headers.get("content-length", "0")
    if not told.isascii() or not told.isdigit() or int(told) > LONGEST_BODY:
        return None
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LONGEST_BODY:
            return None
    return body


def _once(body: bytes, receive: Receive) -> Receive:
    """Hand on a body that was read, then whatever comes after it."""
    told = False

    async def next_message() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message
