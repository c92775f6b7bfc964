"""The page and the interface for programs, as [web] has them."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from tocsin.config.checking import Table
from tocsin.config.names import Duration, Host, Port
from tocsin.config.policies import Policies
from tocsin.config.reading import Source
from tocsin.config.signing_in import OidcTable, ProxyTable, oidc, proxy, warn_of_nobody
from tocsin.domain.people import Directory
from tocsin.domain.policy import Fresh
from tocsin.web.settings import WebSettings

_DEFAULTS = WebSettings("", "")


class WebTable(Table):
    """The page and the interface for programs; TLS is for the proxy in front."""

    host: Host = Field(default=_DEFAULTS.host, description="The address that it listens on.")
    port: Port = Field(default=_DEFAULTS.port, description="The port that it listens on.")
    session_lasts: Duration = Field(
        default=timedelta(hours=12), description="How long somebody stays signed in in a browser, at most."
    )
    local: bool = Field(
        default=_DEFAULTS.local, description="Whether a code of `tocsin sign-in` on this machine signs people in."
    )
    oidc: OidcTable | None = Field(default=None, description="Signing in by OpenID Connect; without, nobody can.")
    proxy: ProxyTable | None = Field(
        default=None, description="A proxy that signs people in; without, none is believed."
    )


def check_fresh(policies: Policies, page: WebSettings | None, source: Source) -> None:
    """Refuse a profile that asks for passkeys where no browser would use one."""
    for name in policies.own:
        if page and not page.takes_passkeys and policies.known[name].fresh is not Fresh.NONE:
            wanted = "[site] public_url must be an https address with a host's name, such as https://tocsin.example.org"
            source.error(("profiles", name, "fresh"), f"Browsers use no passkey at {page.origin}: {wanted}.")


def web(table: WebTable | None, name: str, public_url: str, folder: Path, source: Source) -> WebSettings | None:
    """Return the settings of the page, or nothing where there is none."""
    if table is None:
        return None
    if not public_url:
        source.error(
            ("web",), "The page needs [site] public_url: where people reach it, such as https://tocsin.example.org."
        )
        return None
    if not (table.local or table.oidc or table.proxy):
        source.warn(
            ("web", "local"), "Nobody can sign in on the page: leave local out, or write [web.oidc] or [web.proxy]."
        )
    return WebSettings(
        name=name,
        public_url=public_url,
        host=table.host,
        port=table.port,
        session_lasts=table.session_lasts,
        local=table.local,
        oidc=oidc(table.oidc, folder, source),
        proxy=proxy(table.proxy, source),
    )


def warn_of_ways(table: WebTable | None, directory: Directory, source: Source) -> None:
    """Warn of ways to sign in by which nobody could."""
    for name, way in (("oidc", table.oidc), ("proxy", table.proxy)) if table else ():
        warn_of_nobody(way, name, directory, source)
