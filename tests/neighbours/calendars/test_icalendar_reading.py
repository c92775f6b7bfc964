"""Events of an iCalendar: unfolded with each exception, in the zone that they mean, and nothing that never happens."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.calendars.entries import Reading
from tocsin.neighbours.calendars.icalendar_reading import read_icalendar
from tocsin.neighbours.calendars.written import SourceKind, SourceSettings

NOW = datetime(2026, 10, 26, tzinfo=UTC)
SPRING = datetime(2027, 3, 21, tzinfo=UTC)
SOURCE = SourceSettings("Holidays", SourceKind.ICALENDAR, freeze="freeze|holiday", timezone="Europe/Berlin")
BERLIN, LOS_ANGELES = "Europe/Berlin", "America/Los_Angeles"
HOUR = timedelta(hours=1)


def event(*lines: str, uid: str = "1@example.org", name: str = "Backports") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{name}", *lines, "END:VEVENT", ""])


def calendar(*events: str, more: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example\r\n{more}{''.join(events)}END:VCALENDAR\r\n".encode()


def read(*events: str, now: datetime = NOW, source: SourceSettings = SOURCE) -> Reading:
    return read_icalendar(calendar(*events), source, now)


def starts(reading: Reading) -> list[str]:
    return [each.starts.strftime("%m-%d %H:%M") for each in reading.entries]


def daily(zone: str, hour: str, first: str, *more: str) -> str:
    end = f"{int(hour[:2]) + 1:02}{hour[2:]}"
    return event(f"DTSTART;TZID={zone}:{first}T{hour}", f"DTEND;TZID={zone}:{first}T{end}", "RRULE:FREQ=DAILY", *more)


@pytest.mark.parametrize(
    ("zone", "first", "now"),
    [
        (BERLIN, "20261012", NOW),
        (LOS_ANGELES, "20261012", NOW),
        (BERLIN, "20270301", SPRING),
        (LOS_ANGELES, "20270301", SPRING),
    ],
)
def test_what_recurs_stays_at_its_hour_over_a_change_of_daylight_saving(zone: str, first: str, now: datetime) -> None:
    entries = read(daily(zone, "130000", first), now=now).entries
    assert {each.starts.astimezone(ZoneInfo(zone)).hour for each in entries} == {13}
    assert len({each.starts.hour for each in entries}) == 2
    assert {each.ends - each.starts for each in entries} == {HOUR}


@pytest.mark.parametrize("zone", [BERLIN, LOS_ANGELES])
@pytest.mark.parametrize(("first", "now"), [("20261012", NOW), ("20270301", SPRING)])
def test_an_hour_without_a_zone_is_one_of_the_zone_that_was_named(zone: str, first: str, now: datetime) -> None:
    source = SourceSettings("Holidays", SourceKind.ICALENDAR, timezone=zone)
    floating = event(f"DTSTART:{first}T130000", f"DTEND:{first}T140000", "RRULE:FREQ=DAILY")
    assert starts(read(floating, now=now, source=source)) == starts(read(daily(zone, "130000", first), now=now))


def test_a_calendar_that_names_its_zone_for_itself_is_believed_where_none_is_configured() -> None:
    floating = event("DTSTART:20261102T130000", "DTEND:20261102T140000")
    source = SourceSettings("Holidays", SourceKind.ICALENDAR)
    content = calendar(floating, more="X-WR-TIMEZONE:America/Los_Angeles\r\n")
    assert starts(read_icalendar(content, source, NOW)) == ["11-02 21:00"]
    assert starts(read_icalendar(content, SOURCE, NOW)) == ["11-02 12:00"]
    assert starts(read(floating, source=source)) == ["11-02 13:00"]


@pytest.mark.parametrize(
    ("zone", "now", "day", "hours"),
    [
        (BERLIN, NOW, "20261025", 25),
        (BERLIN, SPRING, "20270328", 23),
        (LOS_ANGELES, NOW, "20261101", 25),
        (LOS_ANGELES, SPRING, "20270314", 23),
    ],
)
def test_a_whole_day_lasts_from_midnight_to_midnight_there(zone: str, now: datetime, day: str, hours: int) -> None:
    source = SourceSettings("Holidays", SourceKind.ICALENDAR, timezone=zone, freeze="holiday")
    [entry] = read(event(f"DTSTART;VALUE=DATE:{day}", name="A holiday"), now=now, source=source).entries
    assert entry.frozen
    assert entry.ends - entry.starts == hours * HOUR
    assert entry.starts.astimezone(ZoneInfo(zone)).strftime("%Y%m%d %H") == f"{day} 00"


def test_an_occurrence_that_was_taken_out_or_moved_is_not_where_it_was() -> None:
    series = daily(BERLIN, "130000", "20261026", "EXDATE;TZID=Europe/Berlin:20261027T130000")
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261028T130000",
        "DTSTART;TZID=Europe/Berlin:20261028T160000",
        "DTEND;TZID=Europe/Berlin:20261028T170000",
        name="Backports, later",
    )
    cancelled = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20261029T130000",
        "DTSTART;TZID=Europe/Berlin:20261029T130000",
        "DTEND;TZID=Europe/Berlin:20261029T140000",
        "STATUS:CANCELLED",
    )
    entries = sorted(read(series, moved, cancelled).entries, key=lambda each: each.starts)
    assert [(each.starts.strftime("%d %H"), each.name) for each in entries[:3]] == [
        ("26 12", "Backports"),
        ("28 15", "Backports, later"),
        ("30 12", "Backports"),
    ]


def test_what_recurs_ends_where_its_rule_ends_though_the_end_names_no_zone() -> None:
    series = event("DTSTART;TZID=Europe/Berlin:20261026T130000", "DURATION:PT2H", "RRULE:FREQ=WEEKLY;UNTIL=20261104")
    entries = read(series).entries
    assert [each.starts.day for each in entries] == [26, 2]
    assert {each.ends - each.starts for each in entries} == {2 * HOUR}


def test_what_is_cancelled_or_takes_nobodys_time_is_no_window_and_a_freeze_counts_all_the_same() -> None:
    lines = ("DTSTART:20261102T130000Z", "DTEND:20261102T140000Z")
    assert read(event(*lines, "STATUS:CANCELLED")).entries == ()
    assert read(event(*lines, "STATUS:CANCELLED", name="A holiday")).entries == ()
    assert read(event(*lines, "TRANSP:TRANSPARENT")).entries == ()
    assert len(read(event(*lines, "TRANSP:OPAQUE", "STATUS:TENTATIVE")).entries) == 1
    assert len(read(event(*lines, "TRANSP:TRANSPARENT", name="A holiday")).entries) == 1


def test_a_freeze_is_told_by_its_name_or_by_its_category() -> None:
    lines = ("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227")
    december = datetime(2026, 12, 20, tzinfo=UTC)

    def frozen(*more: str, name: str) -> bool:
        return read(event(*lines, *more, name=name), now=december).entries[0].frozen

    assert frozen(name="Christmas holidays")
    assert frozen("CATEGORIES:people,Freeze", name="Christmas")
    assert frozen("CATEGORIES:people", "CATEGORIES:freeze", name="Christmas")
    assert not frozen("CATEGORIES:people", name="Christmas")


def test_an_event_may_say_where_it_is_written() -> None:
    lines = ("DTSTART:20261102T130000Z", "DTEND:20261102T140000Z")
    assert read(event(*lines, "URL:https://example.org/backports")).entries[0].url == "https://example.org/backports"
    assert read(event(*lines, "URL:javascript:alert(1)")).entries[0].url == ""


def test_an_event_that_goes_backwards_or_nowhere_is_told_as_it_stands_and_not_turned_round() -> None:
    back = event("DTSTART:20261102T130000Z", "DTEND:20261102T120000Z", "RRULE:FREQ=DAILY", uid="back")
    nowhere = event("DTSTART:20261102T130000Z", uid="nowhere")
    assert [each.ends - each.starts for each in read(back, nowhere).entries] == [-HOUR, timedelta()]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART:2026Z", "DTEND:20261102T130000Z"), "has a DTSTART that cannot be read"),
        (("DTEND:20261102T130000Z",), "does not say when it begins"),
        (("DTSTART:20261102T130000Z", "DURATION:PT1H", "RRULE:FREQ=NEVER"), "recurs in a way that cannot be read"),
        (("DTSTART:20261102T130000Z", "DURATION:PT1H", "RRULE:COUNT=2"), "recurs in a way that cannot be read"),
        (("DTSTART:20261102T130000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY"), "recurs more than 24 times a day"),
        (
            ("DTSTART:20261102T130000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=0"),
            "recurs more than 24 times a day",
        ),
        (
            ("DTSTART:20261102T130000Z", "DURATION:PT1H", f"RRULE:FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))}"),
            "recurs more than 24 times a day",
        ),
        (("DTSTART:19690101T130000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"), "begins before 1970"),
        (("DTSTART:99991231T235900", "DURATION:P1D"), "is at the end of all time"),
        (
            ("DTSTART;TZID=SF West:20261102T130000", "DURATION:PT1H"),
            "is in the time zone 'SF West', which is not in zones of calendar.toml",
        ),
    ],
)
def test_a_series_that_makes_no_sense_is_left_out_and_named_and_takes_no_other_with_it(
    lines: tuple[str, ...], why: str
) -> None:
    sound = event("DTSTART:20261102T130000Z", "DTEND:20261102T140000Z", uid="sound", name="Sound")
    reading = read(event(*lines, name="Odd"), sound)
    assert [each.name for each in reading.entries] == ["Sound"]
    assert reading.troubles == (f"'Odd' {why}, and is left out.",)


def test_a_zone_by_a_name_of_their_own_is_found_in_the_table() -> None:
    series = event("DTSTART;TZID=SF:20261029T130000", "DTEND;TZID=SF:20261029T140000", "RRULE:FREQ=WEEKLY;COUNT=2")
    assert starts(read(series)) == ["10-29 20:00", "11-05 21:00"]


def test_what_is_long_over_or_far_ahead_is_not_unfolded() -> None:
    once = [
        event(f"DTSTART:{year}1102T130000Z", "DURATION:PT1H", uid=f"{year}") for year in (2016, 2025, 2026, 2027, 2036)
    ]
    assert [each.starts.year for each in read(*once).entries] == [2026]
    forever = event("DTSTART:19700101T130000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", uid="forever")
    assert len(read(forever).entries) < 60


def test_events_without_a_uid_are_not_taken_for_one() -> None:
    lines = "SUMMARY:{}\r\nDTSTART:20261102T1{}0000Z\r\nDURATION:PT1H\r\n"
    events = (f"BEGIN:VEVENT\r\n{lines.format(name, hour)}END:VEVENT\r\n" for name, hour in (("a", 1), ("b", 2)))
    assert [each.name for each in read(*events).entries] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it answered something else than an iCalendar"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "it answered something else than an iCalendar"),
        (b"BEGIN:VCALENDAR\r\n", "its iCalendar is broken off or cannot be read"),
        (calendar(event("DTSTART:20261102T130000Z"))[:-40], "its iCalendar is broken off or cannot be read"),
        (b"<p>BEGIN:VCALENDAR</p>", "its iCalendar is broken off or cannot be read"),
    ],
)
def test_what_is_no_icalendar_is_no_answer(content: bytes, why: str) -> None:
    with pytest.raises(Unreachable, match=f"Holidays: {why}"):
        read_icalendar(content, SOURCE, NOW)


def test_an_empty_icalendar_and_several_in_one_file_are_answers() -> None:
    assert read() == Reading(())
    two = calendar(event("DTSTART:20261102T130000Z", "DURATION:PT1H")) * 2
    assert len(read_icalendar(two, SOURCE, NOW).entries) == 2


def test_mistakes_of_encoding_are_borne() -> None:
    content = calendar(event("DTSTART:20261102T130000Z", "DURATION:PT1H", name="Café")).decode()
    assert [each.name for each in read_icalendar(content.encode("cp1252"), SOURCE, NOW).entries] == ["Café"]
    assert [each.name for each in read_icalendar(b"\xef\xbb\xbf" + content.encode(), SOURCE, NOW).entries] == ["Café"]
