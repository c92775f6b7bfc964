"""One line, within 380 bytes, with nothing hidden in it; only text from outside is ever cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.people import PersonId, RequestId
from tocsin.views.lines import BUDGET_BYTES, Free, Said, cut, fitted, free, harmless, line, quoted, told, whole

E17 = RequestId("E17")


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("plain words", "plain words"),
        ("two\nlines\r\nand\ta tab", "two lines and a tab"),
        ("a\u2028b\u2029c", "a<U+2028>b<U+2029>c"),
        ("bold \x02red\x0304", "bold <U+0002>red<U+0003>04"),
        ("bell\x07 null\x00 escape\x1b[2J", "bell<U+0007> null<U+0000> escape<U+001B>[2J"),
        ("turn \u202eti dnuora\u202c", "turn <U+202E>ti dnuora<U+202C>"),
        ("isolate \u2066x\u2069", "isolate <U+2066>x<U+2069>"),
        ("bo-\u200bsre", "bo-<U+200B>sre"),
        ("mark \ufeff next\x85line", "mark <U+FEFF> next<U+0085>line"),
        ("half \ud800 a pair", "half <U+D800> a pair"),
        ("  wide   spaces  ", "wide spaces"),
        ("Grüße, 日本語, עברית", "Grüße, 日本語, עברית"),
    ],
)
def test_what_a_reader_could_not_see_is_made_visible(outside: str, shown: str) -> None:
    assert harmless(outside) == shown


def test_our_own_words_are_harmless_too_for_names_come_with_them() -> None:
    assert fitted(("E17: na\x02me\u202e speaks",)) == "E17: na<U+0002>me<U+202E> speaks"


def test_a_quotation_cannot_end_itself() -> None:
    assert fitted(quoted('fix" by lin. To confirm: "x')) == "\"fix' by lin. To confirm: 'x\""


def test_what_is_free_is_cut_and_all_else_stays() -> None:
    said = fitted(("E17 is on hold: ", free("because " * 100), " To lift it: !lift E17"))
    assert len(said.encode()) <= BUDGET_BYTES
    assert said.startswith("E17 is on hold: because because")
    assert said.endswith("… To lift it: !lift E17")


def test_a_short_text_leaves_its_room_to_a_long_one() -> None:
    said = fitted((free("short"), " ", free("x" * 500)))
    assert said == f"short {'x' * 371}…"
    assert len(said.encode()) == BUDGET_BYTES


def test_a_line_that_fits_when_its_long_text_is_cut_is_cut_nowhere_else() -> None:
    said = fitted(
        ("E17 " + "x" * 280, free("why " * 50), " stopped: ", free("errors rise"), " held: ", free("caches?"))
    )
    assert len(said.encode()) <= BUDGET_BYTES
    assert said.startswith("E17 " + "x" * 280 + "why why") and said.endswith("… stopped: errors rise held: caches?")


def test_a_text_is_cut_at_a_character() -> None:
    assert cut("ééé", 5) == "é…"
    assert cut("ééé", 6) == "ééé"
    assert cut("a b c", 5) == "a b c"
    assert cut("aa bbbb", 6) == "aa…"


def test_what_does_not_fit_whatever_is_cut_keeps_its_beginning_and_its_end() -> None:
    said = fitted((f"E17 {'name ' * 100}", "To confirm: !confirm E17 plum-otter"))
    assert len(said.encode()) <= BUDGET_BYTES
    assert said.startswith("E17 name name") and said.endswith("To confirm: !confirm E17 plum-otter")


def test_sentences_of_one_act_make_one_line_that_names_the_request_once() -> None:
    sentences = [
        Said(("the hold of bo-sre is over.",)),
        Said(("is ready",), is_of=True),
        Said(("nobody is missing.",)),
        Said(("lin says so.",)),
    ]
    assert [each.text for each in told(E17, sentences)] == [
        "E17: the hold of bo-sre is over. It is ready. Nobody is missing. lin says so."
    ]
    assert [each.text for each in told(E17, sentences[1:2])] == ["E17 is ready"]


def test_what_is_too_much_for_one_line_makes_two_between_sentences() -> None:
    lines = [each.text for each in told(E17, [Said(("a" * 200 + ".",)), Said(("b" * 200 + ".",)), Said(("c.",))])]
    assert lines == [f"E17: {'a' * 200}.", f"E17: {'b' * 200}. c."]


def test_a_sentence_apart_stands_alone() -> None:
    sentences = [Said(("one.",)), Said(("two",), apart=True), Said(("three.",))]
    assert [each.text for each in told(E17, sentences)] == ["E17: one.", "E17: two", "E17: three."]


def test_a_line_calls_each_person_once() -> None:
    ada, lin = PersonId("ada"), PersonId("lin")
    sentences = [Said(("one.",), calls=(ada, lin)), Said(("two.",), calls=(ada,))]
    assert told(E17, sentences)[0].calls == (ada, lin)
    assert line("hello", calls=[ada, ada]).calls == (ada,)


def test_a_sentence_can_be_had_whole() -> None:
    assert whole(E17, Said(("says ", free("long " * 200)), is_of=True)) == f"E17 says {'long ' * 199}long"


@given(st.lists(st.one_of(st.text(max_size=400), st.builds(free, st.text(max_size=400))), max_size=6))
def test_every_line_fits_and_shows_all_that_is_in_it(words: list[str | Free]) -> None:
    said = fitted(tuple(words))
    assert len(said.encode()) <= BUDGET_BYTES
    assert not set(said) & set("\n\r\x00\x02\u202e\u2028\u2029\u200b")
