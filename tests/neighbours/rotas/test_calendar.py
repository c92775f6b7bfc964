"""A rota as an iCalendar: whose event holds now, right in every time zone; what is no calendar is no answer."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Directory, OnCall, Person, PersonId, TeamId
from tocsin.neighbours.rotas.calendar import CalendarRota
from tocsin.neighbours.rotas.people import RotaPeople
from tocsin.neighbours.rotas.sources import RotaCalendarSettings

SRE = TeamId("sre")
BO, CY, MO = (PersonId(name) for name in ("bo-sre", "cy-sre", "mo-sre"))
DIRECTORY = Directory(
    (
        Person(BO, frozenset({SRE}), emails=("bo@example.org",), known_as=("Bo Berg",)),
        Person(CY, frozenset({SRE}), nicks=("cy",), known_as=("Cyrene Cole",)),
        Person(MO, frozenset({SRE}), nicks=("mo",)),
        Person(PersonId("on"), nicks=("on",)),
    )
)
NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
AROUND_IT = "DTSTART:20261124T000000Z\nDTEND:20261124T080000Z\n"


def event(*lines: str, when: str = AROUND_IT, uid: str = "") -> str:
    return "\n".join(("BEGIN:VEVENT", f"UID:{uid or lines[0]}", when.strip(), *lines, "END:VEVENT", ""))


def calendar(*events: str) -> bytes:
    text = "".join(("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example.org//rota//EN\n", *events, "END:VCALENDAR\n"))
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rota.ics"


async def asked(
    file: Path,
    at: datetime = NIGHT,
    timezone: str = "UTC",
    events: tuple[str, ...] = ("*",),
    backups: tuple[str, ...] = (),
) -> OnCall:
    settings = RotaCalendarSettings(SRE, timezone, str(file), "", events, backups)
    return await CalendarRota(settings, RotaPeople(DIRECTORY, SRE, "a calendar")).on_call(at)


# --- whom an event names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "summary",
    [
        "Bo Berg",
        "bo berg",
        "SRE on call: Bo Berg",
        "On Call - Bo Berg - SRE Primary",
        "Bo Berg (primary)",
        "bo@example.org",
        "bo-sre on call",
    ],
)
async def test_a_summary_names_its_person_in_any_of_the_ways_that_people_write(file: Path, summary: str) -> None:
    file.write_bytes(calendar(event(f"SUMMARY:{summary}")))
    assert await asked(file) == OnCall(((SRE, (BO,)),))


@pytest.mark.parametrize("summary", ["Bo Berg & Cyrene Cole", "Bo Berg and cy", "SRE: Bo Berg\\, cy", "Bo Berg / cy"])
async def test_a_summary_may_name_several(file: Path, summary: str) -> None:
    file.write_bytes(calendar(event(f"SUMMARY:{summary}")))
    assert (await asked(file)).of(SRE) == (BO, CY)


async def test_a_word_that_happens_to_be_the_nick_of_somebody_of_another_team_names_nobody(file: Path) -> None:
    file.write_bytes(calendar(event("SUMMARY:mo on call")))
    with capture_logs() as said:
        assert (await asked(file)).of(SRE) == (MO,)
    assert said == []


async def test_attendees_come_before_the_summary_and_who_declined_is_not_meant(file: Path) -> None:
    attendees = ("ATTENDEE;CN=X:mailto:BO@example.org", "ATTENDEE;PARTSTAT=DECLINED:mailto:mo@example.org")
    file.write_bytes(calendar(event("SUMMARY:cy", "ORGANIZER:mailto:nobody@example.org", *attendees)))
    assert (await asked(file)).of(SRE) == (BO,)


async def test_an_attendee_may_be_known_by_name_alone(file: Path) -> None:
    file.write_bytes(calendar(event('ATTENDEE;CN="Cyrene Cole":mailto:c@example.net', "SUMMARY:Shift")))
    assert (await asked(file)).of(SRE) == (CY,)


async def test_the_organizer_is_meant_where_nothing_else_names_anybody(file: Path) -> None:
    file.write_bytes(calendar(event("SUMMARY:Shift", "ORGANIZER;CN=Bo:mailto:bo@example.org")))
    assert (await asked(file)).of(SRE) == (BO,)


async def test_an_event_that_names_nobody_is_said_by_its_summary(file: Path) -> None:
    file.write_bytes(calendar(event("SUMMARY:Zed Zu on call")))
    with capture_logs() as said:
        assert await asked(file) == OnCall(unknown=frozenset({SRE}))
    assert [each["name"] for each in said] == ["Zed Zu on call"]


async def test_only_events_that_were_named_count_and_others_tell_who_stands_in(file: Path) -> None:
    shifts = [event(f"SUMMARY:{each}") for each in ("Primary: Bo Berg", "Secondary: cy", "Holiday: mo")]
    file.write_bytes(calendar(*shifts))
    told = await asked(file, events=("primary*",), backups=("secondary*",))
    assert told == OnCall(((SRE, (BO,)),), ((SRE, (CY,)),))
    told = await asked(file, backups=("secondary*", "holiday*"))
    assert told == OnCall(((SRE, (BO,)),), ((SRE, (MO, CY)),))


async def test_what_was_cancelled_holds_no_more(file: Path) -> None:
    file.write_bytes(calendar(event("SUMMARY:Bo Berg", "STATUS:CANCELLED"), event("SUMMARY:cy")))
    assert (await asked(file)).of(SRE) == (CY,)


# --- when it holds ----------------------------------------------------------------------------------------------------


async def holds(file: Path, at: datetime, timezone: str = "UTC") -> bool:
    return (await asked(file, at, timezone)).of(SRE) == (BO,)


@pytest.mark.parametrize(
    ("when", "timezone", "begins", "ends"),
    [
        (AROUND_IT, "UTC", datetime(2026, 11, 24, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)),
        (  # the wall clock of the zone that is named, in summer and in winter
            "DTSTART;TZID=America/Los_Angeles:20261124T170000\nDURATION:PT8H",
            "UTC",
            datetime(2026, 11, 25, 1, tzinfo=UTC),
            datetime(2026, 11, 25, 9, tzinfo=UTC),
        ),
        (
            "DTSTART;TZID=America/Los_Angeles:20260724T170000\nDURATION:PT8H",
            "UTC",
            datetime(2026, 7, 25, 0, tzinfo=UTC),
            datetime(2026, 7, 25, 8, tzinfo=UTC),
        ),
        (  # a time without a zone
            "DTSTART:20261124T090000\nDTEND:20261124T170000",
            "Europe/Berlin",
            datetime(2026, 11, 24, 8, tzinfo=UTC),
            datetime(2026, 11, 24, 16, tzinfo=UTC),
        ),
        (  # days
            "DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261126",
            "America/Los_Angeles",
            datetime(2026, 11, 24, 8, tzinfo=UTC),
            datetime(2026, 11, 26, 8, tzinfo=UTC),
        ),
        (  # one day, which has 25 hours
            "DTSTART;VALUE=DATE:20261025",
            "Europe/Berlin",
            datetime(2026, 10, 24, 22, tzinfo=UTC),
            datetime(2026, 10, 25, 23, tzinfo=UTC),
        ),
        (  # a week of nights: the fourth
            "DTSTART;TZID=Asia/Tokyo:20261121T220000\nDTEND;TZID=Asia/Tokyo:20261122T060000\nRRULE:FREQ=DAILY;COUNT=4",
            "UTC",
            datetime(2026, 11, 24, 13, tzinfo=UTC),
            datetime(2026, 11, 24, 21, tzinfo=UTC),
        ),
        (  # a weekly shift from before the clocks changed: it keeps to the wall
            "DTSTART;TZID=Europe/Berlin:20261005T090000\nDURATION:P7D\nRRULE:FREQ=WEEKLY;INTERVAL=8",
            "UTC",
            datetime(2026, 11, 30, 8, tzinfo=UTC),
            datetime(2026, 12, 7, 8, tzinfo=UTC),
        ),
    ],
)
async def test_an_event_begins_and_ends_by_the_clock_of_its_zone(
    file: Path, when: str, timezone: str, begins: datetime, ends: datetime
) -> None:
    file.write_bytes(calendar(event("SUMMARY:Bo Berg", when=when)))
    second = timedelta(seconds=1)
    moments = (begins - second, begins, ends - second, ends)
    assert [await holds(file, at, timezone) for at in moments] == [False, True, True, False]


async def test_a_shift_that_was_swapped_is_the_others(file: Path) -> None:
    weekly = event("SUMMARY:Bo Berg", "RRULE:FREQ=WEEKLY", when="DTSTART:20261103T000000Z\nDURATION:P1D", uid="1")
    swapped = event(
        "SUMMARY:cy", "RECURRENCE-ID:20261124T000000Z", when="DTSTART:20261124T000000Z\nDURATION:P1D", uid="1"
    )
    file.write_bytes(calendar(weekly, swapped))
    week = timedelta(weeks=1)
    assert [(await asked(file, at)).of(SRE) for at in (NIGHT - week, NIGHT, NIGHT + week)] == [(BO,), (CY,), (BO,)]


async def test_a_shift_that_was_taken_out_of_a_series_is_nobodys(file: Path) -> None:
    out = ("RRULE:FREQ=WEEKLY", "EXDATE:20261124T000000Z")
    file.write_bytes(calendar(event("SUMMARY:Bo Berg", *out, when="DTSTART:20261103T000000Z\nDURATION:P1D")))
    assert not await holds(file, NIGHT)
    assert await holds(file, NIGHT + timedelta(weeks=1))


async def test_a_rule_that_repeats_by_the_hour_is_left_out_and_the_rest_is_read(file: Path) -> None:
    endless = event("SUMMARY:Mo", "RRULE:FREQ=HOURLY", when="DTSTART:19700101T000000Z\nDURATION:PT1S")
    file.write_bytes(calendar(endless, event("SUMMARY:Bo Berg")))
    with capture_logs() as said:
        assert await holds(file, NIGHT)
    assert [each["name"] for each in said] == ["Mo"]


async def test_one_calendar_is_right_at_every_moment_that_it_is_asked_about(file: Path) -> None:
    nights = event("SUMMARY:Bo Berg", "RRULE:FREQ=DAILY", when="DTSTART:20261101T220000Z\nDURATION:PT8H")
    days = event("SUMMARY:cy", "RRULE:FREQ=DAILY", when="DTSTART:20261101T060000Z\nDURATION:PT16H")
    file.write_bytes(calendar(nights, days))
    kept = CalendarRota(RotaCalendarSettings(SRE, file=str(file)), RotaPeople(DIRECTORY, SRE, "a calendar"))
    for minutes in (*range(0, 3 * 24 * 60, 7), 0):
        at = NIGHT + timedelta(minutes=minutes)
        assert (await kept.on_call(at)).of(SRE) == ((CY,) if 6 <= at.hour < 22 else (BO,)), at


# --- where it is ------------------------------------------------------------------------------------------------------


async def test_a_file_that_was_written_anew_is_read_anew(file: Path) -> None:
    kept = CalendarRota(RotaCalendarSettings(SRE, file=str(file)), RotaPeople(DIRECTORY, SRE, "a calendar"))
    file.write_bytes(calendar(event("SUMMARY:Bo Berg")))
    assert (await kept.on_call(NIGHT)).of(SRE) == (BO,)
    before = file.stat()
    file.write_bytes(calendar(event("SUMMARY:cy-sre ")))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (await kept.on_call(NIGHT)).of(SRE) == (CY,)


@pytest.mark.parametrize("content", [b"", b"<html>Sign in</html>", calendar()[:40], b"BEGIN:VCALENDAR\xff\r\n"])
async def test_what_is_no_calendar_is_no_answer(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(Unreachable, match=r"rota\.ics.* it is no iCalendar"):
        await asked(file)


async def test_a_calendar_without_events_says_that_nobody_is_on_call(file: Path) -> None:
    file.write_bytes(calendar())
    assert await asked(file) == OnCall(unknown=frozenset({SRE}))


async def test_a_file_that_is_not_there_is_no_answer(file: Path) -> None:
    with pytest.raises(Unreachable, match=r"rota\.ics.* cannot be read: No such file"):
        await asked(file)


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as served:
        yield served


def fetched(web: Site) -> CalendarRota:
    settings = RotaCalendarSettings(SRE, address=f"{web.address}/private-0f3c/basic.ics?x=1")
    return CalendarRota(settings, RotaPeople(DIRECTORY, SRE, "a calendar"))


async def test_a_calendar_is_fetched_from_its_address(web: Site) -> None:
    web.answers["/private-0f3c/basic.ics?x=1"] = Answer(calendar(event("SUMMARY:Bo Berg")))
    assert (await fetched(web).on_call(NIGHT)).of(SRE) == (BO,)


@pytest.mark.parametrize("answer", [Answer(b"", 404), Answer(b"", 500), Answer(b"<html>Sign in</html>")])
async def test_an_address_that_may_be_a_secret_is_in_no_error(web: Site, answer: Answer) -> None:
    web.answers["/private"] = answer
    asked = fetched(web)
    with pytest.raises(Unreachable) as caught:
        await asked.on_call(NIGHT)
    assert "the rota of 127.0.0.1" in str(caught.value)
    assert "0f3c" not in f"{caught.value!r} {asked!r} {asked.settings!r}"
