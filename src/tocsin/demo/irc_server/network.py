"""Who is connected, which channels exist, and who hears what with which tags; it decides nothing about permissions."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from tocsin.demo.irc_server.client_state import Account, Channel, Client
from tocsin.demo.irc_server.wire import Event, write

SERVER_NAME = "irc.example.org"
SERVICES_NAME = "services.example.org"
NETWORK_NAME = "TocsinDemo"
SERVICE_NICK = "NickServ"
CAPABILITIES = {
    "account-notify": "",
    "account-tag": "",
    "batch": "",
    "cap-notify": "",
    "echo-message": "",
    "extended-join": "",
    "message-tags": "",
    "sasl": "PLAIN",
    "server-time": "",
}
_FOLDED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\^", "abcdefghijklmnopqrstuvwxyz{}|~")


def fold(name: str) -> str:
    """Spell a nick or channel so that equal ones compare equal, under the rfc1459 casemapping."""
    return name.translate(_FOLDED)


class Network:
    """The whole state of the server, and the delivery of events."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self.accounts = {fold(account.name): account for account in accounts}
        self.clients: dict[str, Client] = {}
        self.channels: dict[str, Channel] = {}
        self.offered = dict(CAPABILITIES)
        self.cut_off: set[Client] = set()
        self.started_at = now()

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

    def reply(self, client: Client, command: str, *parameters: str) -> None:
        """Tell one client something in the server's name; numerics begin with the client's own name."""
        addressed = (client.name, *parameters) if command.isdigit() else parameters
        self.deliver(Event(SERVER_NAME, command, addressed), [client])

    def relay(self, sender: Client, receivers: Iterable[Client], command: str, *parameters: str) -> None:
        """Tell clients what another client did."""
        self.deliver(
            Event(sender.source, command, parameters, sender.account_name),
            (receiver for receiver in receivers if self.connects(sender, receiver)),
        )

    def deliver(self, event: Event, receivers: Iterable[Client]) -> None:
        """Send an event to each receiver with the tags that it negotiated."""
        time = f"{now():%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        for receiver in receivers:
            receiver.outbox.send(write(event, _tags_for(receiver, event, time)))

    def connects(self, one: Client, other: Client) -> bool:
        """Tell whether both are on the same side of a split."""
        return (one in self.cut_off) == (other in self.cut_off)

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
        self.cut_off.discard(client)
        client.outbox.close()

    def leave(self, channel: Channel, client: Client) -> None:
        """Take a client out of a channel, which ends with its last member."""
        channel.members.pop(client, None)
        if not channel.members:
            self.channels.pop(fold(channel.name), None)

    def sign_in(self, client: Client, account: Account) -> None:
        """Give the client an account, and tell whoever asked to hear of it."""
        client.account = account
        self.reply(client, "900", client.source, account.name, f"You are now logged in as {account.name}")
        self._announce_account(client, account.name)

    def sign_out(self, client: Client) -> None:
        """Take the account away again."""
        client.account = None
        self.reply(client, "901", client.source, "You are now logged out")
        self._announce_account(client, "*")

    def _announce_account(self, client: Client, name: str) -> None:
        listeners = [peer for peer in [client, *self.peers(client)] if "account-notify" in peer.capabilities]
        self.relay(client, listeners, "ACCOUNT", name)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def message_id() -> str:
    """A name for one message that no other message has."""
    return secrets.token_urlsafe(12)


def _tags_for(receiver: Client, event: Event, time: str) -> Mapping[str, str]:
    tags: dict[str, str] = {}
    if "server-time" in receiver.capabilities:
        tags["time"] = time
    if "message-tags" in receiver.capabilities:
        tags |= event.tags
    if event.account and "account-tag" in receiver.capabilities:
        tags["account"] = event.account
    return tags
