"""The time, as the machine has it; who decides by it is given it, and asks nobody."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return this moment."""
        return datetime.now(UTC)
