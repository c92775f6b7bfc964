"""The people of a team by the names that other systems have for them; whom nobody knows is left out, and said once.

Law: being on call makes nobody a member of a team.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import structlog

from tocsin.domain.people import Directory, OnCall, Person, PersonId, TeamId

log = structlog.get_logger()
MOST_NAMES: Final = 50
"""People of one shift that are looked at: more than that is no rota."""
MOST_SAID: Final = 200
LONGEST_SAID: Final = 80

Names: TypeAlias = tuple[str, ...]
"""Every name that a system has for one person, the surest first."""


@dataclass(frozen=True, slots=True)
class RotaPeople:
    """Finds the members of one team for one system; `by_nick` where it knows people from IRC."""

    directory: Directory
    team: TeamId
    system: str
    by_nick: bool = False
    _known: dict[str, Person] = field(init=False, repr=False, compare=False)
    _said: set[str] = field(init=False, repr=False, compare=False, default_factory=set)

    def __post_init__(self) -> None:
        """Take down every name once; what is one person's surest name is nobody else's."""
        known: dict[str, Person] = {}
        surest, rest = (_nicks, _names) if self.by_nick else (_names, _nicks)
        for names_of in (surest, rest):
            for person in self.directory.people:
                for name in names_of(person):
                    known.setdefault(name.casefold(), person)
        object.__setattr__(self, "_known", known)

    def on_call(self, asked: Iterable[Names], backups: Iterable[Names] = ()) -> OnCall:
        """Return a shift of the team; where nobody is left of it, who is on call is not known."""
        people = tuple(dict.fromkeys(self._members(asked)))
        others = tuple(dict.fromkeys(each for each in self._members(backups) if each not in people))
        return OnCall(
            ((self.team, people),) if people else (),
            ((self.team, others),) if others else (),
            frozenset() if people else frozenset({self.team}),
        )

    def person(self, names: Names) -> Person | None:
        """Return whom the directory has by the first of these names that it knows."""
        return next((found for each in names if (found := self._known.get(each.strip().casefold()))), None)

    def is_member(self, names: Names) -> bool:
        """Say whether these are the names of a member of the team."""
        person = self.person(names)
        return person is not None and self.team in person.teams

    def say_once(self, what: str, **values: object) -> None:
        """Tell the log something that stays true until somebody mends it."""
        key = f"{what} {sorted(values.items())}"
        if key not in self._said and len(self._said) < MOST_SAID:
            self._said.add(key)
            log.warning(what, system=self.system, team=self.team, **values)

    def _members(self, asked: Iterable[Names]) -> Iterator[PersonId]:
        for names, _ in zip(asked, range(MOST_NAMES), strict=False):
            person, name = self.person(names), next(iter(names), "")[:LONGEST_SAID]
            if person is None:
                key = "nicks" if self.by_nick else "known_as"
                remedy = f"add it to {key} of that person in directory.toml"
                self.say_once("somebody on call is nobody of the directory", name=name, remedy=remedy)
            elif self.team not in person.teams:
                remedy = "being on call makes nobody a member: add the team to their teams, or mend the rota"
                self.say_once("somebody on call is no member of the team", name=name, person=person.id, remedy=remedy)
            else:
                yield person.id


def members_perhaps(directory: Directory) -> Directory:
    """Return it with everybody in the teams of another system: who is no member is left out when it is decided."""
    elsewhere = frozenset(team.id for team in directory.teams if team.elsewhere)
    people = (replace(each, teams=each.teams | elsewhere) for each in directory.people)
    return replace(directory, people=tuple(people)) if elsewhere else directory


def _names(person: Person) -> Iterator[str]:
    yield from (*person.known_as, *person.emails)


def _nicks(person: Person) -> Iterator[str]:
    yield from (*person.nicks, *(each.name for each in person.accounts), person.id)
