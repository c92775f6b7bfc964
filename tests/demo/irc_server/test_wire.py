"""Lines as bytes: read with patience, written within the limits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parser_tests import data  # type: ignore[import-untyped]

from tocsin.demo.irc_server.wire import LONGEST_BYTES, Event, Line, LineSplitter, read, tags_too_long, write


@pytest.mark.parametrize("case", data.msg_split["tests"], ids=lambda case: case["input"])
def test_a_line_is_split_as_the_public_examples_say(case: dict[str, Any]) -> None:
    line = read(case["input"].encode())
    assert line
    assert line.command == case["atoms"]["verb"].upper()
    assert list(line.parameters) == case["atoms"].get("params", [])
    assert set(line.tags) == set(case["atoms"].get("tags", {}))


@pytest.mark.parametrize("raw", [b"", b"\r", b"  ", b"@a=b", b"@a=b ", b":source", b":source ", b"@a :b "])
def test_a_line_without_a_command_is_nothing(raw: bytes) -> None:
    assert read(raw) is None


@given(st.binary())
def test_no_bytes_are_too_odd_to_read(raw: bytes) -> None:
    line = read(raw)
    assert line is None or line.command


@given(st.binary().map(lambda text: text.translate(None, b"\r\n\0")))
def test_bytes_that_are_no_text_come_out_as_they_went_in(text: bytes) -> None:
    line = read(b"PRIVMSG #room :" + text[:400])
    assert line
    assert write(Event("", line.command, line.parameters), {}) == b"PRIVMSG #room :" + text[:400] + b"\r\n"


def test_a_bare_carriage_return_is_dropped_and_a_nul_becomes_a_space() -> None:
    assert read(b"PRIVMSG #room :a\rb\0c\r") == Line("PRIVMSG", ("#room", "ab c"))


def test_a_body_is_cut_at_510_bytes_and_its_tags_are_not_counted() -> None:
    written = write(Event("ada!ada@here", "PRIVMSG", ("#room", "x" * 600)), {"account": "ada"})
    assert written.startswith(b"@account=ada :ada!ada@here PRIVMSG #room :x")
    assert len(written.removeprefix(b"@account=ada ")) == 512


def test_a_tag_without_a_value_is_written_without_a_sign() -> None:
    assert write(Event("", "PING", ("x",)), {"+y": "", "+z": "1"}) == b"@+y;+z=1 PING :x\r\n"


@given(st.lists(st.binary(max_size=40)), st.integers(1, 7))
def test_lines_come_out_whole_however_the_bytes_arrive(texts: list[bytes], size: int) -> None:
    lines = [text.replace(b"\n", b"") for text in texts]
    stream = b"".join(line + b"\n" for line in lines)
    splitter = LineSplitter()
    assert [line for at in range(0, len(stream), size) for line in splitter.feed(stream[at : at + size])] == lines


def test_an_endless_line_takes_no_more_room_than_the_longest_allowed() -> None:
    splitter = LineSplitter()
    for _ in range(100):
        assert splitter.feed(b"x" * 10_000) == []
    [line] = splitter.feed(b"\n")
    assert len(line) <= LONGEST_BYTES + 1


def test_tags_longer_than_a_client_may_send_are_noticed() -> None:
    assert tags_too_long(b"@+x=" + b"a" * 5000 + b" PING x")
    assert not tags_too_long(b"PRIVMSG #room :" + b"a" * 5000)
