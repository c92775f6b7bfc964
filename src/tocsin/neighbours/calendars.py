"""Windows and freezes from what was written down, as moments: right over both changes of daylight saving.

Laws: an hour that a clock skips is the one after it; of an hour that a clock shows twice, the first is meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tocsin.domain.schedule import Calendar, Freeze, Window

DAYS_BEFORE: Final = 2
DAYS_AHEAD: Final = 15
MIDNIGHT: Final = time(0, 0)


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


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """All windows and freezes that were written down."""

    weekly: tuple[WeeklyWindow, ...] = ()
    windows: tuple[DatedWindow, ...] = ()
    freezes: tuple[DatedFreeze, ...] = ()
    no_deploy: NoDeployDays | None = None


@dataclass(frozen=True, slots=True)
class ConfiguredCalendars:
    """The calendar of a file."""

    settings: CalendarSettings

    async def around(self, now: datetime) -> Calendar:
        """Return the windows and freezes from two days ago to two weeks ahead."""
        return Calendar(tuple(self._windows(now)), tuple(self._freezes(now)))

    def _windows(self, now: datetime) -> Iterator[Window]:
        for each in self.settings.windows:
            yield Window(each.name, each.starts, each.ends)
        for weekly in self.settings.weekly:
            for day in _days(now, weekly.timezone):
                if day.weekday() in weekly.days:
                    starts = _moment(day, weekly.start, weekly.timezone)
                    yield Window(weekly.name, starts, starts + weekly.length)

    def _freezes(self, now: datetime) -> Iterator[Freeze]:
        for each in self.settings.freezes:
            yield Freeze(each.name, each.starts, each.ends, each.why)
        barred = self.settings.no_deploy
        yield from _runs(now, barred) if barred else ()


def _runs(now: datetime, barred: NoDeployDays) -> Iterator[Freeze]:
    """Days in a row are one freeze, so that what is said of its end is true."""
    first: date | None = None
    for day in _days(now, barred.timezone):
        if day.weekday() in barred.days:
            first = first or day
        elif first:
            yield _freeze(first, day, barred)
            first = None
    if first:
        yield _freeze(first, next_day(day), barred)


def _freeze(first: date, after: date, barred: NoDeployDays) -> Freeze:
    starts, ends = (_moment(day, MIDNIGHT, barred.timezone) for day in (first, after))
    return Freeze("no-deploy days", starts, ends, barred.why)


def next_day(day: date) -> date:
    """Return the day after."""
    return day + timedelta(days=1)


def _days(now: datetime, timezone: str) -> list[date]:
    today = now.astimezone(ZoneInfo(timezone)).date()
    return [today + timedelta(days=number) for number in range(-DAYS_BEFORE, DAYS_AHEAD + 1)]


def _moment(day: date, hour: time, timezone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(timezone)).astimezone(UTC)
