"""What holds for any bytes at all: a law takes one input, and raises when it is broken.

Each reads a line in a way of its own too, so that a mistake of the parser does not excuse itself.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.fuzz.talks import Conversation
from tocsin.domain.people import PersonId, TeamId
from tocsin.irc.grammar import OTHER_WORDS, UNSEEN, Line, Unclear, Wanted, parse
from tocsin.irc.message import LONGEST_READ, LineSplitter, Message, UnsafeLine, build
from tocsin.irc.message import parse as read
from tocsin.irc.names import cut, split_source

Law = Callable[[bytes], None]

SECONDS_OF_A_LINE = 0.5
SECONDS_OF_A_TALK = 5.0
"""Of the processor, hundreds of times what it takes: only what grows out of all proportion takes as long."""
TEAMS = {"sre": TeamId("sre"), "release engineering": TeamId("releng"), "security": TeamId("security")}
PEOPLE = {name: PersonId(name) for name in ("lin", "mo-sre", "kim-releng")}
SPOKEN = {"notlive": r"not[\s.,:;?!]*live", "rollback": r"roll[\s.,:;?!]*back"}
OPENING = ("emergency", "describe")
"""They ask for something and say more of it; nobody is bound by it before others have said yes."""


class TooSlow(AssertionError):
    """An input took longer than any line may."""


def a_line_is_read_and_written_again(data: bytes) -> None:
    """Reading never fails; what was read is written as one line that reads the same, or not at all."""
    with bounded(SECONDS_OF_A_LINE):
        for line in _cut_anywhere(data):
            message = read(line)
            if message is not None:
                split_source(message.source)
                _is_written_again(message)


def words_become_no_act_that_was_not_said(data: bytes) -> None:
    """The grammar never fails; an act was said with its verb in plain letters, and to us."""
    text = data.decode("utf-8", "replace")
    for in_private in (False, True):
        with bounded(SECONDS_OF_A_LINE):
            meant = _meaning(text, in_private=in_private)
        assert meant == _meaning(text, in_private=in_private)
        if isinstance(meant, Unclear):
            assert meant.sentence
        if isinstance(meant, Wanted) and meant.verb not in OPENING:
            assert _says_plainly(text, meant.verb), f"{text!r} became {meant}"
            assert in_private or _speaks_to_us(text), f"{text!r} became {meant}, and was said to nobody"


def a_talk_counts_only_what_is_certain(data: bytes) -> None:
    """Whatever a server says: nothing raises, nothing counts that is not certain, and no line of ours holds two."""
    talk = Conversation()
    with bounded(SECONDS_OF_A_TALK):
        talk.goes(data)
        talk.still_answers()


LAWS: dict[str, Law] = {
    "line": a_line_is_read_and_written_again,
    "words": words_become_no_act_that_was_not_said,
    "talk": a_talk_counts_only_what_is_certain,
}


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Let a block take so much of the processor; what never ends is for whoever started the process."""
    began = time.thread_time()
    yield
    if (took := time.thread_time() - began) > seconds:
        raise TooSlow(f"{timedelta(seconds=took)} for one input")


def _cut_anywhere(data: bytes) -> list[bytes]:
    """Return the lines of a stream, which are the same wherever it is cut."""
    at_once, piecemeal = LineSplitter(), LineSplitter()
    lines = at_once.feed(data + b"\n")
    place = data[0] * len(data) // 256 if data else 0
    assert [*piecemeal.feed(data[:place]), *piecemeal.feed(data[place:] + b"\n")] == lines
    assert all(len(line) <= LONGEST_READ and b"\n" not in line for line in lines)
    return lines


def _is_written_again(message: Message) -> None:
    said = Message((), "", message.command, message.params)
    try:
        line = build(said.command, *said.params)
    except UnsafeLine:
        return
    assert line.endswith(b"\r\n")
    assert len(line) <= 512
    assert not re.search(rb"[\r\n\0]", line[:-2])
    assert read(line[:-2]) == said
    for text in said.params:
        assert len(cut(text, 40).encode()) <= 40


def _meaning(text: str, *, in_private: bool) -> Line:
    return parse(text, nick="tocsin", teams=TEAMS, people=PEOPLE, in_private=in_private)


def _says_plainly(text: str, verb: str) -> bool:
    words = [verb, *(word for word, meant in OTHER_WORDS.items() if meant == verb)]
    patterns = "|".join(SPOKEN.get(word, word) for word in words)
    return (
        re.search(rf"(?<![a-z])(?:{patterns})(?![a-z])", text.translate(UNSEEN), re.ASCII | re.IGNORECASE) is not None
    )


def _speaks_to_us(text: str) -> bool:
    start = text.translate(UNSEEN).strip().casefold()
    return start.startswith(("!", "tocsin", "@tocsin"))
