"""What tells an act that comes twice from another one: pressed twice, or sent again, it is said once."""

import hashlib
from collections.abc import Iterable

from tocsin.service.credentials import Session

LONGEST_KEY = 64


def pressed(key: str, session: Session | None, said: Iterable[str]) -> str:
    """Return what the record knows a form's act by; empty where the form has no key.

    Another text, or the same one from another session, is another act.
    """
    return f"page {key[:LONGEST_KEY]} {digest((session.id if session else '', *said))}" if key else ""


def digest(said: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that tell what was said from anything else."""
    return hashlib.sha256("\0".join(said).encode(errors="surrogatepass")).hexdigest()[:16]
