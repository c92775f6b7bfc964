"""Which teams must confirm, are informed and assist, and every limit in time; profiles themselves are data."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from tocsin.domain.people import TeamId
from tocsin.domain.plan import Reason, Remedy

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """One yes that the policy asks for; `on_call` narrows a team to who is on call, `seat` tells equal places apart."""

    team: TeamId
    on_call: bool = False
    seat: int = 1


@dataclass(frozen=True, slots=True)
class Demand:
    """A number of confirmations asked of one team."""

    team: TeamId
    count: int = 1
    on_call: bool = False

    def places(self) -> tuple[Place, ...]:
        """Return a place for each confirmation asked."""
        return tuple(Place(self.team, self.on_call, seat) for seat in range(1, self.count + 1))


class Look(StrEnum):
    """Who must look at a checkpoint."""

    TWO = "requester and deployer"
    EVERY_TEAM = "every team"


class Fresh(StrEnum):
    """What a yes on the page takes beside the session, used for that very yes: a passkey, or else a one-time code."""

    NONE = "none"
    PASSKEY = "passkey"
    PASSKEY_OR_CODE = "passkey or code"


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit in time, with the defaults of the process."""

    act_expires: timedelta = timedelta(hours=4)
    yes_lasts: timedelta = timedelta(hours=2)
    go_after_yes: timedelta = 15 * SECOND
    go_after_objection: timedelta = 60 * SECOND
    presence: timedelta = 10 * MINUTE
    on_call_answers: timedelta = 15 * MINUTE
    holder_answers: timedelta = 15 * MINUTE
    team_answers: timedelta = 15 * MINUTE
    all_answer: timedelta = 30 * MINUTE
    remind: timedelta = 3 * MINUTE
    widen: timedelta = 8 * MINUTE
    wake: timedelta = 15 * MINUTE
    adopt: timedelta = 5 * MINUTE
    remind_ready: timedelta = 5 * MINUTE
    window_soon: timedelta = 30 * MINUTE
    good_after: timedelta = 5 * SECOND
    remind_look: timedelta = 2 * MINUTE
    wake_look: timedelta = 5 * MINUTE
    propose_rollback: timedelta = 15 * MINUTE
    absence: timedelta = 60 * SECOND
    stopper_answers: timedelta = 15 * MINUTE
    remind_pause: timedelta = 5 * MINUTE
    wake_pause: timedelta = 15 * MINUTE
    ask_again: timedelta = 30 * MINUTE
    proof: timedelta = 10 * MINUTE
    rollback_open: timedelta = timedelta(hours=2)
    unverified_pause: timedelta = 3 * MINUTE
    suspend_every: timedelta = timedelta(hours=1)
    review: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of one profile; a request keeps the one in force when it opened."""

    profile: str
    version: str
    confirm: tuple[Demand, ...]
    informed: tuple[TeamId, ...] = ()
    for_reason: tuple[tuple[Reason, tuple[Demand, ...]], ...] = ()
    for_remedy: tuple[tuple[Remedy, tuple[Demand, ...]], ...] = ()
    in_freeze: tuple[Demand, ...] = ()
    author_may_confirm: bool = False
    look: Look = Look.TWO
    broken_now: bool = False
    banner: str = ""
    limits: Limits = field(default_factory=Limits)
    fresh: Fresh = Fresh.NONE

    @property
    def label(self) -> str:
        """Return the policy as it is named in the record: profile and version."""
        return f"{self.profile} {self.version}"

    @property
    def strictness(self) -> tuple[int, int]:
        """Return a measure by which the stricter of two policies is known."""
        return sum(demand.count for demand in self.confirm), sum(demand.on_call for demand in self.confirm)

    @property
    def own_teams(self) -> tuple[TeamId, ...]:
        """Return the teams of the profile itself, which nobody can waive."""
        return tuple(dict.fromkeys(demand.team for demand in self.confirm))

    def demands(self, reason: Reason | None, remedy: Remedy | None, *, frozen: bool) -> tuple[Demand, ...]:
        """Return what is asked for this reason and remedy, in or out of a freeze."""
        by_reason = next((demands for each, demands in self.for_reason if each is reason), ())
        by_remedy = next((demands for each, demands in self.for_remedy if each is remedy), ())
        return merged((*self.confirm, *by_reason, *by_remedy, *(self.in_freeze if frozen else ())))


def merged(demands: Iterable[Demand]) -> tuple[Demand, ...]:
    """Put the demands on one team together: the highest count, and on call if any says so."""
    found: dict[TeamId, Demand] = {}
    for demand in demands:
        known = found.get(demand.team, demand)
        found[demand.team] = Demand(
            demand.team, max(known.count, demand.count), on_call=known.on_call or demand.on_call
        )
    return tuple(found.values())
