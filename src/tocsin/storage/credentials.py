"""All that is kept in the one file of credentials, opened together."""

from dataclasses import dataclass
from pathlib import Path

from tocsin.storage.credentials_file import CredentialsFile
from tocsin.storage.devices import StoredDevices
from tocsin.storage.sessions import StoredSessions


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who is signed in, and by what a fresh yes is known."""

    sessions: StoredSessions
    devices: StoredDevices


def open_credentials(data: Path) -> Credentials:
    """Open the file in the data folder, or make it; raises `RecordUnavailable`."""
    file = CredentialsFile(data / "credentials.db")
    return Credentials(StoredSessions(file), StoredDevices(file))
