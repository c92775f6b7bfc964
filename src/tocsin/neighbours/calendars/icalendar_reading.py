"""Events of an iCalendar (RFC 5545) as windows and freezes: what recurs is unfolded, each exception kept.

Laws: a series that makes no sense is left out and named, and takes no other with it; nothing that is cancelled, or that
takes nobody's time, is a window. A freeze bars deploying though it takes nobody's time: holidays are written so.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from math import prod
from time import monotonic
from typing import Final, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped] # it has no types

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.calendars.entries import MOST_ENTRIES, Entry, Reading, bounded, decoded, is_freeze
from tocsin.neighbours.calendars.written import AHEAD, BEHIND, MIDNIGHT, WEEK, SourceSettings

UNNAMED: Final = "an event without a name"
LONGEST_URL: Final = 300
FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_A_DAY: Final = 24
"""How often a day an event may recur: unfolding one of every second would take all our time."""
OLDEST_YEAR: Final = 1970
LONGEST_SECONDS: Final = 20.0
DAY: Final = timedelta(days=1)

Series: TypeAlias = list[icalendar.Component]
Span: TypeAlias = tuple[datetime, datetime]
Moment: TypeAlias = date | datetime


class Odd(ValueError):
    """A series that cannot be unfolded, in words that tell why."""


def read_icalendar(content: bytes, source: SourceSettings, now: datetime) -> Reading:
    """Return the events of the weeks around now; raises `Unreachable` for what is no iCalendar."""
    calendars = _calendars(decoded(content), source)
    floating = _floating(calendars, source)
    span = (now - BEHIND - WEEK - DAY, now + AHEAD + WEEK + DAY)
    entries: list[Entry] = []
    troubles: list[str] = []
    until = monotonic() + LONGEST_SECONDS
    for series in (series for each in calendars for series in _series(each)):
        if monotonic() > until:
            raise Unreachable(source.name, f"it takes more than {LONGEST_SECONDS:g} s to unfold what recurs in it")
        try:
            entries += _entries(series, _zone(series, source, floating), source, span)
        except Odd as why:
            troubles.append(f"{_name(series[0])!r} {why}, and is left out.")
        if len(entries) > 2 * MOST_ENTRIES:
            break
    return Reading(tuple(entries), troubles=tuple(troubles))


def _calendars(text: str, source: SourceSettings) -> list[icalendar.Component]:
    if "BEGIN:VCALENDAR" not in text.upper():
        raise Unreachable(source.name, "it answered something else than an iCalendar")
    calendars: list[icalendar.Component] = []
    with suppress(ValueError, KeyError, IndexError, TypeError):
        calendars += icalendar.Calendar.from_ical(text, multiple=True)
    if not calendars or not text.rstrip().upper().endswith("END:VCALENDAR"):
        raise Unreachable(source.name, "its iCalendar is broken off or cannot be read")
    return calendars


def _series(calendar: icalendar.Component) -> Iterator[Series]:
    """Yield events with those that change single occurrences of them: they bear the same UID."""
    by_uid: dict[str, Series] = defaultdict(list)
    for number, event in enumerate(calendar.walk("VEVENT")):
        by_uid[str(event.get("UID") or f"without a UID, {number}")].append(event)
    yield from by_uid.values()


def _entries(series: Series, zone: ZoneInfo, source: SourceSettings, span: Span) -> list[Entry]:
    """Unfold one series; an event that goes backwards is no series, and is told as it stands."""
    judged = [(each, _forward(each, zone)) for each in series]
    sound = [each for each, forward in judged if forward]
    backwards = [_entry(each, zone, source) for each, forward in judged if not forward]
    if not any(_recurs(each) for each in sound):
        once = [_entry(each, zone, source) for each in sound if _counts(each, source)]
        return [*backwards, *(each for each in once if each.ends > span[0] and each.starts < span[1])]
    for each in sound:
        _check_rules(each)
    occurrences = [each for each in _unfolded(sound, span) if _counts(each, source)]
    return [*backwards, *(_entry(each, zone, source) for each in occurrences)]


def _unfolded(series: Series, span: Span) -> list[icalendar.Component]:
    alone = icalendar.Calendar()
    for each in series:
        alone.add_component(each)
    try:
        return list(recurring_ical_events.of(alone).between(*span))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise Odd("recurs in a way that cannot be read") from error


def _entry(event: icalendar.Component, zone: ZoneInfo, source: SourceSettings) -> Entry:
    starts, ends = _times(event)
    name, url = _name(event), _url(event) or source.page
    return Entry(name, _utc(starts, zone), _utc(ends, zone), url, (), _is_freeze(event, source))


def _counts(event: icalendar.Component, source: SourceSettings) -> bool:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    return str(event.get("TRANSP", "")).upper() != "TRANSPARENT" or _is_freeze(event, source)


def _is_freeze(event: icalendar.Component, source: SourceSettings) -> bool:
    return any(is_freeze(each, source) for each in (_name(event), *_categories(event)))


def _categories(event: icalendar.Component) -> Iterator[str]:
    given = event.get("CATEGORIES", [])
    for each in given if isinstance(given, list) else [given]:
        yield from (str(word) for word in getattr(each, "cats", ()))


def _name(event: icalendar.Component) -> str:
    return bounded(str(event.get("SUMMARY") or "")) or UNNAMED


def _url(event: icalendar.Component) -> str:
    given = str(event.get("URL") or "")
    return given if len(given) <= LONGEST_URL and urlsplit(given).scheme in ("http", "https") else ""


def _times(event: icalendar.Component) -> tuple[Moment, Moment]:
    """Return start and end as they stand there; a day without an end is that day, an hour without one has no length."""
    starts, ends = _value(event, "DTSTART"), _value(event, "DTEND")
    if not isinstance(starts, date):
        raise Odd("does not say when it begins")
    try:
        return starts, ends if isinstance(ends, date) else _after(starts, _value(event, "DURATION"))
    except OverflowError:
        raise Odd("is at the end of all time") from None


def _after(starts: Moment, length: object) -> Moment:
    if not isinstance(length, timedelta):
        return starts if isinstance(starts, datetime) else starts + DAY
    whole_days = isinstance(starts, datetime) or not length % DAY
    return (starts if whole_days else datetime.combine(starts, MIDNIGHT)) + length


def _value(event: icalendar.Component, key: str) -> object:
    given = event.get(key)
    try:
        return getattr(given[0] if isinstance(given, list) else given, "dt", None)
    except ValueError:
        raise Odd(f"has a {key} that cannot be read") from None


def _forward(event: icalendar.Component, zone: ZoneInfo) -> bool:
    starts, ends = (_utc(each, zone) for each in _times(event))
    if starts.year < OLDEST_YEAR:
        raise Odd(f"begins before {OLDEST_YEAR}")
    return ends > starts


def _utc(at: Moment, zone: ZoneInfo) -> datetime:
    """A whole day begins at midnight there, and an hour without a zone is an hour there."""
    try:
        there = at if isinstance(at, datetime) else datetime.combine(at, MIDNIGHT)
        return (there if there.tzinfo else there.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise Odd("is at the end of all time") from None


def _recurs(event: icalendar.Component) -> bool:
    return any(key in event for key in ("RRULE", "RDATE", "RECURRENCE-ID"))


def _check_rules(event: icalendar.Component) -> None:
    given = event.get("RRULE", [])
    for rule in given if isinstance(given, list) else [given]:
        try:
            frequency, interval = str(rule["FREQ"][0]).upper(), int(rule.get("INTERVAL", [1])[0])
            a_day = prod(len(rule.get(key, [0])) for key in ("BYHOUR", "BYMINUTE", "BYSECOND"))
        except (KeyError, IndexError, ValueError, TypeError):
            raise Odd("recurs in a way that cannot be read") from None
        if frequency not in FREQUENCIES or a_day > MOST_A_DAY or interval < 1:
            raise Odd(f"recurs more than {MOST_A_DAY} times a day")


def _zone(series: Series, source: SourceSettings, floating: ZoneInfo) -> ZoneInfo:
    """Return the zone of hours that say none, or one by a name that only `zones` knows."""
    at, given = _value(series[0], "DTSTART"), series[0].get("DTSTART")
    named = str(getattr(given, "params", {}).get("TZID", ""))
    if not named or (isinstance(at, datetime) and at.tzinfo is not None):
        return floating
    zone = source.zone(named)
    if zone is None:
        raise Odd(f"is in the time zone {bounded(named, 30)!r}, which is not in zones of calendar.toml")
    return zone


def _floating(calendars: list[icalendar.Component], source: SourceSettings) -> ZoneInfo:
    """Return the configured zone, or the one that a whole calendar names for itself, as many do."""
    named = (str(each.get("X-WR-TIMEZONE", "")) for each in calendars)
    zones = (source.zone(each) for each in (source.timezone, *named) if each)
    return next((zone for zone in zones if zone), ZoneInfo("UTC"))
