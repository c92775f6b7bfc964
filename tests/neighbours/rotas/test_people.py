"""From the names of other systems to members of a team: whom nobody knows is left out, and said once with a remedy."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from tocsin.domain.people import Account, Directory, Person, PersonId, Team, TeamId
from tocsin.neighbours.rotas.people import MOST_NAMES, RotaPeople, members_perhaps

SRE = TeamId("sre")
BO, CY, LIN = (PersonId(name) for name in ("bo-sre", "cy-sre", "lin"))
DIRECTORY = Directory(
    (
        Person(BO, frozenset({SRE}), emails=("bo@example.org",), known_as=("Bo Berg", "bberg")),
        Person(CY, frozenset({SRE}), accounts=(Account("cyrene"),), nicks=("cy", "bberg")),
        Person(LIN, known_as=("lin-writes",)),
    )
)


def people(*, by_nick: bool = False) -> RotaPeople:
    return RotaPeople(DIRECTORY, SRE, "a rota", by_nick)


@pytest.mark.parametrize("name", ["Bo Berg", "BBERG", " bo@Example.org ", "bo-sre"])
def test_a_person_is_found_by_any_name_that_the_directory_has_whatever_its_case(name: str) -> None:
    assert people().on_call([(name,)]).of(SRE) == (BO,)


def test_the_first_name_of_somebody_that_is_known_is_theirs() -> None:
    assert people().on_call([("P1", "bo@example.org", "Cy")]).of(SRE) == (BO,)


def test_a_name_that_is_ones_login_elsewhere_and_anothers_nick_is_read_as_the_system_means_it() -> None:
    assert people().on_call([("bberg",)]).of(SRE) == (BO,)
    assert people(by_nick=True).on_call([("bberg",)]).of(SRE) == (CY,)


def test_a_nick_or_an_account_on_irc_names_its_person() -> None:
    assert people(by_nick=True).on_call([("CY",), ("cyrene",)]).of(SRE) == (CY,)


def test_being_on_call_makes_nobody_a_member() -> None:
    with capture_logs() as said:
        shift = people().on_call([("lin-writes",)])
    assert (shift.of(SRE), shift.unknown) == ((), frozenset({SRE}))
    assert [(each["person"], each["remedy"][:36]) for each in said] == [("lin", "being on call makes nobody a member:")]


def test_a_name_that_nobody_has_is_said_once_with_what_to_do() -> None:
    known = people()
    with capture_logs() as said:
        for _ in range(3):
            assert known.on_call([("zed",), ("bberg",)]).of(SRE) == (BO,)
    assert [(each["name"], each["remedy"]) for each in said] == [
        ("zed", "add it to known_as of that person in directory.toml")
    ]


def test_where_nobody_is_left_it_is_not_known_who_is_on_call() -> None:
    assert people().on_call([]).unknown == {SRE}


def test_who_is_on_call_does_not_stand_in_for_themselves_and_nobody_is_named_twice() -> None:
    shift = people().on_call([("bberg",), ("Bo Berg",)], [("bberg",), ("cy",), ("cy",)])
    assert (shift.of(SRE), shift.backup(SRE), shift.unknown) == ((BO,), (CY,), frozenset())


def test_no_more_names_are_looked_at_than_a_rota_has() -> None:
    crowd = [(f"zed{number}",) for number in range(MOST_NAMES)]
    with capture_logs() as said:
        assert people().on_call([*crowd, ("bberg",)]).of(SRE) == ()
    assert len(said) == MOST_NAMES


def test_whoever_another_system_may_have_in_the_team_is_not_left_out_here() -> None:
    folk = (Person(PersonId("zoe"), known_as=("Zoe",)), Person(PersonId("lin")))
    elsewhere = Directory(folk, (Team(SRE, "SRE", elsewhere=True), Team(TeamId("security"), "Security")))
    perhaps = members_perhaps(elsewhere)
    assert RotaPeople(perhaps, SRE, "pagers").on_call([("zoe",)]).shifts == ((SRE, (PersonId("zoe"),)),)
    assert not RotaPeople(perhaps, TeamId("security"), "pagers").on_call([("zoe",)]).shifts
    written = replace(elsewhere, teams=(Team(SRE, "SRE"),))
    assert members_perhaps(written) is written
