"""The journal of stops that the record could not take: one JSON object a line, each bound to the one before by a hash.

Law: whatever is wrong with the file, what is read from it only makes things safer.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog

from tocsin.domain import events as e
from tocsin.service.ports import Draft
from tocsin.storage.codec.events import FIRST_SHAPE, Codec, Stored
from tocsin.storage.codec.shapes import Unreadable

log = structlog.get_logger()
STOPS = (e.Paused, e.AbortAsked)
"""What a kept draft may bring about: nobody confirms anything by writing into this file."""


class StopJournal:
    """Keeps drafts aside until the record holds them; what cannot be written here either still stops."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._codec = Codec((Draft,))
        self._last = ""
        self._torn = False
        self._pending = tuple(self._read())

    def keep(self, draft: Draft) -> None:
        """Write a draft down."""
        self._write({"kept": _name(draft), "draft": self._codec.encode(draft).body.decode()})

    def settle(self, draft: Draft) -> None:
        """Note that the record holds a draft now."""
        self._write({"settled": _name(draft)})

    def pending(self) -> tuple[Draft, ...]:
        """Return what was kept and not settled when this was opened, oldest first."""
        return self._pending

    def _write(self, line: dict[str, object]) -> None:
        text = json.dumps({**line, "after": self._last}, sort_keys=True)
        try:
            self._append(f"\n{text}\n" if self._torn else f"{text}\n")
        except OSError as error:
            self._torn = True
            log.error("the journal of stops cannot be written", path=str(self._path), why=str(error))
            return
        self._torn = False
        self._last = _hash(text)

    def _append(self, text: str) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _read(self) -> Iterator[Draft]:
        """Yield what waits; a torn line is what a full disk leaves, and is passed over."""
        kept: dict[str, Draft] = {}
        for text in self._lines():
            try:
                self._read_line(json.loads(text), kept)
            except (ValueError, KeyError, TypeError, Unreadable) as error:
                log.error("a line of the journal of stops cannot be read", path=str(self._path), why=str(error))
                continue
            self._last = _hash(text)
        yield from kept.values()

    def _read_line(self, line: dict[str, Any], kept: dict[str, Draft]) -> None:
        follows = line["after"] == self._last
        if not follows:
            log.error("a line of the journal of stops does not follow the one before", path=str(self._path))
        if "kept" in line:
            kept[line["kept"]] = self._decoded(line["draft"])
        elif follows:
            kept.pop(line["settled"], None)

    def _decoded(self, body: str) -> Draft:
        draft = self._codec.decode(Stored(Draft.__name__, FIRST_SHAPE, body.encode()))
        assert isinstance(draft, Draft), "a codec of drafts reads drafts"
        if not all(isinstance(event, STOPS) for event in draft.events):
            raise Unreadable("it is more than a stop")
        return draft

    def _lines(self) -> list[str]:
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return []
        except OSError as error:
            log.error("the journal of stops cannot be read", path=str(self._path), why=str(error))
            return []
        self._torn = not text.endswith("\n") and bool(text)
        return [line for line in text.split("\n") if line]


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _name(draft: Draft) -> str:
    return f"{draft.stream} {draft.at.isoformat()} {draft.origin.name}"
