"""calendar.toml: when deploying is usual and when it is barred, as written; which of it holds now is for neighbours."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import Field, model_validator

from tocsin.config.calendar_sources import Patterns, SourceTable, source_settings, takes
from tocsin.config.checking import Table, parse
from tocsin.config.durations import in_words
from tocsin.config.names import Duration, Sentence
from tocsin.config.reading import Source
from tocsin.config.times import Days, Moment, TimeOfDay, Zone, day_numbers
from tocsin.neighbours.calendars.written import CalendarSettings, DatedFreeze, DatedWindow, NoDeployDays, WeeklyWindow

LONGEST_WINDOW = timedelta(days=1)


class WeeklyTable(Table):
    """A window of every week."""

    name: Sentence = Field(description="What people call the window.")
    days: Days = Field(description='The days on which it starts, such as ["mon", "tue"].')
    start: TimeOfDay = Field(description='The hour at which it starts, such as "13:00", in the time zone of the file.')
    length: Duration = Field(description='How long it is open, such as "1 h".')

    @model_validator(mode="after")
    def _within_a_day(self) -> "WeeklyTable":
        if self.length > LONGEST_WINDOW:
            raise ValueError(f"is open for {in_words(self.length)}: a window of every week lasts a day at most")
        return self


class DatedTable(Table):
    """A time with a beginning and an end."""

    name: Sentence = Field(description="What people call it.")
    starts: Moment = Field(description="When it begins, such as 2026-12-21T00:00:00Z.")
    ends: Moment = Field(description="When it is over.")

    @model_validator(mode="after")
    def _forward(self) -> "DatedTable":
        if self.ends <= self.starts:
            raise ValueError("ends before it starts: put the two in order")
        return self


class FreezeTable(DatedTable):
    """A time when deploying is barred."""

    why: Sentence = Field(default="", description="Why, as people are told.")


class NoDeployTable(Table):
    """Days of every week when deploying is barred."""

    days: Days = Field(description='The days, such as ["fri", "sat", "sun"].')
    why: Sentence = Field(default="", description="Why, as people are told.")


class CalendarFile(Table):
    """When deploying is usual, and when it is barred."""

    COLLECTIONS = frozenset({"weekly", "window", "freeze", "source", "takes"})

    timezone: Zone = Field(default="UTC", description="The time zone of weekly hours and of days without deployments.")
    weekly: list[WeeklyTable] = Field(default=[], description="Windows of every week.")
    window: list[DatedTable] = Field(default=[], description="Windows that are open once.")
    freeze: list[FreezeTable] = Field(default=[], description="Times when deploying is barred.")
    no_deploy: NoDeployTable | None = Field(default=None, description="Days of every week without deployments.")
    source: list[SourceTable] = Field(default=[], description="Calendars from outside, beside what stands here.")
    takes: Patterns = Field(
        default={},
        description="What windows take, by a regular expression for their names: targets, or other kinds of change.",
    )


def read_calendar(source: Source, folder: Path) -> CalendarSettings:
    """Read the calendar as far as it is sound; files that it names are seen from the folder."""
    parsed = parse(CalendarFile, source)
    written = parsed.value or CalendarFile()
    zone, barred = written.timezone, written.no_deploy
    numbers = parsed.numbers("source", len(written.source))
    return CalendarSettings(
        weekly=tuple(
            WeeklyWindow(each.name, day_numbers(each.days), each.start, each.length, zone) for each in written.weekly
        ),
        windows=tuple(DatedWindow(each.name, _utc(each.starts), _utc(each.ends)) for each in written.window),
        freezes=tuple(DatedFreeze(each.name, _utc(each.starts), _utc(each.ends), each.why) for each in written.freeze),
        no_deploy=NoDeployDays(day_numbers(barred.days), zone, barred.why) if barred else None,
        sources=source_settings(written.source, numbers, folder, source),
        takes=takes(written.takes),
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
