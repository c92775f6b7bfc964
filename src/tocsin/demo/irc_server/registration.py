"""Coming, signing in, being called something, and going: NICK, USER, AUTHENTICATE, PING, QUIT."""

import base64
import binascii
import re

from tocsin.demo.irc_server.client_state import Client
from tocsin.demo.irc_server.network import NETWORK_NAME, SERVER_NAME, SERVICE_NICK, Network, fold
from tocsin.demo.irc_server.services import check_password
from tocsin.demo.irc_server.wire import Event, Line

NICK_LENGTH = 31
USERNAME_LENGTH = 12
REALNAME_LENGTH = 128
MECHANISM = "PLAIN"
CHUNK = 400  # an AUTHENTICATE line of exactly this length is continued by the next
CREDENTIALS_LENGTH = 3 * CHUNK
NICK_PATTERN = re.compile(r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]*", re.ASCII)
USERNAME_PATTERN = re.compile(r"[A-Za-z0-9\[\]\\`_^{|}.-]+", re.ASCII)
SUPPORTED = (
    "AWAYLEN=200 CASEMAPPING=rfc1459 CHANLIMIT=#:20 CHANMODES=b,,,mnt CHANNELLEN=64 CHANTYPES=# KICKLEN=255",
    f"LINELEN=512 MAXTARGETS=20 MODES=20 NETWORK={NETWORK_NAME} NICKLEN={NICK_LENGTH} PREFIX=(ov)@+ STATUSMSG=@+"
    f" TOPICLEN=390 USERLEN={USERNAME_LENGTH} WHOX",
)


def nick(network: Network, client: Client, line: Line) -> None:
    """Take a nick, unless it is malformed or somebody else's."""
    wanted = line.parameters[0]
    if len(wanted) > NICK_LENGTH or not NICK_PATTERN.fullmatch(wanted):
        network.reply(client, "432", wanted, "Erroneous Nickname")
        return
    if fold(wanted) == fold(SERVICE_NICK) or network.clients.get(fold(wanted), client) is not client:
        network.reply(client, "433", wanted, "Nickname is already in use.")
        return
    if client.registered and wanted != client.nick:
        network.relay(client, [client, *network.peers(client)], "NICK", wanted)
    network.clients.pop(fold(client.nick), None)
    client.nick = wanted
    network.clients[fold(wanted)] = client


def user(network: Network, client: Client, line: Line) -> None:
    """Take a username and a real name, once."""
    if client.registered:
        network.reply(client, "462", "You may not reregister")
    elif not USERNAME_PATTERN.fullmatch(line.parameters[0]):
        network.reply(client, "468", "USER", "Your username is not valid")
    else:
        client.username = line.parameters[0][:USERNAME_LENGTH]
        client.realname = line.parameters[3][:REALNAME_LENGTH]


def welcome_if_ready(network: Network, client: Client) -> None:
    """Complete the registration of a client that has said all it must."""
    if client.registered or client.gone or client.negotiating or not (client.nick and client.username):
        return
    client.registered = True
    network.reply(client, "001", f"Welcome to the {NETWORK_NAME} IRC Network {client.source}")
    network.reply(client, "002", f"Your host is {SERVER_NAME}, running version Tocsin-demo")
    network.reply(client, "003", f"This server was created {network.started_at:%H:%M:%S %b %d %Y}")
    network.reply(client, "004", SERVER_NAME, "Tocsin-demo", "i", "mnotv", "ov")
    for tokens in SUPPORTED:
        network.reply(client, "005", *tokens.split(), "are supported by this server")
    network.reply(client, "422", "Message of the day file is missing.")


def authenticate(network: Network, client: Client, line: Line) -> None:
    """Go one step in SASL PLAIN; without the capability the line is ignored, as InspIRCd does."""
    word = line.parameters[0]
    if "sasl" not in client.capabilities:
        return
    if client.credentials is None:
        _choose_mechanism(network, client, word)
    elif word == "*" or len(client.credentials) + len(word) > CREDENTIALS_LENGTH:
        _refuse(network, client)
    else:
        client.credentials += "" if word == "+" else word
        if len(word) < CHUNK:
            _sign_in(network, client, client.credentials)


def ping(network: Network, client: Client, line: Line) -> None:
    """Answer that the server is there."""
    network.reply(client, "PONG", line.parameters[1] if len(line.parameters) > 1 else SERVER_NAME, line.parameters[0])


def pong(network: Network, client: Client, line: Line) -> None:
    """Hear that the client is there: that a line came is all there is to know."""


def leave(network: Network, client: Client, line: Line) -> None:
    """Let a client go, with its parting words."""
    reason = f"Quit: {line.parameters[0]}" if line.parameters else "Client exited"
    error = Event("", "ERROR", (f"Closing link: ({client.username}@{client.host}) [{reason}]",))
    network.deliver(error, [client])
    network.drop(client, reason)


def away(network: Network, client: Client, line: Line) -> None:
    """Remember what to answer in the client's absence, or forget it."""
    client.away = line.parameters[0][:200] if line.parameters else ""
    if client.away:
        network.reply(client, "306", "You have been marked as being away")
    else:
        network.reply(client, "305", "You are no longer marked as being away")


def _choose_mechanism(network: Network, client: Client, word: str) -> None:
    if word.upper() == MECHANISM:
        client.credentials = ""
        network.deliver(Event("", "AUTHENTICATE", ("+",)), [client])
    else:
        network.reply(client, "908", MECHANISM, "are available SASL mechanisms")
        _refuse(network, client)


def _sign_in(network: Network, client: Client, credentials: str) -> None:
    account = check_password(network, *_name_and_password(credentials))
    if account is None:
        _refuse(network, client)
        return
    client.credentials = None
    network.sign_in(client, account)
    network.reply(client, "903", "SASL authentication successful")


def _name_and_password(credentials: str) -> tuple[str, str]:
    """Read base64 of `identity NUL name NUL password`; what cannot be read is nobody."""
    try:
        text = base64.b64decode(credentials, validate=True).decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        return "", ""
    parts = text.split("\0")
    acts_as_itself = len(parts) == 3 and parts[0] in ("", parts[1])
    return (parts[1], parts[2]) if acts_as_itself else ("", "")


def _refuse(network: Network, client: Client) -> None:
    client.credentials = None
    network.reply(client, "904", "SASL authentication failed")
