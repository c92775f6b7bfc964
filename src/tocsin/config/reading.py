"""One TOML file read once, whole or not at all, with the line of every key; what the keys mean is left to others."""

import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.config.positions import Path as KeyPath
from tocsin.config.positions import Positions, positions
from tocsin.config.problems import Report

LARGEST_BYTES = 1_000_000  # a thousand people with all their keys; anything longer is a mistake

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_REMEDIES = {
    "Cannot overwrite a value": "This key, or this table, was given before: write it once.",
    "Cannot mutate immutable namespace": "This table was closed before: write all of it in one place.",
    "Invalid value": "What stands after the = is no value: a text needs quotes.",
    "Unterminated string": "The quote that ends this text is missing.",
    "Illegal character '\\n'": "The quote that ends this text is missing.",
    "Cannot declare": "This table was given before: put both together.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content with what is needed to speak of it: its name, where its keys stand, and whom to tell."""

    file: str
    report: Report
    data: Mapping[str, Any] = field(default_factory=dict)
    positions: Positions = field(default_factory=Positions)
    digest: str = ""

    def line(self, path: KeyPath) -> int:
        """Return the line of a key, or of the table where it is missing."""
        return self.positions.line(path)

    def error(self, path: KeyPath, sentence: str) -> None:
        """Report what must be mended, on the line of a key."""
        self.report.error(self.file, self.line(path), sentence)

    def warn(self, path: KeyPath, sentence: str) -> None:
        """Report what deserves a look, on the line of a key."""
        self.report.warn(self.file, self.line(path), sentence)

    def names(self, table: str) -> tuple[str, ...]:
        """Return the keys of a table, sound or not, so that one mistake is not told as two."""
        inside = self.data.get(table)
        return tuple(inside) if isinstance(inside, dict) else ()


def read(folder: Path, file: str, report: Report) -> Source | None:
    """Read a file of the configuration; what stands in the way is told to the report."""
    content = _bytes(folder, file, report)
    text = None if content is None else _decoded(content, file, report)
    if content is None or text is None:
        return None
    try:
        return Source(file, report, tomllib.loads(text), positions(text), hashlib.sha256(content).hexdigest())
    except RecursionError:
        report.error(file, 1, "The tables or lists are nested too deeply to be meant.")
    except ValueError as error:  # of the parser, and of numbers with thousands of digits
        report.error(file, *_syntax(str(error), text))
    return None


def _bytes(folder: Path, file: str, report: Report) -> bytes | None:
    """A device or a pipe would never end, so it is looked at before it is read."""
    path = folder / file
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                report.error(file, 1, "This is not a file: put a TOML file in its place.")
                return None
            content = opened.read(LARGEST_BYTES + 1)
    except OSError as error:
        report.error(file, 1, unreadable(error))
        return None
    if len(content) > LARGEST_BYTES:
        report.error(file, 1, f"The file is longer than {LARGEST_BYTES} bytes: it cannot be the right one.")
        return None
    return content


def unreadable(error: OSError) -> str:
    """Say why a file cannot be read, and what to do."""
    match error:
        case FileNotFoundError():
            return "There is no such file: write it, or take its name out of the configuration."
        case PermissionError():
            return "It may not be read: give it to the account that runs tocsin."
        case IsADirectoryError():
            return "This is not a file: put a TOML file in its place."
        case _:
            return f"It cannot be read: {error.strerror or error}."


def _decoded(content: bytes, file: str, report: Report) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        report.error(file, line, "Here are bytes that are not UTF-8: save the file as UTF-8.")
        return None


def _syntax(message: str, text: str) -> tuple[int, str]:
    """Tell a parser's message as a line and a sentence; the end of the document is its last line."""
    place = _PLACE.search(message)
    what = message[: place.start()] if place else message
    line = int(place[1]) if place and place[1] else len(text.splitlines()) or 1
    if place and not place[1]:
        return line, "The file ends in the middle of something: a bracket or a quote was not closed."
    remedy = next((sentence for start, sentence in _REMEDIES.items() if what.startswith(start)), "")
    return line, remedy or f"This is not TOML: {what[:1].lower()}{what[1:]}."
