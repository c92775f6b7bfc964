"""The teams as they are now: those of the files, and those of which another system says too who is in them.

Laws: whoever was taken out counts no longer as soon as that is told, and it is recorded like any change of who may say
yes. While the system is silent its last answer stands, over a restart too, as long as it is kept; then nobody is a
member by its word alone.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from tocsin.domain.commands.configuring import NoteConfiguration
from tocsin.domain.errors import Conflict, RecordUnavailable, Unreachable
from tocsin.domain.people import Directory, TeamId
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act, Handler
from tocsin.service.merging import Members, digested, merged, people, strangers
from tocsin.service.ports import Clock, KeptMembership, Membership, Memberships
from tocsin.service.situating import Configuration, Situations
from tocsin.views.membership import all_moves

log = structlog.get_logger()
MOST_SAID: Final = 1000
"""Names that nobody bears, as they are said in the log; more are not remembered."""
LONGEST_SAID: Final = 80


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A system that is asked, what people call it, and which of its groups is which team."""

    memberships: Memberships
    system: str
    groups: Mapping[TeamId, str]
    every: timedelta
    keep: timedelta


class Teams:
    """Keeps the live configuration in step with the files and with the other system."""

    def __init__(self, situations: Situations, handler: Handler, kept: KeptMembership, clock: Clock) -> None:
        """Take the rooms that it needs, with what was heard before the restart."""
        self._situations = situations
        self._handler = handler
        self._kept = kept
        self._clock = clock
        self._files = situations.configuration
        self._elsewhere: Elsewhere | None = None
        self._answer = kept.last()
        self._recorded = situations.configuration.directory
        self._silent = self._given_up = False
        self._said: set[tuple[str, str]] = set()
        self._changed = asyncio.Event()
        self._noting = asyncio.Lock()

    @property
    def recorded(self) -> Directory:
        """Return people and teams as they were when a change of them was recorded last."""
        return self._recorded

    def use(self, files: Configuration, elsewhere: Elsewhere | None) -> None:
        """Take what the files say from now on, and whom to ask; what was answered about the same groups stands."""
        self._files, self._elsewhere = files, elsewhere
        self._silent = self._given_up = False
        self._merge()
        self._changed.set()

    async def note(self, what: tuple[str, ...]) -> None:
        """Record what differs, if anything does; raises `RecordUnavailable` or `Conflict`."""
        async with self._noting:
            await self._note(what)

    async def run(self) -> None:
        """Ask again and again, and at once where something else is to be asked; until cancelled."""
        while True:
            self._changed.clear()
            await self.once()
            try:
                async with asyncio.timeout(self._elsewhere.every.total_seconds() if self._elsewhere else None):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def once(self) -> None:
        """Ask who is in the teams, and take it in."""
        asked = self._elsewhere
        if asked is None:
            return
        try:
            members = await asked.memberships.members()
        except Unreachable as silent:
            self._not_told(asked, silent.why)
        else:
            if asked is not self._elsewhere:
                return  # the files were read again meanwhile, and it is asked again at once
            await self._told(asked, members)
        self._merge()
        async with self._noting:  # whoever records first would take the other's sentences for recorded
            await self._record_moves()

    async def _told(self, asked: Elsewhere, members: Members) -> None:
        if self._silent:
            log.info("who is in the teams is told again", system=asked.system)
        self._silent = self._given_up = False
        before, self._answer = self._believed(asked), Membership(self._clock.now(), asked.groups, members)
        _warn_of_leaving(asked.system, before, members)
        self._warn_of_strangers(asked, members)
        await asyncio.to_thread(self._kept.keep, self._answer)

    def _not_told(self, asked: Elsewhere, why: str) -> None:
        at = self._answer.at if self._answer else None
        if not self._silent:
            so = f"its answer of {at:%Y-%m-%d %H:%M} UTC stands" if at else "nobody is a member by its word yet"
            log.warning("who is in the teams is not told", system=asked.system, why=why, so=so, keep=str(asked.keep))
        self._silent = True
        if not (at and self._is_young(at, asked)) and not self._given_up:
            log.error("who is in the teams is not known: nobody is by its word alone", system=asked.system, why=why)
            self._given_up = True

    def _merge(self) -> None:
        """What counts from now on; nothing waits for the record."""
        if self._elsewhere is None:
            self._situations.configuration = self._files
            return
        told = people(self._files.directory, self._believed(self._elsewhere))
        silent = (self._elsewhere.system,) if self._given_up else ()
        directory, digest = merged(self._files.directory, told), digested(self._files.digest, told)
        self._situations.configuration = replace(self._files, directory=directory, digest=digest, unknown=silent)

    async def _note(self, what: tuple[str, ...]) -> None:
        now = self._situations.configuration
        await self._handler.handle(Act(ITSELF, NoteConfiguration(what, now.digest)))
        self._recorded = now.directory

    async def _record_moves(self) -> None:
        now = self._situations.configuration
        if now.digest == self._situations.requests.house.digest:
            return
        what = all_moves(self._recorded, now.directory)
        if self._elsewhere and self._given_up:
            what = (f"{self._elsewhere.system} is silent for too long: nobody is a member by its word alone", *what)
        try:
            await self._note(what)
            log.info("who is in the teams has changed", what=what)
        except (RecordUnavailable, Conflict) as gone:
            log.error("who came into a team or left it is not recorded yet", what=what, why=str(gone))

    def _believed(self, asked: Elsewhere) -> Members:
        """Return the last answer while it is kept, of the teams whose group is still the same."""
        answer = self._answer
        if answer is None or not self._is_young(answer.at, asked):
            return {}
        same = (team for team, group in asked.groups.items() if answer.groups.get(team) == group)
        return {team: answer.members.get(team, frozenset()) for team in same}

    def _is_young(self, at: datetime, asked: Elsewhere) -> bool:
        """An answer from the future was given by a clock that was wrong, which may be this one."""
        return abs(self._clock.now() - at) < asked.keep

    def _warn_of_strangers(self, asked: Elsewhere, members: Members) -> None:
        for team, name in strangers(self._files.directory, members):
            if (team, name) not in self._said and len(self._said) < MOST_SAID:
                self._said.add((team, name))
                remedy = "if they should count, one person alone must bear it: add it to their known_as"
                log.warning("a member is nobody of the directory", team=team, name=name[:LONGEST_SAID], remedy=remedy)


def _warn_of_leaving(system: str, before: Members, after: Members) -> None:
    """Everybody at once may be a mistake made there; it counts all the same, since who is out must not say yes."""
    members = {(team, name) for team, names in before.items() for name in names}
    gone = [(team, name) for team, name in members if name not in after.get(team, ())]
    if 2 * len(gone) > len(members):
        log.error("more than half of all members are gone at once", system=system, gone=len(gone), of=len(members))
