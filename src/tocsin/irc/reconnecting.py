"""When to try the network again after a connection has ended; making one is for the connection.

Networks throttle and then ban who knocks too often, so the waits grow, are never in step with those of others, and no
minute sees more than four attempts whatever happens.
"""

from collections import deque
from collections.abc import Callable

FIRST_SECONDS = 5.0
LONGEST_SECONDS = 300.0
HEALTHY_SECONDS = 300.0
ATTEMPTS_A_MINUTE = 4
MINUTE = 60.0

Jitter = Callable[[float], float]


class Reconnecting:
    """Counts the attempts; times are seconds of any clock that never goes back."""

    def __init__(self, jitter: Jitter) -> None:
        self._jitter = jitter
        self._failures = 0
        self._attempts: deque[float] = deque(maxlen=ATTEMPTS_A_MINUTE)

    def attempted(self, moment: float) -> None:
        """A connection is being made."""
        self._attempts.append(moment)

    def ended(self, lasted_seconds: float) -> None:
        """A connection is over, or was never made."""
        self._failures = 1 if lasted_seconds >= HEALTHY_SECONDS else self._failures + 1

    def wait_seconds(self, moment: float) -> float:
        """Return how long to wait before the next attempt: any time up to a growing bound."""
        if not self._attempts:
            return 0.0
        bound = min(FIRST_SECONDS * 2 ** min(self._failures - 1, 10), LONGEST_SECONDS) if self._failures else 0.0
        full = len(self._attempts) == ATTEMPTS_A_MINUTE
        throttled = self._attempts[0] + MINUTE - moment if full else 0.0
        return max(self._jitter(bound), throttled, 0.0)
