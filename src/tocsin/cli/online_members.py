"""Who is in teams by LDAP's word: asked once, when the configuration is checked online, and held against policies."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from tocsin.cli import exits
from tocsin.config.loading import Loaded
from tocsin.config.meeting import obstacles
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Directory, TeamId
from tocsin.neighbours.ldap.building import elsewhere
from tocsin.service.memberships import Elsewhere
from tocsin.service.merging import Members, merged, people, strangers

MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class MembersSeen:
    """What came of asking, in sentences for people and in plain for programs."""

    sentence: str
    plain: dict[str, Any]
    code: int


async def members_seen(loaded: Loaded) -> MembersSeen | None:
    """Ask who is in the groups; nothing where no team has one."""
    asked = elsewhere(loaded.ldap)
    if asked is None:
        return None
    try:
        members = await asked.memberships.members()
    except Unreachable as silent:
        return MembersSeen(f"{silent}.", {"system": asked.system, "problem": silent.why}, exits.UNREACHABLE)
    nobody: dict[TeamId, list[str]] = {team: [] for team in members}
    for team, name in strangers(loaded.directory, members):
        nobody[team].append(name)
    problems = list(_unmet(loaded, members))
    lines = [_line(asked, loaded.directory, team, len(names), nobody[team]) for team, names in members.items()]
    teams = {team: {"members": sorted(names), "nobody": nobody[team]} for team, names in members.items()}
    plain = {"system": asked.system, "teams": teams, "problems": problems}
    return MembersSeen("\n".join([*lines, *problems]), plain, exits.MISCONFIGURED if problems else exits.DONE)


def _line(asked: Elsewhere, directory: Directory, team: TeamId, count: int, nobody: list[str]) -> str:
    members = f"{count or 'no'} {'member' if count == 1 else 'members'}"
    said = f"{asked.system}: {directory.team_name(team)} has {members} there ({asked.groups[team]})"
    if not nobody:
        return said
    more = f" and {len(nobody) - MOST_NAMED} more" if len(nobody) > MOST_NAMED else ""
    named = f"{', '.join(nobody[:MOST_NAMED])}{more}"
    return f"{said}; nobody of the directory: {named} (who should count needs the name in known_as)"


def _unmet(loaded: Loaded, members: Members) -> Iterator[str]:
    """What could not be told from the files alone: whether enough people are left for each policy."""
    directory = merged(loaded.directory, people(loaded.directory, members))
    known = replace(directory, teams=tuple(replace(team, elsewhere=False) for team in directory.teams))
    policies = {target.policy.profile: target.policy for target in loaded.catalogue.targets}
    for name, policy in policies.items():
        yield from (f"The profile {name} cannot be met now: {each.sentence}" for each in obstacles(policy, known))
