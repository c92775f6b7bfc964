"""Answers: every reason, what to do next, in lines that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.errors import AlreadyActed, Conflict, RecordUnavailable, Refused, TocsinError, UnknownRequest
from tocsin.irc.message import require_safe
from tocsin.irc.replies import BUDGET_BYTES, MOST_LINES, lines, reply_to, visible, wrapped


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused(["One.", "Two."]), "One. Two."),
        (AlreadyActed("again"), ""),
        (Conflict("Others kept being faster."), "Others kept being faster."),
        (UnknownRequest("There is no request E9."), "There is no request E9."),
        (RecordUnavailable("disk full"), "Nothing was done: the record cannot be written (disk full)."),
        (TocsinError("odd"), "Nothing was done: odd"),
    ],
)
def test_every_error_is_answered_as_it_concerns_a_person(error: TocsinError, said: str) -> None:
    assert reply_to(error).startswith(said)


def test_an_answer_names_the_one_who_spoke() -> None:
    assert lines("ada", "E17 is ready.") == ["ada: E17 is ready."]
    assert lines("", "E17 is ready.") == ["E17 is ready."]


def test_nothing_to_say_is_no_line() -> None:
    assert lines("ada", "") == []


def test_a_long_answer_is_parted_between_sentences() -> None:
    sentences = [f"Reason {number} says {'very ' * 20}much." for number in range(8)]
    said = lines("ada", " ".join(sentences))
    assert len(said) > 1
    assert all(line.startswith("ada: Reason") and line.endswith("much.") for line in said)


def test_what_is_to_be_typed_is_never_torn_apart() -> None:
    said = wrapped("word " * 74 + "then type:  !confirm E17 plum-otter for SRE", BUDGET_BYTES)
    assert said[-1] == "!confirm E17 plum-otter for SRE"


def test_a_flood_of_lines_is_bounded_and_says_where_the_rest_is() -> None:
    said = lines("ada", "Sentence. " * 1000)
    assert len(said) == MOST_LINES
    assert "command line" in said[-1]


def test_what_nobody_could_see_is_made_visible() -> None:
    assert visible("a\r\nb\u202ec") == "a b<U+202E>c"


@given(st.text(max_size=2000))
def test_no_answer_holds_a_line_break_or_is_longer_than_the_budget(text: str) -> None:
    for line in lines("ada", text):
        require_safe(line)
        assert line.isprintable()
        assert len(line.encode()) <= BUDGET_BYTES


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=1500), st.integers(20, 380))
def test_wrapping_loses_no_word(text: str, budget: int) -> None:
    kept = "".join("".join(each.removesuffix("…") for each in wrapped(text, budget)).split())
    assert kept == "".join(text.split())
