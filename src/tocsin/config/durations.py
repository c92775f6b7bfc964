"""Lengths of time as people write them: `15 s`, `10 min`, `4 h`, `7 days`, `1 h 30 min`."""

import re
from datetime import timedelta

LONGEST = timedelta(days=366)

_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), timedelta(seconds=1)),
    **dict.fromkeys(("min", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
}
_PART = re.compile(r"(\d{1,7})\s*([a-z]+)\s*", re.ASCII)


def duration(text: object) -> timedelta:
    """Read a length of time; raises ValueError with a sentence that shows how one is written."""
    if not isinstance(text, str):
        raise ValueError(f"is a length of time in quotes, such as {_EXAMPLES}")
    if text.strip().startswith("-"):
        raise ValueError("cannot be negative")
    parts = _PART.findall(text.strip())
    if not parts or "".join(f"{number}{unit}" for number, unit in parts) != "".join(text.split()):
        raise ValueError(f"is a length of time, such as {_EXAMPLES}, not {text!r}")
    if unknown := [unit for _, unit in parts if unit not in _UNITS]:
        raise ValueError(f"knows no unit {unknown[0]!r}: write s, min, h or days")
    length = sum((int(number) * _UNITS[unit] for number, unit in parts), timedelta())
    if not timedelta() < length <= LONGEST:
        raise ValueError(f"must be more than nothing and at most {LONGEST.days} days")
    return length


def in_words(length: timedelta) -> str:
    """Write a length of time so that `duration` reads the same again."""
    seconds = round(length.total_seconds())
    days = seconds // 86400
    amounts = ((days, "day" if days == 1 else "days"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"))
    return " ".join(f"{amount} {unit}" for amount, unit in (*amounts, (seconds % 60, "s")) if amount) or "0 s"


_EXAMPLES = '"15 s", "10 min" or "4 h"'
