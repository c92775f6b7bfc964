"""Bytes to messages and back; what they mean is for the other files of this room.

Reading never fails: whatever a member of a channel can send must not end the connection. Writing is the single way out,
and refuses whatever could become a second line, or be cut by the network.
"""

import re
from typing import NamedTuple

from tocsin.domain.errors import TocsinError

LONGEST_READ = 8191 + 512  # what a server may send: tags, then the line
LONGEST_WRITTEN = 512

_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_UNESCAPED = {":": ";", "s": " ", "r": "\r", "n": "\n"}
_LINE_BREAKERS = ("\r", "\n", "\0")


class UnsafeLine(TocsinError):
    """This cannot be said as one IRC line; nothing of it was sent."""


class Message(NamedTuple):  # and not a dataclass, here and in authority: it is made for every line, and this is quicker
    """One line as it came, the command in capitals; a tag given twice is there twice."""

    tags: tuple[tuple[str, str], ...]
    source: str
    command: str
    params: tuple[str, ...]

    def tag(self, key: str) -> str | None:
        """Return the last value of a tag; `account` and `+account` are two different tags."""
        for name, value in reversed(self.tags):
            if name == key:
                return value
        return None

    def tagged(self, key: str) -> frozenset[str]:
        """Return every value that a tag was given; usually one."""
        return frozenset([value for name, value in self.tags if name == key])

    def param(self, place: int) -> str:
        """Return a parameter, or nothing where the server sent fewer; a negative place counts from the end."""
        return self.params[place] if -len(self.params) <= place < len(self.params) else ""


def parse(line: bytes) -> Message | None:
    """Read one line without its end; what holds no command is nothing."""
    text = line.decode("utf-8", "replace")
    tags: tuple[tuple[str, str], ...] = ()
    source = ""
    if text[:1] == "@":
        section, _, text = text[1:].partition(" ")
        tags = _tags(section)
        text = text.lstrip(" ")
    if text[:1] == ":":
        source, _, text = text[1:].partition(" ")
    head, colon, trailing = text.partition(" :")
    words = [word for word in head.split(" ") if word]
    if not words:
        return None
    if colon:
        words.append(trailing)
    command = words[0].upper() if words[0].isascii() else words[0]  # no other letter may become one of a command
    return Message(tags, source, command, tuple(words[1:]))


def build(command: str, *params: str) -> bytes:
    """Write one line with its end; raises UnsafeLine when it would be none, several, or too long."""
    require_safe(command, *params)
    for word in (command, *params[:-1]):
        if not word or " " in word or word.startswith(":"):
            raise UnsafeLine(f"only the last part of a line may be empty or hold spaces, not {word!r}")
    if command.startswith("@"):
        raise UnsafeLine(f"a line that begins with {command[:80]!r} would begin with tags")
    line = " ".join((command, *params[:-1], *map(_last, params[-1:]))).encode() + b"\r\n"
    if len(line) > LONGEST_WRITTEN:
        raise UnsafeLine(f"the line has {len(line)} bytes; the network would cut it at {LONGEST_WRITTEN}")
    return line


def require_safe(*words: str) -> None:
    """Raise UnsafeLine for what would end the line early, or is no text."""
    for word in words:
        if any(breaker in word for breaker in _LINE_BREAKERS):
            raise UnsafeLine(f"a line break or NUL inside {word[:80]!r}")
        if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise UnsafeLine(f"half a character inside {word[:80]!r}")


class LineSplitter:
    """Cuts a stream of bytes into lines; a line longer than any server may send is skipped and counted."""

    def __init__(self) -> None:
        self.skipped = 0
        self._partial = b""
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take more bytes and return the lines that they complete, without their ends."""
        *whole, self._partial = (self._partial + data).split(b"\n")
        if self._skipping and whole:
            del whole[0]
            self._skipping = False
        if len(self._partial) > LONGEST_READ:
            self.skipped += not self._skipping
            self._skipping = True
        if self._skipping:
            self._partial = b""
        return [line.rstrip(b"\r") for line in whole if self._is_short(line)]

    def _is_short(self, line: bytes) -> bool:
        self.skipped += len(line) > LONGEST_READ
        return len(line) <= LONGEST_READ


def _tags(section: str) -> tuple[tuple[str, str], ...]:
    found = []
    for item in section.split(";"):
        key, _, value = item.partition("=")
        if key:
            found.append((key, _ESCAPED.sub(_unescape, value) if "\\" in value else value))
    return tuple(found)


def _unescape(escaped: re.Match[str]) -> str:
    return _UNESCAPED.get(escaped[1], escaped[1])


def _last(param: str) -> str:
    return f":{param}" if not param or " " in param or param.startswith(":") else param
