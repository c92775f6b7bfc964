"""Whether the other end is still there: a dead connection brings no error, only silence."""

from datetime import datetime, timedelta

ASK_EVERY = timedelta(seconds=30)
ANSWER_WITHIN = timedelta(seconds=20)  # servers notice only after minutes


class Keepalive:
    """The time of the last byte and of the last question."""

    def __init__(self, now: datetime) -> None:
        self._asked_at = now
        self._waiting = False

    def heard(self) -> None:
        """A byte came, of whatever kind."""
        self._waiting = False

    def is_due(self, now: datetime) -> bool:
        """Tell whether to send a PING now; a yes counts as having sent it."""
        if self._waiting or now - self._asked_at < ASK_EVERY:
            return False
        self._asked_at, self._waiting = now, True
        return True

    def is_dead(self, now: datetime) -> bool:
        """Tell whether a PING has brought nothing for too long."""
        self._asked_at = min(self._asked_at, now)  # a clock that is set back makes nobody wait longer
        return self._waiting and now - self._asked_at > ANSWER_WITHIN
