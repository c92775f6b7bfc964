"""What the calendar says, in the words that people know from the calendar's own bot: now, and next."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from tocsin.domain.schedule import Calendar, Window
from tocsin.views.lines import Free, Words, fitted, free, harmless
from tocsin.views.phrases import clock, lasting, listed

UNKNOWN = "The calendar is not known: it has not answered. Ask people, or look at it yourself."
NEVER = "No deployments scheduled for the foreseeable future!"
MOST_WINDOWS: Final = 5
"""Lines of windows at one time: more would be a flood in a channel."""
MOST_SILENT: Final = 3


def now_lines(calendar: Calendar, now: datetime, kind: str = "") -> list[str]:
    """Return which windows are open now, or how long none is, and the freeze that holds.

    Of windows only those that take the kind of change, where one was asked for.
    """
    return _told(calendar, now, _now(calendar, now, kind))


def next_lines(calendar: Calendar, now: datetime, kind: str = "") -> list[str]:
    """Return the windows that open next, and the freeze that holds until then."""
    return _told(calendar, now, _next(calendar, now, kind))


def now_and_next_lines(calendar: Calendar, now: datetime, kind: str = "") -> list[str]:
    """Return both; a freeze, which both tell, once."""
    return _told(calendar, now, dict.fromkeys([*_now(calendar, now, kind), *_next(calendar, now, kind)]))


def _told(calendar: Calendar, now: datetime, lines: Iterable[str]) -> list[str]:
    return [*lines, *_doubts(calendar, now)] if calendar.known else [UNKNOWN]


def _now(calendar: Calendar, now: datetime, kind: str) -> list[str]:
    if frozen := _freeze(calendar, now):
        return [frozen]
    running = [window for window in calendar.windows if window.holds(now) and _fits(window, kind)]
    if running:
        return _few([_line(f"For the next {_ahead(each.ends - now)}: ", *_named(each)) for each in running])
    coming = _coming(calendar, now, kind)
    if not coming:
        return [NEVER]
    that_take = (" that take ", free(kind)) if kind else ()
    return [_line("No deployments", *that_take, f" scheduled for the next {_ahead(coming[0].starts - now)}")]


def _next(calendar: Calendar, now: datetime, kind: str) -> list[str]:
    frozen = _freeze(calendar, now)
    coming = _coming(calendar, now, kind)
    opening = _few(
        [_line(f"In {_ahead(each.starts - now)}: ", *_named(each, clock(each.starts, now))) for each in coming]
    )
    return [*([frozen] if frozen else []), *(opening or [NEVER])]


def _coming(calendar: Calendar, now: datetime, kind: str) -> list[Window]:
    """Return the windows of the next start outside every freeze; none where there is no next."""
    ahead = [
        each
        for each in calendar.windows
        if each.starts > now and _fits(each, kind) and not calendar.freeze_at(each.starts)
    ]
    first = min((each.starts for each in ahead), default=None)
    return [each for each in ahead if each.starts == first]


def _fits(window: Window, kind: str) -> bool:
    return not kind or window.serves(kind)


def _named(window: Window, otherwise: str = "") -> Words:
    """Return its name, and where it is written; where that is not known, something else that tells which it is."""
    told = harmless(window.url) or otherwise
    return (free(window.name), f" ({told})" if told else "")


def _few(lines: list[str]) -> list[str]:
    more = len(lines) - MOST_WINDOWS
    return [*lines[:MOST_WINDOWS], *([f"And {more} more at that time."] if more > 0 else [])]


def _freeze(calendar: Calendar, now: datetime) -> str:
    freeze = calendar.freeze_at(now)
    if freeze is None:
        return ""
    why: Words = (" (", free(freeze.why), ")") if freeze.why.strip() else ()
    ends = f" until {clock(freeze.ends, now)}. If things are broken: !emergency <change> <task> -- why"
    return _line("Deploying is barred by ", free(freeze.name), *why, ends)


def _doubts(calendar: Calendar, now: datetime) -> Iterator[str]:
    """Say how far all this is to be believed, where that is not as far as people would think."""
    if calendar.stale(now):
        yield f"Take care: the calendar is {lasting(calendar.age(now))} old, it has not answered since. Look at it too."
    if calendar.silent:
        names = listed(harmless(each) for each in calendar.silent[:MOST_SILENT])
        yield _line("Take care: nothing was heard yet from ", free(names), "; what stands there is not known.")


def _ahead(length: timedelta) -> str:
    minutes = max(0, int(length.total_seconds() // 60))
    return f"{minutes // 60} hour(s) and {minutes % 60} minute(s)"


def _line(*words: str | Free) -> str:
    return fitted(words)
