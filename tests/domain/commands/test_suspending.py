"""Suspending an account that may be in other hands, everywhere at once, and restoring it by two others."""

from datetime import timedelta

import pytest

from tests.domain.installation import Installation
from tests.domain.night import unverified
from tocsin.domain import events as e
from tocsin.domain.commands import Restore, Suspend
from tocsin.domain.house import House
from tocsin.domain.people import PersonId

LIN, ADA = PersonId("lin"), PersonId("ada")
STOLEN = "their laptop was stolen"


def suspended(whom: str = "lin", by: str = "bo-sre") -> Installation:
    house = Installation()
    house.says(by, Suspend(PersonId(whom), STOLEN))
    return house


# --- suspending -------------------------------------------------------------------------------------------------------


def test_a_member_of_a_team_that_confirms_suspends_an_account_at_once() -> None:
    house = Installation()
    assert house.says("bo-sre", Suspend(LIN, STOLEN)) == [e.PersonSuspended(LIN, PersonId("bo-sre"), STOLEN)]
    assert house.house.suspended_people == {LIN}


def test_anybody_known_suspends_their_own_account_always_and_without_a_reason() -> None:
    house = Installation()
    assert house.says("ada", Suspend(ADA)) == [e.PersonSuspended(ADA, ADA, "")]


@pytest.mark.parametrize("person", ["ada", "sam-sec"])
def test_others_suspend_nobody_else(person: str) -> None:
    said = Installation().refused(person, Suspend(LIN, STOLEN))
    assert "Only members of teams that confirm, not suspended themselves, may do that." in said


def test_an_unverified_voice_suspends_nobody() -> None:
    assert "Log in to services first." in Installation().refused(unverified("bo-sre"), Suspend(LIN, STOLEN))


def test_it_takes_a_reason() -> None:
    assert "Say why: !suspend lin their laptop was stolen" in Installation().refused("bo-sre", Suspend(LIN, " "))


def test_a_name_that_the_directory_does_not_have_is_refused() -> None:
    said = Installation().refused("bo-sre", Suspend(PersonId("nobody"), STOLEN))
    assert "The directory knows nobody named nobody." in said


def test_who_is_suspended_is_not_suspended_again() -> None:
    assert "lin is suspended already." in suspended().refused("kim-releng", Suspend(LIN, STOLEN))


def test_one_member_suspends_one_other_account_in_an_hour_and_their_own_at_any_time() -> None:
    house = suspended()
    said = house.refused("bo-sre", Suspend(ADA, STOLEN))
    assert "You suspended somebody less than an hour ago; another member can suspend the next." in said
    assert house.says("kim-releng", Suspend(ADA, STOLEN))
    house.night.now += timedelta(hours=1)
    assert house.says("bo-sre", Suspend(PersonId("dee"), STOLEN))
    assert house.says("bo-sre", Suspend(PersonId("bo-sre")))


def test_the_suspended_suspend_nobody_else() -> None:
    assert "Only members of teams that confirm" in suspended("mo-sre").refused("mo-sre", Suspend(LIN, STOLEN))


# --- restoring --------------------------------------------------------------------------------------------------------


def test_any_two_members_of_teams_that_confirm_restore_it() -> None:
    house = suspended()
    assert house.says("mo-sre", Restore(LIN)) == [e.RestoreSupported(LIN, PersonId("mo-sre"))]
    both = (PersonId("mo-sre"), PersonId("kim-releng"))
    assert house.says("kim-releng", Restore(LIN))[-1] == e.PersonRestored(LIN, both)
    assert house.house.suspended_people == frozenset()


@pytest.mark.parametrize("person", ["mo-sre", "bo-sre"])
def test_neither_the_suspended_nor_the_one_who_suspended_restores_it(person: str) -> None:
    said = suspended("mo-sre").refused(person, Restore(PersonId("mo-sre")))
    assert "Two others must restore it" in said


def test_one_member_saying_it_twice_is_one_member() -> None:
    house = suspended()
    house.says("mo-sre", Restore(LIN))
    assert "You agreed already; one more member must: !restore lin" in house.refused("mo-sre", Restore(LIN))


def test_a_member_who_was_suspended_since_no_longer_stands_for_restoring_somebody() -> None:
    house = suspended()
    house.says("mo-sre", Restore(LIN))
    house.says("kim-releng", Suspend(PersonId("mo-sre"), STOLEN))
    assert house.says("rei-releng", Restore(LIN)) == [e.RestoreSupported(LIN, PersonId("rei-releng"))]


def test_others_restore_nobody() -> None:
    assert "Only members of teams that confirm" in suspended().refused("ada", Restore(LIN))


def test_who_is_not_suspended_is_not_restored() -> None:
    assert "lin is not suspended." in Installation().refused("bo-sre", Restore(LIN))


def test_nobody_stands_for_restoring_somebody_who_is_not_suspended() -> None:
    assert House().restoring(LIN) == () and House().suspension(LIN) is None


def test_of_two_suspensions_each_is_restored_on_its_own() -> None:
    house = suspended()
    house.says("kim-releng", Suspend(ADA, STOLEN))
    house.says("mo-sre", Restore(LIN))
    house.says("rei-releng", Restore(LIN))
    assert house.house.suspended_people == {ADA} and house.house.restoring(ADA) == ()
