"""How often somebody may try to sign in: a few times a while from one place, so that nobody guesses."""

from collections import OrderedDict
from datetime import datetime, timedelta

MOST = 10
WITHIN = timedelta(minutes=5)
MOST_PLACES = 10_000
"""Places that are remembered; the one that tried longest ago is forgotten first."""


class Tries:
    """The failed tries of each place, of the last while."""

    def __init__(self) -> None:
        """Begin with none."""
        self._failed: OrderedDict[str, tuple[datetime, ...]] = OrderedDict()

    def wait(self, place: str, now: datetime) -> timedelta | None:
        """Return how long a place must wait before it may try again; nothing where it may now."""
        lately = self._lately(place, now)
        return lately[-MOST] + WITHIN - now if len(lately) >= MOST else None

    def failed(self, place: str, now: datetime) -> None:
        """Note a try that failed."""
        self._failed[place] = (*self._lately(place, now), now)[-MOST:]
        self._failed.move_to_end(place)
        while len(self._failed) > MOST_PLACES:
            self._failed.popitem(last=False)

    def _lately(self, place: str, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self._failed.get(place, ()) if now - at < WITHIN)
