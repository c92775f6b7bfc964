"""What a calendar from outside holds, whatever it is written in: sorted into windows, freezes and what was left out.

Laws: an entry that makes no sense is left out and named, and takes no other with it; days in a row without deployments
are one freeze, so that what is said of its end is true.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tocsin.domain.schedule import Freeze, Window
from tocsin.neighbours.calendars.written import MIDNIGHT, WEEK, CalendarSettings, SourceSettings, moment

LONGEST_NAME: Final = 100
MOST_PEOPLE: Final = 20
LONGEST_NICK: Final = 40
MOST_ENTRIES: Final = 2000
"""Of one source: four weeks of the busiest deployment calendar known hold about 150."""
PLACEHOLDER: Final = "irc-nickname"
"""What stands in a template until somebody signs up."""
ELLIPSIS: Final = "\u2026"
EMPTY_WEEK: Final = "no windows in the calendar of that week"
FREEZE_NAME: Final = "no-deploy day"
_NO_DEPLOYS: Final = re.compile(r"no[ _-]deploy(?:s|ments?|ing)?(?:[ _-]days?| all day)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was read; `frozen` where it bars deploying."""

    name: str
    starts: datetime
    ends: datetime
    url: str = ""
    who: tuple[str, ...] = ()
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All entries of a source, the days of which it speaks beside them, and in sentences what could not be read."""

    entries: tuple[Entry, ...]
    days: tuple[date, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source answered at a moment, ready to be looked at."""

    windows: tuple[Window, ...]
    freezes: tuple[Freeze, ...]
    troubles: tuple[str, ...]
    as_of: datetime


def answered(reading: Reading, source: SourceSettings, settings: CalendarSettings, now: datetime) -> Answer:
    """Sort what was read into windows and freezes; what goes backwards, or nowhere, is left out and named."""
    troubles = [*reading.troubles, *filter(None, map(_trouble, reading.entries))]
    sound = [each for each in reading.entries if not _trouble(each)]
    if len(sound) > MOST_ENTRIES:
        troubles.append(f"{len(sound)} entries, and only the first {MOST_ENTRIES} are read.")
    sound = sorted(sound, key=lambda each: (each.starts, each.ends))[:MOST_ENTRIES]
    windows = tuple(_window(each, settings) for each in sound if not each.frozen)
    freezes = [*(_freeze(each) for each in sound if each.frozen)]
    if source.empty_weeks_are_frozen:
        freezes += _empty_weeks(sound, reading.days, source.timezone or "UTC")
    return Answer(windows, tuple(_joined(freezes)), tuple(f"{source.name}: {each}" for each in troubles), now)


def is_freeze(name: str, source: SourceSettings) -> bool:
    """Say whether an entry of this name bars deploying."""
    return bool(source.freeze) and re.search(source.freeze, name, re.IGNORECASE) is not None


def bounded(text: str, longest: int = LONGEST_NAME) -> str:
    """Return outside text on one line, and no longer than anybody would read."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}{ELLIPSIS}"


def people(nicks: Iterable[str]) -> tuple[str, ...]:
    """Return the nicks of those who deploy, without those that nobody has."""
    named = (bounded(each, LONGEST_NICK) for each in nicks)
    return tuple(dict.fromkeys(each for each in named if each and each != PLACEHOLDER))[:MOST_PEOPLE]


def decoded(content: bytes) -> str:
    """Return text whatever its encoding: line by line UTF-8, or else what old machines write."""
    return "\n".join(_line(each) for each in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"))


def _line(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _trouble(entry: Entry) -> str:
    when = f"{entry.name!r} of {entry.starts:%Y-%m-%d %H:%M} UTC"
    if entry.ends < entry.starts:
        return f"{when} ends before it begins, and is left out."
    return f"{when} has no length, and is left out." if entry.ends == entry.starts else ""


def _window(entry: Entry, settings: CalendarSettings) -> Window:
    return Window(entry.name, entry.starts, entry.ends, entry.url, entry.who, settings.taken(entry.name))


def _freeze(entry: Entry) -> Freeze:
    """A page writes whole sentences where others write a name: what the first of them tells is why."""
    if not (said := _NO_DEPLOYS.match(entry.name)):
        return Freeze(entry.name, entry.starts, entry.ends, "", entry.url)
    why = re.split(r"[.!?](?:\s|$)", entry.name[said.end() :], maxsplit=1)[0].strip(" :,-")
    return Freeze(FREEZE_NAME, entry.starts, entry.ends, why, entry.url)


def _joined(freezes: Iterable[Freeze]) -> Iterator[Freeze]:
    """Freezes of one name that touch or overlap become one."""
    by_name: dict[tuple[str, str], Freeze] = {}
    for each in sorted(freezes, key=lambda freeze: freeze.starts):
        before = by_name.get((each.name, each.why))
        if before and each.starts <= before.ends:
            by_name[each.name, each.why] = replace(before, ends=max(before.ends, each.ends))
            continue
        if before:
            yield before
        by_name[each.name, each.why] = each
    yield from by_name.values()


def _empty_weeks(entries: list[Entry], days: tuple[date, ...], timezone: str) -> Iterator[Freeze]:
    """Of the weeks that the source covers, those without a window: each from Monday to Monday of its time zone."""
    zone = ZoneInfo(timezone)
    touched = [*days, *(day for each in entries for day in (_day(each.starts, zone), _last_day(each, zone)))]
    if not touched:
        return
    busy = [(each.starts, each.ends) for each in entries if not each.frozen]
    monday, last = _monday(min(touched)), _monday(max(touched))
    weeks = min((last - monday) // WEEK + 1, MOST_ENTRIES)
    for number in range(weeks):
        first = monday + number * WEEK
        starts, ends = (moment(day, MIDNIGHT, timezone) for day in (first, first + WEEK))
        if not any(begin < ends and end > starts for begin, end in busy):
            yield Freeze(EMPTY_WEEK, starts, ends)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _last_day(entry: Entry, zone: ZoneInfo) -> date:
    return _day(entry.ends.astimezone(UTC) - timedelta(microseconds=1), zone)
