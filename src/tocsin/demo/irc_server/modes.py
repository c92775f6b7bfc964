"""The MODE command: who operates or has a voice in a channel, and the few flags that a channel has."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.demo.irc_server.client_state import PRIVILEGES, Channel, Client
from tocsin.demo.irc_server.network import Network, fold
from tocsin.demo.irc_server.wire import Line

CHANGES_A_LINE = 20
FLAGS = {"m": "moderated", "n": "noextmsg", "t": "topiclock"}
NAMES = {"o": "op", "v": "voice", **FLAGS}


@dataclass(frozen=True, slots=True)
class Change:
    """One letter of a MODE line, switched on or off, with the nick that it is about."""

    on: bool
    letter: str
    nick: str = ""


def mode(network: Network, client: Client, line: Line) -> None:
    """Tell or change the modes of a channel; a client's own modes are always none."""
    target, *words = line.parameters
    channel = network.channel(target)
    if fold(target) == fold(client.nick):
        network.reply(client, "221", "+")
    elif not channel:
        network.reply(client, "403", target, "No such channel")
    elif not words:
        network.reply(client, "324", channel.name, "+" + "".join(sorted(channel.modes)))
        network.reply(client, "329", channel.name, str(int(channel.created_at.timestamp())))
    elif words in (["b"], ["+b"]):
        network.reply(client, "368", channel.name, "End of channel ban list")
    else:
        made = [change for change in _changes(words) if _make(network, client, channel, change)]
        if made:
            network.relay(client, channel.members, "MODE", channel.name, *spelled(made))


def spelled(changes: list[Change]) -> list[str]:
    """Spell changes as the words of a MODE line: each sign once for a run of letters, then the nicks."""
    letters, last = "", ""
    for change in changes:
        sign = "+" if change.on else "-"
        letters += change.letter if sign == last else sign + change.letter
        last = sign
    return [letters, *(change.nick for change in changes if change.nick)]


def _changes(words: list[str]) -> Iterator[Change]:
    on, nicks = True, iter(words[1:])
    for letter in words[0][: 2 * CHANGES_A_LINE]:
        if letter in "+-":
            on = letter == "+"
        elif letter not in PRIVILEGES:
            yield Change(on, letter)
        elif nick := next(nicks, ""):
            yield Change(on, letter, nick)


def _make(network: Network, client: Client, channel: Channel, change: Change) -> bool:
    """Make one change, or say why not; False also when there was nothing to change."""
    if change.letter not in NAMES:
        network.reply(client, "472", change.letter, "is not a recognised channel mode.")
    elif not channel.is_operator(client):
        described = f"{'set' if change.on else 'unset'} channel mode {change.letter} ({NAMES[change.letter]})"
        network.reply(client, "482", channel.name, f"You must be a channel op or higher to {described}.")
    elif not change.nick:
        return _switch(channel.modes, change)
    elif not (target := network.find(change.nick)):
        network.reply(client, "401", change.nick, "No such nick")
    elif target not in channel.members:
        network.reply(client, "441", target.nick, channel.name, "They are not on that channel")
    else:
        return _switch(channel.members[target], change)
    return False


def _switch(held: set[str], change: Change) -> bool:
    if (change.letter in held) == change.on:
        return False
    held ^= {change.letter}
    return True
