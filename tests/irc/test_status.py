"""How the bot's standing reads."""

from tocsin.irc.capabilities import REQUIRED
from tocsin.irc.status import ChannelStatus, IrcStatus


def test_what_is_missing_is_named() -> None:
    channels = (ChannelStatus("#ops", joined=True, voiced=False), ChannelStatus("#log", joined=False, voiced=False))
    status = IrcStatus("irc.example.org:6697", "tocsin_", "", REQUIRED[1:], channels, "nobody can be known here")
    assert status.sentences() == [
        "Connected to irc.example.org:6697 as tocsin_, not signed in.",
        "Capabilities: account-tag, server-time, message-tags, batch.",
        "Missing, so that nothing counts: sasl.",
        "#ops: in it, without a voice (+v).",
        "#log: not in it.",
        "Not all of it counts: nobody can be known here.",
    ]
