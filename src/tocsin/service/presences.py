"""Who shows signs of life anywhere: what each surface saw, put together."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tocsin.domain.people import PersonId, Presence
from tocsin.service.ports import Presences


class SeveralPresences:
    """The presence of people on all surfaces: the newest sign counts, and gone is who is gone from each of them."""

    def __init__(self, surfaces: Sequence[Presences] = ()) -> None:
        """Take the surfaces; without any, nobody is seen."""
        self._surfaces = tuple(surfaces)

    def presence(self) -> Presence:
        """Return what all of them saw."""
        each = [surface.presence() for surface in self._surfaces]
        seen: dict[PersonId, datetime] = {}
        for person, at in (pair for one in each for pair in one.seen):
            seen[person] = max(at, seen.get(person, at))
        left = {person: _gone_since(person, each) for person in _all_people(each)}
        gone = {person: at for person, at in left.items() if at}
        joined = frozenset[PersonId]().union(*(one.joined for one in each))
        return Presence(tuple(seen.items()), tuple(gone.items()), joined)


def _all_people(each: Iterable[Presence]) -> frozenset[PersonId]:
    return frozenset(person for one in each for person, _ in one.gone)


def _gone_since(person: PersonId, each: Iterable[Presence]) -> datetime | None:
    """Who is gone from one surface and still on another that saw them is not gone."""
    knowing = [one for one in each if one.seen_at(person) or one.gone_since(person)]
    left = [one.gone_since(person) for one in knowing]
    known = [at for at in left if at]
    return max(known) if len(known) == len(left) else None
