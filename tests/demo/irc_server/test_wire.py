"""Lines as bytes: read with patience, written within the limits."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parser_tests import data  # type: ignore[import-untyped]

from tocsin.demo.irc_server.wire import Event, Line, read, write


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
