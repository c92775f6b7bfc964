"""The calendar by days: what comes under the day on which it starts, and what keeps a window from opening."""

from datetime import UTC, date, datetime, timedelta

from tests.domain.night import BEGIN, Night
from tocsin.domain.schedule import Calendar, Freeze, Window
from tocsin.views.days import MOST_COMING, coming, lately

NOW = datetime(2026, 1, 10, 2, 0, tzinfo=UTC)


def window(name: str, starts: timedelta, hours: int = 1, url: str = "") -> Window:
    return Window(name, NOW + starts, NOW + starts + timedelta(hours=hours), url, ("bo",), ("mediawiki-config",))


def freeze(name: str, starts: timedelta, hours: int) -> Freeze:
    return Freeze(name, NOW + starts, NOW + starts + timedelta(hours=hours), "switch-over")


def test_what_is_over_is_not_shown_and_what_runs_is_said_to() -> None:
    over, running = window("over", timedelta(hours=-3)), window("running", timedelta(minutes=-30))
    [(day, [only])] = coming(Calendar((over, running)), NOW)
    assert (day, only.name, only.runs) == (date(2026, 1, 10), "running", True)
    assert only.about == "by bo, for mediawiki-config"


def test_days_come_in_order_and_what_began_before_today_stands_under_today() -> None:
    week = freeze("week", timedelta(days=-2), 24 * 7)
    tomorrow, later = window("tomorrow", timedelta(days=1)), window("later", timedelta(hours=5))
    days = coming(Calendar((tomorrow, later), (week,)), NOW)
    assert [(day.day, [each.name for each in those]) for day, those in days] == [
        (10, ["week", "later"]),
        (11, ["tomorrow"]),
    ]


def test_a_window_that_would_open_in_a_freeze_is_barred_and_does_not_run() -> None:
    both = Calendar((window("usual", timedelta(minutes=-5)),), (freeze("barred", timedelta(hours=-1), 9),))
    [(_, [barring, barred])] = coming(both, NOW)
    assert (barring.freeze, barring.runs, barring.about) == (True, True, "switch-over")
    assert (barred.barred, barred.runs) == (True, False)


def test_only_an_address_of_the_web_is_a_link_and_names_hide_nothing() -> None:
    evil = window("a\u202eb", timedelta(hours=1), url="javascript:alert(1)")
    good = window("good", timedelta(hours=2), url="https://example.org/calendar")
    [(_, those)] = coming(Calendar((evil, good)), NOW)
    assert [each.url for each in those] == ["", "https://example.org/calendar"]
    assert "\u202e" not in those[0].name


def test_a_calendar_without_end_is_cut() -> None:
    many = Calendar(tuple(window(str(each), timedelta(hours=each)) for each in range(3 * MOST_COMING)))
    assert sum(len(those) for _, those in coming(many, NOW)) == MOST_COMING


def test_emergencies_stand_under_the_day_on_which_they_were_asked_for_newest_first() -> None:
    first, second = Night().asked().request, Night().later(hours=30).asked().request
    days = lately([first, second], BEGIN + timedelta(days=3))
    assert [(day, len(those)) for day, those in days] == [(date(2026, 1, 11), 1), (date(2026, 1, 10), 1)]
    assert lately([first, second], BEGIN + timedelta(days=200)) == []
