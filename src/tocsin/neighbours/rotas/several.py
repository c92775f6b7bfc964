"""Several rotas as one: for each team the first that was written down for it decides, after whoever conducts the train.

Laws: each is asked beside the others and given up after a while. One that falls silent is believed for an hour; then it
is not known who is on call for its teams: any member counts, and those whom the next rota names are asked first.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import structlog

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import OnCall, PersonId, TeamId
from tocsin.service.ports import Rota

log = structlog.get_logger()
SECONDS: Final = 4.5
FRESH: Final = timedelta(seconds=20)
"""Systems limit how often they are asked."""
BELIEVED: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RotaSource:
    """One rota, what people call it, and the teams that it answers for; its answer is `fresh` for a while.

    Those of a rota that `conducts` the train are asked before their team's shift.
    """

    rota: Rota
    system: str
    teams: frozenset[TeamId]
    conducts: bool = False
    fresh: timedelta = timedelta()


Told: TypeAlias = tuple[RotaSource, OnCall]


class SeveralRotas:
    """Asks them all side by side, and remembers what each said last."""

    def __init__(self, sources: Iterable[RotaSource]) -> None:
        """Take them in the order in which they count."""
        self._asked = [_Asked(each) for each in sources]

    async def on_call(self, now: datetime) -> OnCall:
        """Return the shifts of this moment, of every team that has any."""
        answers = await asyncio.gather(*(each.told(now) for each in self._asked))
        return combined([(each.source, answer) for each, answer in zip(self._asked, answers, strict=True)])


def combined(told: Sequence[Told]) -> OnCall:
    """Return as one what several rotas said, in the order in which they count."""
    teams = sorted({team for source, answer in told for team in (*source.teams, *dict(answer.shifts))})
    asked = {team: _shift(team, told) for team in teams}
    return OnCall(
        tuple((team, each.people) for team, each in asked.items() if each.people),
        tuple((team, each.backups) for team, each in asked.items() if each.backups),
        frozenset(team for team, each in asked.items() if each.unknown),
        tuple(dict.fromkeys(system for _, answer in told for system in answer.silent)),
    )


@dataclass(frozen=True, slots=True)
class _Shift:
    people: tuple[PersonId, ...]
    backups: tuple[PersonId, ...]
    unknown: bool


def _shift(team: TeamId, told: Sequence[Told]) -> _Shift:
    conductors = [answer for source, answer in told if source.conducts]
    rotas = [answer for source, answer in told if not source.conducts and team in source.teams]
    named = [*conductors, *[answer for answer in rotas if answer.of(team)][:1]]
    people = tuple(dict.fromkeys(person for answer in named for person in answer.of(team)))
    backups = dict.fromkeys(each for answer in named for each in answer.backup(team) if each not in people)
    if rotas:
        unknown = team in rotas[0].unknown or not rotas[0].of(team)
    else:
        unknown = any(team in answer.unknown for answer in conductors)
    return _Shift(people, tuple(backups), unknown)


@dataclass(slots=True)
class _Asked:
    """One rota with its last answer, and since when it has given none."""

    source: RotaSource
    answer: OnCall | None = None
    at: datetime | None = None
    silent: bool = False
    given_up: bool = False

    async def told(self, now: datetime) -> OnCall:
        """Return its answer of this moment, or its last one for a while; then that it is silent."""
        if self.answer and self._is_younger(self.source.fresh, now):
            return self.answer
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self.source.rota.on_call(now)
        except (Unreachable, TimeoutError) as error:
            return self._without(str(error) or "no answer in time", now)
        if self.silent:
            log.info("who is on call is told again", system=self.source.system)
        self.answer, self.at, self.silent, self.given_up = answer, now, False, False
        return answer

    def _without(self, why: str, now: datetime) -> OnCall:
        if not self.silent:
            so = "its last answer counts for an hour" if self.answer else "it has given no answer yet"
            log.warning("who is on call is not told", system=self.source.system, why=why, so=so)
        self.silent = True
        if self.answer and self._is_younger(BELIEVED, now):
            return self.answer
        if not self.given_up:
            teams = sorted(self.source.teams)
            log.error("who is on call is not known: any member counts", system=self.source.system, teams=teams)
        self.given_up = True
        return OnCall(unknown=self.source.teams, silent=(self.source.system,))

    def _is_younger(self, than: timedelta, now: datetime) -> bool:
        return self.at is not None and now - self.at < than
