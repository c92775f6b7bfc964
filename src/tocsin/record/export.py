"""A record as a file that proves itself: JSON lines with keys, entries and signed heads; no server, no network.

Law: the keys in the file only say who claims to have signed it. Whoever wants to be sure compares them with keys, or
heads, that came another way.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from tocsin.domain.errors import TocsinError
from tocsin.record.canonical import canonical
from tocsin.record.entry import Entry
from tocsin.record.note import BadNote, PublicKey, read_key

FORM = 1
LONGEST_LINE = 4_000_000
"""In characters; an entry has some thousands."""

_NUMBERS = frozenset({"position", "version", "shape"})
_BYTES = frozenset({"commitment", "previous", "hash", "salt"})
_MAY_BE_NONE = frozenset({"person", "body", "salt"})
_FIELDS = tuple(field.name for field in fields(Entry))


class BadExport(TocsinError):
    """A file that is no export of a record; the sentence names the line."""

    def __init__(self, line: int, sentence: str) -> None:
        """Lines count from 1."""
        self.line = line
        super().__init__(f"Line {line}: {sentence}")


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds; `verify` takes the three as they are."""

    keys: tuple[PublicKey, ...]
    entries: tuple[Entry, ...]
    checkpoints: tuple[str, ...]


def write_export(keys: Sequence[PublicKey], entries: Iterable[Entry], checkpoints: Iterable[str]) -> Iterator[str]:
    """Yield the lines of an export, each with its line end; what is too large for the memory can be passed through."""
    yield _line({"tocsin_record": FORM, "keys": [key.text for key in keys]})
    for entry in entries:
        yield _line({"entry": {name: _plain(name, getattr(entry, name)) for name in _FIELDS}})
    for checkpoint in checkpoints:
        yield _line({"checkpoint": checkpoint})


def read_export(lines: Iterable[str]) -> Export:
    """Read the lines of an export; raises `BadExport` at the first that is malformed."""
    keys: tuple[PublicKey, ...] = ()
    entries: list[Entry] = []
    checkpoints: list[str] = []
    number = 0
    for number, line in enumerate(lines, start=1):
        match _parsed(number, line):
            case {"tocsin_record": int(form), "keys": list(texts), **rest} if number == 1 and not rest:
                keys = _keys(form, texts)
            case {"entry": dict(plain), **rest} if number > 1 and not rest and not checkpoints:
                entries.append(_entry(number, plain))
            case {"checkpoint": str(note), **rest} if number > 1 and not rest:
                checkpoints.append(note)
            case _:
                raise BadExport(number, "an export is one line with its keys, then entries, then signed heads.")
    if number == 0:
        raise BadExport(1, "there is nothing here.")
    return Export(keys, tuple(entries), tuple(checkpoints))


def _line(value: dict[str, Any]) -> str:  # plain JSON values, which canonical checks
    return canonical(value).decode() + "\n"


def _plain(name: str, value: Any) -> int | str | None:  # noqa: ANN401 - a field of Entry, whichever
    if value is None or isinstance(value, int | str):
        return value
    return str(value.hex()) if name in _BYTES else str(value.decode())


def _parsed(number: int, line: str) -> object:
    if len(line) > LONGEST_LINE:
        raise BadExport(number, f"it is longer than {LONGEST_LINE} characters.")
    try:
        line.encode()
        parsed: object = json.loads(line, object_pairs_hook=_no_key_twice, parse_float=_no_float)
    except (ValueError, RecursionError) as broken:
        raise BadExport(number, f"it is not JSON as we write it: {broken}") from broken
    return parsed


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_float(text: str) -> object:
    raise ValueError(f"{text} is not a whole number")


def _keys(form: int, texts: list[object]) -> tuple[PublicKey, ...]:
    if form != FORM:
        raise BadExport(1, f"this is form {form} of an export; we read form {FORM}.")
    try:
        return tuple(read_key(str(text)) for text in texts)
    except BadNote as bad:
        raise BadExport(1, str(bad)) from bad


def _entry(number: int, plain: dict[str, object]) -> Entry:
    if plain.keys() != set(_FIELDS):
        wrong = ", ".join(sorted(plain.keys() ^ set(_FIELDS)))
        raise BadExport(number, f"an entry lacks, or has too much of: {wrong}.")
    values: dict[str, Any] = {name: _value(number, name, plain[name]) for name in _FIELDS}
    return Entry(**values)


def _value(number: int, name: str, value: object) -> int | str | bytes | None:
    if value is None and name in _MAY_BE_NONE:
        return None
    if name in _NUMBERS and type(value) is int:
        return value
    if name not in _NUMBERS and isinstance(value, str):
        try:
            return _bytes(name, value)
        except ValueError as broken:
            raise BadExport(number, f"the {name} of the entry is malformed: {broken}") from broken
    raise BadExport(number, f"the {name} of the entry is malformed.")


def _bytes(name: str, text: str) -> str | bytes:
    encoded = text.encode()  # an escape in JSON can smuggle in what is not Unicode
    if name == "body":
        return encoded
    if name not in _BYTES:
        return text
    content = bytes.fromhex(text)
    if content.hex() != text:
        raise ValueError("not hexadecimal as we write it")
    return content
