"""Whether a wait is over."""

from datetime import datetime, timedelta


def is_over(since: datetime | None, wait: timedelta, now: datetime) -> bool:
    """Tell whether a wait is over; one that never began is, and a clock that was set back ends it too."""
    return since is None or not timedelta(0) <= now - since < wait
