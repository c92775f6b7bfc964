"""Sign-ins that somebody has begun with a provider and not ended: in memory, each good once and not for long."""

import hashlib
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta

from tocsin.web.oidc.provider import Transaction

LASTS = timedelta(minutes=10)
MOST = 5000
"""More than one place may begin in that time; the oldest is forgotten first."""
SECRET_BYTES = 32


class Transactions:
    """What was begun, by the hash of a secret that only the browser holds."""

    def __init__(self) -> None:
        """Begin with none."""
        self._begun: OrderedDict[str, Transaction] = OrderedDict()

    def keep(self, begun: Transaction) -> str:
        """Keep one, and return the secret by which its browser finds it again."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._begun[_hash(secret)] = begun
        while len(self._begun) > MOST:
            self._begun.popitem(last=False)
        return secret

    def take(self, secret: str, now: datetime) -> Transaction | None:
        """Return what was begun with this secret, once; nothing when it is too old, or there is none."""
        begun = self._begun.pop(_hash(secret), None)
        return begun if begun and now - begun.began < LASTS else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
