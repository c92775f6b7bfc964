"""Windows and freezes from what was written down, as moments: right over both changes of daylight saving.

What other systems write is read by others; here stands what the configuration says of them.

Laws: an hour that a clock skips is the one after it; of an hour that a clock shows twice, the first is meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from tocsin.domain.schedule import Calendar, Freeze, Span, Window

BEHIND: Final = timedelta(days=3)
AHEAD: Final = timedelta(days=28)
"""Two weeks beyond a freeze of two weeks, so that the next window is found from within one."""
WEEK: Final = timedelta(weeks=1)
MIDNIGHT: Final = time(0, 0)
ZONES: Final = (("SF", "America/Los_Angeles"),)
"""Zones as people write them on deployment pages, beside those of the time zone database."""
NO_DEPLOYS: Final = r"\bno[ _-]deploy|\b(deploy|deployment|code)[ -]freeze\b"
"""As the days without deployments are usually called."""


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """A window on some days of every week, `days` as `date.weekday()` numbers them, at the hour of its time zone."""

    name: str
    days: frozenset[int]
    start: time
    length: timedelta
    timezone: str


@dataclass(frozen=True, slots=True)
class DatedWindow:
    """A window that is open once, in UTC."""

    name: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class DatedFreeze:
    """A time when deploying is barred, in UTC, and why."""

    name: str
    starts: datetime
    ends: datetime
    why: str


@dataclass(frozen=True, slots=True)
class NoDeployDays:
    """Days of every week when deploying is barred, from midnight to midnight of their time zone."""

    days: frozenset[int]
    timezone: str
    why: str


class SourceKind(StrEnum):
    """What a calendar from outside is written in."""

    PAGE = "deployments-page"
    WIKITEXT = "wikitext"
    ICALENDAR = "icalendar"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """A calendar from outside: what people call it, what it is written in, and its address or its file.

    `page` is where people see it. `timezone` is that of hours without a zone and of its weeks, nothing where the source
    says it itself; `zones` are the zones of other names that it uses. What matches `freeze` bars deploying.
    """

    name: str
    kind: SourceKind
    address: str = field(default="", repr=False)
    file: str = ""
    page: str = ""
    timezone: str = ""
    zones: tuple[tuple[str, str], ...] = ZONES
    freeze: str = NO_DEPLOYS
    empty_weeks_are_frozen: bool = False

    def zone(self, name: str) -> ZoneInfo | None:
        """Return the time zone of a name that the source uses, nothing where there is no such zone."""
        try:
            return ZoneInfo(dict(self.zones).get(name, name))
        except (KeyError, ValueError, OSError):
            return None


@dataclass(frozen=True, slots=True)
class Takes:
    """What windows take whose name matches a pattern: names of targets, or other words for kinds of change."""

    pattern: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """All windows and freezes that were written down, and the calendars elsewhere."""

    weekly: tuple[WeeklyWindow, ...] = ()
    windows: tuple[DatedWindow, ...] = ()
    freezes: tuple[DatedFreeze, ...] = ()
    no_deploy: NoDeployDays | None = None
    sources: tuple[SourceSettings, ...] = ()
    takes: tuple[Takes, ...] = ()

    @property
    def empty(self) -> bool:
        """Say whether nothing was written down here."""
        return not (self.weekly or self.windows or self.freezes or self.no_deploy)

    def taken(self, name: str) -> tuple[str, ...]:
        """Return what a window of this name takes, as far as it was written down."""
        fitting = [each.kinds for each in self.takes if re.search(each.pattern, name, re.IGNORECASE)]
        return tuple(dict.fromkeys(kind for kinds in fitting for kind in kinds))


@dataclass(frozen=True, slots=True)
class ConfiguredCalendars:
    """The calendar of a file."""

    settings: CalendarSettings

    async def around(self, now: datetime) -> Calendar:
        """Return the windows and freezes from three days ago to four weeks ahead."""
        windows = tuple(each for each in self._windows(now) if is_near(each, now))
        return Calendar(windows, tuple(each for each in self._freezes(now) if is_near(each, now)))

    def _windows(self, now: datetime) -> Iterator[Window]:
        taken = self.settings.taken
        yield from (Window(each.name, each.starts, each.ends, takes=taken(each.name)) for each in self.settings.windows)
        for weekly in self.settings.weekly:
            takes = taken(weekly.name)
            for day in days_around(now, weekly.timezone):
                if day.weekday() in weekly.days:
                    starts = moment(day, weekly.start, weekly.timezone)
                    yield Window(weekly.name, starts, starts + weekly.length, takes=takes)

    def _freezes(self, now: datetime) -> Iterator[Freeze]:
        yield from (Freeze(each.name, each.starts, each.ends, each.why) for each in self.settings.freezes)
        if barred := self.settings.no_deploy:
            days = [day for day in days_around(now, barred.timezone) if day.weekday() in barred.days]
            yield from (_freeze(first, last, barred) for first, last in _runs(days))


def days_around(now: datetime, timezone: str) -> list[date]:
    """Return the days there, whole weeks more than are asked for: a run of days is not to be cut at the edge."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    first, last = today - BEHIND - WEEK, today + AHEAD + WEEK
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def moment(day: date, hour: time, timezone: str) -> datetime:
    """Return an hour of a day there, as a moment."""
    return datetime.combine(day, hour, ZoneInfo(timezone)).astimezone(UTC)


def is_near(span: Span, now: datetime) -> bool:
    """Say whether a span lies in the days that are looked at, if only in part."""
    return span.ends > now - BEHIND and span.starts < now + AHEAD


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """Days in a row are one freeze, so that what is said of its end is true."""
    by_start = groupby(enumerate(days), key=lambda each: each[1] - timedelta(days=each[0]))
    for _, run in by_start:
        inside = [day for _, day in run]
        yield inside[0], inside[-1]


def _freeze(first: date, last: date, barred: NoDeployDays) -> Freeze:
    starts, ends = (moment(day, MIDNIGHT, barred.timezone) for day in (first, last + timedelta(days=1)))
    return Freeze("no-deploy days", starts, ends, barred.why)
