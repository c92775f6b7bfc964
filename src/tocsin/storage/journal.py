"""The journal of stops that the record could not take: one JSON object a line, each bound to the one before by a hash."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import structlog

from tocsin.service.ports import Draft
from tocsin.storage.codec.events import FIRST_SHAPE, Codec, Stored
from tocsin.storage.codec.shapes import Unreadable

log = structlog.get_logger()


class StopJournal:
    """Keeps drafts aside until the record holds them; what cannot be written here either still stops."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._codec = Codec((Draft,))
        self._last = ""
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
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            log.error("the journal of stops cannot be written", path=str(self._path), why=str(error))
            return
        self._last = hashlib.sha256(text.encode()).hexdigest()

    def _read(self) -> Iterator[Draft]:
        """Yield what waits; a torn last line is what a full disk leaves, and ends the reading."""
        kept: dict[str, Draft] = {}
        for text in self._lines():
            try:
                line = json.loads(text)
                if "kept" in line:
                    kept[line["kept"]] = self._decoded(line["draft"])
                else:
                    kept.pop(line["settled"], None)
            except (ValueError, KeyError, TypeError, Unreadable) as error:
                log.error("a line of the journal of stops cannot be read", why=str(error))
                continue
            self._last = hashlib.sha256(text.encode()).hexdigest()
        yield from kept.values()

    def _decoded(self, body: str) -> Draft:
        draft = self._codec.decode(Stored(Draft.__name__, FIRST_SHAPE, body.encode()))
        assert isinstance(draft, Draft), "a codec of drafts reads drafts"
        return draft

    def _lines(self) -> list[str]:
        try:
            return self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            log.error("the journal of stops cannot be read", path=str(self._path), why=str(error))
            return []


def _name(draft: Draft) -> str:
    return f"{draft.stream} {draft.at.isoformat()} {draft.origin.name}"
