"""Who is on call and who conducts the train, from a rota written down by hand; it makes nobody a member of a team."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.domain.people import OnCall, PersonId, TeamId
from tocsin.neighbours.rotas.sources import SourceSettings


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is to be asked for a team, best first; without a beginning and an end it holds at all times."""

    team: TeamId
    people: tuple[PersonId, ...]
    backups: tuple[PersonId, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Say whether the moment lies within; it includes its start and not its end."""
        return (self.starts is None or self.starts <= now) and (self.ends is None or now < self.ends)


@dataclass(frozen=True, slots=True)
class RotaSettings:
    """All shifts that were written down, those of the people who conduct the train, and where else it is asked."""

    shifts: tuple[Shift, ...] = ()
    conductors: tuple[Shift, ...] = ()
    sources: tuple[SourceSettings, ...] = ()

    @property
    def teams(self) -> frozenset[TeamId]:
        """Return the teams that have a shift at any time; a week without a train is no gap in the rota."""
        return frozenset(shift.team for shift in self.shifts)

    @property
    def asked_for(self) -> frozenset[TeamId]:
        """Return the teams of which anything is to tell who is on call."""
        return self.teams | {source.team for source in self.sources}


@dataclass(frozen=True, slots=True)
class ConfiguredRota:
    """The rota of a file."""

    settings: RotaSettings

    async def on_call(self, now: datetime) -> OnCall:
        """Return who is to be asked now: of each team its conductor first, then the first shift that holds.

        A team whose rota has a gap now is *unknown*, so that any member of it counts.
        """
        shifts, conductors = (_first(each, now) for each in (self.settings.shifts, self.settings.conductors))
        asked = {team: tuple(_of(team, conductors, shifts)) for team in (*shifts, *conductors)}
        return OnCall(
            tuple((team, _people(each)) for team, each in asked.items()),
            tuple((team, _backups(each)) for team, each in asked.items()),
            self.settings.teams - shifts.keys(),
        )


Holding = dict[TeamId, Shift]


def _first(shifts: tuple[Shift, ...], now: datetime) -> Holding:
    holding: Holding = {}
    for shift in shifts:
        if shift.holds(now):
            holding.setdefault(shift.team, shift)
    return holding


def _of(team: TeamId, *holding: Holding) -> Iterator[Shift]:
    yield from (each[team] for each in holding if team in each)


def _people(shifts: tuple[Shift, ...]) -> tuple[PersonId, ...]:
    return tuple(dict.fromkeys(person for shift in shifts for person in shift.people))


def _backups(shifts: tuple[Shift, ...]) -> tuple[PersonId, ...]:
    asked = _people(shifts)
    return tuple(dict.fromkeys(person for shift in shifts for person in shift.backups if person not in asked))
