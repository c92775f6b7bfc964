"""People and teams as directory.toml has them; nobody is two persons, and nothing stands for two people."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table, did_you_mean, parse
from tocsin.config.ldap import Dn, LdapTable, ldap
from tocsin.config.names import AccountName, Email, Login, Name, Nick, PersonName, Registration, Sentence, fold
from tocsin.config.positions import Path
from tocsin.config.reading import Source
from tocsin.domain.people import LONGEST_IDENTITY, Account, Directory, Person, PersonId, TargetId, Team, TeamId
from tocsin.neighbours.ldap.settings import LdapSettings


class TeamTable(Table):
    """A team that somebody can speak for."""

    name: Sentence = Field(description="The team's name as people say it.")
    ldap_group: Dn | None = Field(
        default=None, description="The distinguished name of a group in LDAP whose members are in the team too."
    )


class AccountTable(Table):
    """A services account on IRC."""

    name: AccountName = Field(description="The account's name.")
    registration: Registration = Field(
        default="",
        validate_default=False,
        description="Its entity id or registration date, filled in by `tocsin directory pin`.",
    )


def _somebody(accounts: list[AccountTable]) -> list[AccountTable]:
    if not accounts:
        raise ValueError('is empty: without an account nothing a person says counts, write [{ name = "..." }]')
    return accounts


def _identity(text: str) -> str:
    if text != text.strip() or len(text) > LONGEST_IDENTITY:
        raise ValueError(f"is at most {LONGEST_IDENTITY} characters, with no space before or behind")
    return text


Identity = Annotated[Sentence, AfterValidator(_identity)]


class PersonTable(Table):
    """One human being, with everything by which the surfaces know them."""

    accounts: Annotated[list[AccountTable], AfterValidator(_somebody)] = Field(
        description='The services accounts on IRC, [{ name = "..." }]: without one nothing a person says counts.'
    )
    nicks: list[Nick] = Field(
        default=[], description="Nicks on IRC. They never count, but a request of theirs excludes them."
    )
    logins: list[Login] = Field(default=[], description="Unix accounts on the machine of tocsin.")
    emails: list[Email] = Field(default=[], description="Addresses, as reviews name their authors.")
    known_as: list[Sentence] = Field(
        default=[], description="Names that other systems have for this person: on-call systems, bug trackers, reviews."
    )
    sign_in: list[Identity] = Field(
        default=[], description="By what the page's single sign-on, or the proxy in front of it, knows this person."
    )
    teams: list[Name] = Field(default=[], description="The teams whose member this is.")
    may_deploy: list[Name] = Field(default=[], description="The targets that this person may deploy.")


class DirectoryFile(Table):
    """Who people are, whom they speak for, and what they may deploy."""

    COLLECTIONS = frozenset({"teams", "people"})

    ldap: LdapTable | None = Field(default=None, description="Where groups are read whose members are in teams.")
    teams: dict[Name, TeamTable] = Field(default={}, description="The teams, each in a table of its name.")
    people: dict[PersonName, PersonTable] = Field(default={}, description="The people, each in a table of their name.")


@dataclass(frozen=True, slots=True)
class ReadDirectory:
    """People and teams, where groups are asked for, and whether nothing was wrong with them."""

    directory: Directory = Directory()
    ldap: LdapSettings | None = None
    sound: bool = False


def read_directory(source: Source, targets: tuple[str, ...], folder: FilePath) -> ReadDirectory:
    """Return what the file says; targets are known by their names."""
    parsed = parse(DirectoryFile, source)
    written = parsed.value or DirectoryFile()
    wrong = [*_doubles(written), *_strangers(written, source, targets)]
    for path, sentence in wrong:
        source.error(path, sentence)
    for path, sentence in _unpinned(written):
        source.warn(path, sentence)
    people = tuple(_person(name, person) for name, person in written.people.items())
    teams = tuple(Team(TeamId(name), team.name, bool(team.ldap_group)) for name, team in written.teams.items())
    groups = {TeamId(name): team.ldap_group for name, team in written.teams.items() if team.ldap_group}
    asked = ldap(written.ldap, groups, folder, source)
    return ReadDirectory(Directory(people, teams), asked, parsed.whole and not wrong)


def _person(name: str, person: PersonTable) -> Person:
    return Person(
        id=PersonId(name),
        teams=frozenset(TeamId(team) for team in person.teams),
        may_deploy=frozenset(TargetId(target) for target in person.may_deploy),
        accounts=tuple(Account(account.name, account.registration) for account in person.accounts),
        nicks=tuple(person.nicks),
        logins=tuple(person.logins),
        emails=tuple(person.emails),
        known_as=tuple(person.known_as),
        sign_in=tuple(person.sign_in),
    )


Finding = tuple[Path, str]


def _doubles(written: DirectoryFile) -> Iterator[Finding]:
    """One account on two persons would let one human being count twice."""
    kinds: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("accounts", "account", fold),
        ("nicks", "nick", fold),
        ("logins", "login", str.casefold),
        ("emails", "email", str.casefold),
        ("known_as", "name", str.casefold),
        ("sign_in", "sign-in", str.casefold),
    )
    for key, word, same in kinds:
        owners: dict[str, str] = {}
        for name, person in written.people.items():
            for number, each in enumerate(_values(person, key)):
                owner = owners.setdefault(same(each), name)
                if owner != name:
                    sentence = f"The {word} {each} is {owner}'s already: what belongs to two people belongs to nobody."
                    yield ("people", name, key, number), sentence


def _values(person: PersonTable, key: str) -> list[str]:
    values: list[str] = [each.name for each in person.accounts] if key == "accounts" else getattr(person, key)
    return values


def _strangers(written: DirectoryFile, source: Source, targets: tuple[str, ...]) -> Iterator[Finding]:
    """Teams and targets are looked up among all that is written, sound or not: one mistake is told once."""
    teams = source.names("teams")
    for name, person in written.people.items():
        for number, team in enumerate(person.teams):
            if team not in teams:
                yield ("people", name, "teams", number), f"There is no team {team}: {did_you_mean(team, teams)}"
        for number, target in enumerate(person.may_deploy):
            if target not in targets:
                yield (
                    ("people", name, "may_deploy", number),
                    f"There is no target {target}: {did_you_mean(target, targets)}",
                )


def _unpinned(written: DirectoryFile) -> Iterator[Finding]:
    for name, person in written.people.items():
        for number, account in enumerate(person.accounts):
            if not account.registration:
                yield (
                    ("people", name, "accounts", number),
                    f"The account {account.name} is not pinned, and a freed name can be registered by anybody: "
                    f"tocsin directory pin {name} {account.name}",
                )
