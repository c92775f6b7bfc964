"""A rota with the conductor of the train before it: asked first for their team, and missed by nobody while unknown."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Directory, OnCall, PersonId, TeamId
from tocsin.neighbours.phabricator import PhabricatorTasks
from tocsin.neighbours.train import TrainRota, TrainSettings
from tocsin.service.ports import Rota, Tasks

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ConductedRota:
    """Asks both side by side."""

    train: Rota
    rota: Rota

    async def on_call(self, now: datetime) -> OnCall:
        """Return the shifts of this moment, those of the train before the others; raises `Unreachable`."""
        conducted, shifts = await asyncio.gather(self._conducted(now), self.rota.on_call(now))
        asked = {team: _joined(conducted.of(team), shifts.of(team)) for team in _teams(conducted, shifts)}
        backups = {team: _joined(conducted.backup(team), shifts.backup(team)) for team in _teams(conducted, shifts)}
        return replace(
            shifts,
            shifts=tuple((team, people) for team, people in asked.items() if people),
            backups=tuple((team, tuple(p for p in each if p not in asked[team])) for team, each in backups.items()),
        )

    async def _conducted(self, now: datetime) -> OnCall:
        """Whoever else is on call is known without the train."""
        try:
            return await self.train.on_call(now)
        except Unreachable as silent:
            log.warning("who conducts the train is not known", system=silent.system, why=silent.why)
            return OnCall()


def conducted(rota: Rota, settings: TrainSettings | None, tasks: Tasks, directory: Directory) -> Rota:
    """Return a rota with the train before it, where there is one: its conductor is asked for where its task is."""
    if settings is None or not isinstance(tasks, PhabricatorTasks):
        return rota
    return ConductedRota(TrainRota(settings, tasks.conduit, directory), rota)


def _teams(*rotas: OnCall) -> tuple[TeamId, ...]:
    return tuple(dict.fromkeys(team for each in rotas for team, _ in (*each.shifts, *each.backups)))


def _joined(first: tuple[PersonId, ...], then: tuple[PersonId, ...]) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys((*first, *then)))
