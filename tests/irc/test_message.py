import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parser_tests import data as vectors  # type: ignore[import-untyped]

from tocsin.irc.message import LONGEST_READ, LineSplitter, Message, UnsafeLine, build, parse
from tocsin.irc.names import split_source

# Two more collections of vectors are not for us: mask-match, for we compare accounts and never masks of hosts; and
# validate-hostname, for a host is what the resolver and the certificate say it is, `localhost` too.


def the(line: bytes) -> Message:
    message = parse(line)
    assert message is not None
    return message


@pytest.mark.parametrize("vector", vectors.msg_split["tests"], ids=lambda vector: repr(vector["input"]))
def test_lines_are_split_as_everybody_splits_them(vector: dict[str, dict[str, object]]) -> None:
    atoms = vector["atoms"]
    message = the(str(vector["input"]).encode())
    assert message.command == str(atoms["verb"]).upper()
    assert list(message.params) == atoms.get("params", [])
    assert message.source == atoms.get("source", "")
    assert dict(message.tags) == atoms.get("tags", {})


@pytest.mark.parametrize(
    "vector",
    [vector for vector in vectors.msg_join["tests"] if not {"tags", "source"} & vector["atoms"].keys()],
    ids=lambda vector: vector["desc"],
)
def test_lines_are_joined_as_everybody_joins_them(vector: dict[str, dict[str, list[str]]]) -> None:
    line = build(str(vector["atoms"]["verb"]), *vector["atoms"].get("params", []))
    assert line.decode().removesuffix("\r\n") in vector["matches"]


@pytest.mark.parametrize("vector", vectors.msg_join["tests"], ids=lambda vector: vector["desc"])
def test_lines_that_others_join_are_split_into_the_same(vector: dict[str, dict[str, object]]) -> None:
    atoms = vector["atoms"]
    for line in vector["matches"]:
        message = the(str(line).encode())
        assert (message.command, message.source) == (str(atoms["verb"]).upper(), atoms.get("source", ""))
        assert (list(message.params), dict(message.tags)) == (atoms.get("params", []), atoms.get("tags", {}))


@pytest.mark.parametrize("vector", vectors.userhost_split["tests"], ids=lambda vector: repr(vector["source"]))
def test_sources_are_split_as_everybody_splits_them(vector: dict[str, dict[str, str]]) -> None:
    source = split_source(str(vector["source"]))
    found = {key: value for key, value in source._asdict().items() if value}
    assert found == vector["atoms"]


def test_a_tag_given_twice_is_kept_twice_and_the_last_one_answers() -> None:
    message = the(b"@account=ada;account=bo-sre PING")
    assert message.tags == (("account", "ada"), ("account", "bo-sre"))
    assert message.tag("account") == "bo-sre"


def test_no_other_letter_becomes_one_of_a_command() -> None:
    assert the("privm\u017fg #c :a".encode()).command == "privm\u017fg"


def test_a_client_only_tag_is_another_tag_than_the_one_it_looks_like() -> None:
    assert the(b"@+account=ada PING").tag("account") is None


def test_bytes_that_are_no_text_are_replaced_and_not_fatal() -> None:
    message = the(b"@+x=\xff\xfe :m!m@h PRIVMSG #c :\xff\xc3")
    assert message.params == ("#c", "\ufffd\ufffd")


@pytest.mark.parametrize("line", [b"", b"   ", b"@a=b", b"@a=b ", b":", b":m!m@h", b":m!m@h  ", b"@", b"@ :"])
def test_a_line_without_a_command_is_nothing(line: bytes) -> None:
    assert parse(line) is None or the(line).command


def test_parameters_that_were_not_sent_are_empty() -> None:
    message = the(b"PRIVMSG #c")
    assert (message.param(0), message.param(1), message.param(-2), message.param(-1)) == ("#c", "", "", "#c")


@pytest.mark.parametrize(
    "params",
    [("#c", "a\rb"), ("#c", "a\nb"), ("#c", "a\0b"), ("#c\r\n", "a"), ("#c d", "a"), ("", "a"), (":c", "a"),
     ("#c", "\ud800"), ("#c", "x" * 512), ("#c", "é" * 260)],
)  # fmt: skip
def test_what_is_not_one_whole_line_is_not_written(params: tuple[str, ...]) -> None:
    with pytest.raises(UnsafeLine):
        build("PRIVMSG", *params)


def test_a_command_that_would_be_read_as_tags_is_not_written() -> None:
    with pytest.raises(UnsafeLine):
        build("@a=b", "PRIVMSG", "#c", "a")


def test_a_line_of_exactly_the_allowed_length_is_written() -> None:
    assert len(build("PRIVMSG", "#c", "x" * (512 - len("PRIVMSG #c \r\n")))) == 512


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_what_is_written_is_read_back_or_not_written_at_all(params: list[str]) -> None:
    try:
        line = build("PRIVMSG", *params)
    except UnsafeLine:
        return
    assert line.count(b"\n") == 1
    assert line.count(b"\r") == 1
    assert the(line[:-2]) == Message((), "", "PRIVMSG", tuple(params))


@given(st.binary(max_size=2000))
def test_no_bytes_are_too_odd_to_be_read(line: bytes) -> None:
    message = parse(line)
    assert message is None or message.command


@given(st.lists(st.binary(max_size=40).map(lambda chunk: chunk.replace(b"z", b"\n")), max_size=20))
def test_lines_do_not_depend_on_how_the_stream_was_cut(chunks: list[bytes]) -> None:
    piecemeal = LineSplitter()
    assert [line for chunk in chunks for line in piecemeal.feed(chunk)] == LineSplitter().feed(b"".join(chunks))


def test_a_line_ends_at_a_line_feed_and_never_at_a_carriage_return() -> None:
    assert LineSplitter().feed(b"a\rPRIVMSG #c :b\r\nc\nd") == [b"a\rPRIVMSG #c :b", b"c"]


def test_too_long_a_line_is_skipped_and_the_next_one_is_read() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"z" * (LONGEST_READ + 1)) == []
    assert splitter.feed(b"z" * 100_000) == []
    assert splitter.feed(b"zz\r\nPING a\r\n") == [b"PING a"]
    assert splitter.feed(b"y" * (LONGEST_READ + 1) + b"\nPING b\n") == [b"PING b"]
    assert splitter.skipped == 2


def test_an_endless_line_takes_no_memory() -> None:
    splitter = LineSplitter()
    chunk = b"z" * 65536
    tracemalloc.start()
    try:
        for _ in range(200):
            splitter.feed(chunk)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 1_000_000
