"""Answering what people ask without acting: how things stand, who is needed, what opens next; in the words of views."""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from tocsin.domain.errors import UnknownRequest
from tocsin.domain.people import RequestId, Speaker, Surface
from tocsin.domain.recorded import Recorded, StreamId
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation
from tocsin.service.looking_up import LookedUp
from tocsin.service.ports import Clock, Store
from tocsin.service.requests import Requests
from tocsin.service.situating import Situations
from tocsin.views.announcing import hidden
from tocsin.views.board import listing, status
from tocsin.views.helping import help_lines
from tocsin.views.lines import BUDGET_BYTES, cut
from tocsin.views.people import who
from tocsin.views.report import report
from tocsin.views.schedule import next_lines, now_and_next_lines, now_lines
from tocsin.views.timeline import timeline

QUESTIONS = ("status", "list", "who", "now", "next", "nowandnext", "help", "timeline", "report", "irc")
SCHEDULE = {"now": now_lines, "next": next_lines, "nowandnext": now_and_next_lines}
MOST_ON_IRC = 6
"""Lines of a timeline in a channel: more would be a flood; the command line has all of it."""


class Bot(Protocol):
    """The bot as far as people ask about it."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why not all that is said on IRC counts just now, and what somebody should mend."""
        ...

    def sentences(self) -> list[str]:
        """Say where it is, as whom, and what is wrong."""
        ...


class NoBot:
    """An installation that is not on IRC."""

    warnings = ()

    def sentences(self) -> list[str]:
        """Say so."""
        return ["This installation is not on IRC: tocsin.toml has no [irc]."]


@dataclass(slots=True)
class Questions:
    """Puts the state of things in lines; asks nobody and changes nothing. The bot is filled in once there is one."""

    requests: Requests
    situations: Situations
    clock: Clock
    store: Store
    public_url: str = ""
    bot: Bot = field(default_factory=NoBot)

    async def answer(
        self, verb: str, request: RequestId | None, words: str, speaker: Speaker, *, may_hear_private: bool
    ) -> list[str]:
        """Return the answer in lines; raises `UnknownRequest`.

        Without an id the one open request is meant; where that is not clear, what is open is told.
        """
        assert verb in QUESTIONS, f"{verb} is no question"
        if verb == "help":
            return help_lines(words)
        if verb == "irc":
            return self.bot.sentences()
        if verb in SCHEDULE:
            return self._calendar(verb, self._kind(request, words, may_hear_private=may_hear_private), speaker)
        found = None if verb == "list" else self._found(request)
        if found is None:
            return [*listing(self.requests.open(), may_hear_private=may_hear_private), *self._warnings()]
        if found.private and not may_hear_private:
            return [hidden(found)]
        return await self._about(found, verb, speaker)

    def _warnings(self) -> list[str]:
        """Whoever asks how things stand is told when not everybody is heard."""
        return [f"Take care: {each}." for each in self.bot.warnings]

    async def _about(self, request: Request, verb: str, speaker: Speaker) -> list[str]:
        match verb:
            case "status":
                return [*status(request, self._situation(request, speaker), self.public_url), *self._warnings()]
            case "who":
                return who(request, self._situation(request, speaker))
            case "report":
                return report(await self._recorded(request))
            case _:
                return _in_place(timeline(await self._recorded(request)), request, speaker)

    def _calendar(self, verb: str, kind: str, speaker: Speaker) -> list[str]:
        now = self.clock.now()
        calendar = self.situations.situation(now, speaker, None, LookedUp()).calendar
        known = {each.casefold() for window in calendar.windows for each in window.takes}
        known |= {each.id.casefold() for each in self.situations.configuration.catalogue.targets}
        return SCHEDULE[verb](calendar, now, kind if kind.casefold() in known else "")

    def _kind(self, request: RequestId | None, words: str, *, may_hear_private: bool) -> str:
        """Windows for a kind of change may be asked for by its name, or by a request for such a one."""
        found = self.requests.find(request) if request else None
        if found is None or (found.private and not may_hear_private):
            return words.strip()
        return found.target or ""

    def _found(self, request: RequestId | None) -> Request | None:
        if request:
            found = self.requests.find(request)
            if found is None:
                raise UnknownRequest(f"There is no request {request}. Open ones: !list")
            return found
        open_ones = self.requests.open()
        return open_ones[0] if len(open_ones) == 1 else None

    def _situation(self, request: Request, speaker: Speaker) -> Situation:
        return self.situations.situation(self.clock.now(), speaker, request, LookedUp())

    async def _recorded(self, request: Request) -> tuple[Recorded, ...]:
        return await asyncio.to_thread(self.store.read, StreamId(request.id))


def _in_place(lines: list[str], request: Request, speaker: Speaker) -> list[str]:
    """Return a timeline as it may be told where it was asked for."""
    if speaker.surface is not Surface.IRC:
        return lines
    more = [f"{request.id}: the last {MOST_ON_IRC} of {len(lines)} events; all: tocsin request timeline {request.id}"]
    return [*(more if len(lines) > MOST_ON_IRC else []), *(cut(line, BUDGET_BYTES) for line in lines[-MOST_ON_IRC:])]
