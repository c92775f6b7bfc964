"""Reading the record in one SQLite file just as it is stored, for exports and verifying, whoever writes meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from tocsin.domain.errors import RecordUnavailable
from tocsin.record.entry import Entry
from tocsin.record.export import write_export
from tocsin.record.note import PublicKey, read_key
from tocsin.storage import queries
from tocsin.storage.sqlite_file import in_words, open_readers

AT_ONCE = 5_000


class RecordFile:
    """Rows, heads and keys of a file that is there; trusts nothing of it, so it can show one that was tampered with."""

    def __init__(self, path: Path) -> None:
        """Take the file; the first question opens it, and raises `RecordUnavailable` when it cannot be opened."""
        self._path = path
        self._readers = open_readers(path)

    def entries(self, after: int, limit: int = AT_ONCE) -> tuple[Entry, ...]:
        """Return at most `limit` rows after a position, just as they are stored."""
        with self._reading() as connection:
            return tuple(map(as_entry, connection.execute(queries.ENTRIES_AFTER, {"after": after, "most": limit})))

    def size(self) -> int:
        """Return how many entries there are now."""
        with self._reading() as connection:
            found: int = connection.execute(queries.LAST_POSITION).scalar_one()
            return found

    def all_entries(self, until: int | None = None) -> Iterator[Entry]:
        """Yield every row up to a position, for an export or for verifying; takes no lock, and little memory."""
        after = 0
        while page := self.entries(after):
            yield from (entry for entry in page if until is None or entry.position <= until)
            after = page[-1].position

    def heads(self, after: int = 0, limit: int = AT_ONCE) -> tuple[str, ...]:
        """Return at most `limit` signed heads, oldest first, of records larger than `after`."""
        return tuple(note for note, _ in self._heads(after, limit))

    def all_heads(self, until: int | None = None) -> Iterator[str]:
        """Yield every signed head of a record up to a size, oldest first; takes no lock, and little memory."""
        after = 0
        while page := self._heads(after, AT_ONCE):
            yield from (note for note, size in page if until is None or size <= until)
            after = page[-1][1]

    def head(self) -> str:
        """Return the newest signed head, to be held elsewhere; empty while there is no entry."""
        with self._reading() as connection:
            return newest_head(connection)

    def tree_head(self) -> str:
        """Return the newest head as others can hold it: its size, and the hash over all of it."""
        _, size, root, *_ = [*self.head().splitlines(), "", "", ""]
        return f"{size}:{root}"

    def public_keys(self) -> tuple[PublicKey, ...]:
        """Return the keys that ever signed here."""
        with self._reading() as connection:
            return keys(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._readers.dispose()

    def _heads(self, after: int, limit: int) -> list[tuple[str, int]]:
        with self._reading() as connection:
            rows = connection.execute(queries.HEADS_AFTER, {"after": after, "most": limit})
            return [(note, size) for note, size in rows]

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with in_words(self._path), self._readers.connect() as connection:
            yield connection


def as_entry(row: Row[Any]) -> Entry:
    """Return a row as the entry that it is."""
    return Entry(*tuple(row))


def newest_head(connection: Connection) -> str:
    """Return the newest signed head; empty while there is none."""
    return connection.execute(queries.NEWEST_HEAD).scalar() or ""


def keys(connection: Connection) -> tuple[PublicKey, ...]:
    """Return the keys that ever signed here."""
    return tuple(read_key(text) for text in connection.execute(queries.ALL_KEYS).scalars())


def exported(path: Path) -> Iterator[str]:
    """Yield the record's export, line by line, whether or not a server runs and whatever became of the file."""
    if not path.exists():
        raise RecordUnavailable(f"There is no record at {path} yet: it begins with the first start of `tocsin serve`.")
    record = RecordFile(path)
    try:
        size = record.size()  # a server that goes on writing meanwhile must not tear it
        yield from write_export(record.public_keys(), record.all_entries(size), record.all_heads(size))
    finally:
        record.close()
