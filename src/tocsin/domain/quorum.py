"""Whether the confirmations meet the policy, and who is missing: a maximum matching of people to places.

Law: one person fills at most one place, and the order of arrival does not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.policy import Place


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person may be counted for: these teams, and of them these as the one on call."""

    person: PersonId
    teams: frozenset[TeamId]
    on_call_for: frozenset[TeamId] = frozenset()

    def fills(self, place: Place) -> bool:
        """Say whether this person could fill the place."""
        return place.team in (self.on_call_for if place.on_call else self.teams)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who counts for which place, and the places that nobody fills."""

    counted: tuple[tuple[PersonId, TeamId], ...]
    missing: tuple[Place, ...]

    @property
    def met(self) -> bool:
        """Say whether every place is filled; a policy without places is never met."""
        return bool(self.counted) and not self.missing

    @property
    def missing_teams(self) -> tuple[TeamId, ...]:
        """Return the teams of the unfilled places, each once, in the policy's order."""
        return tuple(dict.fromkeys(place.team for place in self.missing))

    def team_of(self, person: PersonId) -> TeamId | None:
        """Return the team for which a person counts."""
        return next((team for each, team in self.counted if each == person), None)

    @classmethod
    def of(cls, places: Iterable[Place], voices: Iterable[Voice]) -> "Quorum":
        """Match people to places so that as many places as possible are filled; who is given twice is one person."""
        asked = tuple(places)
        people = {voice.person: voice for voice in voices}
        filled = _matching(asked, [people[person] for person in sorted(people)])
        counted = tuple((filled[place].person, place.team) for place in asked if place in filled)
        return cls(counted, tuple(place for place in asked if place not in filled))


def _matching(places: tuple[Place, ...], voices: list[Voice]) -> Mapping[Place, Voice]:
    """Grow a matching along augmenting paths; there are a handful of places, so the simple way is the fast one."""
    filled: dict[Place, Voice] = {}
    for voice in voices:
        _seat(voice, places, filled, set())
    return filled


def _seat(voice: Voice, places: tuple[Place, ...], filled: dict[Place, Voice], tried: set[Place]) -> bool:
    for place in places:
        if place in tried or not voice.fills(place):
            continue
        tried.add(place)
        if place not in filled or _seat(filled[place], places, filled, tried):
            filled[place] = voice
            return True
    return False
