"""People, teams and weak signs: what a name is, and what it is not."""

import pytest

from tocsin.domain.people import (
    SYSTEM,
    Directory,
    Marks,
    OnCall,
    Person,
    PersonId,
    Roster,
    Speaker,
    Surface,
    TargetId,
    Team,
    TeamId,
)

SRE, OPS = TeamId("sre"), TeamId("ops")
WIKI = TargetId("wiki")
ADA = Person(PersonId("ada"), frozenset({SRE}), frozenset({WIKI}))
DIRECTORY = Directory((ADA,), (Team(SRE, "SRE"), Team(OPS, "Operations")))


def test_a_team_or_target_that_nobody_knows_has_no_members_and_no_deployers() -> None:
    assert DIRECTORY.members(TeamId("nonesuch")) == frozenset()
    assert DIRECTORY.deployers(TargetId("nonesuch")) == frozenset()
    assert Roster().of(SRE) == frozenset()
    assert OnCall().of(SRE) == () and OnCall().backup(SRE) == ()


def test_a_provider_of_identities_means_whom_the_directory_says_and_nobody_else() -> None:
    known = Person(PersonId("bo"), sign_in=("bo@example.org", "4711"))
    directory = Directory((ADA, known))
    assert directory.signing_in("4711") == directory.signing_in("bo@example.org") == known
    assert [directory.signing_in(each) for each in ("", "ada", "bo", "BO@example.org")] == [None] * 4


def test_a_team_has_the_name_that_people_say_or_its_own() -> None:
    assert DIRECTORY.team_name(OPS) == "Operations" and DIRECTORY.team_name(TeamId("nonesuch")) == "nonesuch"
    roster = DIRECTORY.roster(WIKI)
    assert roster.named((SRE, OPS, SRE)) == "SRE and Operations" and roster.name(TeamId("nonesuch")) == "nonesuch"


def test_a_roster_keeps_who_was_where_and_who_could_deploy() -> None:
    roster = DIRECTORY.roster(WIKI)
    assert roster.of(SRE) == {"ada"} and roster.of(OPS) == frozenset() and roster.deployers == {"ada"}
    assert DIRECTORY.roster(None).deployers == frozenset()


def test_nobody_is_found_by_no_name() -> None:
    assert DIRECTORY.person(None) is None and DIRECTORY.person(PersonId("bo")) is None


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (Marks(nick="ADA"), True),
        (Marks(host="Host.example.org"), True),
        (Marks(account="ada"), True),
        (Marks(nick="bo", host="other.example.org"), False),
        (Marks(nick="host.example.org"), False),
        (Marks(), False),
    ],
)
def test_people_resemble_each_other_by_one_sign_of_the_same_kind(other: Marks, alike: bool) -> None:
    assert Marks("ada", "host.example.org", "Ada").resemble(other) is alike


def test_signs_that_nobody_has_make_nobody_alike() -> None:
    assert not Marks().resemble(Marks())


def test_a_voice_counts_only_when_a_person_was_verified() -> None:
    assert not Speaker("ada", Surface.IRC, claimed=PersonId("ada")).verified
    assert Speaker("ada", Surface.IRC, PersonId("ada")).verified
    assert not Speaker(SYSTEM, Surface.TOCSIN).verified
