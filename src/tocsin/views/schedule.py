"""What the calendar says, in the words that people know from the calendar's own bot: now, and next."""

from datetime import datetime, timedelta

from tocsin.domain.schedule import Calendar, Window
from tocsin.views.lines import Free, Words, fitted, free
from tocsin.views.phrases import clock

UNKNOWN = "The calendar is not known: it has not answered. Ask people, or look at it yourself."
NEVER = "No deployments scheduled for the foreseeable future!"


def now_lines(calendar: Calendar, now: datetime) -> list[str]:
    """Return which windows are open now, or how long none is, and the freeze that holds."""
    if not calendar.known:
        return [UNKNOWN]
    if frozen := _freeze(calendar, now):
        return [frozen]
    running = [window for window in calendar.windows if window.holds(now)]
    if running:
        return [_line(f"For the next {_ahead(each.ends - now)}: ", free(each.name)) for each in running]
    coming = calendar.next_after(now)
    return [f"No deployments scheduled for the next {_ahead(coming.starts - now)}" if coming else NEVER]


def next_lines(calendar: Calendar, now: datetime) -> list[str]:
    """Return the windows that open next, and the freeze that holds until then."""
    if not calendar.known:
        return [UNKNOWN]
    frozen = _freeze(calendar, now)
    coming = calendar.next_after(now)
    opening = _opening(calendar, coming, now) if coming else [NEVER]
    return [*([frozen] if frozen else []), *opening]


def _opening(calendar: Calendar, coming: Window, now: datetime) -> list[str]:
    """All windows of the next start, one line each."""
    together = [each for each in calendar.windows if each.starts == coming.starts]
    when = clock(coming.starts, now)
    return [_line(f"In {_ahead(coming.starts - now)}: ", free(each.name), f" ({when})") for each in together]


def _freeze(calendar: Calendar, now: datetime) -> str:
    freeze = calendar.freeze_at(now)
    if freeze is None:
        return ""
    why: Words = (" (", free(freeze.why), ")") if freeze.why.strip() else ()
    ends = f" until {clock(freeze.ends, now)}. If things are broken: !emergency <change> <task> -- why"
    return _line("Deploying is barred by ", free(freeze.name), *why, ends)


def _ahead(length: timedelta) -> str:
    minutes = max(0, int(length.total_seconds() // 60))
    return f"{minutes // 60} hour(s) and {minutes % 60} minute(s)"


def _line(*words: str | Free) -> str:
    return fitted(words)
