"""Now and next, in the words of the calendar's own bot, with freezes and with what is not known."""

from dataclasses import replace
from datetime import timedelta

from tests.domain.night import BEGIN
from tocsin.domain.schedule import Calendar, Freeze, Window
from tocsin.views.lines import BUDGET_BYTES
from tocsin.views.schedule import NEVER, UNKNOWN, next_lines, now_and_next_lines, now_lines

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


PAGE = "https://wiki.example.org/wiki/Deployments#deploycal-item-20260110T0800"
LINKED = replace(MORNING, url=PAGE, takes=("mediawiki",))


def test_where_it_is_known_where_a_window_is_written_that_is_said_behind_it() -> None:
    assert now_lines(Calendar((LINKED,)), MORNING.starts) == [
        f"For the next 1 hour(s) and 0 minute(s): UTC morning backport window ({PAGE})"
    ]
    assert next_lines(Calendar((LINKED,)), BEGIN) == [
        f"In 6 hour(s) and 0 minute(s): UTC morning backport window ({PAGE})"
    ]


def test_both_at_once_tell_a_freeze_once() -> None:
    calendar = Calendar((MORNING,))
    assert now_and_next_lines(calendar, BEGIN) == [*now_lines(calendar, BEGIN), *next_lines(calendar, BEGIN)]
    barred = Calendar((), (FREEZE,))
    assert now_and_next_lines(barred, BEGIN) == next_lines(barred, BEGIN)
    assert len(next_lines(barred, BEGIN)) == 2


def test_asked_for_a_kind_of_change_only_windows_that_take_it_are_told() -> None:
    calendar = Calendar(
        (
            LINKED,
            replace(TRAIN, takes=("train",)),
            replace(MORNING, name="Any"),
        )
    )
    at_six = MORNING.starts
    assert [line.partition(": ")[2] for line in now_lines(calendar, at_six, "train")] == ["train", "Any"]
    assert [line.partition(": ")[2] for line in next_lines(calendar, BEGIN, "train")] == [
        "train (Sat 08:00 UTC)",
        "Any (Sat 08:00 UTC)",
    ]
    assert now_lines(calendar, BEGIN, "train") == [
        "No deployments that take train scheduled for the next 6 hour(s) and 0 minute(s)"
    ]
    assert next_lines(Calendar((LINKED,)), BEGIN, "train") == [NEVER]


def test_a_stale_calendar_is_said_to_be_stale() -> None:
    calendar = Calendar((MORNING,), as_of=BEGIN - 7 * HOUR)
    old = "Take care: the calendar is 7 h old, it has not answered since. Look at it too."
    assert now_lines(calendar, BEGIN)[1:] == next_lines(calendar, BEGIN)[1:] == [old]
    assert now_and_next_lines(calendar, BEGIN)[2:] == [old]
    assert len(now_lines(replace(calendar, as_of=BEGIN - HOUR), BEGIN)) == 1
    barred = replace(calendar, freezes=(FREEZE,))
    assert now_lines(barred, BEGIN)[1:] == [old]


def test_a_calendar_that_never_answered_is_named_beside_those_that_did() -> None:
    calendar = Calendar((MORNING,), silent=("Deployments", "Holidays"))
    assert now_lines(calendar, BEGIN)[1:] == [
        "Take care: nothing was heard yet from Deployments and Holidays; what stands there is not known."
    ]


def test_many_windows_of_one_start_are_no_flood() -> None:
    many = tuple(replace(MORNING, name=f"window {number}") for number in range(8))
    for lines in (now_lines(Calendar(many), MORNING.starts), next_lines(Calendar(many), BEGIN)):
        assert len(lines) == 6
        assert lines[-1] == "And 3 more at that time."


def test_no_line_is_longer_than_a_channel_takes_and_the_address_stays_whole() -> None:
    long = replace(LINKED, name="window " * 200)
    for line in (*now_lines(Calendar((long,)), long.starts), *next_lines(Calendar((long,)), BEGIN)):
        assert len(line.encode()) <= BUDGET_BYTES
        assert line.endswith(f"({PAGE})")
