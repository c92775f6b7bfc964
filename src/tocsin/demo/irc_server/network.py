"""What the server remembers of clients and channels, and who hears what; it decides nothing about permissions."""

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.demo.irc_server.wire import Event, write

SERVER_NAME = "irc.example.org"
PRIVILEGES = {"o": "@", "v": "+"}  # highest first
_FOLDED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\^", "abcdefghijklmnopqrstuvwxyz{}|~")


@dataclass(frozen=True, slots=True)
class Account:
    """A registered name; the entity id tells it from an earlier account of the same name."""

    name: str
    password: str = field(repr=False)
    entity_id: str
    registered_at: datetime


@dataclass(slots=True, eq=False)
class Client:
    """One connection: registered once it has a nick and a username and has ended its negotiation."""

    send: Callable[[bytes], None]
    close: Callable[[], None]
    host: str
    nick: str = ""
    username: str = ""
    realname: str = ""
    account: Account | None = None
    capabilities: set[str] = field(default_factory=set)
    negotiating: bool = False
    signing_in: bool = False
    registered: bool = False
    gone: bool = False
    away: str = ""

    @property
    def source(self) -> str:
        """The full name that its lines carry."""
        return f"{self.nick or '*'}!{self.username or 'unknown'}@{self.host}"

    @property
    def account_name(self) -> str | None:
        """The name of the account, if signed in."""
        return self.account.name if self.account else None

    def hear(self, event: Event) -> None:
        """Send it the event, with the tags that it negotiated."""
        tags = {"time": f"{event.at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"} if "server-time" in self.capabilities else {}
        if "message-tags" in self.capabilities:
            tags |= event.tags
        if event.account and "account-tag" in self.capabilities:
            tags["account"] = event.account
        self.send(write(event, tags))

    def reply(self, command: str, *parameters: str) -> None:
        """Tell it something in the server's name, addressed by its nick, or by a star before there is one."""
        self.hear(Event(SERVER_NAME, command, (self.nick or "*", *parameters)))


@dataclass(slots=True, eq=False)
class Channel:
    """A place to talk: it exists as long as somebody is in it."""

    name: str
    modes: set[str] = field(default_factory=lambda: {"n", "t"})
    members: dict[Client, set[str]] = field(default_factory=dict)
    topic: str = ""

    def prefix(self, client: Client) -> str:
        """The sign of the client's highest privilege."""
        return next((sign for letter, sign in PRIVILEGES.items() if letter in self.members.get(client, ())), "")


class Network:
    """The whole state of the server."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self.accounts = {fold(account.name): account for account in accounts}
        self.clients: dict[str, Client] = {}
        self.channels: dict[str, Channel] = {}

    def find(self, nick: str) -> Client | None:
        """The registered client of that nick."""
        client = self.clients.get(fold(nick))
        return client if client and client.registered else None

    def channel(self, name: str) -> Channel | None:
        """The channel of that name."""
        return self.channels.get(fold(name))

    def channels_of(self, client: Client) -> list[Channel]:
        """The channels that the client is in."""
        return [channel for channel in self.channels.values() if client in channel.members]

    def peers(self, client: Client) -> list[Client]:
        """Everybody who shares a channel with the client, once, without the client."""
        found = {peer: None for channel in self.channels_of(client) for peer in channel.members}
        found.pop(client, None)
        return list(found)

    def relay(self, sender: Client, receivers: Iterable[Client], command: str, *parameters: str) -> None:
        """Tell clients what another client did."""
        event = Event(sender.source, command, parameters, sender.account_name)
        for receiver in receivers:
            receiver.hear(event)

    def drop(self, client: Client, reason: str) -> None:
        """Take a client out, tell those who shared a channel with it, and close its connection."""
        if client.gone:
            return
        client.gone = True
        self.relay(client, self.peers(client), "QUIT", reason)
        for channel in self.channels_of(client):
            self.leave(channel, client)
        if self.clients.get(fold(client.nick)) is client:
            del self.clients[fold(client.nick)]
        client.close()

    def leave(self, channel: Channel, client: Client) -> None:
        """Take a client out of a channel, which ends with its last member."""
        channel.members.pop(client, None)
        if not channel.members:
            self.channels.pop(fold(channel.name), None)

    def check_password(self, name: str, password: str) -> Account | None:
        """Find the account of that name if the password is right."""
        account = self.accounts.get(fold(name))
        given = password.encode("utf-8", "surrogateescape")
        return account if account and hmac.compare_digest(account.password.encode(), given) else None

    def sign_in(self, client: Client, account: Account | None) -> None:
        """Give the client an account, or none, and tell whoever asked to hear of it."""
        client.account = account
        if account:
            client.reply("900", client.source, account.name, f"You are now logged in as {account.name}")
        else:
            client.reply("901", client.source, "You are now logged out")
        listeners = [peer for peer in [client, *self.peers(client)] if "account-notify" in peer.capabilities]
        self.relay(client, listeners, "ACCOUNT", client.account_name or "*")


def fold(name: str) -> str:
    """Spell a nick or channel so that equal ones compare equal, under the rfc1459 casemapping."""
    return name.translate(_FOLDED)
