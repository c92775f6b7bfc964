"""Setting topics when there is news for them; how the piece in them is worded and where it stands is for topics.

Laws: nobody is fought with, so what somebody takes out comes back with the next news alone, and a refusal is taken for
an answer; what somebody else says in the topic while ours is on its way is not lost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.irc.capabilities import Send
from tocsin.irc.events import Event, TopicRefused
from tocsin.irc.message import LONGEST_WRITTEN, UnsafeLine
from tocsin.irc.names import Fold
from tocsin.irc.network_state import Channel, NetworkState
from tocsin.irc.topics import updated
from tocsin.irc.waits import is_over

PAUSE = timedelta(seconds=10)  # between two topics of one channel: the newest news is enough
BETWEEN = timedelta(seconds=1)  # between the topics of different channels: they must not look like a flood
NO_ANSWER = timedelta(seconds=30)
OPERATORS = frozenset("oqah")
UNREADABLE = "\ufffd"  # stands where bytes were no UTF-8: such a topic could not be given back as it was


@dataclass(slots=True)
class _Kept:
    """One channel: the piece wanted there, and the one last dealt with, be it set or refused or without room."""

    name: str
    wanted: str
    settled: str | None = None  # None: not looked at since the start
    on_its_way: str | None = None
    overwritten: str | None = None  # what somebody set while ours was on its way, and ours has replaced
    sent_at: datetime | None = None
    asked_in: Channel | None = None  # the stay in the channel in which we asked for the topic
    refused: bool = False

    def is_due(self, now: datetime) -> bool:
        """Tell whether there is something to set, and the last time is long enough ago."""
        news = self.settled != self.wanted or self.overwritten is not None
        return news and self.on_its_way is None and is_over(self.sent_at, PAUSE, now)


class Topics:
    """The topics of our channels, as far as they are ours; outlives connections."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._sent_at: datetime | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """Those in which a piece was ever wanted, even an empty one."""
        return tuple(self._kept)

    def want(self, name: str, piece: str) -> None:
        """Have a piece in a channel's topic as soon as may be, in place of an older one; none when it is empty."""
        self._kept.setdefault(name, _Kept(name, piece)).wanted = piece

    def begin(self) -> None:
        """Begin on a new connection: what was on its way may never have got there."""
        for kept in self._kept.values():
            kept.on_its_way = kept.overwritten = kept.sent_at = None

    def tick(self, network: NetworkState, send: Send, now: datetime) -> None:
        """Set the topic of one channel, if any is due."""
        for kept in self._kept.values():
            if kept.on_its_way is not None and is_over(kept.sent_at, NO_ANSWER, now):
                kept.settled, kept.on_its_way, kept.overwritten = kept.on_its_way, None, None
        if is_over(self._sent_at, BETWEEN, now):
            for kept, channel in self._due(network, now):
                if self._bring_up(kept, channel, network, send):
                    self._sent_at = kept.sent_at = now
                    return

    def set_by_us(self, name: str, fold: Fold) -> None:
        """Our topic is in force; if it has replaced a newer one, that comes back."""
        for kept in self._of(name, fold):
            if kept.on_its_way is not None:
                kept.settled, kept.on_its_way, kept.refused = kept.on_its_way, None, False

    def set_by_others(self, name: str, topic: str, fold: Fold) -> None:
        """Somebody set the topic; while ours is on its way, ours will replace it."""
        for kept in self._of(name, fold):
            kept.overwritten = topic if kept.on_its_way is not None else None

    def refused(self, name: str, why: str, fold: Fold) -> list[Event]:
        """We may not set it; told once, until it works again."""
        told: list[Event] = []
        for kept in self._of(name, fold):
            if kept.on_its_way is not None:
                told += [] if kept.refused else [TopicRefused(kept.name, why)]
                kept.settled, kept.on_its_way, kept.overwritten, kept.refused = kept.on_its_way, None, None, True
        return told

    def rights_given(self, name: str, fold: Fold) -> None:
        """We were made an operator: what was refused is tried once more."""
        for kept in self._of(name, fold):
            kept.settled = None if kept.refused else kept.settled

    def _due(self, network: NetworkState, now: datetime) -> Iterator[tuple[_Kept, Channel]]:
        for kept in self._kept.values():
            channel = network.channel(kept.name)
            if channel and kept.is_due(now):
                yield kept, channel

    def _bring_up(self, kept: _Kept, channel: Channel, network: NetworkState, send: Send) -> bool:
        """Bring one topic up to date; tell whether anything had to be sent for it."""
        topic = channel.topic if kept.overwritten is None else kept.overwritten
        if topic is None:
            return _ask(kept, channel, send)
        after = updated(topic, kept.wanted, _room(network, channel.name))
        kept.overwritten = None
        if after == channel.topic or UNREADABLE in after or not _is_sent(send, channel.name, after):
            kept.settled = kept.wanted
            return False
        kept.on_its_way = kept.wanted
        return True

    def _of(self, name: str, fold: Fold) -> Iterable[_Kept]:
        return [kept for kept in self._kept.values() if fold(kept.name) == fold(name)]


def _ask(kept: _Kept, channel: Channel, send: Send) -> bool:
    """Ask for a topic that was not told, once a stay: where there is none, many servers say nothing at first."""
    if not kept.wanted or kept.asked_in is channel:
        return False
    kept.asked_in = channel
    send("TOPIC", channel.name)
    return True


def _is_sent(send: Send, name: str, topic: str) -> bool:
    try:
        send("TOPIC", name, topic)
    except UnsafeLine:  # the topic of others holds what we may not say: it is left alone
        return False
    return True


def _room(network: NetworkState, name: str) -> int:
    line = LONGEST_WRITTEN - network.prefix_bytes - len(f"TOPIC {name} :\r\n".encode())
    told = network.supported.topic_length
    return line if told is None else min(line, told)
