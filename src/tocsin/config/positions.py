"""On which line of a TOML file each key stands, for errors that people can find; what a key means is left to others.

The scan trusts that `tomllib` has read the text before: it looks for places and finds no faults.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

Path = tuple[str | int, ...]
"""The way to a value: names of keys, and numbers in arrays, which count from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\r\n]+")
# The longer quotes first. A text in three quotes may end in one or two more that belong to it.
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\])*"' r"|'[^']*'",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Positions:
    """The line of every key and element of an array, counted from 1, and from where to where its value stands."""

    lines: Mapping[Path, int] = field(default_factory=dict)
    spans: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Return the line of a value; of one that is missing, the line of the table where it belongs."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def positions(text: str) -> Positions:
    """Find every key of a valid TOML text."""
    return _Scan(text).found()


class _Scan:
    """One walk through a text, from the first character to the last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._lines: dict[Path, int] = {}
        self._spans: dict[Path, tuple[int, int]] = {}
        self._lengths: dict[Path, int] = {}  # of the arrays of tables met so far

    def found(self) -> Positions:
        """Walk once; every round of the loop takes at least one character."""
        table: Path = ()
        while self._skip(_BLANK) < len(self._text):
            if self._text.startswith("[[", self._at):
                table = self._array_header()
            elif self._text.startswith("[", self._at):
                table = self._table_header()
            else:
                self._assignment(table)
        return Positions(self._lines, self._spans)

    def _table_header(self) -> Path:
        line = self._line()
        self._at += 1
        table = self._resolved(self._key())
        self._at += 1
        self._note_way(table, line)
        self._lines[table] = line  # said in so many words, where a longer header may have implied it before
        return table

    def _array_header(self) -> Path:
        line = self._line()
        self._at += 2
        *way, name = self._key()
        self._at += 2
        array = (*self._resolved(way), name)
        number = self._lengths.get(array, 0)
        self._lengths[array] = number + 1
        self._note_way((*array, number), line)
        return (*array, number)

    def _resolved(self, key: list[str]) -> Path:
        """A header that goes through an array of tables means the newest table of it."""
        path: Path = ()
        for name in key:
            path = (*path, name)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _assignment(self, table: Path) -> None:
        line = self._line()
        path = (*table, *self._key())
        self._note_way(path, line, below=len(table))
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> list[str]:
        """Read a dotted key, up to what follows it."""
        self._skip(_SPACE)
        names = [self._name()]
        self._skip(_SPACE)
        while self._text.startswith(".", self._at):
            self._at += 1
            self._skip(_SPACE)
            names.append(self._name())
            self._skip(_SPACE)
        return names

    def _name(self) -> str:
        if self._text[self._at] not in "\"'":
            return self._take(_BARE_KEY)
        return cast(str, tomllib.loads(f"name = {self._take(_TEXT)}")["name"])

    def _value(self, path: Path) -> None:
        start = self._at
        self._pass_value(path)
        self._spans[path] = (start, self._at)

    def _pass_value(self, path: Path) -> None:
        match self._text[self._at]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._skip(_TEXT)
            case _:
                self._skip(_BARE_VALUE)

    def _array(self, path: Path) -> None:
        for number, _ in enumerate(self._parts("]")):
            element = (*path, number)
            self._lines[element] = self._line()
            self._value(element)

    def _inline_table(self, path: Path) -> None:
        for _ in self._parts("}"):
            self._assignment(path)

    def _parts(self, end: str) -> Iterator[None]:
        """Stop at the start of each part between commas, and take the end as well."""
        self._at += 1
        while self._text[self._skip(_BLANK)] != end:
            yield
            if self._text[self._skip(_BLANK)] == ",":
                self._at += 1
        self._at += 1

    def _note_way(self, path: Path, line: int, *, below: int = 0) -> None:
        for length in range(below + 1, len(path) + 1):
            self._lines.setdefault(path[:length], line)

    def _line(self) -> int:
        return bisect_right(self._line_starts, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        self._take(pattern)
        return self._at

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        assert match is not None, "the text was read by tomllib before"
        self._at = match.end()
        return match[0]
