"""The events of an iCalendar that say who is on call: by their attendees, their summary, or who organises them.

Laws: an event begins and ends by the clock of its own time zone, or of the one configured where it names none; one that
was cancelled says nothing. A rule that repeats by the hour is no rota, and would take too long to follow.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped] # it has no types of its own

from tocsin.domain.people import OnCall
from tocsin.neighbours.rotas.people import Names, RotaPeople
from tocsin.neighbours.rotas.sources import RotaCalendarSettings

Event: TypeAlias = Any
"""A component of a foreign calendar: any of its properties may be anything."""
MOST_EVENTS: Final = 2000
A_DAY: Final = timedelta(days=1)
AN_HOUR: Final = timedelta(hours=1)
TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})

_BETWEEN: Final = re.compile(r"\s+[-\u2013\u2014]\s+|\s*[:,;|/()&\u2192]\s*|\s+and\s+", re.IGNORECASE)


class NoCalendar(Exception):
    """Bytes that are no calendar, or none that can be followed."""


class RotaEvents:
    """One calendar, read; asked for as many moments as one likes."""

    def __init__(self, content: bytes, settings: RotaCalendarSettings, people: RotaPeople) -> None:
        """Read it; raises `NoCalendar`."""
        self._settings, self._people = settings, people
        self._zone = ZoneInfo(settings.timezone)
        try:
            calendar = icalendar.Calendar.from_ical(content)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise NoCalendar(f"it is no iCalendar ({type(error).__name__})") from error
        calendar.subcomponents = [each for each in calendar.subcomponents if not self._is_endless(each)]
        if len(calendar.subcomponents) > MOST_EVENTS:
            raise NoCalendar(f"it has more than {MOST_EVENTS} events")
        self._query = recurring_ical_events.of(calendar, skip_bad_series=True)
        self._near: list[Event] = []
        self._followed_at: datetime | None = None

    def on_call(self, now: datetime) -> OnCall:
        """Return whose events hold at a moment; raises `NoCalendar`."""
        try:
            self._follow(now)
            holding = sorted((each for each in self._near if self._holds(each, now)), key=_order)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise NoCalendar(f"its events cannot be followed ({type(error).__name__})") from error
        wanted = (each for each in holding if _fits(each, self._settings.events))
        asked = [each for each in wanted if not _fits(each, self._settings.backups)]
        backups = [each for each in holding if _fits(each, self._settings.backups)]
        return self._people.on_call(*(chain.from_iterable(map(self._named, each)) for each in (asked, backups)))

    def _follow(self, now: datetime) -> None:
        """Unfold what recurs around a moment: old series take long, and the next hour's moments lie within."""
        if self._followed_at is None or not timedelta() <= now - self._followed_at < AN_HOUR:
            local = now.astimezone(self._zone)
            self._near = self._query.between(local - A_DAY, local + A_DAY)
            self._followed_at = now

    def _is_endless(self, component: Event) -> bool:
        rule = component.get("RRULE")
        rules = rule if isinstance(rule, list) else [rule] if rule else []
        often = any(str(word).upper() in TOO_OFTEN for each in rules for word in each.get("FREQ", ()))
        if often:
            self._people.say_once("an event repeats by the hour or less and is left out", name=_summary(component))
        return often

    def _holds(self, event: Event, now: datetime) -> bool:
        """Days without a time, and times without a zone, are those of the zone configured."""
        if str(event.get("STATUS", "")).upper() == "CANCELLED" or "DTSTART" not in event:
            return False
        starts: date = event["DTSTART"].dt
        ends: date = event["DTEND"].dt if "DTEND" in event else starts + _length(event, starts)
        return self._moment(starts) <= now < self._moment(ends)

    def _moment(self, at: date) -> datetime:
        moment = at if isinstance(at, datetime) else datetime.combine(at, time(0, 0))
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def _named(self, event: Event) -> Iterator[Names]:
        """Whoever of these is known is meant; where nobody is, the whole summary is told as not known."""
        people = self._people
        for names in (_attendees(event, "ATTENDEE"), list(_pieces(event)), _attendees(event, "ORGANIZER")):
            if known := [each for each in names if people.person(each)]:
                yield from known
                return
            if members := [word for each in names for word in _words(each) if people.is_member(word)]:
                yield from members
                return
        yield (_summary(event),)


def _length(event: Event, starts: date) -> timedelta:
    """A day without an end is that day; a time without one is a moment."""
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return length
    return timedelta() if isinstance(starts, datetime) else A_DAY


def _order(event: Event) -> tuple[str, str]:
    return (_summary(event).casefold(), str(event.get("UID", "")))


def _summary(event: Event) -> str:
    return str(event.get("SUMMARY", "")).strip()


def _fits(event: Event, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(_summary(event).casefold(), each.casefold()) for each in patterns)


def _pieces(event: Event) -> Iterator[Names]:
    summary = _summary(event)
    yield from ((piece,) for piece in dict.fromkeys((summary, *_BETWEEN.split(summary))) if piece.strip())


def _words(names: Names) -> Iterator[Names]:
    """`Bo on call` names Bo: of single words only a member of the team is believed."""
    yield from ((word,) for name in names for word in name.split())


def _attendees(event: Event, key: str) -> list[Names]:
    """Who is written down under a key, by address and by name; whoever has declined is not meant."""
    there = event.get(key, [])
    found: list[Names] = []
    for each in there if isinstance(there, list) else [there]:
        parameters = getattr(each, "params", {})
        if str(parameters.get("PARTSTAT", "")).upper() != "DECLINED":
            address = re.sub(r"^mailto:", "", str(each), flags=re.IGNORECASE)
            found.append((address, str(parameters.get("CN", ""))))
    return found
