"""What a server says about itself in 005: how it compares names, marks its operators and writes its modes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tocsin.irc.names import Fold, folding


@dataclass(frozen=True, slots=True)
class Supported:
    """The words of 005 that matter here, with what RFC 1459 says where a server says nothing."""

    network: str = ""
    fold: Fold = folding("rfc1459")
    nick_length: int = 9
    channel_types: str = "#&"
    prefix_modes: str = "ov"
    prefixes: str = "@+"
    status_prefixes: str = "@+"  # of STATUSMSG; taken for granted, for a line to some of us is never one to all
    modes_with_parameter: str = "beIqk"
    modes_with_parameter_when_set: str = "lfj"
    topic_length: int | None = None
    whox: bool = False

    def told(self, words: Iterable[str]) -> "Supported":
        """Return this with the words of one more 005 line; what makes no sense is left as it was."""
        supported = self
        for word in words:
            name, _, value = word.partition("=")
            supported = supported._told_one(name.upper(), value)
        return supported

    def mode_takes_parameter(self, mode: str, *, added: bool) -> bool:
        """Tell whether a mode letter is followed by a parameter."""
        if mode in self.prefix_modes or mode in self.modes_with_parameter:
            return True
        return added and mode in self.modes_with_parameter_when_set

    def is_channel(self, target: str) -> bool:
        """Tell whether a target is a channel, and not a person."""
        return target[:1] != "" and target[0] in self.channel_types

    def _told_one(self, name: str, value: str) -> "Supported":
        match name:
            case "CASEMAPPING":
                return replace(self, fold=folding(value.lower()))
            case "NETWORK":
                return replace(self, network=value)
            case "NICKLEN" if value.isdecimal() and value.isascii():
                return replace(self, nick_length=int(value[:6]))
            case "TOPICLEN" if value.isdecimal() and value.isascii():
                return replace(self, topic_length=int(value[:6]))
            case "CHANTYPES" if value:
                return replace(self, channel_types=value)
            case "STATUSMSG":
                return replace(self, status_prefixes=value or self.status_prefixes)
            case "PREFIX" if value.startswith("("):
                modes, _, prefixes = value[1:].partition(")")
                return replace(self, prefix_modes=modes, prefixes=prefixes) if len(modes) == len(prefixes) else self
            case "CHANMODES" if value.count(",") >= 3:
                lists, always, when_set, *_ = value.split(",")
                return replace(self, modes_with_parameter=lists + always, modes_with_parameter_when_set=when_set)
            case "WHOX":
                return replace(self, whox=True)
        return self
