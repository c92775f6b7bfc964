"""The calendar by days, which are those of UTC: windows and freezes that come, and the emergencies that were."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from tocsin.domain.request import Request
from tocsin.domain.schedule import Calendar, Freeze, Window
from tocsin.views.lines import harmless
from tocsin.views.phrases import listed

MOST_COMING: Final = 60
"""Windows and freezes at one time: more than a week of a busy calendar."""
BACK: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Planned:
    """One window or freeze; `runs` where it holds now, `barred` where a freeze keeps a window from opening."""

    name: str
    starts: datetime
    ends: datetime
    about: str
    url: str
    freeze: bool = False
    runs: bool = False
    barred: bool = False


def coming(calendar: Calendar, now: datetime) -> list[tuple[date, list[Planned]]]:
    """Return what holds now or is to come, by the day on which it starts; what began before stands under today."""
    ahead = sorted(_planned(calendar, now), key=lambda each: (max(each.starts, now), not each.freeze, each.ends))
    return [
        (day, list(those)) for day, those in groupby(ahead[:MOST_COMING], lambda each: max(each.starts, now).date())
    ]


def lately(requests: Iterable[Request], now: datetime) -> list[tuple[date, list[Request]]]:
    """Return the emergencies of the last three months by the day on which they were opened, the newest first."""
    newest = sorted(
        (each for each in requests if now - each.opened_at < BACK), key=lambda each: each.opened_at, reverse=True
    )
    return [(day, list(those)) for day, those in groupby(newest, lambda each: each.opened_at.date())]


def _planned(calendar: Calendar, now: datetime) -> Iterator[Planned]:
    for window in calendar.windows:
        if window.ends > now:
            barred = calendar.freeze_at(max(window.starts, now)) is not None
            yield _one(window, now, _who(window), window.url, barred=barred)
    for freeze in calendar.freezes:
        if freeze.ends > now:
            yield _one(freeze, now, harmless(freeze.why), freeze.url)


def _one(span: Window | Freeze, now: datetime, about: str, url: str, *, barred: bool = False) -> Planned:
    return Planned(
        name=harmless(span.name),
        starts=span.starts,
        ends=span.ends,
        about=about,
        url=url if url.startswith(("https://", "http://")) else "",
        freeze=isinstance(span, Freeze),
        runs=span.holds(now) and not barred,
        barred=barred,
    )


def _who(window: Window) -> str:
    by = f"by {harmless(listed(window.who))}" if window.who else ""
    takes = f"for {harmless(listed(window.takes))}" if window.takes else ""
    return ", ".join(filter(None, (by, takes)))
