"""Whether people of a directory can meet a policy at all: one that can never be met is a mistake, told at the start.

A team of which another system says who is in it may have any number of members.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from tocsin.config.positions import Path
from tocsin.domain.people import Directory, PersonId, TeamId
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.policy import Demand, Policy
from tocsin.domain.quorum import Quorum, Voice


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a policy cannot be met, and the key of the profile that says so."""

    path: Path
    sentence: str


def obstacles(policy: Policy, directory: Directory) -> tuple[Obstacle, ...]:
    """Return everything because of which the policy can never be met, or names what is not there."""
    simple = (*_informed(policy, directory), *_demanded(policy, directory))
    return simple or tuple(_impossible(policy, directory))


def lonely(policy: Policy, directory: Directory) -> tuple[PersonId, ...]:
    """Return the people whose own request nobody could confirm, since too few others are left."""
    asked = policy.demands(None, None, frozen=False)
    return tuple(person.id for person in directory.people if _missing(asked, directory, without=person.id))


def _informed(policy: Policy, directory: Directory) -> Iterator[Obstacle]:
    known = {team.id for team in directory.teams}
    for number, team in enumerate(policy.informed):
        if team not in known:
            yield Obstacle(("informed", number), f"there is no team {team} in directory.toml.")


def _demanded(policy: Policy, directory: Directory) -> Iterator[Obstacle]:
    known = {team.id for team in directory.teams}
    for path, demand in _demands(policy):
        members = len(directory.members(demand.team))
        if demand.team not in known:
            yield Obstacle((*path, "team"), f"there is no team {demand.team} in directory.toml.")
        elif demand.count > members and not _is_elsewhere(demand.team, directory):
            name = directory.team_name(demand.team)
            asked = f"it asks for {demand.count} of {name}, which has {_members(members)}"
            yield Obstacle((*path, "count"), f"{asked}: name more people in it, or ask for fewer.")


def _demands(policy: Policy) -> Iterator[tuple[Path, Demand]]:
    lists: list[tuple[Path, tuple[Demand, ...]]] = [(("confirm",), policy.confirm), (("in_freeze",), policy.in_freeze)]
    lists += [(("for_reason", str(reason)), demands) for reason, demands in policy.for_reason]
    lists += [(("for_remedy", str(remedy)), demands) for remedy, demands in policy.for_remedy]
    for path, demands in lists:
        yield from (((*path, number), demand) for number, demand in enumerate(demands))


def _impossible(policy: Policy, directory: Directory) -> Iterator[Obstacle]:
    """One person cannot speak for two teams, so enough members in each may still be too few for all."""
    reasons: list[Reason | None] = [None, *(reason for reason, _ in policy.for_reason)]
    remedies: list[Remedy | None] = [None, *(remedy for remedy, _ in policy.for_remedy)]
    for frozen, reason, remedy in product((False, True), reasons, remedies):
        if missing := _missing(policy.demands(reason, remedy, frozen=frozen), directory):
            when = [str(each) for each in (reason, remedy, "in a freeze" if frozen else None) if each]
            asked = f"with {' and '.join(when)} it asks for" if when else "it asks for"
            sentence = f"{asked} more people than there are, one team each: nobody would be left for {missing}."
            yield Obstacle(_blamed(reason, remedy, frozen=frozen), sentence)
            return


def _blamed(reason: Reason | None, remedy: Remedy | None, *, frozen: bool) -> Path:
    if reason:
        return ("for_reason", str(reason))
    if remedy:
        return ("for_remedy", str(remedy))
    return ("in_freeze",) if frozen else ("confirm",)


def _missing(asked: tuple[Demand, ...], directory: Directory, *, without: PersonId | None = None) -> str:
    everybody = (Voice(person.id, person.teams, person.teams) for person in directory.people if person.id != without)
    counted = [demand for demand in asked if not _is_elsewhere(demand.team, directory)]
    unfilled = Quorum.of([place for demand in counted for place in demand.places()], everybody).missing_teams
    return " and ".join(directory.team_name(team) for team in unfilled)


def _is_elsewhere(team: TeamId, directory: Directory) -> bool:
    return any(each.elsewhere for each in directory.teams if each.id == team)


def _members(count: int) -> str:
    return {0: "no members", 1: "one member"}.get(count, f"{count} members")
