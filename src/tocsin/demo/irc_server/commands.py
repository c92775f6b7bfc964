"""The table of commands, and the one way in: what a command needs is checked here, what it does stands elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tocsin.demo.irc_server import capabilities, channels, modes, registration, talking
from tocsin.demo.irc_server.client_state import Client
from tocsin.demo.irc_server.network import Network
from tocsin.demo.irc_server.wire import Line, read, tags_too_long


@dataclass(frozen=True, slots=True)
class Command:
    """A function for a command, the number of parameters that it needs, and whether newcomers may use it."""

    carry_out: Callable[[Network, Client, Line], None]
    needed: int = 0
    for_newcomers: bool = False


COMMANDS: Mapping[str, Command] = {
    "AUTHENTICATE": Command(registration.authenticate, 1, for_newcomers=True),
    "AWAY": Command(registration.away),
    "CAP": Command(capabilities.negotiate, 1, for_newcomers=True),
    "JOIN": Command(channels.join, 1),
    "KICK": Command(channels.kick, 2),
    "MODE": Command(modes.mode, 1),
    "NAMES": Command(channels.names),
    "NICK": Command(registration.nick, 1, for_newcomers=True),
    "NICKSERV": Command(talking.ask_services, 1),
    "NOTICE": Command(talking.speak, 2),
    "NS": Command(talking.ask_services, 1),
    "PART": Command(channels.part, 1),
    "PING": Command(registration.ping, 1),
    "PONG": Command(registration.pong, for_newcomers=True),
    "PRIVMSG": Command(talking.speak, 2),
    "QUIT": Command(registration.leave, for_newcomers=True),
    "TAGMSG": Command(talking.speak, 1),
    "TOPIC": Command(channels.topic, 1),
    "USER": Command(registration.user, 4, for_newcomers=True),
    "WHO": Command(talking.who, 1),
    "WHOIS": Command(talking.whois, 1),
}


def obey(network: Network, client: Client, raw: bytes) -> None:
    """Carry out one line of a client, or tell it why not."""
    if tags_too_long(raw):
        network.reply(client, "417", "Input line was too long")
        return
    line = read(raw)
    if line:
        _dispatch(network, client, line)
        registration.welcome_if_ready(network, client)


def _dispatch(network: Network, client: Client, line: Line) -> None:
    command = COMMANDS.get(line.command)
    if not client.registered and not (command and command.for_newcomers):
        network.reply(client, "451", line.command, "You have not registered.")
    elif not command:
        network.reply(client, "421", line.command, "Unknown command")
    elif len(line.parameters) < command.needed:
        network.reply(client, "461", line.command, "Not enough parameters.")
    else:
        command.carry_out(network, client, line)
