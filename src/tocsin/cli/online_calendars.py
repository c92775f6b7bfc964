"""What `tocsin config check --online` says of calendars from outside: how much each of them gives just now."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from tocsin.config.loading import Loaded
from tocsin.domain.errors import Unreachable
from tocsin.neighbours.calendars.sources import outside
from tocsin.neighbours.calendars.written import CalendarSettings, SourceSettings

MOST_TROUBLES = 20


@dataclass(frozen=True, slots=True)
class CalendarSeen:
    """What one source gives, or why it gives nothing; `troubles` are entries that were left out."""

    name: str
    windows: int = 0
    freezes: int = 0
    troubles: tuple[str, ...] = ()
    why: str = ""

    @property
    def sentence(self) -> str:
        """Say what it gives, or what is wrong."""
        if self.why:
            return f"calendar {self.why}"
        windows, freezes = (_counted(each, what) for each, what in ((self.windows, "window"), (self.freezes, "freeze")))
        return f"calendar {self.name}: {windows} and {freezes}, {len(self.troubles) or 'nothing'} left out"


async def look(loaded: Loaded) -> list[CalendarSeen]:
    """Read every source once, side by side."""
    settings = loaded.calendar
    return list(await asyncio.gather(*(_seen(each, settings) for each in settings.sources)))


async def _seen(source: SourceSettings, settings: CalendarSettings) -> CalendarSeen:
    try:
        answer = await outside(source, settings).read(datetime.now(UTC))
    except Unreachable as silent:
        return CalendarSeen(source.name, why=str(silent))
    return CalendarSeen(source.name, len(answer.windows), len(answer.freezes), answer.troubles[:MOST_TROUBLES])


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what if number == 1 else f'{what}s'}"
