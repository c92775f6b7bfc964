"""[admin_log] of tocsin.toml: how lines get into the server admin log and where it is read; both are for neighbours."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.names import WebAddress
from tocsin.config.reading import Source
from tocsin.config.reviews import LOOPBACK
from tocsin.neighbours.admin_log import AdminLogSettings


def _port(text: str) -> str:
    """What is in it is taken apart as that of a web address is, so that an IPv6 address stands in brackets."""
    try:
        parts = urlsplit(f"//{text}")
        sound = bool(parts.hostname and parts.port) and parts.netloc == text and parts.username is None
    except ValueError:
        sound = False
    if not sound or not (text.isascii() and text.isprintable()):
        raise ValueError("is a host and a port, such as 127.0.0.1:9200")
    return text


def _page(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("is on another machine: read it by https://")
    if parts.fragment:
        raise ValueError("ends before any #: that part of it never reaches the site")
    return address


class AdminLogTable(Table):
    """The server admin log: a line when a deployment starts, and one when it ends."""

    tcpircbot: Annotated[str, AfterValidator(_port)] | None = Field(
        default=None, description="The port of the bot that takes lines, as host:port; or else log_channel of [irc]."
    )
    address: Annotated[WebAddress, AfterValidator(_page)] | None = Field(
        default=None, description="The page that shows the newest lines: there it is looked whether ours arrived."
    )


def admin_log(table: AdminLogTable | None, log_channel: str, source: Source) -> AdminLogSettings:
    """Make settings of the table; two ways at once, or a page to look at without any way, are reported."""
    if table is None:
        return AdminLogSettings()
    if table.tcpircbot and log_channel:
        sentence = (
            f"Every line would be logged twice, here and in {log_channel}: take out this or log_channel of [irc]."
        )
        source.error(("admin_log", "tcpircbot"), sentence)
    if table.address and not table.tcpircbot and not log_channel:
        source.error(
            ("admin_log", "address"), "Nothing is sent that could be looked for there: name tcpircbot as well."
        )
    parts = urlsplit(f"//{table.tcpircbot or ''}")
    return AdminLogSettings(parts.hostname or "", parts.port or 0, table.address or "")
