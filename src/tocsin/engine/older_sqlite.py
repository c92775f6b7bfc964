"""What the engine's tables ask of SQLite and one older than 3.42 lacks: the moment with its milliseconds.

From Python 3.12 on DBOS takes a newer SQLite for granted; Debian 12 has 3.40, whatever Python runs on it.
"""

import sqlite3
import time
from typing import Final

from sqlalchemy import Engine, event

FIRST_WITH_SUBSEC: Final = (3, 42, 0)


def complete_sqlite() -> None:
    """Let every connection from now on know it: an append writes the engine's rows on a connection of ours."""
    if sqlite3.sqlite_version_info < FIRST_WITH_SUBSEC and not event.contains(Engine, "connect", complete):
        event.listen(Engine, "connect", complete)


def complete(raw: object, _: object = None) -> None:
    """Give one connection the function that it lacks."""
    if isinstance(raw, sqlite3.Connection):
        raw.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(modifier: str) -> float:
    assert modifier == "subsec", "the engine asks for nothing else"
    return time.time()
