"""What an act brought about, told once on the next page; it is kept here, and never in an address."""

from collections import OrderedDict
from collections.abc import Sequence

MOST_KEPT = 1000


class Flashes:
    """Lines for each session, until they are shown; the oldest go when there are too many."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lines: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def leave(self, session: str, lines: Sequence[str]) -> None:
        """Keep lines for the next page of a session."""
        self._lines[session] = tuple(lines)
        self._lines.move_to_end(session)
        while len(self._lines) > MOST_KEPT:
            self._lines.popitem(last=False)

    def take(self, session: str) -> tuple[str, ...]:
        """Return the lines that wait for a session, once."""
        return self._lines.pop(session, ())
