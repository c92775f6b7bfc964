"""Saying things, and asking who somebody is: PRIVMSG, NOTICE, WHO, WHOIS, and NickServ, in Atheme's words."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from tocsin.demo.irc_server.network import SERVER_NAME, Channel, Client, Network, fold
from tocsin.demo.irc_server.wire import Event, Line

TARGETS_A_LINE = 20
SERVICE_NICK = "NickServ"
SERVICE_SOURCE = f"{SERVICE_NICK}!{SERVICE_NICK}@services.example.org"
WHOX_ORDER = "tcuihsnfdlaor"


def speak(network: Network, client: Client, line: Line) -> None:
    """Pass a message on to each of its targets, with the sender's client-only tags and with no other tag of theirs."""
    targets, text = line.parameters[:2]
    if not text:
        client.reply("412", "No text to send")
        return
    relayed = {key: value for key, value in line.tags.items() if key.startswith("+") and len(key) > 1}
    for target in targets.split(",")[:TARGETS_A_LINE]:
        tags = {"msgid": secrets.token_urlsafe(12), **relayed}
        event = Event(client.source, line.command, (target, text), client.account_name, tags)
        if target.lstrip("@+").startswith("#"):
            _to_channel(network, client, event)
        else:
            _to_person(network, client, event)


def who(network: Network, client: Client, mask: str, wish: str = "", *_: str) -> None:
    """List the members of a channel, or one person, with the fields asked for, such as `%tna,42`."""
    channel = network.channel(mask)
    found: Iterable[Client | None] = channel.members if channel else [network.find(mask)]
    letters, _comma, token = wish.removeprefix("%").partition(",")
    for person in filter(None, found):
        fields = {"t": token or "0", **_fields(person, channel)}
        if wish.startswith("%"):
            client.reply("354", *(fields[letter] for letter in WHOX_ORDER if letter in letters))
        else:
            client.reply("352", *(fields[letter] for letter in "cuhsnf"), f"0 {person.realname}")
    client.reply("315", mask, "End of /WHO list.")


def whois(network: Network, client: Client, nick: str, *_: str) -> None:
    """Tell who somebody is, the account above all."""
    if person := network.find(nick):
        client.reply("311", person.nick, person.username, person.host, "*", person.realname)
        if person.account:
            client.reply("330", person.nick, person.account.name, "is logged in as")
    else:
        client.reply("401", nick, "No such nick")
    client.reply("318", nick, "End of /WHOIS list.")


def _to_channel(network: Network, client: Client, event: Event) -> None:
    target, text = event.parameters
    name = target.lstrip("@+")
    channel = network.channel(name)
    if not channel:
        client.reply("403", name, "No such channel")
    elif "m" in channel.modes and not channel.members.get(client):
        client.reply("404", channel.name, "You cannot send messages to this channel whilst the +m mode is set.")
    elif "n" in channel.modes and client not in channel.members:
        client.reply("404", channel.name, "You cannot send external messages to this channel whilst +n is set.")
    else:
        rank = target[: -len(name)][:1]  # a sign, if only those of a rank are meant
        others = (person for person in channel.members if person is not client)
        listeners = [person for person in others if not rank or channel.prefix(person) in {"@", rank}]
        _pass_on(client, listeners, replace(event, parameters=(rank + channel.name, text)))


def _to_person(network: Network, client: Client, event: Event) -> None:
    target, text = event.parameters
    person = network.find(target)
    if fold(target) == fold(SERVICE_NICK):
        _pass_on(client, [], event)
        if event.command == "PRIVMSG":
            _answer(network, client, text)
    elif person:
        if person.away and event.command == "PRIVMSG":
            client.reply("301", person.nick, person.away)
        _pass_on(client, [person], event)
    else:
        client.reply("401", target, "No such nick")


def _pass_on(sender: Client, listeners: list[Client], event: Event) -> None:
    """Tell the listeners, and the sender too where it asked for an echo."""
    for listener in [*listeners, *([sender] if "echo-message" in sender.capabilities else [])]:
        listener.hear(event)


def _fields(person: Client, channel: Channel | None) -> dict[str, str]:
    flags = ("G" if person.away else "H") + (channel.prefix(person) if channel else "")
    where, account = channel.name if channel else "*", person.account_name or "0"
    return {
        "c": where, "u": person.username, "i": person.host, "h": person.host, "s": SERVER_NAME, "n": person.nick,
        "f": flags, "d": "0", "l": "0", "a": account, "o": "n/a", "r": person.realname,
    }  # fmt: skip


def _answer(network: Network, client: Client, text: str) -> None:
    """Do what a client asks NickServ for, and answer with notices."""
    verb, *words = text.split() or [""]
    match verb.upper(), words:
        case "IDENTIFY", [*_, password]:
            _identify(network, client, words[0] if words[1:] else client.nick, password)
        case "LOGOUT", _ if client.account:
            _say(client, "You have been logged out.")
            network.sign_in(client, None)
        case "ACC", [nick, "*"]:
            _tell_account(network, client, nick)
        case "INFO", [name, *_]:
            _tell_information(network, client, name)
        case _:
            _say(client, f"Invalid command. Use {_bold(f'/msg {SERVICE_NICK} help')} for a command listing.")


def _identify(network: Network, client: Client, name: str, password: str) -> None:
    if fold(name) not in network.accounts:
        _say(client, f"{_bold(name)} is not a registered nickname.")
    elif account := network.check_password(name, password):
        _say(client, f"You are now identified for {_bold(account.name)}.")
        network.sign_in(client, account)
    else:
        _say(client, f"Invalid password for {_bold(name)}.")


def _tell_account(network: Network, client: Client, nick: str) -> None:
    """Tell the account that the nick's session is signed in to, whatever account has that nick's name."""
    session = network.find(nick)
    if session and session.account:
        _say(client, f"{nick} -> {session.account.name} ACC 3 {session.account.entity_id}")
    else:
        _say(client, f"{nick} -> * ACC 0 ({'not registered' if session else 'offline'})")


def _tell_information(network: Network, client: Client, name: str) -> None:
    account = network.accounts.get(fold(name))
    if not account:
        _say(client, f"{_bold(name)} is not registered.")
        return
    days = (datetime.now(UTC) - account.registered_at).days
    _say(client, f"Information on {_bold(account.name)} (account {_bold(account.name)}):")
    _say(client, f"Registered : {account.registered_at:%b %d %H:%M:%S %Y} +0000 ({days}d ago)")
    _say(client, f"Entity ID  : {account.entity_id}")
    _say(client, f"*** {_bold('End of Info')} ***")


def _say(client: Client, text: str) -> None:
    client.hear(Event(SERVICE_SOURCE, "NOTICE", (client.nick, text), tags={"msgid": secrets.token_urlsafe(12)}))


def _bold(text: str) -> str:
    """Mark a word as Atheme does: invisible in most clients, and in the way of whoever compares whole sentences."""
    return f"\x02{text}\x02"
