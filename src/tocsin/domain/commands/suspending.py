"""Suspending a person whose account may be in other hands, everywhere at once, and restoring them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.errors import Refused
from tocsin.domain.house import House
from tocsin.domain.objecting import unknown_speaker
from tocsin.domain.people import PersonId
from tocsin.domain.policy import Limits
from tocsin.domain.situation import Situation

OWN_PAGE = "/me"
"""The page on which who is suspended reads how to come back, and uses their passkey."""


@dataclass(frozen=True, slots=True)
class Suspend:
    """Make a person's yes count nowhere, until restored: their account may be stolen. Your own, always."""

    whom: PersonId
    reason: str = ""

    def decide(self, house: House, situation: Situation) -> list[e.HouseEvent]:
        """Suspend at once; one other person's account an hour for each member of a required team."""
        if reasons := list(self._objections(house, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return [e.PersonSuspended(self.whom, situation.person, self.reason)]

    def _objections(self, house: House, situation: Situation) -> Iterator[str]:
        yield from unknown_speaker(situation)
        if situation.directory.person(self.whom) is None:
            yield f"The directory knows nobody named {self.whom}."
        if self.whom in house.suspended_people:
            yield f"{self.whom} is suspended already."
        if situation.person is None or situation.person == self.whom:
            return
        yield from _not_of_a_confirming_team(house, situation)
        if not self.reason.strip():
            yield f"Say why: !suspend {self.whom} their laptop was stolen"
        last = house.last_suspended_by(situation.person)
        if last and situation.now - last < Limits().suspend_every:
            yield "You suspended somebody less than an hour ago; another member can suspend the next."


@dataclass(frozen=True, slots=True)
class Restore:
    """Make a suspended person count again: two members of required teams, or one beside the owner's own passkey."""

    whom: PersonId

    def decide(self, house: House, situation: Situation) -> list[e.HouseEvent]:
        """Restore when there are two: neither of those concerned, save the owner who used their passkey lately."""
        if reasons := list(self._objections(house, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        said = e.RestoreSupported(self.whom, situation.person)
        suspension = house.suspension(self.whom)
        owner = (self.whom,) if suspension and suspension.proven_until(situation.now) else ()
        return [said, *_restored(self.whom, (*owner, *_members(house, self.whom), situation.person))]

    def _objections(self, house: House, situation: Situation) -> Iterator[str]:
        yield from unknown_speaker(situation)
        suspension = house.suspension(self.whom)
        if suspension is None:
            yield f"{self.whom} is not suspended."
            return
        if situation.person == self.whom:
            yield (
                f"It is you who is suspended: two members restore you, or one, once you used your passkey on the page:"
                f" {OWN_PAGE}"
            )
            return
        if situation.person == suspension.by:
            yield "Two others must restore it: neither the suspended nor the one who suspended."
        yield from _not_of_a_confirming_team(house, situation)
        if situation.person in suspension.restoring:
            yield f"You agreed already; one more member must: !restore {self.whom}"


@dataclass(frozen=True, slots=True)
class ComeBack:
    """Say with a passkey of yours that your suspended account is yours: one member is then enough to restore it."""

    with_passkey: str = ""

    def decide(self, house: House, situation: Situation) -> list[e.HouseEvent]:
        """Take it for a while, and restore at once where a member agreed before."""
        if reasons := list(self._objections(house, situation)):
            raise Refused(reasons)
        passkey, owner = house.passkey(self.with_passkey), situation.person
        assert passkey is not None and owner is not None
        return [
            e.RestoreSupported(owner, owner, passkey.at),
            *_restored(owner, (owner, *_members(house, owner))),
        ]

    def _objections(self, house: House, situation: Situation) -> Iterator[str]:
        yield from unknown_speaker(situation)
        if situation.person is None:
            return
        suspension = house.suspension(situation.person)
        if suspension is None:
            yield "You are not suspended: your yes counts."
        elif suspension.proven_until(situation.now):
            yield f"You used your passkey already; now one member must: !restore {situation.person}"
        if not self.with_passkey:
            yield "Use a passkey of yours: the session alone may be in other hands."
        elif self.with_passkey not in {each.credential for each in house.passkeys_of(situation.person)}:
            yield "The passkey that you used is none of yours now."


def _members(house: House, whom: PersonId) -> tuple[PersonId, ...]:
    """Return the members who agreed before; who was suspended since stands for nobody."""
    return tuple(person for person in house.restoring(whom) if person not in house.suspended_people)


def _restored(whom: PersonId, asking: tuple[PersonId, ...]) -> list[e.HouseEvent]:
    together = tuple(dict.fromkeys(asking))
    return [e.PersonRestored(whom, together)] if len(together) > 1 else []


def _not_of_a_confirming_team(house: House, situation: Situation) -> Iterator[str]:
    person = situation.directory.person(situation.person)
    teams = {team for target in situation.catalogue.targets for team in target.policy.own_teams}
    if person is None or not person.teams & teams or person.id in house.suspended_people:
        yield "Only members of teams that confirm, not suspended themselves, may do that."
