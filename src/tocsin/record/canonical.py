"""One value, one spelling: the bytes that are hashed and signed are made here and nowhere else.

Laws: keys sorted, no spaces, UTF-8, no floats (a subset of RFC 8785); a time is in UTC, with six digits of a second.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from tocsin.domain.errors import TocsinError

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

_TIME = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d\.\d{6}Z", re.ASCII)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class NotCanonical(TocsinError):
    """A value that could be spelled in more than one way, or in none."""


def canonical(value: Json) -> bytes:
    """Spell a JSON value in its one way; raises `NotCanonical` for floats, keys that are no text, and broken text."""
    _refuse_what_has_two_spellings(value)
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError as broken:
        raise NotCanonical(f"There is text that is not Unicode: {broken.reason}.") from broken


def spell_time(at: datetime) -> str:
    """Spell a moment, such as `2026-11-21T02:14:07.000000Z`; texts in this form sort as the moments do."""
    if at.tzinfo is None:
        raise NotCanonical("A time without its zone means a different moment to everybody.")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_time(text: str) -> datetime:
    """Read what `spell_time` wrote; raises `NotCanonical` for any other spelling, even of the same moment."""
    if not _TIME.fullmatch(text):
        raise NotCanonical(f"{text!r} is not a time as the record spells it.")
    try:
        return datetime.fromisoformat(text)
    except ValueError as broken:
        raise NotCanonical(f"{text!r} is not a time.") from broken


def _refuse_what_has_two_spellings(value: object) -> None:
    match value:
        case None | str() | int():
            return
        case list() | tuple():
            for each in value:
                _refuse_what_has_two_spellings(each)
        case dict():
            for key, each in value.items():
                if not isinstance(key, str):
                    raise NotCanonical(f"The key {key!r} is not text.")
                _refuse_what_has_two_spellings(each)
        case _:
            raise NotCanonical(f"{type(value).__name__} has no one spelling.")
