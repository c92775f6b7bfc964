"""Saying things to channels and people, and asking about them: PRIVMSG, NOTICE, TAGMSG, WHO, WHOIS."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tocsin.demo.irc_server.client_state import PRIVILEGES, Channel, Client
from tocsin.demo.irc_server.modes import FLAGS
from tocsin.demo.irc_server.network import SERVER_NAME, SERVICE_NICK, Network, fold, message_id
from tocsin.demo.irc_server.services import answer
from tocsin.demo.irc_server.wire import Event, Line

TARGETS_A_LINE = 20
WHOX_ORDER = "tcuihsnfdlaor"


def speak(network: Network, client: Client, line: Line) -> None:
    """Pass a message on to each of its targets, with the sender's client-only tags and with no other tag of theirs."""
    targets, *words = line.parameters
    text = " ".join(words)
    if line.command != "TAGMSG" and not text:
        network.reply(client, "412", "No text to send")
        return
    for target in targets.split(",")[:TARGETS_A_LINE]:
        event = Event(
            client.source, line.command, (target, text) if text else (target,), client.account_name, _own_tags(line)
        )
        if target.lstrip("@+").startswith("#"):
            _to_channel(network, client, target, event)
        else:
            _to_person(network, client, target, event)


def ask_services(network: Network, client: Client, line: Line) -> None:
    """Take `NS words` as a message to NickServ."""
    answer(network, client, " ".join(line.parameters))


def who(network: Network, client: Client, line: Line) -> None:
    """List the members of a channel, or one person, with the fields asked for."""
    mask, *fields = line.parameters
    channel = network.channel(mask)
    found: Iterable[Client | None] = channel.members if channel else [network.find(mask)]
    for person in found:
        if not person or not network.connects(client, person):
            continue
        if fields and fields[0].startswith("%"):
            network.reply(client, "354", *_chosen_fields(person, channel, fields[0][1:]))
        else:
            words = _fields(person, channel)
            network.reply(client, "352", *(words[key] for key in "cuhsnf"), f"0 {person.realname}")
    network.reply(client, "315", mask, "End of /WHO list.")


def whois(network: Network, client: Client, line: Line) -> None:
    """Tell who somebody is, the account above all."""
    nick = line.parameters[-1]
    if person := network.find(nick):
        network.reply(client, "311", person.nick, person.username, person.host, "*", person.realname)
        channels = " ".join(channel.prefix(person) + channel.name for channel in network.channels_of(person))
        if channels:
            network.reply(client, "319", person.nick, channels)
        network.reply(client, "312", person.nick, SERVER_NAME, "the demonstration's own server")
        if person.account:
            network.reply(client, "330", person.nick, person.account.name, "is logged in as")
    else:
        network.reply(client, "401", nick, "No such nick")
    network.reply(client, "318", nick, "End of /WHOIS list.")


def _own_tags(line: Line) -> dict[str, str]:
    """A new message id, and the tags that begin with a plus: account and time are not the sender's to say."""
    relayed = {key: value for key, value in line.tags.items() if key.startswith("+") and len(key) > 1}
    return {"msgid": message_id(), **relayed}


def _to_channel(network: Network, client: Client, target: str, event: Event) -> None:
    name = target.lstrip("@+")
    channel = network.channel(name)
    if not channel:
        network.reply(client, "403", name, "No such channel")
    elif not channel.may_speak(client):
        network.reply(client, "404", channel.name, _why_silent(channel, client))
    else:
        addressed = target[: -len(name)] + channel.name
        event = replace(event, parameters=(addressed, *event.parameters[1:]))
        _pass_on(network, client, _listeners(channel, client, target), event)
        _echo(network, client, event)


def _to_person(network: Network, client: Client, target: str, event: Event) -> None:
    if fold(target) == fold(SERVICE_NICK):
        _echo(network, client, event)
        if event.command == "PRIVMSG":
            answer(network, client, event.parameters[1])
    elif (person := network.find(target)) and network.connects(client, person):
        if person.away and event.command == "PRIVMSG":
            network.reply(client, "301", person.nick, person.away)
        _pass_on(network, client, [person], event)
        _echo(network, client, event)
    else:
        network.reply(client, "401", target, "No such nick")


def _pass_on(network: Network, sender: Client, listeners: Iterable[Client], event: Event) -> None:
    reachable = [listener for listener in listeners if network.connects(sender, listener)]
    if event.command == "TAGMSG":
        reachable = [listener for listener in reachable if "message-tags" in listener.capabilities]
    network.deliver(event, reachable)


def _echo(network: Network, client: Client, event: Event) -> None:
    if "echo-message" in client.capabilities:
        network.deliver(event, [client])


def _listeners(channel: Channel, sender: Client, target: str) -> Iterator[Client]:
    """Everybody else in the channel, or with a sign before its name those of that rank and above."""
    least = target[0] if target[0] in "@+" else ""
    signs = list(PRIVILEGES.values())
    ranks = {"", *signs} if not least else set(signs[: signs.index(least) + 1])
    return (member for member in channel.members if member is not sender and channel.prefix(member) in ranks)


def _why_silent(channel: Channel, client: Client) -> str:
    letter = "n" if client not in channel.members and "n" in channel.modes else "m"
    what = "external messages" if letter == "n" else "messages"
    return f"You cannot send {what} to this channel whilst the +{letter} ({FLAGS[letter]}) mode is set."


def _chosen_fields(person: Client, channel: Channel | None, wish: str) -> list[str]:
    """The fields of a WHOX wish such as `tna,42`, in the order that the protocol fixes."""
    letters, _, token = wish.partition(",")
    words = {**_fields(person, channel), "t": token or "0"}
    return [words[letter] for letter in WHOX_ORDER if letter in letters] or [person.nick]


def _fields(person: Client, channel: Channel | None) -> dict[str, str]:
    return {
        "c": channel.name if channel else "*",
        "u": person.username,
        "i": person.host,
        "h": person.host,
        "s": SERVER_NAME,
        "n": person.nick,
        "f": ("G" if person.away else "H") + (channel.prefix(person) if channel else ""),
        "d": "0",
        "l": "0",
        "a": person.account_name or "0",
        "o": "n/a",
        "r": person.realname,
    }
