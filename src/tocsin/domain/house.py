"""What concerns the whole installation: who is suspended. A stream of its own beside those of the requests."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.people import PersonId


@dataclass(frozen=True, slots=True)
class Suspension:
    """A person who does not count now, and who would restore them."""

    person: PersonId
    by: PersonId
    reason: str
    restoring: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """The installation's own state; `suspended_at` keeps each suspender's last time."""

    suspensions: tuple[Suspension, ...] = ()
    suspended_at: tuple[tuple[PersonId, datetime], ...] = ()
    digest: str = ""

    @property
    def suspended_people(self) -> frozenset[PersonId]:
        """Return who is suspended."""
        return frozenset(each.person for each in self.suspensions)

    def suspension(self, person: PersonId) -> Suspension | None:
        """Return a person's suspension, if there is one."""
        return next((each for each in self.suspensions if each.person == person), None)

    def restoring(self, person: PersonId) -> tuple[PersonId, ...]:
        """Return who would restore a person."""
        suspension = self.suspension(person)
        return suspension.restoring if suspension else ()

    def last_suspended_by(self, person: PersonId) -> datetime | None:
        """Return when a person last suspended somebody else."""
        return next((at for each, at in self.suspended_at if each == person), None)


def evolve_house(house: House, event: e.HouseEvent, at: datetime) -> House:
    """Return the installation after an event; it never refuses, what it is given has happened."""
    match event:
        case e.PersonSuspended():
            return _suspended(house, event, at)
        case e.RestoreSupported():
            return replace(house, suspensions=tuple(_restoring(house.suspensions, event)))
        case e.PersonRestored():
            return replace(house, suspensions=tuple(each for each in house.suspensions if each.person != event.person))
        case e.ConfigurationChanged():
            return replace(house, digest=event.digest)
        case _:
            assert_never(event)


def _suspended(house: House, event: e.PersonSuspended, at: datetime) -> House:
    added = (*house.suspensions, Suspension(event.person, event.by, event.reason))
    if event.person == event.by:
        return replace(house, suspensions=added)
    times = (*(each for each in house.suspended_at if each[0] != event.by), (event.by, at))
    return replace(house, suspensions=added, suspended_at=times)


def _restoring(suspensions: Iterable[Suspension], event: e.RestoreSupported) -> Iterable[Suspension]:
    for each in suspensions:
        added = each.person == event.person
        yield replace(each, restoring=(*each.restoring, event.by)) if added else each
