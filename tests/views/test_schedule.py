"""Now and next, in the words of the calendar's own bot, with freezes and with what is not known."""

from datetime import timedelta

from tests.domain.night import BEGIN
from tocsin.domain.schedule import Calendar, Freeze, Window
from tocsin.views.schedule import NEVER, UNKNOWN, next_lines, now_lines

HOUR = timedelta(hours=1)
MORNING = Window("UTC morning backport window", BEGIN + 6 * HOUR, BEGIN + 7 * HOUR)
TRAIN = Window("train", BEGIN + 6 * HOUR, BEGIN + 8 * HOUR)
FREEZE = Freeze("no_deploy_day", BEGIN - HOUR, BEGIN + 30 * HOUR, "weekend")


def test_a_window_that_is_open_says_for_how_long() -> None:
    assert now_lines(Calendar((MORNING, TRAIN)), BEGIN + 6 * HOUR + timedelta(minutes=15)) == [
        "For the next 0 hour(s) and 45 minute(s): UTC morning backport window",
        "For the next 1 hour(s) and 45 minute(s): train",
    ]


def test_where_none_is_open_it_says_for_how_long_there_is_none() -> None:
    assert now_lines(Calendar((MORNING,)), BEGIN) == ["No deployments scheduled for the next 6 hour(s) and 0 minute(s)"]
    assert now_lines(Calendar(), BEGIN) == [NEVER]


def test_next_names_every_window_of_the_next_start() -> None:
    assert next_lines(Calendar((MORNING, TRAIN)), BEGIN) == [
        "In 6 hour(s) and 0 minute(s): UTC morning backport window (Sat 08:00 UTC)",
        "In 6 hour(s) and 0 minute(s): train (Sat 08:00 UTC)",
    ]
    assert next_lines(Calendar(), BEGIN) == [NEVER]


def test_a_freeze_says_until_when_why_and_what_to_do_if_things_are_broken() -> None:
    barred = (
        "Deploying is barred by no_deploy_day (weekend) until Sun 08:00 UTC."
        " If things are broken: !emergency <change> <task> -- why"
    )
    assert now_lines(Calendar((MORNING,), (FREEZE,)), BEGIN) == [barred]
    monday = Window("Monday morning", BEGIN + 54 * HOUR, BEGIN + 55 * HOUR)
    assert next_lines(Calendar((MORNING, monday), (FREEZE,)), BEGIN) == [
        barred,
        "In 54 hour(s) and 0 minute(s): Monday morning (Mon 08:00 UTC)",
    ]
    silent = Freeze("all hands", BEGIN, BEGIN + HOUR)
    assert now_lines(Calendar((), (silent,)), BEGIN)[0].startswith("Deploying is barred by all hands until Sat 03:00")


def test_a_calendar_that_did_not_answer_is_not_taken_for_an_empty_one() -> None:
    unknown = Calendar(known=False)
    assert now_lines(unknown, BEGIN) == next_lines(unknown, BEGIN) == [UNKNOWN]
