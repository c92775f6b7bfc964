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
    """Make a suspended person count again; two members of required teams together, neither of the two concerned."""

    whom: PersonId

    def decide(self, house: House, situation: Situation) -> list[e.HouseEvent]:
        """Restore when the second of two agrees."""
        if reasons := list(self._objections(house, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        said = e.RestoreSupported(self.whom, situation.person)
        before = (person for person in house.restoring(self.whom) if person not in house.suspended_people)
        asking = tuple(dict.fromkeys((*before, situation.person)))
        return [said] if len(asking) < 2 else [said, e.PersonRestored(self.whom, asking)]

    def _objections(self, house: House, situation: Situation) -> Iterator[str]:
        yield from unknown_speaker(situation)
        suspension = house.suspension(self.whom)
        if suspension is None:
            yield f"{self.whom} is not suspended."
            return
        if situation.person in (self.whom, suspension.by):
            yield "Two others must restore it: neither the suspended nor the one who suspended."
        yield from _not_of_a_confirming_team(house, situation)
        if situation.person in suspension.restoring:
            yield f"You agreed already; one more member must: !restore {self.whom}"


def _not_of_a_confirming_team(house: House, situation: Situation) -> Iterator[str]:
    person = situation.directory.person(situation.person)
    teams = {team for target in situation.catalogue.targets for team in target.policy.own_teams}
    if person is None or not person.teams & teams or person.id in house.suspended_people:
        yield "Only members of teams that confirm, not suspended themselves, may do that."
