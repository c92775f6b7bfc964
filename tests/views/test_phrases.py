"""The short pieces: times, lists, the change in one breath."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import BEGIN, CHANGE
from tocsin.domain.change import ChangeStatus, Size, Verdict
from tocsin.views.lines import fitted
from tocsin.views.phrases import change_in_short, clock, ending, lasting, listed


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (41, "41 s"),
        (59.7, "1 min"),
        (108, "1 min 48 s"),
        (552, "9 min 12 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (36 * 3600, "36 h"),
        (7 * 86400, "7 days"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == said


def test_a_moment_ahead_is_a_day_of_the_week_until_that_would_not_tell_it() -> None:
    assert clock(BEGIN + timedelta(days=2), BEGIN) == "Mon 02:00 UTC"
    assert clock(BEGIN + timedelta(days=9), BEGIN) == "Mon 19 Jan 02:00 UTC"


def test_names_are_listed_as_in_a_sentence() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_sentence_from_outside_gets_one_full_stop() -> None:
    assert [fitted(ending(text)) for text in ("why", "why.", "why?", "why!")] == ["why.", "why.", "why?", "why!"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "config 1234/3 8f3ac21 by lin, CI not known"),
        ({"size": Size(1, 2, 2)}, "config 1234/3 8f3ac21 by lin, +2 -2 on 1 file, CI not known"),
        ({"size": Size(3, 9, 0), "ci": Verdict.YES}, "config 1234/3 8f3ac21 by lin, +9 -0 on 3 files, CI passed"),
        ({"ci": Verdict.NO, "mergeable": Verdict.NO}, "config 1234/3 8f3ac21 by lin, CI failed, not mergeable"),
        ({"status": ChangeStatus.MERGED}, "config 1234/3 8f3ac21 by lin, merged, CI not known"),
        ({"author_name": ""}, "config 1234/3 8f3ac21 by lin, CI not known"),
        ({"author_name": "", "authors": frozenset()}, "config 1234/3 8f3ac21 by an author not known, CI not known"),
        (
            {"brings": ("1230/1", "1231/2")},
            "config 1234/3 8f3ac21 by lin, CI not known, and brings along 1230/1, 1231/2",
        ),
    ],
)
def test_a_change_is_said_in_one_breath_and_what_is_not_known_too(changes: dict[str, object], said: str) -> None:
    assert fitted(change_in_short(replace(CHANGE, **changes))) == said  # type: ignore[arg-type]  # names are its own
