"""What concerns the whole installation: who is suspended, whose passkeys count; a stream beside those of requests."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.people import PersonId

VOUCH_LASTS = timedelta(hours=1)
"""How long somebody may enrol anew on another's word."""

OWNERS_WORD_LASTS = timedelta(hours=1)
"""How long one member is enough to restore somebody who used their passkey."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """A person who does not count now, and who would restore them; with a passkey they said so themselves."""

    person: PersonId
    by: PersonId
    reason: str
    restoring: tuple[PersonId, ...] = ()
    proven_at: datetime | None = None

    def proven_until(self, now: datetime) -> datetime | None:
        """Return until when one member is enough, since its person used a passkey; nothing where that is not so."""
        ends = self.proven_at + OWNERS_WORD_LASTS if self.proven_at else None
        return ends if ends and now < ends else None


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key of a person's device; the record holds its public half alone."""

    person: PersonId
    credential: str
    public_key: str
    name: str
    how: e.Enrolment
    at: datetime


@dataclass(frozen=True, slots=True)
class Vouch:
    """Somebody's word that a person may enrol a passkey anew."""

    person: PersonId
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class House:
    """The installation's own state.

    `suspended_at` keeps each suspender's last time, `enrolled` who ever had a passkey.
    """

    suspensions: tuple[Suspension, ...] = ()
    suspended_at: tuple[tuple[PersonId, datetime], ...] = ()
    digest: str = ""
    passkeys: tuple[Passkey, ...] = ()
    vouches: tuple[Vouch, ...] = ()
    enrolled: frozenset[PersonId] = frozenset()

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

    def passkeys_of(self, person: PersonId | None) -> tuple[Passkey, ...]:
        """Return a person's passkeys, oldest first."""
        return tuple(each for each in self.passkeys if each.person == person)

    def passkey(self, credential: str) -> Passkey | None:
        """Return the passkey of this id, whoever has it."""
        return next((each for each in self.passkeys if each.credential == credential), None)

    def vouch_for(self, person: PersonId | None, now: datetime) -> Vouch | None:
        """Return the word on which a person may enrol a passkey anew now, if there is one."""
        return next((each for each in self.vouches if each.person == person and now - each.at < VOUCH_LASTS), None)


def evolve_house(house: House, event: e.HouseEvent, at: datetime) -> House:
    """Return the installation after an event; it never refuses, what it is given has happened."""
    match event:
        case e.PersonSuspended():
            return _suspended(house, event, at)
        case e.RestoreSupported():
            return replace(house, suspensions=tuple(_restoring(house.suspensions, event, at)))
        case e.PersonRestored():
            return replace(house, suspensions=tuple(each for each in house.suspensions if each.person != event.person))
        case e.ConfigurationChanged():
            return replace(house, digest=event.digest)
        case e.PasskeyEnrolled():
            return _enrolled(house, event, at)
        case e.PasskeyRemoved():
            return _removed(house, event)
        case e.PasskeyVouched():
            vouch = Vouch(event.person, event.by, at)
            return replace(house, vouches=(*_vouches_but(house, event.person), vouch))
        case _:
            assert_never(event)


def _suspended(house: House, event: e.PersonSuspended, at: datetime) -> House:
    added = (*house.suspensions, Suspension(event.person, event.by, event.reason))
    if event.person == event.by:
        return replace(house, suspensions=added)
    times = (*(each for each in house.suspended_at if each[0] != event.by), (event.by, at))
    return replace(house, suspensions=added, suspended_at=times)


def _enrolled(house: House, event: e.PasskeyEnrolled, at: datetime) -> House:
    """Whatever was vouched for is used up by it."""
    passkey = Passkey(event.person, event.credential, event.public_key, event.name, event.how, at)
    return replace(
        house,
        passkeys=(*house.passkeys, passkey),
        vouches=_vouches_but(house, event.person),
        enrolled=house.enrolled | {event.person},
    )


def _removed(house: House, event: e.PasskeyRemoved) -> House:
    """What was said with a passkey that is gone counts no more; with one that is left it can be said again."""
    suspensions = (replace(each, proven_at=None) if each.person == event.person else each for each in house.suspensions)
    passkeys = (each for each in house.passkeys if not _is_removed(each, event))
    return replace(house, passkeys=tuple(passkeys), suspensions=tuple(suspensions))


def _vouches_but(house: House, person: PersonId) -> tuple[Vouch, ...]:
    return tuple(each for each in house.vouches if each.person != person)


def _is_removed(passkey: Passkey, event: e.PasskeyRemoved) -> bool:
    return (passkey.person, passkey.credential) == (event.person, event.credential)


def _restoring(suspensions: Iterable[Suspension], event: e.RestoreSupported, at: datetime) -> Iterable[Suspension]:
    for each in suspensions:
        if each.person != event.person:
            yield each
        elif event.by == event.person:
            yield replace(each, proven_at=at)
        else:
            yield replace(each, restoring=(*each.restoring, event.by))
