"""The calendar itself: how old it is, whether it is whole, and which windows take which kind of change."""

from datetime import timedelta

import pytest

from tests.domain.night import BEGIN
from tocsin.domain.schedule import STALE_AFTER, Calendar, Window

HOUR = timedelta(hours=1)


def test_a_calendar_is_stale_when_it_was_not_read_for_six_hours() -> None:
    read = Calendar(as_of=BEGIN)
    assert not read.stale(BEGIN + STALE_AFTER)
    assert read.stale(BEGIN + STALE_AFTER + timedelta(seconds=1))
    assert read.age(BEGIN + 7 * HOUR) == 7 * HOUR


def test_what_stands_in_a_file_never_grows_old_and_nothing_is_younger_than_new() -> None:
    assert Calendar().age(BEGIN) == timedelta() and not Calendar().stale(BEGIN)
    assert Calendar(as_of=BEGIN + HOUR).age(BEGIN) == timedelta()


@pytest.mark.parametrize(
    ("calendar", "whole"),
    [(Calendar(), True), (Calendar(silent=("Deployments",)), False), (Calendar(known=False), False)],
)
def test_a_calendar_is_whole_when_every_part_of_it_answered_once(calendar: Calendar, whole: bool) -> None:
    assert calendar.whole is whole


def test_a_window_serves_what_it_is_known_to_take_and_anything_where_that_is_not_known() -> None:
    known = Window("backports", BEGIN, BEGIN + HOUR, takes=("mediawiki", "Config"))
    assert known.serves("config") and known.serves("MediaWiki") and not known.serves("puppet")
    assert Window("train", BEGIN, BEGIN + HOUR).serves("puppet")


def test_of_a_calendar_those_windows_are_kept_that_may_take_a_kind_of_change() -> None:
    backports, train = (
        Window("backports", BEGIN, BEGIN + HOUR, takes=("mediawiki",)),
        Window("train", BEGIN, BEGIN + HOUR),
    )
    calendar = Calendar((backports, train))
    assert calendar.serving("mediawiki") is calendar
    assert calendar.serving("puppet").windows == (train,)
