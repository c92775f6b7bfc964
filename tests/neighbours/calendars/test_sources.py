"""Calendars from outside beside our own: each keeps its last answer with its age, and none takes the others along."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.neighbours.calendars.test_icalendar_reading import calendar, event
from tests.neighbours.calendars.test_page import item, page
from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.errors import Unreachable
from tocsin.domain.schedule import Calendar, Freeze
from tocsin.neighbours.calendars.entries import EMPTY_WEEK, MOST_ENTRIES, Entry, Reading, answered
from tocsin.neighbours.calendars.sources import AGAIN_AFTER, READ_EVERY, SeveralCalendars, calendars, outside
from tocsin.neighbours.calendars.written import (
    CalendarSettings,
    ConfiguredCalendars,
    DatedFreeze,
    DatedWindow,
    SourceKind,
    SourceSettings,
    Takes,
)

NOW = datetime(2026, 12, 14, 7, tzinfo=UTC)
EIGHT = NOW + timedelta(hours=1)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NO_DEPLOYS = "No deploys all day! See Deployments/Emergencies if things are broken."
PATH = "/wiki/Deployments"


@pytest.fixture
def wiki() -> Iterator[Site]:
    with site() as served:
        served.answers[PATH] = Answer(page(item("Backports")))
        yield served


def page_of(wiki: Site) -> SourceSettings:
    address = f"{wiki.address}{PATH}"
    return SourceSettings("Deployments", SourceKind.PAGE, address, page=address)


def feast(path: Path) -> SourceSettings:
    path.write_bytes(calendar(event("DTSTART;VALUE=DATE:20261225", name="A holiday")))
    return SourceSettings("Holidays", SourceKind.ICALENDAR, file=str(path), freeze="holiday")


def several(*sources: SourceSettings, settings: CalendarSettings | None = None) -> SeveralCalendars:
    made = calendars(replace(settings or CalendarSettings(), sources=sources))
    assert isinstance(made, SeveralCalendars)
    return made


def names(found: Calendar) -> list[str]:
    return [each.name for each in (*found.windows, *found.freezes)]


def test_without_a_source_there_is_our_own_file_alone() -> None:
    assert isinstance(calendars(CalendarSettings()), ConfiguredCalendars)


async def test_the_file_and_every_source_count_side_by_side(wiki: Site, tmp_path: Path) -> None:
    own = CalendarSettings(windows=(DatedWindow("Ours", EIGHT, EIGHT + HOUR),))
    found = await several(page_of(wiki), feast(tmp_path / "feasts.ics"), settings=own).around(NOW)
    assert names(found) == ["Ours", "Backports", "A holiday"]
    assert (found.known, found.whole, found.as_of, found.silent) == (True, True, NOW, ())


async def test_a_source_is_read_every_quarter_of_an_hour_and_not_before(wiki: Site) -> None:
    several_of_them = several(page_of(wiki))
    for past in (timedelta(), timedelta(seconds=30), READ_EVERY - timedelta(seconds=1)):
        await several_of_them.around(NOW + past)
    assert wiki.asked == [PATH]
    wiki.answers[PATH] = Answer(page(item("Train")))
    found = await several_of_them.around(NOW + READ_EVERY)
    assert (names(found), found.as_of) == (["Train"], NOW + READ_EVERY)


async def test_a_source_that_fails_keeps_its_last_answer_with_its_age_and_the_others_still_count(
    wiki: Site, tmp_path: Path
) -> None:
    both = several(page_of(wiki), feast(tmp_path / "feasts.ics"))
    await both.around(NOW)
    wiki.answers[PATH] = Answer(b"", 500)
    found = await both.around(NOW + 7 * HOUR)
    assert names(found) == ["Backports", "A holiday"]
    assert (found.known, found.as_of, found.stale(NOW + 7 * HOUR)) == (True, NOW, True)
    assert found.age(NOW + 7 * HOUR) == 7 * HOUR


async def test_after_a_failure_it_is_read_again_sooner(wiki: Site) -> None:
    one = several(page_of(wiki))
    wiki.answers[PATH] = Answer(b"<html>Log in</html>")
    assert not (await one.around(NOW)).known
    wiki.answers[PATH] = Answer(page(item("Backports")))
    assert not (await one.around(NOW + AGAIN_AFTER / 2)).known
    assert names(await one.around(NOW + AGAIN_AFTER)) == ["Backports"]


async def test_when_no_source_ever_answered_the_calendar_is_not_known(wiki: Site) -> None:
    wiki.answers[PATH] = Answer(b"", 503)
    found = await several(page_of(wiki)).around(NOW)
    assert (found.known, found.silent, found.as_of) == (False, ("Deployments",), None)


async def test_where_our_own_file_holds_something_it_counts_and_who_is_silent_is_named(wiki: Site) -> None:
    wiki.answers[PATH] = Answer(b"", 503)
    own = CalendarSettings(freezes=(DatedFreeze("end of year", NOW, NOW + WEEK, ""),))
    found = await several(page_of(wiki), settings=own).around(NOW)
    assert (found.known, found.whole, found.silent, names(found)) == (True, False, ("Deployments",), ["end of year"])


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(b"x" * 10 * 1024 * 1024), "its answer is longer than 4 MiB"),
        (Answer(b"{}", 404), "it is not there, or not for us"),
        (Answer(b"", 302, (("Location", "/elsewhere"),)), "it leads elsewhere, and is not followed"),
        (Answer(b"<html>no calendar</html>"), "there is no deployment calendar on its page"),
    ],
)
async def test_what_is_no_calendar_is_no_answer_and_said_without_the_address(
    wiki: Site, answer: Answer, why: str
) -> None:
    wiki.answers[PATH] = answer
    with pytest.raises(Unreachable) as raised:
        await outside(page_of(wiki), CalendarSettings()).read(NOW)
    assert str(raised.value) == f"Deployments: {why}"


async def test_a_source_that_is_slow_holds_nobody_up_and_is_there_the_next_time(
    wiki: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.neighbours.calendars.sources.PATIENCE_SECONDS", 0.01)
    wiki.answers[PATH] = Answer(page(item("Backports")), seconds=0.3)
    one = several(page_of(wiki))
    assert not (await one.around(NOW)).known
    monkeypatch.undo()
    assert names(await one.around(NOW)) == ["Backports"]
    assert wiki.asked == [PATH]


async def test_a_file_that_is_gone_or_none_is_no_answer(tmp_path: Path) -> None:
    source = feast(tmp_path / "feasts.ics")
    one = outside(source, CalendarSettings())
    Path(source.file).unlink()
    with pytest.raises(Unreachable, match="Holidays: its file cannot be read: No such file"):
        await one.read(NOW)
    os.mkfifo(source.file)
    with pytest.raises(Unreachable, match="Holidays: what stands in its place is no file"):
        await one.read(NOW)
    Path(source.file).unlink()
    Path(source.file).write_bytes(b"x" * 5 * 1024 * 1024)
    with pytest.raises(Unreachable, match="Holidays: its file is longer than 4 MiB"):
        await one.read(NOW)


async def test_what_was_left_out_is_told_each_time_and_logged_once(wiki: Site) -> None:
    wiki.answers[PATH] = Answer(
        page(
            item("Backports"),
            item("Train", ends="2026-12-14T07:00:00Z"),
            item("Portals", ends="2026-12-14T08:00:00Z"),
            item("Puppet", ends="some time"),
        )
    )
    one = several(page_of(wiki))
    with capture_logs() as logged:
        first = await one.around(NOW)
        second = await one.around(NOW + READ_EVERY)
    assert names(first) == ["Backports"]
    assert first.troubles == second.troubles
    assert first.troubles == (
        "Deployments: 'Puppet' (deploycal-item-20261214T0800) does not say when it is, and is left out.",
        "Deployments: 'Train' of 2026-12-14 08:00 UTC ends before it begins, and is left out.",
        "Deployments: 'Portals' of 2026-12-14 08:00 UTC has no length, and is left out.",
    )
    assert [each["why"] for each in logged] == list(first.troubles)


async def test_windows_that_overlap_are_kept_and_the_same_in_two_calendars_is_told_once(wiki: Site) -> None:
    wiki.answers[PATH] = Answer(page(item("Backports"), item("Train", ends="2026-12-14T10:00:00Z")))
    own = CalendarSettings(windows=(DatedWindow("Backports", EIGHT, EIGHT + HOUR),))
    found = await several(page_of(wiki), settings=own).around(NOW)
    assert [(each.name, bool(each.url)) for each in found.windows] == [("Backports", True), ("Train", True)]


async def test_what_a_window_takes_follows_from_its_name_in_every_calendar(wiki: Site) -> None:
    wiki.answers[PATH] = Answer(page(item("UTC morning Backport window"), item("Puppet request window"), item("Train")))
    own = CalendarSettings(
        windows=(DatedWindow("backports of ours", EIGHT, EIGHT + HOUR),),
        takes=(Takes("backport", ("mediawiki",)), Takes("morning|puppet", ("mediawiki", "config"))),
    )
    found = await several(page_of(wiki), settings=own).around(NOW)
    assert [each.takes for each in found.windows] == [
        ("mediawiki",),
        ("mediawiki", "config"),
        ("mediawiki", "config"),
        (),
    ]


async def test_days_in_a_row_without_deployments_are_one_freeze_so_that_its_end_is_true(wiki: Site) -> None:
    days = [item(NO_DEPLOYS, f"2026-12-{day}T08:00:00Z", f"2026-12-{day + 1}T08:00:00Z") for day in (18, 19, 20)]
    wiki.answers[PATH] = Answer(page(item("Backports"), *days))
    found = await several(page_of(wiki)).around(NOW)
    [freeze] = found.freezes
    assert (freeze.name, freeze.why) == ("no-deploy day", "")
    assert (freeze.starts, freeze.ends) == (
        datetime(2026, 12, 18, 8, tzinfo=UTC),
        datetime(2026, 12, 21, 8, tzinfo=UTC),
    )


async def test_after_the_configuration_was_read_again_a_source_that_is_the_same_goes_on_from_its_last_answer(
    wiki: Site,
) -> None:
    settings = CalendarSettings(sources=(page_of(wiki),))
    before = calendars(settings)
    await before.around(NOW)
    wiki.answers[PATH] = Answer(b"", 503)
    assert names(await calendars(settings, before).around(NOW + HOUR)) == ["Backports"]
    other = replace(settings, sources=(replace(page_of(wiki), freeze="x"),))
    assert not (await calendars(other, before).around(NOW + HOUR)).known
    assert not (await calendars(settings, ConfiguredCalendars(settings)).around(NOW + HOUR)).known


# --- weeks without a window -------------------------------------------------------------------------------------------

SOURCE = SourceSettings("Deployments", SourceKind.PAGE, empty_weeks_are_frozen=True, timezone="America/Los_Angeles")
MONDAY = datetime(2026, 12, 14, 8, tzinfo=UTC)  # midnight in San Francisco


def frozen(reading: Reading, source: SourceSettings = SOURCE) -> list[Freeze]:
    return list(answered(reading, source, CalendarSettings(), NOW).freezes)


def window(starts: datetime) -> Entry:
    return Entry("Backports", starts, starts + HOUR)


def test_of_the_weeks_that_a_source_covers_one_without_a_window_is_a_freeze() -> None:
    reading = Reading((window(MONDAY + HOUR), window(MONDAY + 3 * WEEK)))
    assert frozen(reading) == [Freeze(EMPTY_WEEK, MONDAY + WEEK, MONDAY + 3 * WEEK)]
    assert frozen(reading, replace(SOURCE, empty_weeks_are_frozen=False)) == []


def test_no_week_before_the_first_entry_or_after_the_last_is_a_freeze() -> None:
    assert frozen(Reading((window(MONDAY),))) == []
    assert frozen(Reading(())) == []


def test_a_week_that_the_page_names_is_covered_though_nothing_stands_there() -> None:
    days = ((MONDAY + WEEK).date(),)
    assert [each.starts for each in frozen(Reading((window(MONDAY),), days))] == [MONDAY + WEEK]


def test_a_week_with_days_without_deployments_alone_has_no_window() -> None:
    friday = Entry(NO_DEPLOYS, MONDAY + WEEK + 4 * DAY, MONDAY + WEEK + 5 * DAY, frozen=True)
    found = frozen(Reading((window(MONDAY), friday)))
    assert {each.name for each in found} == {EMPTY_WEEK, "no-deploy day"}


def test_a_window_over_the_end_of_a_week_counts_for_both() -> None:
    late = MONDAY + WEEK - HOUR / 2
    assert frozen(Reading((window(MONDAY), window(late), window(late + WEEK)))) == []


@pytest.mark.parametrize(
    ("zone", "last"),
    [("America/Los_Angeles", datetime(2026, 11, 9, 8, tzinfo=UTC)), ("UTC", datetime(2026, 11, 9, tzinfo=UTC))],
)
def test_a_week_is_one_of_the_zone_of_the_source_over_a_change_of_the_clocks_too(zone: str, last: datetime) -> None:
    source = replace(SOURCE, timezone=zone)
    before, after = window(datetime(2026, 10, 21, 12, tzinfo=UTC)), window(datetime(2026, 11, 11, tzinfo=UTC))
    [freeze] = frozen(Reading((before, after)), source)
    assert freeze.ends == last


def test_more_entries_than_any_calendar_has_are_not_all_read() -> None:
    many = tuple(window(MONDAY + HOUR * number) for number in range(MOST_ENTRIES + 1))
    found = answered(Reading(many), SOURCE, CalendarSettings(), NOW)
    assert len(found.windows) == MOST_ENTRIES
    assert found.troubles == (f"Deployments: {MOST_ENTRIES + 1} entries, and only the first {MOST_ENTRIES} are read.",)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (NO_DEPLOYS, Freeze("no-deploy day", MONDAY, MONDAY + DAY)),
        ("No deploys: Thanksgiving", Freeze("no-deploy day", MONDAY, MONDAY + DAY, "Thanksgiving")),
        ("no_deploy_day", Freeze("no-deploy day", MONDAY, MONDAY + DAY)),
        ("End of year", Freeze("End of year", MONDAY, MONDAY + DAY)),
    ],
)
def test_a_freeze_is_named_so_that_people_can_be_told_of_it(name: str, told: Freeze) -> None:
    source = replace(SOURCE, empty_weeks_are_frozen=False)
    assert frozen(Reading((Entry(name, MONDAY, MONDAY + DAY, frozen=True),)), source) == [told]


def test_freezes_that_overlap_are_told_apart_by_their_names() -> None:
    source = replace(SOURCE, empty_weeks_are_frozen=False)
    first = Entry("Feast", MONDAY, MONDAY + 2 * DAY, frozen=True)
    second, other = replace(first, ends=MONDAY + DAY), replace(first, name="Freeze")
    later = replace(first, starts=MONDAY + 5 * DAY, ends=MONDAY + 6 * DAY)
    found = frozen(Reading((first, second, other, later)), source)
    assert sorted((each.name, (each.ends - each.starts).days) for each in found) == [
        ("Feast", 1),
        ("Feast", 2),
        ("Freeze", 2),
    ]
