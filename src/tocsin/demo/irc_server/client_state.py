"""What the server remembers of a connected client and of a channel; who may change it is for the commands."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

PRIVILEGES = {"o": "@", "v": "+"}  # highest first


@dataclass(frozen=True, slots=True)
class Account:
    """A registered name; the entity id tells it from an earlier account of the same name."""

    name: str
    password: str = field(repr=False)
    entity_id: str
    registered_at: datetime


class Outbox(Protocol):
    """The way out to a client; it drops the client rather than keep more than it may."""

    def send(self, data: bytes) -> None:
        """Send bytes, soon and in order."""

    def close(self) -> None:
        """Close the connection once everything is sent."""


@dataclass(slots=True, eq=False)
class Client:
    """One connection: registered once it has a nick and a username and has ended its negotiation."""

    outbox: Outbox
    host: str
    nick: str = ""
    username: str = ""
    realname: str = ""
    account: Account | None = None
    capabilities: set[str] = field(default_factory=set)
    hears_changes: bool = False  # of capabilities: it said CAP LS 302, or asked for cap-notify
    negotiating: bool = False
    registered: bool = False
    gone: bool = False
    away: str = ""
    credentials: str | None = None  # collected base64 of an AUTHENTICATE under way

    @property
    def name(self) -> str:
        """How the server addresses it: the nick, or a star before there is one."""
        return self.nick or "*"

    @property
    def source(self) -> str:
        """The full name that its lines carry."""
        return f"{self.name}!{self.username or 'unknown'}@{self.host}"

    @property
    def account_name(self) -> str | None:
        """The name of the account, if signed in."""
        return self.account.name if self.account else None


@dataclass(slots=True, eq=False)
class Channel:
    """A place to talk: it exists as long as somebody is in it."""

    name: str
    created_at: datetime
    modes: set[str] = field(default_factory=lambda: {"n", "t"})
    members: dict[Client, set[str]] = field(default_factory=dict)
    topic: str = ""
    topic_by: str = ""
    topic_at: datetime | None = None

    def is_operator(self, client: Client) -> bool:
        """Tell whether the client may change the channel."""
        return "o" in self.members.get(client, ())

    def may_speak(self, client: Client) -> bool:
        """Tell whether the channel takes a line from the client."""
        if client not in self.members:
            return "n" not in self.modes and "m" not in self.modes
        return "m" not in self.modes or bool(self.members[client])

    def prefix(self, client: Client) -> str:
        """The sign of the client's highest privilege."""
        held = self.members.get(client, ())
        return next((sign for letter, sign in PRIVILEGES.items() if letter in held), "")
