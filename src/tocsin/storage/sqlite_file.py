"""The file that the record is in: opening it, its schema, its connections, and its troubles in words.

Law: one connection writes and many read. Nobody who reads waits for who writes: that is what WAL is for.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event, exc

from tocsin.domain.errors import RecordUnavailable

APPLICATION_ID = 1953457011
SCHEMA = 1
BUSY_MILLISECONDS = 5_000
"""How long to wait for another process that writes; people who type wait as long."""
READERS = 8
READER_WAITS_SECONDS = 5

_SENTENCES = {
    "SQLITE_BUSY": "another program is writing to it and does not end",
    "SQLITE_LOCKED": "another program is writing to it and does not end",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk does not work as it should",
    "SQLITE_READONLY": "it may only be read",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_CORRUPT": "it is damaged; `tocsin record verify` says where",
    "SQLITE_NOTADB": "it is not a database",
    "SQLITE_PERM": "it may not be used",
    "SQLITE_AUTH": "it may not be used",
}


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong with the file into `RecordUnavailable`."""
    try:
        yield
    except exc.DBAPIError as error:
        raise RecordUnavailable(f"The record {path} cannot be used: {_why(error)}.") from error
    except exc.TimeoutError as error:
        raise RecordUnavailable(f"The record {path} cannot be used: too many read it at once.") from error
    except OSError as error:
        raise RecordUnavailable(f"The record {path} cannot be used: {error.strerror}.") from error


def prepare(path: Path) -> None:
    """Make the file with its tables, or see that it is one that we know; raises `RecordUnavailable`."""
    with in_words(path):
        # Made here, for only its owner may read it; SQLite gives its other files the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        engine = open_writer(path)
        try:
            with engine.connect() as connection:
                _use_wal(connection, path)
                _know(connection, path)
                connection.commit()
        finally:
            engine.dispose()


def open_writer(path: Path) -> Engine:
    """Return the one connection that writes; each of its transactions takes the file's lock as it begins."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _connected(raw: sqlite3.Connection, _: object) -> None:
        raw.isolation_level = None  # no BEGIN but ours
        # FULL: an act that was acknowledged is there after a power loss. One sync an append, about a millisecond.
        _set(raw, busy_timeout=BUSY_MILLISECONDS, synchronous="FULL", foreign_keys="ON")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def open_readers(path: Path) -> Engine:
    """Return the connections that read; every statement sees the record as it is at that moment."""
    engine = sqlalchemy.create_engine(
        f"sqlite:///{path}", pool_size=READERS, max_overflow=0, pool_timeout=READER_WAITS_SECONDS
    )

    @event.listens_for(engine, "connect")
    def _connected(raw: sqlite3.Connection, _: object) -> None:
        raw.isolation_level = None
        _set(raw, busy_timeout=BUSY_MILLISECONDS, query_only="ON")

    return engine


def _set(raw: sqlite3.Connection, **pragmas: str | int) -> None:
    for name, value in pragmas.items():
        raw.execute(f"PRAGMA {name} = {value}")


def _use_wal(connection: Connection, path: Path) -> None:
    raw: Any = connection.connection.dbapi_connection  # WAL cannot be turned on inside a transaction
    connection.rollback()
    [mode] = raw.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise RecordUnavailable(f"The record {path} is where SQLite cannot write ahead: move it to a local disk.")


def _know(connection: Connection, path: Path) -> None:
    owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    schema = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'entries'").scalar_one()
    if (owner, schema, tables) == (0, 0, 0):  # empty, or the engine was there first
        for statement in statements((files("tocsin.storage") / "schema" / "sqlite.sql").read_text()):
            connection.exec_driver_sql(statement)
    elif owner != APPLICATION_ID:
        raise RecordUnavailable(f"{path} belongs to another program: it is no record of ours.")
    elif schema > SCHEMA:
        raise RecordUnavailable(f"{path} was written by a newer Tocsin (schema {schema}, we know {SCHEMA}): upgrade.")


def statements(script: str) -> Iterator[str]:
    """Cut a script into statements; a trigger has semicolons inside, which SQLite itself tells apart."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _why(error: exc.DBAPIError) -> str:
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    known = next((sentence for start, sentence in _SENTENCES.items() if name.startswith(start)), "")
    return known or str(error.orig)
