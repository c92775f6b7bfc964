import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.irc.names import LONGEST_TEXT_BYTES, budget, cut, folding


@pytest.mark.parametrize(
    ("casemapping", "equal", "different"),
    [
        ("ascii", ("ADA", "ada"), ("ada[", "ada{")),
        ("rfc1459-strict", ("A[]\\", "a{}|"), ("a^", "a~")),
        ("rfc1459", ("A[]\\^", "a{}|~"), ("a-", "a_")),
        ("never-heard-of", ("ADA", "ada"), ("ada[", "ada{")),
    ],
)
def test_names_are_equal_as_the_network_says(
    casemapping: str, equal: tuple[str, str], different: tuple[str, str]
) -> None:
    fold = folding(casemapping)
    assert fold(equal[0]) == fold(equal[1])
    assert fold(different[0]) != fold(different[1])


def test_letters_beyond_ascii_are_never_made_equal() -> None:
    assert folding("rfc1459")("K") != folding("rfc1459")("\N{KELVIN SIGN}")


def test_the_budget_is_what_the_network_leaves_and_never_more_than_is_shown_whole() -> None:
    assert budget(40, "#ops") == LONGEST_TEXT_BYTES
    assert budget(200, "#ops") == 510 - 200 - len("PRIVMSG #ops :")


def test_a_text_that_fits_is_left_alone() -> None:
    assert cut("E17 is on hold", 14) == "E17 is on hold"


def test_a_cut_shows_and_comes_at_a_space() -> None:
    assert cut("E17 is on hold by kim-releng", 22) == "E17 is on hold by…"


def test_a_cut_comes_inside_a_word_rather_than_far_too_early() -> None:
    assert cut("E17 " + "x" * 40, 24) == "E17 " + "x" * 17 + "…"


@given(st.text(), st.integers(min_value=3, max_value=100))
def test_a_cut_text_fits_and_is_the_beginning_of_the_whole(text: str, budget_bytes: int) -> None:
    shortened = cut(text, budget_bytes)
    assert len(shortened.encode()) <= budget_bytes
    assert shortened == text or text.startswith(shortened.removesuffix("…"))
