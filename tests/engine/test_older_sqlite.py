"""An SQLite older than the engine takes for granted tells the moment all the same."""

import sqlite3
import time
from contextlib import closing

from tocsin.engine.older_sqlite import complete


def test_a_row_without_a_time_gets_the_moment_in_milliseconds() -> None:
    with closing(sqlite3.connect(":memory:")) as raw:
        complete(raw)
        raw.execute("CREATE TABLE things (name TEXT, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))")
        before = time.time()
        raw.execute("INSERT INTO things (name) VALUES ('one')")
        [at] = raw.execute("SELECT at FROM things").fetchone()
    assert 1000 * before - 1 <= at <= 1000 * time.time() + 1


def test_what_is_no_sqlite_is_left_alone() -> None:
    complete(object())
