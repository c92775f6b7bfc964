"""Who is on call as an iCalendar says, from a file or an address; what its events mean is for rota_events.

Laws: that room, and the libraries that it takes, are loaded with the first calendar that is read. One that takes longer
to read than anybody waits is read on, once, and its answer is there for the next who asks.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import OnCall
from tocsin.neighbours.asking.web import LARGEST_ANSWER_BYTES, Site
from tocsin.neighbours.rotas.people import RotaPeople
from tocsin.neighbours.rotas.sources import ON_CALL_SECONDS, RotaCalendarSettings

if TYPE_CHECKING:
    from tocsin.neighbours.rotas.events import RotaEvents

ACCEPT: Final = (("Accept", "text/calendar"),)


@dataclass(slots=True)
class CalendarRota:
    """One calendar; it is read again only when its bytes have changed."""

    settings: RotaCalendarSettings
    people: RotaPeople
    seconds: float = ON_CALL_SECONDS
    _site: Site | None = field(init=False, repr=False, default=None)
    _content: bytes = field(init=False, repr=False, default=b"")
    _events: "RotaEvents | None" = field(init=False, repr=False, default=None)
    _reading: "asyncio.Task[OnCall] | None" = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        """Keep one site, which remembers whether it answers."""
        if self.settings.address:
            self._site = Site(system_of(self.settings), self.settings.address, self.seconds, headers=ACCEPT)

    async def on_call(self, now: datetime) -> OnCall:
        """Return whose events hold now; raises `Unreachable` where there is no calendar to be read."""
        content = await (self._site.read("") if self._site else asyncio.to_thread(self._of_file))
        if content is None:
            raise Unreachable(system_of(self.settings), "there is no calendar")
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(asyncio.to_thread(self._shift, content, now))
            self._reading.add_done_callback(_seen)
        return await asyncio.shield(self._reading)

    def _of_file(self) -> bytes:
        try:
            with Path(self.settings.file).open("rb") as opened:
                content = opened.read(LARGEST_ANSWER_BYTES + 1)
        except OSError as error:
            raise Unreachable(system_of(self.settings), f"cannot be read: {error.strerror}") from None
        if len(content) > LARGEST_ANSWER_BYTES:
            raise Unreachable(system_of(self.settings), f"is longer than {LARGEST_ANSWER_BYTES // 1024**2} MiB")
        return content

    def _shift(self, content: bytes, now: datetime) -> OnCall:
        from tocsin.neighbours.rotas.events import NoCalendar, RotaEvents

        try:
            if self._events is None or content != self._content:
                self._events, self._content = RotaEvents(content, self.settings, self.people), content
            return self._events.on_call(now)
        except NoCalendar as error:
            raise Unreachable(system_of(self.settings), str(error)) from None


def _seen(reading: "asyncio.Task[OnCall]") -> None:
    """What was wrong is told to those who wait, if anybody does."""
    if not reading.cancelled():
        reading.exception()


def system_of(settings: RotaCalendarSettings) -> str:
    """Return what people call it when it does not answer; an address may be secret, and its host is not."""
    return f"the rota of {urlsplit(settings.address).hostname or Path(settings.file).name}"
