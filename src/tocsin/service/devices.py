"""By what a person's fresh yes is known beside the record: how far a passkey has counted, and secrets of codes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tocsin.domain.people import PersonId


@dataclass(frozen=True, slots=True)
class CodeSecret:
    """The secret from which somebody's device makes one-time codes, in base32, and since when it counts."""

    secret: str
    since: datetime


class Devices(Protocol):
    """Where that is kept over restarts. Its methods block."""

    def counted(self, credential: str, count: int) -> bool:
        """Note how often a passkey says that it was used; false when that is no more than it said before."""
        ...

    def secret(self, person: PersonId) -> CodeSecret | None:
        """Return the secret of somebody's codes, if they have one that counts."""
        ...

    def keep_secret(self, person: PersonId, secret: CodeSecret, step: int) -> None:
        """Keep a secret in place of any before; codes up to this step of 30 s are used up."""
        ...

    def forget_secret(self, person: PersonId) -> None:
        """Let somebody's codes count no more."""
        ...

    def use_step(self, person: PersonId, step: int) -> bool:
        """Use up the code of a step, and all before it; false when that was done already."""
        ...
