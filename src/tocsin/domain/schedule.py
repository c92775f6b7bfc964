"""When deploying is usual (windows) and when it is barred (freezes); reading calendars is left to others."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

STALE_AFTER: Final = timedelta(hours=6)
"""A calendar is read every few minutes: one that was not read for so long may have been rewritten meanwhile."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time with a name; it includes its start and not its end."""

    name: str
    starts: datetime
    ends: datetime

    def holds(self, now: datetime) -> bool:
        """Say whether the moment lies within."""
        return self.starts <= now < self.ends


@dataclass(frozen=True, slots=True)
class Window(Span):
    """A time when deploying is usual: where it is written, the nicks of its deployers, and what it takes.

    `takes` holds names of targets or other words for kinds of change; nothing in it means that this is not known.
    """

    url: str = ""
    who: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()

    def serves(self, kind: str) -> bool:
        """Say whether the window may take a kind of change, as far as is known."""
        return not self.takes or kind.casefold() in (each.casefold() for each in self.takes)


@dataclass(frozen=True, slots=True)
class Freeze(Span):
    """A time when deploying is barred: why, and where it is written."""

    why: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The windows and freezes around now; `known` is false when no calendar answered.

    `as_of` is when the oldest part of it was read, nothing where all of it stands in a file of ours. `silent` names the
    parts that never answered, and `troubles` says what was left out, and why.
    """

    windows: tuple[Window, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    known: bool = True
    as_of: datetime | None = None
    silent: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Say whether every part of it has answered at some time."""
        return self.known and not self.silent

    def age(self, now: datetime) -> timedelta:
        """Return how long ago the oldest part of it was read."""
        return max(now - self.as_of, timedelta()) if self.as_of else timedelta()

    def stale(self, now: datetime) -> bool:
        """Say whether it is so old that people should look at it themselves."""
        return self.age(now) > STALE_AFTER

    def serving(self, kind: str) -> "Calendar":
        """Return the calendar with the windows that may take a kind of change, as far as is known."""
        if all(window.serves(kind) for window in self.windows):
            return self
        return replace(self, windows=tuple(window for window in self.windows if window.serves(kind)))

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
