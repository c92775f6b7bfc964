"""By what the page and programs know people: sessions of browsers. None of it is in the record, for all of it ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tocsin.domain.people import PersonId


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which somebody signed in; `id` is the SHA-256, in hex, of the secret that only the browser holds."""

    id: str
    person: PersonId
    how: str
    begun: datetime
    ends: datetime


class Sessions(Protocol):
    """Where sessions are kept over restarts. Its methods block."""

    def begin(self, session: Session) -> None:
        """Keep a new session; raises `RecordUnavailable`."""
        ...

    def find(self, session: str, now: datetime) -> Session | None:
        """Return a session that has not ended, by its id."""
        ...

    def of(self, person: PersonId, now: datetime) -> tuple[Session, ...]:
        """Return somebody's sessions that have not ended, newest first."""
        ...

    def end(self, session: str) -> None:
        """End a session at once."""
        ...

    def end_all(self, person: PersonId) -> None:
        """End all sessions of somebody at once."""
        ...
