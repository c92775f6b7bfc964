"""One-time codes by which somebody whom the machine knows signs in on the page: short, good once and not for long.

They are kept in memory alone, as hashes: a restart ends them, and whoever reads the memory of files finds none.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.domain.people import PersonId
from tocsin.service.ports import Clock

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without letters and digits that people take for one another."""
LETTERS = 10
LASTS = timedelta(minutes=5)
MOST_OF_ONE = 3
"""Codes of one person that are good at the same time; an older one ends when there are more."""


@dataclass(frozen=True, slots=True)
class _Issued:
    person: PersonId
    ends: datetime


class OneTimeCodes:
    """The codes that are good now."""

    def __init__(self, draw: Callable[[], str] | None = None) -> None:
        """Draw codes at random, or as told."""
        self._draw = draw or _drawn
        self._issued: dict[str, _Issued] = {}

    def issue(self, person: PersonId, now: datetime) -> str:
        """Return a new code for somebody, as it is read and typed: `ABCDE-FGHJK`."""
        self._forget(now)
        mine = [key for key, each in self._issued.items() if each.person == person]
        for key in mine[: max(0, len(mine) - MOST_OF_ONE + 1)]:
            del self._issued[key]
        code = self._draw()
        self._issued[_hash(code)] = _Issued(person, now + LASTS)
        return f"{code[: LETTERS // 2]}-{code[LETTERS // 2 :]}"

    def redeem(self, typed: str, now: datetime) -> PersonId | None:
        """Return whose code this is, and use it up; nothing where it is none, was used, or is too old."""
        self._forget(now)
        found = self._issued.pop(_hash("".join(each for each in typed.upper() if each.isalnum())), None)
        return found.person if found else None

    def _forget(self, now: datetime) -> None:
        self._issued = {key: each for key, each in self._issued.items() if each.ends > now}


@dataclass(frozen=True, slots=True)
class Door:
    """Tells somebody the code with which they sign in, and where."""

    codes: OneTimeCodes
    clock: Clock
    public_url: str

    def __call__(self, person: PersonId) -> list[str]:
        """Return it in words; what stands behind the # of an address is sent nowhere."""
        code = self.codes.issue(person, self.clock.now())
        return [f"{code} signs you in on the page, once, within 5 minutes: {self.public_url}/sign-in#{code}"]


def _drawn() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
