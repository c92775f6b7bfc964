"""Being in channels: JOIN, PART, KICK, TOPIC, NAMES, MODE. Whoever makes a channel operates it."""

import re

from tocsin.demo.irc_server.network import PRIVILEGES, Channel, Client, Network, fold

NAME = re.compile(r"#[^\s,]{,63}")
TEXT_LENGTH = 390
CHANNELS_A_LINE = 20
NAMES_A_LINE = 10  # of at most 32 characters: always within one line


def join(network: Network, client: Client, wanted: str, *_: str) -> None:
    """Enter each of the named channels, making those that do not exist."""
    for name in wanted.split(",")[:CHANNELS_A_LINE]:
        if NAME.fullmatch(name):
            _enter(network, client, name)
        else:
            client.reply("476", name, "Invalid channel name")


def part(network: Network, client: Client, name: str, *reason: str) -> None:
    """Leave a channel."""
    if channel := _own_channel(network, client, name):
        network.relay(client, channel.members, "PART", channel.name, *reason[:1])
        network.leave(channel, client)


def kick(network: Network, client: Client, name: str, nick: str, *reason: str) -> None:
    """Put somebody out of a channel."""
    channel = _own_channel(network, client, name, to_operate=True)
    if channel and (target := _member(network, client, channel, nick)):
        said = "".join(reason[:1]) or client.nick
        network.relay(client, channel.members, "KICK", channel.name, target.nick, said[:TEXT_LENGTH])
        network.leave(channel, target)


def topic(network: Network, client: Client, name: str, *words: str) -> None:
    """Tell the topic, or set it."""
    channel = network.channel(name)
    locked = bool(words) and channel is not None and "t" in channel.modes
    channel = _own_channel(network, client, name, to_operate=locked)
    if channel and words:
        channel.topic = words[0][:TEXT_LENGTH]
        network.relay(client, channel.members, "TOPIC", channel.name, channel.topic)
    elif channel:
        client.reply("332" if channel.topic else "331", channel.name, channel.topic or "No topic is set.")


def names(network: Network, client: Client, name: str, *_: str) -> None:
    """Tell who is in a channel."""
    channel = network.channel(name)
    shown = [channel.prefix(member) + member.nick for member in channel.members] if channel else []
    for start in range(0, len(shown), NAMES_A_LINE):
        client.reply("353", "=", name, " ".join(shown[start : start + NAMES_A_LINE]))
    client.reply("366", name, "End of /NAMES list.")


def mode(network: Network, client: Client, target: str, *words: str) -> None:
    """Tell the modes of a channel, or change one; a client's own modes are always none."""
    if fold(target) == fold(client.nick):
        client.reply("221", "+")
    elif words and words[0] in ("b", "+b"):
        client.reply("368", target, "End of channel ban list")
    elif channel := _own_channel(network, client, target, to_operate=bool(words)):
        if words:
            _change(network, client, channel, *words)
        else:
            client.reply("324", channel.name, "+" + "".join(sorted(channel.modes)))


def _enter(network: Network, client: Client, name: str) -> None:
    channel = network.channels.setdefault(fold(name), Channel(name))
    if client in channel.members:
        return
    channel.members[client] = set() if channel.members else {"o"}
    for listener in channel.members:
        extension = (client.account_name or "*", client.realname) if "extended-join" in listener.capabilities else ()
        network.relay(client, [listener], "JOIN", channel.name, *extension)
    if channel.topic:
        client.reply("332", channel.name, channel.topic)
    names(network, client, channel.name)


def _change(network: Network, client: Client, channel: Channel, change: str, nick: str = "", *_: str) -> None:
    sign, letter = change[:1], change[1:]
    target = _member(network, client, channel, nick) if letter in PRIVILEGES else None
    if sign not in "+-" or letter not in [*PRIVILEGES, *"mnt"]:
        client.reply("472", letter or "?", "is not a recognised channel mode.")
    elif target or letter not in PRIVILEGES:
        held = channel.members[target] if target else channel.modes
        if (letter in held) != (sign == "+"):
            held ^= {letter}
            named = [target.nick] if target else []
            network.relay(client, channel.members, "MODE", channel.name, change, *named)


def _member(network: Network, client: Client, channel: Channel, nick: str) -> Client | None:
    target = network.find(nick)
    if target in channel.members:
        return target
    client.reply("441" if target else "401", nick, "They are not on that channel" if target else "No such nick")
    return None


def _own_channel(network: Network, client: Client, name: str, *, to_operate: bool = False) -> Channel | None:
    """The channel of that name when the client is in it (and operates it); otherwise say why not."""
    channel = network.channel(name)
    if not channel:
        client.reply("403", name, "No such channel")
    elif client not in channel.members:
        client.reply("442", channel.name, "You're not on that channel!")
    elif to_operate and "o" not in channel.members[client]:
        client.reply("482", channel.name, "You must be a channel op or higher to do that.")
    else:
        return channel
    return None
