"""Windows and freezes from what was written down, as moments: right over both changes of daylight saving.

Laws: an hour that a clock skips is the one after it; of an hour that a clock shows twice, the first is meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from tocsin.domain.schedule import Calendar, Freeze, Window

BEHIND: Final = timedelta(days=3)
AHEAD: Final = timedelta(days=28)
"""Two weeks beyond a freeze of two weeks, so that the next window is found from within one."""
WEEK: Final = timedelta(weeks=1)
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
        """Return the windows and freezes from three days ago to four weeks ahead."""
        seen = (*self._windows(now), *self._freezes(now))
        near = [each for each in seen if each.ends > now - BEHIND and each.starts < now + AHEAD]
        freezes = tuple(each for each in near if isinstance(each, Freeze))
        return Calendar(tuple(each for each in near if not isinstance(each, Freeze)), freezes)

    def _windows(self, now: datetime) -> Iterator[Window]:
        yield from (Window(each.name, each.starts, each.ends) for each in self.settings.windows)
        for weekly in self.settings.weekly:
            for day in _days(now, weekly.timezone):
                if day.weekday() in weekly.days:
                    starts = _moment(day, weekly.start, weekly.timezone)
                    yield Window(weekly.name, starts, starts + weekly.length)

    def _freezes(self, now: datetime) -> Iterator[Freeze]:
        yield from (Freeze(each.name, each.starts, each.ends, each.why) for each in self.settings.freezes)
        if barred := self.settings.no_deploy:
            days = [day for day in _days(now, barred.timezone) if day.weekday() in barred.days]
            yield from (_freeze(first, last, barred) for first, last in _runs(days))


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """Days in a row are one freeze, so that what is said of its end is true."""
    by_start = groupby(enumerate(days), key=lambda each: each[1] - timedelta(days=each[0]))
    for _, run in by_start:
        inside = [day for _, day in run]
        yield inside[0], inside[-1]


def _freeze(first: date, last: date, barred: NoDeployDays) -> Freeze:
    starts, ends = (_moment(day, MIDNIGHT, barred.timezone) for day in (first, last + timedelta(days=1)))
    return Freeze("no-deploy days", starts, ends, barred.why)


def _days(now: datetime, timezone: str) -> list[date]:
    """Return the days there, whole weeks more than are asked for: a run of days is not to be cut at the edge."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    first, last = today - BEHIND - WEEK, today + AHEAD + WEEK
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _moment(day: date, hour: time, timezone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(timezone)).astimezone(UTC)
