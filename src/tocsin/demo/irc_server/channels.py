"""Being in channels: JOIN, PART, KICK, TOPIC, NAMES. Whoever makes a channel operates it; modes stand elsewhere."""

from collections.abc import Iterable

from tocsin.demo.irc_server.client_state import Channel, Client
from tocsin.demo.irc_server.network import Network, fold, now
from tocsin.demo.irc_server.wire import Line

CHANNEL_NAME_LENGTH = 64
CHANNELS_A_CLIENT = 20
TEXT_LENGTH = 390
NAMES_A_LINE = 10  # of at most 31 characters: always within one line


def join(network: Network, client: Client, line: Line) -> None:
    """Enter each of the named channels, making those that do not exist."""
    for name in line.parameters[0].split(",")[:CHANNELS_A_CLIENT]:
        if not name.startswith("#") or len(name) > CHANNEL_NAME_LENGTH or "\a" in name:
            network.reply(client, "476", name, "Invalid channel name")
        elif len(network.channels_of(client)) >= CHANNELS_A_CLIENT:
            network.reply(client, "405", name, "You are on too many channels")
        else:
            _enter(network, client, name)


def part(network: Network, client: Client, line: Line) -> None:
    """Leave each of the named channels."""
    for name in line.parameters[0].split(",")[:CHANNELS_A_CLIENT]:
        if channel := _own_channel(network, client, name):
            network.relay(client, channel.members, "PART", channel.name, *line.parameters[1:2])
            network.leave(channel, client)


def kick(network: Network, client: Client, line: Line) -> None:
    """Put somebody out of a channel."""
    name, nick = line.parameters[:2]
    channel = _own_channel(network, client, name)
    if not channel:
        return
    target = network.find(nick)
    if not channel.is_operator(client):
        network.reply(client, "482", channel.name, "You must be a channel op or higher to kick a more privileged user.")
    elif not target:
        network.reply(client, "401", nick, "No such nick")
    elif target not in channel.members:
        network.reply(client, "441", target.nick, channel.name, "They are not on that channel")
    else:
        reason = line.parameters[2][:TEXT_LENGTH] if len(line.parameters) > 2 else client.nick
        network.relay(client, channel.members, "KICK", channel.name, target.nick, reason)
        network.leave(channel, target)


def topic(network: Network, client: Client, line: Line) -> None:
    """Tell the topic, or set it."""
    channel = network.channel(line.parameters[0])
    if not channel:
        network.reply(client, "403", line.parameters[0], "No such channel")
    elif len(line.parameters) == 1:
        _tell_topic(network, client, channel)
    elif client not in channel.members:
        network.reply(client, "442", channel.name, "You're not on that channel!")
    elif "t" in channel.modes and not channel.is_operator(client):
        network.reply(client, "482", channel.name, "You must be a channel op or higher to change the topic.")
    else:
        channel.topic, channel.topic_by, channel.topic_at = line.parameters[1][:TEXT_LENGTH], client.nick, now()
        network.relay(client, channel.members, "TOPIC", channel.name, channel.topic)


def names(network: Network, client: Client, line: Line) -> None:
    """Tell who is in a channel."""
    name = line.parameters[0] if line.parameters else "*"
    shown: list[str] = []
    if channel := network.channel(name):
        seen = (member for member in channel.members if network.connects(client, member))
        shown = [channel.prefix(member) + member.nick for member in seen]
    for start in range(0, len(shown), NAMES_A_LINE):
        network.reply(client, "353", "=", name, " ".join(shown[start : start + NAMES_A_LINE]))
    network.reply(client, "366", name, "End of /NAMES list.")


def announce_entry(network: Network, client: Client, channel: Channel, listeners: Iterable[Client]) -> None:
    """Tell clients that somebody entered, with the account for those who asked for it."""
    listeners = list(listeners)
    extended = [listener for listener in listeners if "extended-join" in listener.capabilities]
    plain = [listener for listener in listeners if "extended-join" not in listener.capabilities]
    network.relay(client, extended, "JOIN", channel.name, client.account_name or "*", client.realname)
    network.relay(client, plain, "JOIN", channel.name)


def _enter(network: Network, client: Client, name: str) -> None:
    channel = network.channels.setdefault(fold(name), Channel(name, now()))
    if client in channel.members:
        return
    channel.members[client] = set() if channel.members else {"o"}
    announce_entry(network, client, channel, channel.members)
    if channel.topic:
        _tell_topic(network, client, channel)
    names(network, client, Line("NAMES", (channel.name,)))


def _own_channel(network: Network, client: Client, name: str) -> Channel | None:
    channel = network.channel(name)
    if not channel:
        network.reply(client, "403", name, "No such channel")
    elif client not in channel.members:
        network.reply(client, "442", channel.name, "You're not on that channel")
    else:
        return channel
    return None


def _tell_topic(network: Network, client: Client, channel: Channel) -> None:
    if not channel.topic or not channel.topic_at:
        network.reply(client, "331", channel.name, "No topic is set.")
        return
    network.reply(client, "332", channel.name, channel.topic)
    network.reply(client, "333", channel.name, channel.topic_by, str(int(channel.topic_at.timestamp())))
