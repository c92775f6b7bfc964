"""The word of a proxy that signs people in itself: a header that counts when the proxy sent it, and else is nothing.

Laws: who sent it is what the connection tells, never a header; what a browser could have added beside it makes it void.
"""

from collections import OrderedDict

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from tocsin.domain.people import LONGEST_IDENTITY
from tocsin.web.settings import ProxySettings

log = structlog.get_logger()
IDENTITY = "tocsin.identity"
"""Where in a request's scope the word stands, for nobody else can write there."""
MOST_PLACES = 1000
"""Places whose headers were told of once; the first is forgotten when there are more."""


class ProxysWord:
    """Looks at each request for the proxy's word, and hands it on apart from what anybody can send."""

    def __init__(self, app: ASGIApp, *, proxy: ProxySettings | None) -> None:
        """Take what is inside, and the proxy, if there is one that is believed."""
        self._app = app
        self._proxy = proxy
        self._told: OrderedDict[str, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with whom the proxy means."""
        if self._proxy and scope["type"] == "http":
            scope = {**scope, IDENTITY: self._identity(scope, self._proxy)}
        await self._app(scope, receive, send)

    def _identity(self, scope: Scope, proxy: ProxySettings) -> str | None:
        name = proxy.header.lower().encode()
        said = [value for key, value in scope["headers"] if key == name]
        if not said:
            return None
        place = scope["client"][0] if scope.get("client") else ""
        if not proxy.is_at(place):
            self._ignored(place, "it came from elsewhere than only_from in [web.proxy] says")
            return None
        identity = _word(said[0]) if len(said) == 1 else None
        if identity is None:
            self._ignored(place, "it came more than once, or is no name")
        return identity

    def _ignored(self, place: str, why: str) -> None:
        """Tell it once of each place: whoever sends it again and again must not fill the log."""
        if place in self._told:
            return
        self._told[place] = None
        if len(self._told) > MOST_PLACES:
            self._told.popitem(last=False)
        log.warning("the header of the proxy was ignored", place=place, why=why)


def _word(value: bytes) -> str | None:
    try:
        word = value.decode().strip()
    except UnicodeDecodeError:
        return None
    return word if word.isprintable() and 0 < len(word) <= LONGEST_IDENTITY else None
