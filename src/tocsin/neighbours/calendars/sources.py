"""Calendars from outside, beside the one of our own file: each is read now and then, and its last answer stays.

Laws: one that is silent takes nothing away from the others, nor from what it said before; how old that is, and which of
them never answered, is part of the calendar. Reading goes on by itself: nobody waits longer than a moment for it.
"""

import asyncio
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from tocsin.domain.errors import Unreachable
from tocsin.domain.schedule import Calendar, Freeze, Window
from tocsin.neighbours.asking.web import LARGEST_ANSWER_BYTES, Site
from tocsin.neighbours.calendars.entries import Answer, Reading, answered
from tocsin.neighbours.calendars.written import (
    CalendarSettings,
    ConfiguredCalendars,
    SourceKind,
    SourceSettings,
    is_near,
)

READ_EVERY: Final = timedelta(minutes=15)
"""As often as the bot of the deployments page reads it."""
AGAIN_AFTER: Final = timedelta(minutes=2)
"""Sooner, after it did not answer: until it does, people go by what is old."""
SITE_SECONDS: Final = 4.5
PATIENCE_SECONDS: Final = 4.0
"""How long whoever asks waits for a reading; it goes on without them."""
MOST_NAMED: Final = 200
"""Troubles of one source that are remembered as named."""

Reader = Callable[[bytes, SourceSettings, datetime], Reading]
log = structlog.get_logger()


@dataclass(slots=True)
class Outside:
    """One calendar from outside, and what it answered last."""

    source: SourceSettings
    settings: CalendarSettings
    reader: Reader
    last: Answer | None = None
    _due: datetime | None = None
    _site: Site | None = None
    _reading: "asyncio.Task[None] | None" = field(default=None, repr=False)
    _named: set[str] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        """Keep one site, which remembers whether it answers."""
        if self.source.address:
            self._site = Site(self.source.name, self.source.address, SITE_SECONDS)

    async def look(self, now: datetime) -> None:
        """Read it again when it is time, and wait for that a moment; what it answers later is there the next time."""
        if self._reading is None and (self._due is None or now >= self._due):
            self._reading = asyncio.ensure_future(self._read_quietly(now))
        if self._reading:
            await asyncio.wait([self._reading], timeout=PATIENCE_SECONDS)

    async def read(self, now: datetime) -> Answer:
        """Read it now; raises `Unreachable`."""
        content = await self._content()
        reading = await asyncio.to_thread(self.reader, content, self.source, now)
        return answered(reading, self.source, self.settings, now)

    async def _read_quietly(self, now: datetime) -> None:
        self._due = now + AGAIN_AFTER
        try:
            self.last = await self.read(now)
            self._due = now + READ_EVERY
            self._name_troubles(self.last.troubles)
        except Unreachable as silent:
            log.warning("a calendar did not answer", calendar=self.source.name, why=str(silent))
        except Exception as broken:  # noqa: BLE001 - whatever it holds, the next reading must come
            log.error("a calendar could not be read", calendar=self.source.name, error=repr(broken))
        finally:
            self._reading = None

    async def _content(self) -> bytes:
        if self._site is None:
            return await asyncio.to_thread(_file, Path(self.source.file), self.source.name)
        content = await self._site.read("")
        if content is None:
            raise Unreachable(self.source.name, "it is not there, or not for us")
        return content

    def _name_troubles(self, troubles: Iterable[str]) -> None:
        for each in troubles:
            if each not in self._named and len(self._named) < MOST_NAMED:
                self._named.add(each)
                log.warning("an entry of a calendar was left out", why=each)


@dataclass(frozen=True, slots=True)
class SeveralCalendars:
    """Our own file and calendars from outside, side by side."""

    own: ConfiguredCalendars
    outside: tuple[Outside, ...]

    async def around(self, now: datetime) -> Calendar:
        """Return everything that is known around now; never raises, for what is silent is named in the answer."""
        await asyncio.gather(*(each.look(now) for each in self.outside))
        own = await self.own.around(now)
        answers = [each.last for each in self.outside if each.last]
        return Calendar(
            windows=_once([*own.windows, *(each for answer in answers for each in answer.windows)], now),
            freezes=tuple(each for each in (*own.freezes, *_freezes(answers)) if is_near(each, now)),
            known=bool(answers) or not self.own.settings.empty,
            as_of=min((each.as_of for each in answers), default=None),
            silent=tuple(each.source.name for each in self.outside if each.last is None),
            troubles=tuple(trouble for each in answers for trouble in each.troubles),
        )

    def take_over(self, earlier: object) -> None:
        """Go on with what was answered before the configuration was read again, by sources that are still the same."""
        if not isinstance(earlier, SeveralCalendars):
            return
        known = {each.source.name: each for each in earlier.outside}
        for each in self.outside:
            before = known.get(each.source.name)
            if before and before.source == each.source:
                each.last = before.last


def calendars(settings: CalendarSettings, earlier: object = None) -> ConfiguredCalendars | SeveralCalendars:
    """Build the calendar: what reads a kind of source is loaded only where there is such a one."""
    own = ConfiguredCalendars(settings)
    if not settings.sources:
        return own
    made = SeveralCalendars(own, tuple(outside(each, settings) for each in settings.sources))
    made.take_over(earlier)
    return made


def outside(source: SourceSettings, settings: CalendarSettings) -> Outside:
    """Build one source."""
    return Outside(source, settings, _reader(source.kind))


def _reader(kind: SourceKind) -> Reader:
    match kind:
        case SourceKind.PAGE:
            from tocsin.neighbours.calendars.page import read_page

            return read_page
        case SourceKind.WIKITEXT:
            from tocsin.neighbours.calendars.wikitext import read_wikitext

            return read_wikitext
        case SourceKind.ICALENDAR:
            from tocsin.neighbours.calendars.icalendar_reading import read_icalendar

            return read_icalendar


def _once(windows: Iterable[Window], now: datetime) -> tuple[Window, ...]:
    """Two calendars may tell of one window: it is told once, as the one that says where it is written."""
    by_time: dict[tuple[str, datetime, datetime], Window] = {}
    for each in windows:
        key = (each.name, each.starts, each.ends)
        if is_near(each, now) and not (key in by_time and by_time[key].url):
            by_time[key] = each
    return tuple(by_time.values())


def _freezes(answers: Iterable[Answer]) -> Iterable[Freeze]:
    return (each for answer in answers for each in answer.freezes)


def _file(path: Path, name: str) -> bytes:
    """A pipe or a device would never end, so it is looked at before it is read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Unreachable(name, "what stands in its place is no file")
            content = opened.read(LARGEST_ANSWER_BYTES + 1)
    except OSError as error:
        raise Unreachable(name, f"its file cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST_ANSWER_BYTES:
        raise Unreachable(name, f"its file is longer than {LARGEST_ANSWER_BYTES // 1024**2} MiB")
    return content
