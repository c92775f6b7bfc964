"""Windows and freezes as moments: right over both changes of daylight saving, whatever the time zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tocsin.domain.schedule import Calendar
from tocsin.neighbours.calendars.written import (
    AHEAD,
    BEHIND,
    CalendarSettings,
    ConfiguredCalendars,
    DatedFreeze,
    DatedWindow,
    NoDeployDays,
    WeeklyWindow,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVERY_DAY, SUNDAY = frozenset(range(7)), frozenset({6})
BERLIN, LOS_ANGELES = "Europe/Berlin", "America/Los_Angeles"
# The Sundays on which the clocks are changed, at midnight UTC.
SPRING = {BERLIN: datetime(2027, 3, 28, tzinfo=UTC), LOS_ANGELES: datetime(2027, 3, 14, tzinfo=UTC)}
AUTUMN = {BERLIN: datetime(2026, 10, 25, tzinfo=UTC), LOS_ANGELES: datetime(2026, 11, 1, tzinfo=UTC)}


async def weekly(start: time, zone: str, now: datetime, days: frozenset[int] = EVERY_DAY) -> Calendar:
    window = WeeklyWindow("window", days, start, HOUR, zone)
    return await ConfiguredCalendars(CalendarSettings(weekly=(window,))).around(now)


async def barred(days: frozenset[int], zone: str, now: datetime) -> Calendar:
    settings = CalendarSettings(no_deploy=NoDeployDays(days, zone, "nobody is there"))
    return await ConfiguredCalendars(settings).around(now)


@pytest.mark.parametrize("zone", [BERLIN, LOS_ANGELES])
@pytest.mark.parametrize("changes", [SPRING, AUTUMN])
async def test_a_window_stays_at_its_hour_over_a_change_of_daylight_saving(
    zone: str, changes: dict[str, datetime]
) -> None:
    windows = (await weekly(time(13, 0), zone, changes[zone])).windows
    assert {window.starts.astimezone(ZoneInfo(zone)).hour for window in windows} == {13}
    assert len({window.starts.hour for window in windows}) == 2
    assert {window.ends - window.starts for window in windows} == {HOUR}


@pytest.mark.parametrize(("zone", "moment"), [(BERLIN, (1, 30)), (LOS_ANGELES, (10, 30))])
async def test_an_hour_that_the_clock_skips_is_the_one_after_it(zone: str, moment: tuple[int, int]) -> None:
    starts = SPRING[zone] + timedelta(hours=moment[0], minutes=moment[1])
    found = await weekly(time(2, 30), zone, SPRING[zone])
    [window] = [each for each in found.windows if starts - DAY / 2 < each.starts < starts + DAY / 2]
    assert window.starts == starts
    assert window.starts.astimezone(ZoneInfo(zone)).time() == time(3, 30)


@pytest.mark.parametrize(("zone", "start", "hour"), [(BERLIN, time(2, 30), 0), (LOS_ANGELES, time(1, 30), 8)])
async def test_of_an_hour_that_the_clock_shows_twice_the_first_is_meant_and_once(
    zone: str, start: time, hour: int
) -> None:
    starts = AUTUMN[zone] + timedelta(hours=hour, minutes=30)
    found = await weekly(start, zone, AUTUMN[zone])
    assert [each.starts for each in found.windows if abs(each.starts - starts) < DAY / 2] == [starts]


async def test_a_window_is_open_from_its_first_moment_and_closed_at_its_last() -> None:
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    found = await weekly(time(8, 0), "UTC", monday, frozenset({0}))
    assert [bool(found.open_at(monday + past)) for past in (-HOUR / 60, 0 * HOUR, HOUR - HOUR / 60, HOUR)] == [
        False,
        True,
        True,
        False,
    ]


async def test_a_window_that_began_yesterday_there_is_still_open() -> None:
    window = WeeklyWindow("late", frozenset({6}), time(23, 0), 2 * HOUR, LOS_ANGELES)
    monday = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    found = await ConfiguredCalendars(CalendarSettings(weekly=(window,))).around(monday)
    assert found.open_at(monday) is not None


async def test_the_day_of_a_window_is_that_of_its_own_time_zone() -> None:
    found = await weekly(time(20, 0), LOS_ANGELES, datetime(2026, 11, 23, tzinfo=UTC), SUNDAY)
    assert {each.starts.weekday() for each in found.windows} == {0}


@pytest.mark.parametrize("zone", [BERLIN, LOS_ANGELES])
@pytest.mark.parametrize(("changes", "hours"), [(SPRING, 23), (AUTUMN, 25)])
async def test_a_day_without_deployments_lasts_from_midnight_to_midnight(
    zone: str, changes: dict[str, datetime], hours: int
) -> None:
    noon = changes[zone] + 18 * HOUR
    freeze = (await barred(SUNDAY, zone, noon)).freeze_at(noon)
    assert freeze is not None
    assert freeze.ends - freeze.starts == hours * HOUR
    assert {each.astimezone(ZoneInfo(zone)).time() for each in (freeze.starts, freeze.ends)} == {time(0)}
    assert (freeze.name, freeze.why) == ("no-deploy days", "nobody is there")


async def test_barred_days_in_a_row_are_one_freeze_so_that_its_end_is_true() -> None:
    saturday = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    freeze = (await barred(frozenset({4, 5, 6}), "UTC", saturday)).freeze_at(saturday)
    assert freeze is not None
    assert (freeze.starts.day, freeze.ends.day) == (27, 30)


async def test_barred_days_with_a_day_between_them_are_two_freezes() -> None:
    monday = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    freezes = (await barred(frozenset({0, 2}), "UTC", monday)).freezes
    assert {freeze.ends - freeze.starts for freeze in freezes} == {DAY}


async def test_no_freeze_is_cut_short_where_we_stop_looking() -> None:
    for day in range(7):
        found = await barred(frozenset({4, 5, 6}), "UTC", datetime(2026, 11, 23 + day, 12, tzinfo=UTC))
        assert {freeze.ends - freeze.starts for freeze in found.freezes} == {3 * DAY}


async def test_what_is_open_once_is_taken_as_it_was_written() -> None:
    starts, ends = datetime(2026, 12, 21, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC)
    settings = CalendarSettings(
        windows=(DatedWindow("extra", starts, ends),),
        freezes=(DatedFreeze("end of year", starts, ends, "few are here"),),
    )
    found = await ConfiguredCalendars(settings).around(starts)
    assert (found.windows[0].name, found.freezes[0].why) == ("extra", "few are here")
    assert found.freeze_at(ends) is None
    assert found.freeze_at(starts) is not None


async def test_from_within_a_freeze_of_two_weeks_the_next_window_is_found() -> None:
    begins = datetime(2026, 12, 21, tzinfo=UTC)
    settings = CalendarSettings(
        weekly=(WeeklyWindow("morning", frozenset({0}), time(8, 0), HOUR, "UTC"),),
        freezes=(DatedFreeze("end of year", begins, begins + 14 * DAY, ""),),
    )
    found = (await ConfiguredCalendars(settings).around(begins)).next_after(begins)
    assert found is not None
    assert found.starts == datetime(2027, 1, 4, 8, tzinfo=UTC)


async def test_what_is_long_over_or_far_ahead_is_left_out() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    moments = (now - BEHIND - HOUR, now - BEHIND, now + AHEAD - HOUR, now + AHEAD)
    dated = tuple(DatedWindow(f"{number}", each, each + HOUR) for number, each in enumerate(moments))
    settings = CalendarSettings(weekly=(WeeklyWindow("w", EVERY_DAY, time(0), HOUR, "UTC"),), windows=dated)
    windows = (await ConfiguredCalendars(settings).around(now)).windows
    assert [each.name for each in windows if each.name != "w"] == ["1", "2"]
    assert len(windows) == 2 + (BEHIND + AHEAD).days
