"""Who is on call, from a rota written down by hand; it narrows a team and never makes anybody a member of it."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.domain.people import OnCall, PersonId, TeamId


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
    """All shifts that were written down."""

    shifts: tuple[Shift, ...] = ()

    @property
    def teams(self) -> frozenset[TeamId]:
        """Return the teams that have a shift at any time."""
        return frozenset(shift.team for shift in self.shifts)


@dataclass(frozen=True, slots=True)
class ConfiguredRota:
    """The rota of a file."""

    settings: RotaSettings

    async def on_call(self, now: datetime) -> OnCall:
        """Return of each team the first shift that holds now; a team whose rota has a gap now is *unknown*."""
        holding: dict[TeamId, Shift] = {}
        for shift in self.settings.shifts:
            if shift.holds(now):
                holding.setdefault(shift.team, shift)
        return OnCall(
            tuple((team, shift.people) for team, shift in holding.items()),
            tuple((team, shift.backups) for team, shift in holding.items()),
            self.settings.teams - holding.keys(),
        )
