"""Days, hours and time zones as a configuration writes them; when a window is open is worked out by others."""

import re
from collections.abc import Iterable
from datetime import datetime, time
from difflib import get_close_matches
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days in the order in which `date.weekday()` numbers them."""


def day_numbers(days: Iterable[str]) -> frozenset[int]:
    """Return days as `date.weekday()` numbers them."""
    return frozenset(DAYS.index(day) for day in days)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"does not say where: write {moment:%Y-%m-%dT%H:%M:%S}Z for UTC, or an offset such as +01:00")
    return moment


def _time_of_day(given: object) -> object:
    """Take `13:00` in quotes too: without quotes TOML asks for seconds."""
    if not isinstance(given, str):
        return given
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", given, re.ASCII) is None:
        raise ValueError(f'is a time of day such as "13:00", not {given!r}')
    return time.fromisoformat(given)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(name, available_timezones(), n=1)
        raise ValueError(f"{name!r} is no time zone: did you mean {near[0] if near else 'Europe/Berlin'}?") from None
    return name


def _some(days: list[str]) -> list[str]:
    if not days:
        raise ValueError(f"is an empty list: name some of {', '.join(DAYS)}")
    return days


Days = Annotated[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]], AfterValidator(_some)]
Moment = Annotated[datetime, AfterValidator(_aware)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Zone = Annotated[str, AfterValidator(_zone)]
