"""When deploying is usual (windows) and when it is barred (freezes); reading calendars is left to others."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Window:
    """A time when deploying is usual; it includes its start and not its end."""

    name: str
    starts: datetime
    ends: datetime

    def holds(self, now: datetime) -> bool:
        """Say whether the moment lies within."""
        return self.starts <= now < self.ends


@dataclass(frozen=True, slots=True)
class Freeze(Window):
    """A time when deploying is barred, and why."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The windows and freezes around now; `known` is false when no calendar answered."""

    windows: tuple[Window, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    known: bool = True

    def open_at(self, now: datetime) -> Window | None:
        """Return the window open now that lasts longest; none while a freeze holds."""
        if self.freeze_at(now):
            return None
        return max((window for window in self.windows if window.holds(now)), key=lambda each: each.ends, default=None)

    def next_after(self, now: datetime) -> Window | None:
        """Return the next window that starts later and does not start in a freeze."""
        ahead = (window for window in self.windows if window.starts > now and not self.freeze_at(window.starts))
        return min(ahead, key=lambda each: each.starts, default=None)

    def freeze_at(self, now: datetime) -> Freeze | None:
        """Return the freeze that holds now and lasts longest."""
        return max((freeze for freeze in self.freezes if freeze.holds(now)), key=lambda each: each.ends, default=None)
