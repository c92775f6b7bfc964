"""Who people are, whom they speak for, and how sure we are of it; who may do what is decided elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", str)
TeamId = NewType("TeamId", str)
TargetId = NewType("TargetId", str)
RequestId = NewType("RequestId", str)

SYSTEM = PersonId("tocsin")
LONGEST_IDENTITY = 255
"""Characters of what a provider of identities knows somebody by: what OpenID Connect allows."""


class Surface(StrEnum):
    """Where an act came from."""

    IRC = "irc"
    PAGE = "page"
    CLI = "cli"
    API = "api"
    SIGNED = "signed"
    RUNNER = "runner"
    TOCSIN = "tocsin"


@dataclass(frozen=True, slots=True)
class Account:
    """A services account on IRC; `registration` is its entity id or registration date, empty while not pinned."""

    name: str
    registration: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One human being, with everything by which the surfaces know them.

    `known_as` are names that other systems have for them: pagers, bug trackers, review systems. `sign_in` is what those
    know them by who sign people in on the page: nothing else may name anybody there.
    """

    id: PersonId
    teams: frozenset[TeamId] = frozenset()
    may_deploy: frozenset[TargetId] = frozenset()
    accounts: tuple[Account, ...] = ()
    nicks: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()
    sign_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A team that somebody can speak for; of one `elsewhere` another system says too who is in it."""

    id: TeamId
    name: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """The weak signs of somebody: they may exclude a person, they never count for one."""

    nick: str = ""
    host: str = ""
    account: str = ""

    def resemble(self, other: "Marks") -> bool:
        """Say whether any sign is shared, compared without regard to case."""
        mine = (self.nick, self.host, self.account)
        theirs = (other.nick, other.host, other.account)
        return any(a and a.casefold() == b.casefold() for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is acting, as far as the surface could tell.

    `person` is set only when verified. `claimed` is the directory person whose nick an unverified voice bears.
    """

    name: str
    surface: Surface
    person: PersonId | None = None
    claimed: PersonId | None = None
    marks: Marks = field(default_factory=Marks)
    proof: str = ""
    doubt: str = ""
    act: str = ""

    @property
    def verified(self) -> bool:
        """Say whether this voice counts."""
        return self.person is not None


@dataclass(frozen=True, slots=True)
class Directory:
    """People, teams and suspensions as they are now."""

    people: tuple[Person, ...] = ()
    teams: tuple[Team, ...] = ()
    suspended: frozenset[PersonId] = frozenset()

    def person(self, person: PersonId | None) -> Person | None:
        """Return the person of this id, or nothing."""
        return next((each for each in self.people if each.id == person), None)

    def signing_in(self, identity: str) -> Person | None:
        """Return whom a provider of identities means, letter by letter, or nothing."""
        return next((each for each in self.people if identity in each.sign_in), None)

    def members(self, team: TeamId) -> frozenset[PersonId]:
        """Return who is in the team now."""
        return frozenset(person.id for person in self.people if team in person.teams)

    def team_name(self, team: TeamId) -> str:
        """Return the team's name as people say it."""
        return next((each.name for each in self.teams if each.id == team), team)

    def deployers(self, target: TargetId) -> frozenset[PersonId]:
        """Return who may deploy the target now."""
        return frozenset(person.id for person in self.people if target in person.may_deploy)

    def roster(self, target: TargetId | None) -> "Roster":
        """Take the snapshot that a request keeps from its opening."""
        members = tuple((team.id, self.members(team.id)) for team in sorted(self.teams, key=lambda team: team.id))
        names = tuple((team.id, team.name) for team in sorted(self.teams, key=lambda team: team.id))
        return Roster(members, self.deployers(target) if target else frozenset(), names)


@dataclass(frozen=True, slots=True)
class Roster:
    """Who was in which team, and could deploy the target, when a request opened: later additions do not count."""

    members: tuple[tuple[TeamId, frozenset[PersonId]], ...] = ()
    deployers: frozenset[PersonId] = frozenset()
    names: tuple[tuple[TeamId, str], ...] = ()

    def of(self, team: TeamId) -> frozenset[PersonId]:
        """Return who was in the team."""
        return next((people for each, people in self.members if each == team), frozenset())

    def name(self, team: TeamId) -> str:
        """Return the team's name as people say it."""
        return next((name for each, name in self.names if each == team), team)

    def named(self, teams: Iterable[TeamId]) -> str:
        """Return the teams' names, joined as in a sentence."""
        return " and ".join(dict.fromkeys(self.name(team) for team in teams))


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is to be asked for each team, best first; a team left out has no rota, one in `unknown` gave no answer.

    `silent` are the systems that did not answer for so long that nothing is believed of them.
    """

    shifts: tuple[tuple[TeamId, tuple[PersonId, ...]], ...] = ()
    backups: tuple[tuple[TeamId, tuple[PersonId, ...]], ...] = ()
    unknown: frozenset[TeamId] = frozenset()
    silent: tuple[str, ...] = ()

    def of(self, team: TeamId) -> tuple[PersonId, ...]:
        """Return who is on call for the team now."""
        return next((people for each, people in self.shifts if each == team), ())

    def backup(self, team: TeamId) -> tuple[PersonId, ...]:
        """Return who stands in for the team's on-call."""
        return next((people for each, people in self.backups if each == team), ())


@dataclass(frozen=True, slots=True)
class Presence:
    """What the surfaces saw of people lately: last signs of life, and since when somebody is gone from everywhere.

    `joined` are those with a connection to the channels at which they are not away: worth asking first, and no more.
    """

    seen: tuple[tuple[PersonId, datetime], ...] = ()
    gone: tuple[tuple[PersonId, datetime], ...] = ()
    joined: frozenset[PersonId] = frozenset()

    def seen_at(self, person: PersonId) -> datetime | None:
        """Return when the person last did something that we could verify."""
        return next((at for each, at in self.seen if each == person), None)

    def gone_since(self, person: PersonId) -> datetime | None:
        """Return since when nothing shows the person, if that is so."""
        return next((at for each, at in self.gone if each == person), None)

    def shows(self, person: PersonId, since: datetime) -> bool:
        """Say whether the person did something since a moment, and has not gone after that."""
        seen, gone = self.seen_at(person), self.gone_since(person)
        return seen is not None and seen >= since and (gone is None or gone < seen)
