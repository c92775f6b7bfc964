"""The file of what the page and programs know people by, mode 0600; what is in it is for `sessions` and its like."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, Engine

from tocsin.storage.sqlite_file import in_words, open_writer, statements


class CredentialsFile:
    """One SQLite file with one connection, for what is read and written a few times a minute."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it; raises `RecordUnavailable`."""
        self._path = path
        with in_words(path):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._engine: Engine = open_writer(path)
        with self.transaction() as connection:
            for statement in statements((files("tocsin.storage") / "schema" / "credentials.sql").read_text()):
                connection.exec_driver_sql(statement)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a transaction; whatever is raised inside undoes it. Raises `RecordUnavailable`."""
        with in_words(self._path), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()
