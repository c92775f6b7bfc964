"""What must be known to be on IRC; where it is written down is for the configuration."""

import ipaddress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from tocsin.domain.errors import TocsinError


class UnusableSettings(TocsinError):
    """With these settings no safe connection can be made; the sentence says which one to change."""


class Mechanism(StrEnum):
    """How the bot proves to services who it is."""

    EXTERNAL = "EXTERNAL"
    PLAIN = "PLAIN"


@dataclass(frozen=True, slots=True)
class Server:
    """One door of the network; without TLS only on this machine."""

    host: str
    port: int = 6697
    tls: bool = True
    ca_file: str | None = None

    def __post_init__(self) -> None:
        if not self.tls and not _is_loopback(self.host):
            raise UnusableSettings(f"{self.host} is another machine: talk to it over TLS")


@dataclass(frozen=True, slots=True)
class SignIn:
    """The bot's services account; EXTERNAL needs a client certificate, PLAIN a password."""

    mechanism: Mechanism
    account: str
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Files with the certificate and the key that the bot shows to the server."""

    certificate_file: str
    key_file: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelToJoin:
    """A channel, and its key where it has one."""

    name: str
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the bot talks: a burst of lines, then one each so many seconds."""

    burst: int = 4
    seconds_per_line: float = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class IrcSettings:
    """All of it. `join_without_accounts` lets the bot join where nobody can sign in at all; nothing counts there."""

    servers: tuple[Server, ...]
    nick: str
    sign_in: SignIn | None
    channels: tuple[ChannelToJoin, ...]
    username: str = "tocsin"
    realname: str = "Tocsin, a bot for emergency deployments"
    certificate: ClientCertificate | None = None
    join_without_accounts: bool = False
    voice_required: bool = False
    topic: bool = False
    denied_accounts: frozenset[str] = frozenset()
    denied_nicks: frozenset[str] = frozenset()
    services_nick: str = "NickServ"
    channel_services_nick: str = "ChanServ"
    services_host: str | None = None  # learned at sign-in where it is not given
    pace: Pace = Pace()
    split_quarantine: timedelta = timedelta(seconds=60)

    def __post_init__(self) -> None:
        if not self.servers:
            raise UnusableSettings("name at least one IRC server")
        if not self.sign_in and not self.join_without_accounts:
            raise UnusableSettings("give the bot a services account, or allow it to join without accounts")
        if self.sign_in and self.sign_in.mechanism is Mechanism.PLAIN and not self.sign_in.password:
            raise UnusableSettings("signing in with PLAIN takes a password")
        if self.sign_in and self.sign_in.mechanism is Mechanism.EXTERNAL and not self.certificate:
            raise UnusableSettings("signing in with EXTERNAL takes a client certificate")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
