"""Teams of the directory put together with those of another system: whom its names mean, and who is in a team."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from tocsin.domain.people import Directory, OnCall, PersonId, TeamId

Members: TypeAlias = Mapping[TeamId, frozenset[str]]
"""By the names that the system has for people."""
People: TypeAlias = Mapping[TeamId, frozenset[PersonId]]


def people(directory: Directory, members: Members) -> People:
    """Return who of the directory is meant; a name that two people bear is nobody's."""
    known = _by_name(directory)
    return {team: frozenset(_meant(known, names)) for team, names in members.items()}


def strangers(directory: Directory, members: Members) -> list[tuple[TeamId, str]]:
    """Return the names that are nobody's, by their teams."""
    known = _by_name(directory)
    return [(team, name) for team, names in members.items() for name in sorted(names) if not known.get(_fold(name))]


def merged(directory: Directory, told: People) -> Directory:
    """Return the directory with everybody in the teams of which another system says so, too."""
    teams: dict[PersonId, set[TeamId]] = {}
    for team, those in told.items():
        for person in those:
            teams.setdefault(person, set()).add(team)
    everybody = (replace(each, teams=each.teams | teams.get(each.id, set())) for each in directory.people)
    return replace(directory, people=tuple(everybody))


def digested(files: str, told: People) -> str:
    """Return a hash over the files and over who is in the teams by another system's word."""
    lines = sorted(f"{team} {person}\n" for team, those in told.items() for person in those)
    return hashlib.sha256("".join([f"{files}\n", *lines]).encode()).hexdigest()


def on_call_members(on_call: OnCall, directory: Directory) -> OnCall:
    """Leave out who is no member of a team of which another system says who is in it: no rota makes anybody one."""
    members = {team.id: directory.members(team.id) for team in directory.teams if team.elsewhere}
    if not members:
        return on_call
    shifts, backups = (
        tuple((team, left) for team, those in each if (left := _only(those, members.get(team))))
        for each in (on_call.shifts, on_call.backups)
    )
    return replace(on_call, shifts=shifts, backups=backups)


def _only(those: tuple[PersonId, ...], members: frozenset[PersonId] | None) -> tuple[PersonId, ...]:
    return those if members is None else tuple(person for person in those if person in members)


def _by_name(directory: Directory) -> dict[str, PersonId | None]:
    """Know people by id, unix accounts and what other systems call them."""
    known: dict[str, PersonId | None] = {}
    for person in directory.people:
        for name in {_fold(each) for each in (person.id, *person.logins, *person.known_as)}:
            known[name] = None if name in known else person.id
    return known


def _meant(known: Mapping[str, PersonId | None], names: Iterable[str]) -> Iterator[PersonId]:
    return (person for name in names if (person := known.get(_fold(name))))


def _fold(name: str) -> str:
    return name.strip().casefold()
