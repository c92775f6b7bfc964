"""Sessions of browsers in the file of credentials; a thief of the file finds hashes only, and can sign in with none."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from tocsin.domain.people import PersonId
from tocsin.service.credentials import Session
from tocsin.storage.credentials_file import CredentialsFile

_ADD = text("INSERT INTO sessions (id, person, how, begun, ends) VALUES (:id, :person, :how, :begun, :ends)")
_DROP_OLD = text("DELETE FROM sessions WHERE ends <= :now")
_FIND = text("SELECT id, person, how, begun, ends FROM sessions WHERE id = :id AND ends > :now")
_OF = text(
    "SELECT id, person, how, begun, ends FROM sessions WHERE person = :person AND ends > :now ORDER BY begun DESC"
)
_END = text("DELETE FROM sessions WHERE id = :id")
_END_ALL = text("DELETE FROM sessions WHERE person = :person")


class StoredSessions:
    """Sessions that outlive a restart of the server."""

    def __init__(self, file: CredentialsFile) -> None:
        """Take the open file."""
        self._file = file

    def begin(self, session: Session) -> None:
        """Keep a new session, and forget those that have ended; raises `RecordUnavailable`."""
        values = {
            "id": session.id,
            "person": session.person,
            "how": session.how,
            "begun": session.begun.isoformat(),
            "ends": session.ends.isoformat(),
        }
        with self._file.transaction() as connection:
            connection.execute(_DROP_OLD, {"now": session.begun.isoformat()})
            connection.execute(_ADD, values)

    def find(self, session: str, now: datetime) -> Session | None:
        """Return a session that has not ended, by its id."""
        with self._file.transaction() as connection:
            row = connection.execute(_FIND, {"id": session, "now": now.isoformat()}).first()
        return _session(row) if row else None

    def of(self, person: PersonId, now: datetime) -> tuple[Session, ...]:
        """Return somebody's sessions that have not ended, newest first."""
        with self._file.transaction() as connection:
            rows = connection.execute(_OF, {"person": person, "now": now.isoformat()}).all()
        return tuple(map(_session, rows))

    def end(self, session: str) -> None:
        """End a session at once."""
        with self._file.transaction() as connection:
            connection.execute(_END, {"id": session})

    def end_all(self, person: PersonId) -> None:
        """End all sessions of somebody at once."""
        with self._file.transaction() as connection:
            connection.execute(_END_ALL, {"person": person})


def _session(row: Row[Any]) -> Session:
    session, person, how, begun, ends = tuple(row)
    return Session(session, PersonId(person), how, datetime.fromisoformat(begun), datetime.fromisoformat(ends))
