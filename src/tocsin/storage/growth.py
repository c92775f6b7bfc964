"""Hearing that the record in a file has grown, whoever wrote it: cheap enough to ask twenty times a second."""

from pathlib import Path

from sqlalchemy import NullPool, create_engine

from tocsin.storage import queries
from tocsin.storage.sqlite_file import in_words


class Growth:
    """Asks on its own connection, for SQLite counts for each what the others write; one thread at a time may use it."""

    def __init__(self, path: Path) -> None:
        """Begin with the record as it is now; raises `RecordUnavailable` when it is not there."""
        self._path = path
        self._engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
        with in_words(path):
            self._connection = self._engine.connect()
        self._version = -1
        self.position = 0
        self.grown()  # the first look only learns where the record ends

    def grown(self) -> bool:
        """Say whether entries have come since the last call; other writing to the file is no growth."""
        with in_words(self._path):
            version = self._connection.exec_driver_sql("PRAGMA data_version").scalar_one()
            if version == self._version:
                return False
            position = self._connection.execute(queries.LAST_POSITION).scalar_one()
            self._connection.rollback()
        self._version = version
        before, self.position = self.position, position
        return self.position > before

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._engine.dispose()
