"""Personal tokens in the file of credentials; a thief of the file finds hashes only, and can act with none."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from tocsin.domain.people import PersonId
from tocsin.service.tokens import Scope, Token
from tocsin.storage.credentials_file import CredentialsFile

_ADD = text(
    "INSERT INTO tokens (id, person, name, scopes, made, ends) VALUES (:id, :person, :name, :scopes, :made, :ends)"
)
_DROP_OLD = text("DELETE FROM tokens WHERE ends <= :now")
_FIND = text("SELECT id, person, name, scopes, made, ends, used FROM tokens WHERE id = :id AND ends > :now")
_OF = text(
    "SELECT id, person, name, scopes, made, ends, used FROM tokens "
    "WHERE person = :person AND ends > :now ORDER BY made DESC, name"
)
_REVOKE = text("DELETE FROM tokens WHERE person = :person AND name = :name")
_USED = text("UPDATE tokens SET used = :at WHERE id = :id")


class StoredTokens:
    """Tokens that outlive a restart of the server."""

    def __init__(self, file: CredentialsFile) -> None:
        """Take the open file."""
        self._file = file

    def add(self, token: Token) -> None:
        """Keep a new token, and forget those that have ended; raises `RecordUnavailable`."""
        values = {
            "id": token.id,
            "person": token.person,
            "name": token.name,
            "scopes": " ".join(sorted(token.scopes)),
            "made": token.made.isoformat(),
            "ends": token.ends.isoformat(),
        }
        with self._file.transaction() as connection:
            connection.execute(_DROP_OLD, {"now": token.made.isoformat()})
            connection.execute(_ADD, values)

    def find(self, token: str, now: datetime) -> Token | None:
        """Return a token that has not ended, by its id."""
        with self._file.transaction() as connection:
            row = connection.execute(_FIND, {"id": token, "now": now.isoformat()}).first()
        return _token(row) if row else None

    def of(self, person: PersonId, now: datetime) -> tuple[Token, ...]:
        """Return somebody's tokens that have not ended, newest first."""
        with self._file.transaction() as connection:
            rows = connection.execute(_OF, {"person": person, "now": now.isoformat()}).all()
        return tuple(map(_token, rows))

    def revoke(self, person: PersonId, name: str) -> bool:
        """End somebody's token at once; say whether there was one."""
        with self._file.transaction() as connection:
            return connection.execute(_REVOKE, {"person": person, "name": name}).rowcount > 0

    def note_use(self, token: str, at: datetime) -> None:
        """Keep when a token was used last."""
        with self._file.transaction() as connection:
            connection.execute(_USED, {"id": token, "at": at.isoformat()})


def _token(row: Row[Any]) -> Token:
    token, person, name, scopes, made, ends, used = tuple(row)
    last = datetime.fromisoformat(used) if used else None
    begun, over = datetime.fromisoformat(made), datetime.fromisoformat(ends)
    return Token(token, PersonId(person), name, frozenset(map(Scope, scopes.split())), begun, over, last)
