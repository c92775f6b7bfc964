"""Counts of passkeys and secrets of one-time codes, in the file of credentials."""

from datetime import datetime

from sqlalchemy import text

from tocsin.domain.people import PersonId
from tocsin.service.devices import CodeSecret
from tocsin.storage.credentials_file import CredentialsFile

_COUNT = text(
    "INSERT INTO passkey_counts (credential, count) VALUES (:credential, :count) "
    "ON CONFLICT (credential) DO UPDATE SET count = :count "
    "WHERE :count > passkey_counts.count OR (:count = 0 AND passkey_counts.count = 0)"
)
_SECRET = text("SELECT secret, since FROM code_secrets WHERE person = :person")
_KEEP = text(
    "INSERT INTO code_secrets (person, secret, since, step) VALUES (:person, :secret, :since, :step) "
    "ON CONFLICT (person) DO UPDATE SET secret = :secret, since = :since, step = :step"
)
_FORGET = text("DELETE FROM code_secrets WHERE person = :person")
_USE = text("UPDATE code_secrets SET step = :step WHERE person = :person AND step < :step")


class StoredDevices:
    """Counts and secrets that outlive a restart of the server."""

    def __init__(self, file: CredentialsFile) -> None:
        """Take the open file."""
        self._file = file

    def counted(self, credential: str, count: int) -> bool:
        """Note how often a passkey says that it was used; some always say 0, and those are believed."""
        with self._file.transaction() as connection:
            return connection.execute(_COUNT, {"credential": credential, "count": count}).rowcount == 1

    def secret(self, person: PersonId) -> CodeSecret | None:
        """Return the secret of somebody's codes, if they have one."""
        with self._file.transaction() as connection:
            row = connection.execute(_SECRET, {"person": person}).first()
        return CodeSecret(row.secret, datetime.fromisoformat(row.since)) if row else None

    def keep_secret(self, person: PersonId, secret: CodeSecret, step: int) -> None:
        """Keep a secret in place of any before."""
        values = {"person": person, "secret": secret.secret, "since": secret.since.isoformat(), "step": step}
        with self._file.transaction() as connection:
            connection.execute(_KEEP, values)

    def forget_secret(self, person: PersonId) -> None:
        """Let somebody's codes count no more."""
        with self._file.transaction() as connection:
            connection.execute(_FORGET, {"person": person})

    def use_step(self, person: PersonId, step: int) -> bool:
        """Use up the code of a step, and all before it, once."""
        with self._file.transaction() as connection:
            return connection.execute(_USE, {"person": person, "step": step}).rowcount == 1
