"""The record in one SQLite file: every append is one transaction with its signed head, and with what it starts.

Laws: rows are added and nothing else; an append is on the disk before it returns; what is read was committed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, exc

from tocsin.domain.errors import AlreadyActed, Conflict, RecordUnavailable
from tocsin.domain.people import RequestId
from tocsin.domain.recorded import Recorded, StreamId
from tocsin.record.checkpoint import open_head
from tocsin.record.entry import Entry
from tocsin.record.note import BadNote, PublicKey
from tocsin.service.ports import Draft
from tocsin.storage import queries
from tocsin.storage.codec.events import event_codec
from tocsin.storage.keys import Signer
from tocsin.storage.record_file import RecordFile, keys, newest_head
from tocsin.storage.sealing import Salts, Sealer, random_salt, read_event, recorded_as
from tocsin.storage.sqlite_file import in_words, open_writer, prepare

Starter: TypeAlias = Callable[[Connection, RequestId, int], None]
"""Starts carrying a request out, on the connection of the append that is at this position."""

TURN_SECONDS = 10.0
"""How long an append waits for those before it; each of them ends within the file's own time limit."""


class SqliteStore(RecordFile):
    """The record in one file, for all threads of this process; other processes may have it open too."""

    def __init__(self, path: Path, signer: Signer, starter: Starter | None = None, salts: Salts = random_salt) -> None:
        """Open or make the file and look at its last head; raises `RecordUnavailable` when it is not as it was left."""
        prepare(path)
        super().__init__(path)
        self._starter = starter
        self._codec = event_codec()
        self._sealer = Sealer(signer, self._codec, salts)
        self._turn = Lock()
        self._writer = open_writer(path)
        try:
            self._settle_in(signer.public)
        except BaseException:
            self.close()
            raise

    def append(self, draft: Draft, carry: RequestId | None = None) -> tuple[Recorded, ...]:
        """Append all events or none, as the port says."""
        assert draft.events, "there is something to append"
        with self._writing() as connection:
            self._refuse(connection, draft)
            entries = self._sealer.seal(draft)
            self._insert(connection, entries)
            if carry is not None:
                assert self._starter is not None, "carrying out takes a starter"
                self._starter(connection, carry, entries[-1].position)
        return recorded_as(draft, entries)

    def read(self, stream: StreamId) -> tuple[Recorded, ...]:
        """Return a whole stream, oldest first."""
        return self._decoded(queries.EVENTS_OF_STREAM, stream=stream)

    def since(self, position: int, limit: int) -> tuple[Recorded, ...]:
        """Return at most `limit` events after a position."""
        return self._decoded(queries.EVENTS_AFTER, after=position, most=limit)

    def has_act(self, act: str) -> bool:
        """Say whether a message of this id was recorded before."""
        with self._reading() as connection:
            return _has_act(connection, act)

    def close(self) -> None:
        """Let go of the file."""
        self._writer.dispose()
        super().close()

    def _settle_in(self, key: PublicKey) -> None:
        """Take the tree in and compare it with the last head: nobody signs on top of something else."""
        with self._writing() as connection:
            note = newest_head(connection)
            try:
                head = open_head(note, keys(connection)) if note else None
            except BadNote as bad:
                raise RecordUnavailable(f"The last head of the record {self._path} is not good: {bad}") from bad
            if (head.size, head.root) != (self._sealer.size, self._sealer.head.root) if head else self._sealer.size:
                raise RecordUnavailable(
                    f"The record {self._path} is not what was signed last: `tocsin record verify` says where."
                )
            if key not in keys(connection):
                connection.execute(queries.ADD_KEY, {"key": key.text})

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Give one thread at a time a transaction; whatever is raised inside undoes it, in the tree too."""
        if not self._turn.acquire(timeout=TURN_SECONDS):
            raise RecordUnavailable(f"The record {self._path} cannot be written: those before do not end.")
        known = self._sealer.size
        try:
            with in_words(self._path), self._writer.begin() as connection:
                self._catch_up(connection)
                yield connection
        except BaseException:
            self._sealer.rewind(known)
            raise
        finally:
            self._turn.release()

    def _catch_up(self, connection: Connection) -> None:
        """Take in what other processes appended since."""
        last = connection.execute(queries.LAST_POSITION).scalar_one()
        if last < self._sealer.size:
            raise RecordUnavailable(f"The record {self._path} has lost entries: `tocsin record verify` says where.")
        if last > self._sealer.size:
            newer = connection.execute(queries.HASHES_AFTER, {"after": self._sealer.size})
            self._sealer.take_in(newer.scalars())

    def _refuse(self, connection: Connection, draft: Draft) -> None:
        if _has_act(connection, draft.origin.act):
            raise AlreadyActed(f"{draft.origin.act} was recorded before.")
        newest = connection.execute(queries.NEWEST_VERSION, {"stream": draft.stream})
        if newest.scalar_one() != draft.expected:
            raise Conflict(f"{draft.stream} has moved on.")

    def _insert(self, connection: Connection, entries: tuple[Entry, ...]) -> None:
        try:
            connection.execute(queries.ADD_ENTRIES, [asdict(entry) for entry in entries])
        except exc.IntegrityError as taken:
            raise Conflict(f"{entries[0].stream} has moved on.") from taken
        connection.execute(queries.ADD_HEAD, {"size": self._sealer.size, "note": self._sealer.sign()})

    def _decoded(self, query: Select[Any], **values: str | int) -> tuple[Recorded, ...]:
        with self._reading() as connection:
            rows = connection.execute(query, values).all()
        return tuple(read_event(row, self._codec) for row in rows)


def _has_act(connection: Connection, act: str) -> bool:
    return connection.execute(queries.WITH_ACT, {"act": act}).first() is not None
