"""Saying in the channels what the record tells: all of it in the request's own, of a private one the state alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from tocsin.domain.people import Surface
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation
from tocsin.irc.calling import Names, addressed, only_named
from tocsin.irc.desk import Mouth
from tocsin.irc.message import UnsafeLine
from tocsin.irc.replies import BUDGET_BYTES, visible, wrapped
from tocsin.irc.sending import About
from tocsin.irc.where import Where
from tocsin.service.requests import Happening
from tocsin.views.announcing import announcements, house_lines, public_lines
from tocsin.views.lines import Line

log = structlog.get_logger()
OURSELVES = frozenset({Surface.RUNNER, Surface.TOCSIN})
"""Where nobody waits for an acknowledgement."""


@dataclass(frozen=True, slots=True)
class Announcer:
    """A follower's listener: whatever it is handed is said, and said once for each time that it is handed over."""

    where: Where
    mouth: Mouth
    names_in: Callable[[str], Names]
    situation_of: Callable[[Request], Situation | None]
    public_url: str = ""

    async def announce(self, happening: Happening) -> None:
        """Say what one act brought about, wherever it may be heard."""
        if not happening.recorded:
            return
        after = happening.after
        if after is None:
            for channel in self.where.channels():
                self._say(channel, house_lines(happening.recorded), happening)
            return
        around = self.situation_of(after)
        lines = announcements(happening.before, after, happening.recorded, self.public_url, around)
        self._say(self.where.home(after), lines, happening)
        if after.private:
            self._say(after.channel, public_lines(happening.before, after), happening)

    def _say(self, channel: str, lines: Iterable[Line], happening: Happening) -> None:
        """Say lines of one act; what a person did is answered before all else, and that answer is the line itself."""
        first = happening.recorded[0]
        urgent = first.origin.surface not in OURSELVES
        about = About(first.stream, first.position) if happening.after else None
        for line in lines:
            for text in self._fitting(channel, line) if channel else ():
                try:
                    self.mouth.say(channel, text, urgent=urgent, about=about)
                except UnsafeLine:
                    log.exception("a line cannot be said", channel=channel, about=first.stream)
        if not channel and happening.after:
            log.error("a private request has no channel any more; its lines are in the record alone", id=first.stream)

    def _fitting(self, channel: str, line: Line) -> list[str]:
        """Return the line as it fits: where room is short others are not spared, where it is too short it is parted."""
        line = Line(visible(line.text), line.calls)
        names, room = self.names_in(channel), self.mouth.room(channel)
        if len(line.text.encode()) > BUDGET_BYTES:
            log.error("a line is longer than the budget", line_bytes=len(line.text.encode()))
        for text in (addressed(line, names), only_named(line, names), line.text):
            if len(text.encode()) <= room:
                return [text]
        return wrapped(line.text, room)
