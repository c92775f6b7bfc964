"""What a step printed is shown with its colours, and with nothing else that a terminal would obey."""

import pytest

from tocsin.views.printed import LONGEST_LINE, MOST_LINES, Segment, printed


def text(data: bytes) -> list[str]:
    return ["".join(each.text for each in line) for line in printed(data).lines]


def looks(data: bytes) -> list[list[tuple[str, str]]]:
    return [[(each.text, each.classes) for each in line] for line in printed(data).lines]


def test_colours_and_weight_become_names_for_the_stylesheet() -> None:
    assert looks(b"a \x1b[31mred\x1b[0m \x1b[1;4;92mbright\x1b[m z") == [
        [("a ", ""), ("red", "ansi-red"), (" ", ""), ("bright", "ansi-green ansi-bold ansi-underlined"), (" z", "")]
    ]


def test_a_colour_holds_until_it_is_ended_on_a_later_line_even() -> None:
    assert looks(b"\x1b[33mone\ntwo\x1b[39m\nthree") == [
        [("one", "ansi-yellow")],
        [("two", "ansi-yellow")],
        [("three", "")],
    ]


def test_the_numbers_of_a_colour_out_of_many_are_no_codes_of_their_own() -> None:
    assert looks(b"\x1b[38;5;31mx\x1b[48;2;1;4;31my") == [[("x", ""), ("y", "")]]


@pytest.mark.parametrize(
    "sequence",
    [
        b"\x1b[2J",
        b"\x1b[1;1H",
        b"\x1b]0;a title\x07",
        b"\x1b]8;;https://example.org/\x1b\\",
        b"\x1b]52;c;cm0=\x07",
        b"\x1bPq\x1b\\",
        b"\x1bc",
        b"\x1b(0",
        b"\x1b[?1049h",
    ],
)
def test_every_other_control_sequence_does_nothing(sequence: bytes) -> None:
    assert text(b"before " + sequence + b"after") == ["before after"]


def test_what_hides_or_turns_text_is_shown() -> None:
    assert text("a\u202eb\u200bc\x00d\x08e".encode()) == ["a<U+202E>b<U+200B>c<U+0000>d<U+0008>e"]


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert text(b"caf\xe9 \xff!") == ["caf\ufffd \ufffd!"]


def test_a_carriage_return_writes_over_what_was_there_as_on_a_terminal() -> None:
    assert text(b" 10%\r 50%\r100%\ndone\r\n") == ["100%", "done"]
    assert text(b"123456\rab") == ["ab3456"]
    assert text(b"123456\r\x1b[Kab") == ["ab"]
    assert looks(b"\x1b[31m1234\x1b[0m\rab") == [[("ab", ""), ("34", "ansi-red")]]


def test_tabs_stand_where_a_terminal_has_them() -> None:
    assert text(b"a\tb") == ["a       b"]


def test_only_the_last_lines_are_shown_and_the_size_of_what_came_before_is_said() -> None:
    data = b"".join(b"line %d\n" % number for number in range(MOST_LINES + 10))
    shown = printed(data)
    assert len(shown.lines) == MOST_LINES
    assert shown.lines[0] == (Segment("line 10"),)
    assert shown.left_out == sum(len(b"line %d\n" % number) for number in range(10))


def test_a_line_whose_beginning_was_cut_off_is_left_out_whole() -> None:
    shown = printed(b"half a line\nwhole\n", start=100)
    assert shown.lines == ((Segment("whole"),),)
    assert shown.left_out == 100 + len(b"half a line\n")


def test_a_line_that_never_ends_is_cut_and_shows_it() -> None:
    (line,) = text(b"x" * (LONGEST_LINE + 1))
    assert line == "x" * LONGEST_LINE + "\u2026"


def test_what_would_weigh_too_much_on_a_page_is_left_out_from_its_beginning() -> None:
    plain = printed(b"12345678\n" * 100, most=900)
    assert len(plain.lines) == 100
    coloured = printed(b"\x1b[31m1\x1b[32m2\n" * 100, most=900)
    assert len(coloured.lines) == 10
    assert coloured.left_out == 90 * len(b"\x1b[31m1\x1b[32m2\n")
    assert len(printed(b"<" * 1000, most=900).lines) == 1


def test_nothing_printed_is_no_line() -> None:
    assert printed(b"").lines == ()


def test_a_line_that_begins_anew_without_end_is_read_in_time() -> None:
    hostile = b"".join(b"\x1b[3%dmx" % (number % 8) for number in range(10_000)) + b"\r1" * 20_000
    (line,) = text(hostile)
    assert line == "1"
