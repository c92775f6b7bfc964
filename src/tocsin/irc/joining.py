"""Getting into our channels and back into them; being in one is recorded by the network's state.

Nobody is fought with: somebody who throws the bot out three times wants it out, and then it only looks in now and then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.irc.capabilities import Send
from tocsin.irc.names import Fold
from tocsin.irc.settings import ChannelToJoin

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(seconds=300)
NO_ANSWER = timedelta(seconds=30)
SETTLED_AFTER = timedelta(minutes=5)
KICKS_TAKEN = 3

REFUSALS = {
    "403": "there is no such channel",
    "405": "the bot is in too many channels",
    "437": "the channel is not available just now (a split)",
    "471": "the channel is full",
    "473": "the channel takes only the invited (+i)",
    "474": "the bot is banned there",
    "475": "the channel has another key",
    "476": "that is no name of a channel",
    "477": "the channel takes only accounts known to services",
    "480": "the channel is being joined too fast",
    "489": "the channel takes only TLS connections",
}


@dataclass(slots=True)
class _Wish:
    channel: ChannelToJoin
    next_at: datetime | None = None  # None: in it, or not connected
    joined_at: datetime | None = None
    failures: int = 0
    kicks: int = 0


class Joining:
    """When to try which channel."""

    def __init__(self, channels: Iterable[ChannelToJoin], send: Send) -> None:
        self._wishes = [_Wish(channel) for channel in channels]
        self._send = send

    def is_wanted(self, name: str, fold: Fold) -> bool:
        """Tell whether a channel is one of ours."""
        return bool(self._of(name, fold))

    def begin(self, now: datetime) -> None:
        """Try all of them."""
        for wish in self._wishes:
            wish.next_at = now
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Try those whose time has come."""
        for wish in self._wishes:
            due = wish.next_at and not now < wish.next_at <= now + LONGEST_WAIT  # too far away: the clock was set back
            if due:
                wish.next_at = now + NO_ANSWER
                self._send("JOIN", wish.channel.name, *filter(None, [wish.channel.key]))

    def joined(self, name: str, fold: Fold, now: datetime) -> None:
        """We are in."""
        for wish in self._of(name, fold):
            wish.next_at, wish.joined_at = None, now

    def refused(self, name: str, fold: Fold, now: datetime) -> None:
        """We were not let in."""
        for wish in self._of(name, fold):
            wish.next_at = now + min(FIRST_WAIT * 2 ** min(wish.failures, 10), LONGEST_WAIT)
            wish.failures += 1

    def thrown_out(self, name: str, fold: Fold, now: datetime) -> None:
        """We were kicked or removed."""
        for wish in self._of(name, fold):
            if wish.joined_at and now - wish.joined_at > SETTLED_AFTER:
                wish.kicks = wish.failures = 0
            patient = wish.kicks >= KICKS_TAKEN
            wish.next_at = now + (LONGEST_WAIT if patient else FIRST_WAIT * 2**wish.kicks)
            wish.kicks += 1

    def _of(self, name: str, fold: Fold) -> list[_Wish]:
        return [wish for wish in self._wishes if fold(wish.channel.name) == fold(name)]
