"""Suspending an account that may be in other hands, everywhere at once, and restoring it by two others."""

from datetime import timedelta

import pytest

from tests.domain.installation import Installation
from tests.domain.night import unverified
from tocsin.domain import events as e
from tocsin.domain.commands import ComeBack, EnrolPasskey, RemovePasskey, Restore, Suspend
from tocsin.domain.house import OWNERS_WORD_LASTS, House
from tocsin.domain.people import PersonId

LIN, ADA = PersonId("lin"), PersonId("ada")
MO = PersonId("mo-sre")
STOLEN = "their laptop was stolen"


def suspended(whom: str = "lin", by: str = "bo-sre") -> Installation:
    house = Installation()
    house.says(by, Suspend(PersonId(whom), STOLEN))
    return house


BACK = ComeBack("telephone")


def with_passkeys() -> Installation:
    house = Installation()
    house.says("lin", EnrolPasskey("telephone", "its key", "telephone"))
    house.says("lin", EnrolPasskey("key", "its key", "blue key", with_passkey="telephone"))
    return house


def suspended_with_passkeys() -> Installation:
    house = with_passkeys()
    house.says("bo-sre", Suspend(LIN, STOLEN))
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


def test_who_suspended_somebody_does_not_restore_them() -> None:
    assert "Two others must restore it" in suspended("mo-sre").refused("bo-sre", Restore(PersonId("mo-sre")))


def test_who_is_suspended_is_told_how_to_come_back() -> None:
    said = suspended("mo-sre").refused("mo-sre", Restore(PersonId("mo-sre")))
    assert said == (
        "It is you who is suspended: two members restore you, or one, once you used your passkey on the page: /me"
    )


def test_one_member_saying_it_twice_is_one_member() -> None:
    house = suspended()
    house.says("mo-sre", Restore(LIN))
    assert "You agreed already; one more member must: !restore lin" in house.refused("mo-sre", Restore(LIN))


def test_a_member_who_was_suspended_since_no_longer_stands_for_restoring_somebody() -> None:
    house = suspended()
    house.says("mo-sre", Restore(LIN))
    house.says("kim-releng", Suspend(PersonId("mo-sre"), STOLEN))
    assert house.says("rei-releng", Restore(LIN)) == [e.RestoreSupported(LIN, PersonId("rei-releng"))]


def test_one_member_is_enough_once_the_owner_used_their_passkey() -> None:
    house = suspended_with_passkeys()
    since = house.house.passkeys_of(LIN)[0].at
    house.night.later(60)
    assert house.says("lin", BACK) == [e.RestoreSupported(LIN, LIN, since)]
    assert house.house.suspended_people == {LIN}
    said = house.says("mo-sre", Restore(LIN))
    assert said == [e.RestoreSupported(LIN, MO), e.PersonRestored(LIN, (LIN, MO))]
    assert house.house.suspended_people == frozenset()


def test_the_owners_passkey_restores_them_at_once_where_a_member_agreed_before() -> None:
    house = suspended_with_passkeys()
    house.says("mo-sre", Restore(LIN))
    assert house.says("lin", BACK)[-1] == e.PersonRestored(LIN, (LIN, MO))


def test_who_suspended_their_own_account_comes_back_in_the_same_way() -> None:
    house = with_passkeys()
    house.says("lin", Suspend(LIN))
    house.says("lin", BACK)
    assert house.says("bo-sre", Restore(LIN))[-1] == e.PersonRestored(LIN, (LIN, PersonId("bo-sre")))


def test_the_one_who_suspended_is_not_the_member_that_it_takes() -> None:
    house = suspended_with_passkeys()
    house.says("lin", BACK)
    assert "neither the suspended nor the one who suspended" in house.refused("bo-sre", Restore(LIN))


def test_a_member_who_was_suspended_since_is_not_the_one_that_it_takes() -> None:
    house = suspended_with_passkeys()
    house.says("mo-sre", Restore(LIN))
    house.says("kim-releng", Suspend(MO, STOLEN))
    assert len(house.says("lin", BACK)) == 1


def test_the_owners_word_is_good_for_an_hour() -> None:
    house = suspended_with_passkeys()
    house.says("lin", BACK)
    house.night.now += OWNERS_WORD_LASTS - timedelta(seconds=1)
    assert "You used your passkey already; now one member must: !restore lin" in house.refused("lin", BACK)
    house.night.now += timedelta(seconds=1)
    assert len(house.says("mo-sre", Restore(LIN))) == 1
    assert house.says("lin", BACK)[-1] == e.PersonRestored(LIN, (LIN, MO))


def test_two_members_restore_it_whatever_the_owner_said() -> None:
    house = suspended_with_passkeys()
    house.says("mo-sre", Restore(LIN))
    house.says("kim-releng", Restore(LIN))
    assert house.house.suspended_people == frozenset()


def test_what_was_said_with_a_passkey_that_is_gone_counts_no_more() -> None:
    house = suspended_with_passkeys()
    house.says("kim-releng", Suspend(MO, STOLEN))
    house.says("lin", BACK)
    house.says("lin", RemovePasskey("telephone", with_passkey="key"))
    assert len(house.says("rei-releng", Restore(LIN))) == 1
    assert house.says("lin", ComeBack("key"))[-1] == e.PersonRestored(LIN, (LIN, PersonId("rei-releng")))
    assert house.house.suspended_people == {MO}


def test_the_session_alone_says_nothing_of_whose_the_account_is() -> None:
    assert "the session alone may be in other hands" in suspended_with_passkeys().refused("lin", ComeBack())


def test_only_a_passkey_of_ones_own_counts() -> None:
    house = suspended_with_passkeys()
    house.says("bo-sre", EnrolPasskey("another", "its key", "telephone"))
    for credential in ("another", "nobody's"):
        assert "none of yours now" in house.refused("lin", ComeBack(credential))


def test_who_counts_has_nothing_to_come_back_from() -> None:
    assert with_passkeys().refused("lin", BACK) == "You are not suspended: your yes counts."


def test_an_unverified_voice_comes_back_from_nothing() -> None:
    assert "Log in to services first." in suspended_with_passkeys().refused(unverified("lin"), BACK)


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
