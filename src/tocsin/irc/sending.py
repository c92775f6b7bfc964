"""What the bot wants to say, in the order and at the pace in which it may; how it gets to the server is for session.

Acknowledgements go first, order is kept among equals, and nothing waits without a bound: a bot that floods is silenced
by the network when it is needed most. What tells how something stands is said however late, unless it was overtaken.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from tocsin.irc.settings import Pace

WAITING_LINES = 200
LIFETIME = timedelta(minutes=5)  # an older line tells of a state that is long gone
OVERTAKEN_AFTER = timedelta(minutes=1)  # so long a line waits only where we are not, or behind a crowd of others
UNECHOED_LINES = 50


class About(NamedTuple):
    """Which thing a line tells of, and of which moment: a later line that waits too says all that still matters."""

    thing: str
    moment: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line to be said; of those with one merge key only the newest is worth saying."""

    target: str
    text: str
    merge_key: str | None
    said_at: datetime
    about: About | None = None


class SendingQueue:
    """Two levels of lines behind one token bucket; `dropped` counts what was never said."""

    def __init__(self, pace: Pace) -> None:
        self.dropped = 0
        self._bucket = _Bucket(pace)
        self._urgent: deque[Waiting] = deque()
        self._ordinary: deque[Waiting] = deque()
        self._unechoed: deque[Waiting] = deque(maxlen=UNECHOED_LINES)

    def __len__(self) -> int:
        return len(self._urgent) + len(self._ordinary)

    def put(self, line: Waiting, *, urgent: bool) -> None:
        """Let a line wait for its turn, in place of an older one with the same merge key."""
        self._forget(line.merge_key)
        if len(self) >= WAITING_LINES:
            (self._ordinary or self._urgent).popleft()
            self.dropped += 1
        (self._urgent if urgent else self._ordinary).append(line)

    def take(self, now: datetime, can_reach: Callable[[str], bool]) -> list[Waiting]:
        """Return the lines whose turn it is; those to places that we cannot reach yet go on waiting."""
        self._drop_the_old(now)
        taken: list[Waiting] = []
        for level in (self._urgent, self._ordinary):
            for line in [line for line in level if can_reach(line.target)]:
                if not self._bucket.take(now):
                    return taken
                level.remove(line)
                taken.append(line)
        return taken

    def expect_echo(self, line: Waiting) -> None:
        """Keep a line that was sent, until the network shows that it was said."""
        self._unechoed.append(line)

    def echoed(self, target: str, text: str) -> None:
        """Forget a line that was said, and those sent before it: the network refused them, or keeps no order."""
        place = next((n for n, line in enumerate(self._unechoed) if (line.target, line.text) == (target, text)), None)
        for _ in range(0 if place is None else place + 1):
            self._unechoed.popleft()

    def holds(self, target: str, text: str) -> bool:
        """Say whether a line still waits for its turn, or for the network to show that it was said."""
        lines = chain(self._urgent, self._ordinary, self._unechoed)
        return any((line.target, line.text) == (target, text) for line in lines)

    def put_back(self) -> None:
        """Let what was sent into a connection that has ended, and not seen again, be said once more."""
        fresh = [line for line in self._unechoed if len(self) < WAITING_LINES]
        self._urgent.extendleft(reversed(fresh))
        self._unechoed.clear()

    def _forget(self, merge_key: str | None) -> None:
        if merge_key is None:
            return
        for level in (self._urgent, self._ordinary):
            for line in [line for line in level if line.merge_key == merge_key]:
                level.remove(line)

    def _drop_the_old(self, now: datetime) -> None:
        waiting = list(chain(self._urgent, self._ordinary))
        if not any(now - line.said_at > OVERTAKEN_AFTER for line in waiting):
            return
        newest: dict[tuple[str, str], int] = {}
        for line in waiting:
            if line.about:
                key = (line.target, line.about.thing)
                newest[key] = max(newest.get(key, line.about.moment), line.about.moment)
        for level in (self._urgent, self._ordinary):
            for line in [line for line in level if _is_stale(line, newest, now)]:
                level.remove(line)
                self.dropped += 1


def _is_stale(line: Waiting, newest: dict[tuple[str, str], int], now: datetime) -> bool:
    if line.about is None:
        return now - line.said_at > LIFETIME
    overtaken = line.about.moment < newest[line.target, line.about.thing]
    return overtaken and now - line.said_at > OVERTAKEN_AFTER


class _Bucket:
    """Tokens that come back one by one; a clock that is set back costs nothing but the time since."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._tokens = float(pace.burst)
        self._filled_at: datetime | None = None

    def take(self, now: datetime) -> bool:
        if self._pace.seconds_per_line <= 0:
            return True
        elapsed = (now - (self._filled_at or now)).total_seconds()
        self._filled_at = now
        self._tokens = min(self._pace.burst, self._tokens + max(elapsed, 0.0) / self._pace.seconds_per_line)
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
