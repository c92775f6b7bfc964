"""The page and the interface for programs, as [web] has them."""

from datetime import timedelta

from pydantic import Field

from tocsin.config.checking import Table
from tocsin.config.names import Duration, Host, Port
from tocsin.config.reading import Source
from tocsin.web.settings import WebSettings

_DEFAULTS = WebSettings("", "")


class WebTable(Table):
    """The page and the interface for programs; TLS is for the proxy in front."""

    host: Host = Field(default=_DEFAULTS.host, description="The address that it listens on.")
    port: Port = Field(default=_DEFAULTS.port, description="The port that it listens on.")
    session_lasts: Duration = Field(
        default=timedelta(hours=12), description="How long somebody stays signed in in a browser, at most."
    )


def web(table: WebTable | None, name: str, public_url: str, source: Source) -> WebSettings | None:
    """Return the settings of the page, or nothing where there is none."""
    if table is None:
        return None
    if not public_url:
        source.error(
            ("web",), "The page needs [site] public_url: where people reach it, such as https://tocsin.example.org."
        )
        return None
    return WebSettings(name, public_url, table.host, table.port, table.session_lasts)
