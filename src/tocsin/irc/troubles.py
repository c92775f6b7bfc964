"""What the bot goes on without and somebody should mend: topics that it may not set, lines that the network refused.

What makes lines of others not count is for obstacles.
"""

from collections.abc import Callable

from tocsin.irc.events import ChannelLost, Disconnected, Echoed, Event, TopicChanged, TopicRefused, Undelivered
from tocsin.irc.replies import visible
from tocsin.irc.settings import IrcSettings


class Troubles:
    """The troubles of each channel of ours, until the network shows that they are over."""

    def __init__(self, settings: IrcSettings, fold: Callable[[str], str], is_own: Callable[[str], bool]) -> None:
        """Take the channels, and ways to compare names and to know our own."""
        self._settings = settings
        self._fold = fold
        self._is_own = is_own
        self._topics: dict[str, str] = {}
        self._lines: dict[str, str] = {}

    def sentences(self) -> tuple[str, ...]:
        """Return each trouble with what to do about it."""
        return (*self._lines.values(), *self._topics.values())

    def heard(self, event: Event) -> None:
        """Take in what the session tells."""
        match event:
            case TopicRefused():
                self._topics[self._fold(event.channel)] = _refused(event)
            case TopicChanged() if self._is_own(event.nick or ""):
                self._topics.pop(self._fold(event.channel), None)
            case Undelivered() if self._is_ours(event.target):
                self._lines[self._fold(event.target)] = _undelivered(event)
            case Echoed():
                self._lines.pop(self._fold(event.target), None)
            case ChannelLost():
                self._topics.pop(self._fold(event.channel), None)
                self._lines.pop(self._fold(event.channel), None)
            case Disconnected():
                self._topics.clear()
                self._lines.clear()
            case _:
                pass

    def _is_ours(self, target: str) -> bool:
        return any(self._fold(channel.name) == self._fold(target) for channel in self._settings.channels)


def _refused(event: TopicRefused) -> str:
    rights = "it takes the rights of an operator or half-operator there, or a channel without +t"
    return f"the bot may not set the topic of {event.channel}; {rights}"


def _undelivered(event: Undelivered) -> str:
    why = visible(event.why).rstrip(".")
    return f"the last line of the bot did not get through to {event.target} ({why}); give it a voice there"
