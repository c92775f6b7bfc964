"""Numbers that make a question good once: for the session in which it was asked, and for a few minutes."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

NONCE_BYTES = 16
LASTS = timedelta(minutes=5)
MOST = 10_000
MOST_OF_ONE = 20
"""Of one session; an older one ends when there are more, so that nobody pushes out those of others."""


@dataclass(frozen=True, slots=True)
class _Given:
    session: str
    ends: datetime


class Nonces:
    """Those that are good now, in memory alone: a restart ends them, and one asks again."""

    def __init__(self) -> None:
        """Begin with none."""
        self._given: OrderedDict[str, _Given] = OrderedDict()

    def give(self, session: str, now: datetime) -> str:
        """Return a new one for a session."""
        mine = [nonce for nonce, each in self._given.items() if each.session == session]
        for nonce in mine[: max(0, len(mine) - MOST_OF_ONE + 1)]:
            del self._given[nonce]
        while len(self._given) >= MOST:
            self._given.popitem(last=False)
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        self._given[nonce] = _Given(session, now + LASTS)
        return nonce

    def take(self, nonce: str, session: str, now: datetime) -> bool:
        """Say whether a session may use one now, and use it up; another session's stays as it is."""
        given = self._given.get(nonce)
        if given is None or given.session != session:
            return False
        del self._given[nonce]
        return given.ends > now
