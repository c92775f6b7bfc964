"""Appending acts to the record, each on the disk before it returns; beside it the least that SQLite asks for that."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import astuple
from itertools import count
from pathlib import Path

from tests.bench.figures import Figure, a_second
from tests.bench.nights import ADA, record
from tests.domain.night import BEGIN
from tocsin.domain.events import Noted
from tocsin.domain.recorded import StreamId
from tocsin.service.ports import Draft
from tocsin.storage.sqlite import SqliteStore

ACTS = 50
ROUNDS = 20
E1 = StreamId("E1")


def measure() -> Iterator[Figure]:
    """Yield how many acts a second the record takes, and how many rows of that size SQLite alone; turn by turn."""
    with record() as (store, folder), closing(_bare(folder / "bare.db")) as bare:
        act = _appending(store)
        act()
        row = _row(bare, _size_of_an_act(store))
        ours, floor = list[float](), list[float]()
        for _ in range(ROUNDS):
            ours += a_second(lambda: _repeated(act), ACTS, 1, warm=0)
            floor += a_second(lambda: _repeated(row), ACTS, 1, warm=0)
        yield Figure("append: acts into the record", tuple(ours), "acts/s", "the next line")
        yield Figure("  bare sqlite3, a row of that size, FULL", tuple(floor), "rows/s", "the floor")


def _appending(store: SqliteStore) -> Callable[[], None]:
    """Append one remark of a usual length at each call."""
    versions = count()

    def append() -> None:
        remark = Noted("ada", "mo-sre watches the caches, and sees nothing unusual")
        store.append(Draft(E1, next(versions), BEGIN, ADA, (remark,)))

    return append


def _size_of_an_act(store: SqliteStore) -> int:
    """Return how many bytes the newest act takes: its row, and the head that is signed with it."""
    [entry] = store.entries(store.size() - 1)
    parts = (each if isinstance(each, bytes) else str(each).encode() for each in astuple(entry))
    return sum(map(len, parts)) + len(store.head().encode())


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    return connection


def _row(connection: sqlite3.Connection, size: int) -> Callable[[], None]:
    """Commit one row of so many bytes at each call."""
    body = bytes(size)

    def insert() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO rows (body) VALUES (?)", (body,))
        connection.execute("COMMIT")

    return insert


def _repeated(act: Callable[[], None]) -> None:
    for _ in range(ACTS):
        act()
