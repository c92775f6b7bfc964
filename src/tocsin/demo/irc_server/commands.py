"""The one way in: the table of commands, and those for coming, signing in and going; the others stand elsewhere."""

import base64
import re
from collections.abc import Callable, Mapping

from tocsin.demo.irc_server import channels, talking
from tocsin.demo.irc_server.network import SERVER_NAME, Account, Client, Network, fold
from tocsin.demo.irc_server.wire import Event, read

CAPABILITIES = {
    "account-notify": "", "account-tag": "", "batch": "", "cap-notify": "", "echo-message": "", "extended-join": "",
    "message-tags": "", "sasl": "PLAIN", "server-time": "",
}  # fmt: skip
TEXT_LENGTH = 200  # of a real name and of an away message
NICK = re.compile(r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]{,30}", re.ASCII)
USERNAME = re.compile(r"[A-Za-z0-9\[\]\\`_^{|}.-]{,12}", re.ASCII)
SUPPORTED = (
    f"AWAYLEN={TEXT_LENGTH} CASEMAPPING=rfc1459 CHANMODES=b,,,mnt CHANTYPES=# LINELEN=512 MODES=1 NETWORK=TocsinDemo"
    " NICKLEN=31 PREFIX=(ov)@+ STATUSMSG=@+ USERLEN=12 WHOX"
)
FOR_NEWCOMERS = {"AUTHENTICATE", "CAP", "NICK", "PONG", "QUIT", "USER"}


def obey(network: Network, client: Client, raw: bytes) -> None:
    """Carry out one line of a client, or tell it why not."""
    line = read(raw)
    if not line:
        return
    carry_out, needed = COMMANDS.get(line.command, (None, 0))
    if not client.registered and line.command not in FOR_NEWCOMERS:
        client.reply("451", line.command, "You have not registered.")
    elif not carry_out:
        client.reply("421", line.command, "Unknown command")
    elif len(line.parameters) < needed:
        client.reply("461", line.command, "Not enough parameters.")
    elif carry_out is talking.speak:
        talking.speak(network, client, line)
    else:
        carry_out(network, client, *line.parameters)
    _welcome_if_ready(client)


def _negotiate(_: Network, client: Client, verb: str, *words: str) -> None:
    """Answer one CAP line; that of a newcomer holds its registration back until END."""
    client.negotiating = verb.upper() != "END" and not client.registered
    if verb.upper() == "LS":
        valued = words[:1] == ("302",)
        listed = (f"{name}={value}" if value and valued else name for name, value in CAPABILITIES.items())
        client.reply("CAP", "LS", " ".join(listed))
    elif verb.upper() == "REQ" and words:
        wished = words[-1].split()
        if any(word.removeprefix("-") not in CAPABILITIES for word in wished):
            client.reply("CAP", "NAK", words[-1])
            return
        client.capabilities -= {word[1:] for word in wished if word.startswith("-")}
        client.capabilities |= {word for word in wished if not word.startswith("-")}
        client.reply("CAP", "ACK", words[-1])


def _nick(network: Network, client: Client, wanted: str, *_: str) -> None:
    if not NICK.fullmatch(wanted):
        client.reply("432", wanted, "Erroneous Nickname")
    elif fold(wanted) == fold(talking.SERVICE_NICK) or network.clients.get(fold(wanted), client) is not client:
        client.reply("433", wanted, "Nickname is already in use.")
    else:
        if client.registered and wanted != client.nick:
            network.relay(client, [client, *network.peers(client)], "NICK", wanted)
        network.clients.pop(fold(client.nick), None)
        client.nick = wanted
        network.clients[fold(wanted)] = client


def _user(_: Network, client: Client, *words: str) -> None:
    if client.registered:
        client.reply("462", "You may not reregister")
    elif found := USERNAME.match(words[0]):
        client.username = found[0] or "unknown"
        client.realname = words[3][:TEXT_LENGTH]


def _welcome_if_ready(client: Client) -> None:
    if client.registered or client.gone or client.negotiating or not (client.nick and client.username):
        return
    client.registered = True
    client.reply("001", f"Welcome to the TocsinDemo IRC Network {client.source}")
    client.reply("004", SERVER_NAME, "Tocsin-demo", "i", "mnotv", "ov")
    client.reply("005", *SUPPORTED.split(), "are supported by this server")
    client.reply("422", "Message of the day file is missing.")


def _authenticate(network: Network, client: Client, word: str, *_: str) -> None:
    """Go one step in SASL PLAIN; without the capability the line is ignored, as InspIRCd does."""
    if "sasl" not in client.capabilities:
        return
    if not client.signing_in and word.upper() == "PLAIN":
        client.signing_in = True
        client.hear(Event("", "AUTHENTICATE", ("+",)))
        return
    account = _account(network, word) if client.signing_in else None
    client.signing_in = False
    if account:
        network.sign_in(client, account)
        client.reply("903", "SASL authentication successful")
    else:
        client.reply("904", "SASL authentication failed")


def _account(network: Network, credentials: str) -> Account | None:
    """Find whose base64 of `identity NUL name NUL password` it is; what cannot be read is nobody's."""
    try:
        identity, name, password = base64.b64decode(credentials, validate=True).decode().split("\0")
    except ValueError:
        return None
    return network.check_password(name, password) if identity in ("", name) else None


def _ping(_: Network, client: Client, token: str, *__: str) -> None:
    client.hear(Event(SERVER_NAME, "PONG", (SERVER_NAME, token)))


def _quit(network: Network, client: Client, text: str = "", *_: str) -> None:
    """Let a client go, its parting words marked as its own: nobody can pretend that the network split."""
    client.hear(Event("", "ERROR", (f"Closing link: ({client.username}@{client.host}) [Quit: {text}]",)))
    network.drop(client, f"Quit: {text}")


def _away(_: Network, client: Client, text: str = "", *__: str) -> None:
    client.away = text[:TEXT_LENGTH]
    if text:
        client.reply("306", "You have been marked as being away")
    else:
        client.reply("305", "You are no longer marked as being away")


# What carries a command out, and how many parameters it needs.
COMMANDS: Mapping[str, tuple[Callable[..., None], int]] = {
    "AUTHENTICATE": (_authenticate, 1),
    "AWAY": (_away, 0),
    "CAP": (_negotiate, 1),
    "JOIN": (channels.join, 1),
    "KICK": (channels.kick, 2),
    "MODE": (channels.mode, 1),
    "NAMES": (channels.names, 1),
    "NICK": (_nick, 1),
    "NOTICE": (talking.speak, 2),
    "PART": (channels.part, 1),
    "PING": (_ping, 1),
    "PONG": (lambda *_: None, 0),  # that a line came is all there is to know
    "PRIVMSG": (talking.speak, 2),
    "QUIT": (_quit, 0),
    "TOPIC": (channels.topic, 1),
    "USER": (_user, 4),
    "WHO": (talking.who, 1),
    "WHOIS": (talking.whois, 1),
}
