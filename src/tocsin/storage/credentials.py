"""All that is kept in the one file of credentials, opened together."""

from dataclasses import dataclass
from pathlib import Path

from tocsin.service.ports import Clock
from tocsin.service.tokens import TokenDesk
from tocsin.storage.credentials_file import CredentialsFile
from tocsin.storage.devices import StoredDevices
from tocsin.storage.sessions import StoredSessions
from tocsin.storage.tokens import StoredTokens


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who is signed in, by what a fresh yes is known, and what programs act by."""

    sessions: StoredSessions
    devices: StoredDevices
    tokens: TokenDesk


def open_credentials(data: Path, clock: Clock) -> Credentials:
    """Open the file in the data folder, or make it; raises `RecordUnavailable`."""
    file = CredentialsFile(data / "credentials.db")
    return Credentials(StoredSessions(file), StoredDevices(file), TokenDesk(StoredTokens(file), clock))
