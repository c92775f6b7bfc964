"""What stands in the way of being heard: why no line counts at all, or in which channel of ours we are missing."""

from tocsin.irc.network_state import NetworkState
from tocsin.irc.settings import IrcSettings
from tocsin.irc.signing_on import SigningOn
from tocsin.irc.splits import SplitWatch

NOT_CONNECTED = "the bot is not connected to IRC"
VOICED = frozenset("voqahy")


def obstacle(signing_on: SigningOn, splits: SplitWatch) -> str:
    """Say why no line at all counts, wherever it is said."""
    if not signing_on.welcomed:
        return NOT_CONNECTED
    if missing := signing_on.capabilities.missing:
        return f"the network does not offer {' '.join(missing)}, so nobody can be known here; use the command line"
    if not signing_on.signed_in:
        return "the bot is not signed in to services itself; use the command line"
    if splits.quarantined:
        return "the network is split or was a moment ago; say it again in a minute, or use the command line"
    return ""


def absence(settings: IrcSettings, network: NetworkState) -> str:
    """Say which channel of ours we are not in, or cannot be heard in."""
    for wanted in settings.channels:
        channel = network.channel(wanted.name)
        if not channel:
            return f"the bot is not in {wanted.name}"
        if settings.voice_required and not channel.own_modes & VOICED:
            return no_voice(settings, wanted.name)
    return ""


def no_voice(settings: IrcSettings, channel: str) -> str:
    """Say that we have no voice in a channel, and who can change it, in which words."""
    account = settings.sign_in.account if settings.sign_in else settings.nick
    words = f"/msg {settings.channel_services_nick} FLAGS {channel} {account} +V"
    return f"the bot has no voice (+v) in {channel}; whoever may change its rights there types: {words}"
