"""Windows and freezes as moments: right over both changes of daylight saving, whatever the time zone."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tocsin.neighbours.calendars import (
    CalendarSettings,
    ConfiguredCalendars,
    DatedFreeze,
    DatedWindow,
    NoDeployDays,
    WeeklyWindow,
)

HOUR = timedelta(hours=1)
EVERY_DAY = frozenset(range(7))
SUNDAY = frozenset({6})
BERLIN, LOS_ANGELES = "Europe/Berlin", "America/Los_Angeles"
SPRING = {BERLIN: datetime(2027, 3, 28, tzinfo=UTC), LOS_ANGELES: datetime(2027, 3, 14, tzinfo=UTC)}
AUTUMN = {BERLIN: datetime(2026, 10, 25, tzinfo=UTC), LOS_ANGELES: datetime(2026, 11, 1, tzinfo=UTC)}


def weekly(start: time, timezone: str = BERLIN, days: frozenset[int] = EVERY_DAY) -> ConfiguredCalendars:
    return ConfiguredCalendars(CalendarSettings(weekly=(WeeklyWindow("window", days, start, HOUR, timezone),)))


async def starts_on(calendars: ConfiguredCalendars, day: datetime) -> list[datetime]:
    found = await calendars.around(day)
    return [window.starts for window in found.windows if window.starts.date() == day.date()]


@pytest.mark.parametrize("zone", [BERLIN, LOS_ANGELES])
async def test_a_window_stays_at_its_hour_over_both_changes_of_daylight_saving(zone: str) -> None:
    from zoneinfo import ZoneInfo

    for change in (SPRING[zone], AUTUMN[zone]):
        found = await weekly(time(13, 0), zone).around(change)
        assert {window.starts.astimezone(ZoneInfo(zone)).hour for window in found.windows} == {13}


async def test_an_hour_that_the_clock_skips_is_the_one_after_it() -> None:
    skipped = SPRING[BERLIN]
    assert await starts_on(weekly(time(2, 30)), skipped) == [skipped.replace(hour=1, minute=30)]


async def test_of_an_hour_that_the_clock_shows_twice_the_first_is_meant() -> None:
    doubled = AUTUMN[BERLIN]
    assert await starts_on(weekly(time(2, 30)), doubled) == [doubled.replace(hour=0, minute=30)]


@pytest.mark.parametrize(("change", "hours"), [(SPRING[BERLIN], 23), (AUTUMN[BERLIN], 25)])
async def test_a_day_without_deployments_lasts_from_midnight_to_midnight(change: datetime, hours: int) -> None:
    settings = CalendarSettings(no_deploy=NoDeployDays(SUNDAY, BERLIN, "nobody is there"))
    found = await ConfiguredCalendars(settings).around(change)
    barred = next(freeze for freeze in found.freezes if freeze.holds(change + 12 * HOUR))
    assert barred.ends - barred.starts == hours * HOUR
    assert barred.why == "nobody is there"


async def test_barred_days_in_a_row_are_one_freeze_so_that_its_end_is_true() -> None:
    settings = CalendarSettings(no_deploy=NoDeployDays(frozenset({4, 5, 6}), "UTC", ""))
    saturday = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    freeze = (await ConfiguredCalendars(settings).around(saturday)).freeze_at(saturday)
    assert freeze is not None
    assert (freeze.starts.day, freeze.ends.day) == (27, 30)


async def test_what_is_open_once_is_taken_as_it_was_written() -> None:
    starts, ends = datetime(2026, 12, 21, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC)
    settings = CalendarSettings(
        windows=(DatedWindow("extra", starts, ends),),
        freezes=(DatedFreeze("end of year", starts, ends, "few are here"),),
    )
    found = await ConfiguredCalendars(settings).around(starts)
    assert (found.windows[0].name, found.freezes[0].why) == ("extra", "few are here")
    assert found.freeze_at(ends) is None and found.freeze_at(starts) is not None
