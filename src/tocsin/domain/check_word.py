"""The check word: two plain words derived from everything that is confirmed, and a secret nonce."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NewType

from tocsin.domain.words import COLOURS_AND_TEMPERS, CREATURES

CheckWord = NewType("CheckWord", str)


def digest(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of everything confirmed, in an order that does not depend on how it was put together."""
    plain = json.dumps({name: _plain(value) for name, value in content.items()}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def check_word(content_digest: str, nonce: str) -> CheckWord:
    """Return the word to be typed; without the nonce nobody can know it before it was shown."""
    drawn = hashlib.sha256(f"{content_digest}:{nonce}".encode()).digest()
    return CheckWord(
        f"{COLOURS_AND_TEMPERS[drawn[0] % len(COLOURS_AND_TEMPERS)]}-{CREATURES[drawn[1] % len(CREATURES)]}"
    )


def same_word(typed: str, shown: str) -> bool:
    """Compare as people type it: in any case, with a space or underscore for the hyphen."""
    return "-".join(typed.casefold().replace("_", " ").replace("-", " ").split()) == shown


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        parts = {name: _plain(getattr(value, name)) for name in _names(type(value))}
        return {"": type(value).__name__, **parts}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    assert isinstance(value, datetime | timedelta), f"{value!r} has no form of its own to be confirmed in"
    return str(value)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
