"""What the bot wants to say, in the order and at the pace in which it may; how it gets to the server is for session.

Acknowledgements go first, order is kept among equals, and nothing waits without a bound: a bot that floods is silenced
by the network when it is needed most.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.irc.settings import Pace

WAITING_LINES = 200
LIFETIME = timedelta(minutes=5)  # an older line tells of a state that is long gone


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line to be said; of those with one merge key only the newest is worth saying."""

    target: str
    text: str
    merge_key: str | None
    said_at: datetime


class SendingQueue:
    """Two levels of lines behind one token bucket; `dropped` counts what was never said."""

    def __init__(self, pace: Pace) -> None:
        self.dropped = 0
        self._bucket = _Bucket(pace)
        self._urgent: deque[Waiting] = deque()
        self._ordinary: deque[Waiting] = deque()

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

    def _forget(self, merge_key: str | None) -> None:
        if merge_key is None:
            return
        for level in (self._urgent, self._ordinary):
            for line in [line for line in level if line.merge_key == merge_key]:
                level.remove(line)

    def _drop_the_old(self, now: datetime) -> None:
        for level in (self._urgent, self._ordinary):
            while level and now - level[0].said_at > LIFETIME:
                level.popleft()
                self.dropped += 1


class _Bucket:
    """Tokens that come back one by one; a clock that is set back costs nothing but the time since."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._tokens = float(pace.burst)
        self._filled_at: datetime | None = None

    def take(self, now: datetime) -> bool:
        elapsed = (now - (self._filled_at or now)).total_seconds()
        self._filled_at = now
        self._tokens = min(self._pace.burst, self._tokens + max(elapsed, 0.0) / self._pace.seconds_per_line)
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True
