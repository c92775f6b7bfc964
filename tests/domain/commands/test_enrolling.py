"""Passkeys: the first with the session alone, another with an older one, a lost one on a colleague's word."""

from dataclasses import replace

import pytest

from tests.domain.installation import Installation
from tests.domain.night import unverified
from tocsin.domain import events as e
from tocsin.domain.commands import EnrolPasskey, RemovePasskey, VouchForPasskey
from tocsin.domain.commands.enrolling import MOST_PASSKEYS
from tocsin.domain.events import Enrolment
from tocsin.domain.house import VOUCH_LASTS, Vouch
from tocsin.domain.people import PersonId

BO, MO, KIM = PersonId("bo-sre"), PersonId("mo-sre"), PersonId("kim-releng")
PHONE = EnrolPasskey("cred-phone", "key-phone", "telephone")
KEY = EnrolPasskey("cred-key", "key-key", "blue key", with_passkey="cred-phone")
ANEW = EnrolPasskey("cred-anew", "key-anew", "new telephone")
LOST = "lost their telephone, we spoke"


def with_phone() -> Installation:
    house = Installation()
    house.says("bo-sre", PHONE)
    return house


def vouched() -> Installation:
    house = with_phone()
    house.says("bo-sre", KEY)
    house.says("mo-sre", VouchForPasskey(BO, LOST))
    return house


def names(house: Installation, person: PersonId = BO) -> list[str]:
    return [each.name for each in house.house.passkeys_of(person)]


# --- enrolling --------------------------------------------------------------------------------------------------------


def test_the_first_passkey_needs_the_session_alone_and_the_record_says_so() -> None:
    house = Installation()
    enrolled = e.PasskeyEnrolled(BO, "cred-phone", "key-phone", "telephone", Enrolment.FIRST)
    assert house.says("bo-sre", PHONE) == [enrolled]
    passkey = house.house.passkey("cred-phone")
    assert passkey is not None
    assert (passkey.person, passkey.public_key, passkey.how) == (BO, "key-phone", Enrolment.FIRST)
    assert passkey.at == house.night.now


def test_another_passkey_needs_one_that_one_has() -> None:
    house = with_phone()
    assert "Use a passkey that you have" in house.refused("bo-sre", replace(KEY, with_passkey=""))
    enrolled = e.PasskeyEnrolled(BO, "cred-key", "key-key", "blue key", Enrolment.WITH_OLDER)
    assert house.says("bo-sre", KEY) == [enrolled]
    assert names(house) == ["telephone", "blue key"]


def test_the_passkey_of_somebody_else_vouches_for_nobody() -> None:
    house = with_phone()
    assert "none of yours" in house.refused("mo-sre", replace(KEY, with_passkey="cred-phone"))


def test_a_passkey_is_enrolled_once_in_the_whole_house() -> None:
    house = with_phone()
    assert "enrolled already" in house.refused("mo-sre", PHONE)


def test_each_passkey_has_a_name_of_its_own_that_one_can_read() -> None:
    house = with_phone()
    for bad in ("", "  ", "x" * 41):
        assert "Give it a name" in house.refused("bo-sre", replace(KEY, name=bad))
    assert "named Telephone already" in house.refused("bo-sre", replace(KEY, name="Telephone"))
    house.says("mo-sre", EnrolPasskey("cred-mo", "key-mo", "telephone"))


def test_one_person_has_at_most_ten() -> None:
    house = with_phone()
    for number in range(MOST_PASSKEYS - 1):
        house.says("bo-sre", replace(KEY, credential=f"cred-{number}", name=f"key {number}"))
    assert "You have 10 passkeys, and there may be 10" in house.refused("bo-sre", KEY)


def test_a_voice_that_is_not_verified_enrols_none() -> None:
    assert "Log in to services first." in Installation().refused(unverified("bo-sre"), PHONE)


def test_who_is_suspended_enrols_none() -> None:
    house = Installation()
    house.night.suspended = {"bo-sre"}
    assert "Your account is suspended" in house.refused("bo-sre", PHONE)


def test_who_ever_had_one_gets_no_first_one_again() -> None:
    house = with_phone()
    house.says("bo-sre", RemovePasskey("cred-phone", with_passkey="cred-phone"))
    assert names(house) == []
    assert "let somebody of your team vouch for you: /me/vouch" in house.refused("bo-sre", ANEW)


# --- removing ---------------------------------------------------------------------------------------------------------


def test_ones_own_passkey_is_removed_with_any_of_ones_own() -> None:
    house = with_phone()
    house.says("bo-sre", KEY)
    removed = house.says("bo-sre", RemovePasskey("cred-phone", with_passkey="cred-key"))
    assert removed == [e.PasskeyRemoved(BO, "cred-phone", "telephone")]
    assert names(house) == ["blue key"]


def test_a_passkey_is_not_removed_by_the_session_alone_nor_by_one_that_is_gone() -> None:
    house = with_phone()
    assert "Use one of your passkeys to remove it." in house.refused("bo-sre", RemovePasskey("cred-phone"))
    assert "none of yours" in house.refused("bo-sre", RemovePasskey("cred-phone", "cred-gone"))


def test_nobody_removes_the_passkey_of_another() -> None:
    house = with_phone()
    house.says("mo-sre", EnrolPasskey("cred-mo", "key-mo", "telephone"))
    assert "You have no such passkey" in house.refused("mo-sre", RemovePasskey("cred-phone", "cred-mo"))


def test_who_is_suspended_may_take_a_stolen_one_away() -> None:
    house = with_phone()
    house.says("bo-sre", KEY)
    house.night.suspended = {"bo-sre"}
    house.says("bo-sre", RemovePasskey("cred-phone", "cred-key"))
    assert names(house) == ["blue key"]


# --- vouching ---------------------------------------------------------------------------------------------------------


def test_on_the_word_of_somebody_of_the_team_one_enrols_anew_and_all_older_ones_end() -> None:
    house = vouched()
    assert house.says("bo-sre", ANEW) == [
        e.PasskeyRemoved(BO, "cred-phone", "telephone", replaced=True),
        e.PasskeyRemoved(BO, "cred-key", "blue key", replaced=True),
        e.PasskeyEnrolled(BO, "cred-anew", "key-anew", "new telephone", Enrolment.VOUCHED, MO),
    ]
    assert names(house) == ["new telephone"]


def test_the_name_of_one_that_ends_is_free_again() -> None:
    house = vouched()
    house.says("bo-sre", replace(ANEW, name="telephone"))
    assert names(house) == ["telephone"]


def test_ten_older_ones_keep_nobody_from_enrolling_anew() -> None:
    house = with_phone()
    for number in range(MOST_PASSKEYS - 1):
        house.says("bo-sre", replace(KEY, credential=f"cred-{number}", name=f"key {number}"))
    house.says("mo-sre", VouchForPasskey(BO, LOST))
    house.says("bo-sre", ANEW)
    assert names(house) == ["new telephone"]


def test_a_word_is_good_for_one_passkey_and_one_hour() -> None:
    house = vouched()
    assert house.house.vouch_for(BO, house.night.now) == Vouch(BO, MO, house.night.now)
    house.says("bo-sre", ANEW)
    assert "Use a passkey that you have" in house.refused("bo-sre", replace(ANEW, credential="other", name="other"))
    house = vouched()
    house.night.now += VOUCH_LASTS
    assert "Use a passkey that you have" in house.refused("bo-sre", ANEW)


def test_who_found_their_old_passkey_enrols_with_it_and_the_word_is_used_up() -> None:
    house = vouched()
    house.says("bo-sre", replace(ANEW, with_passkey="cred-key"))
    assert names(house) == ["telephone", "blue key", "new telephone"]
    assert house.house.vouch_for(BO, house.night.now) is None


@pytest.mark.parametrize(
    ("person", "whom", "said"),
    [
        ("bo-sre", BO, "Nobody vouches for themselves"),
        ("kim-releng", BO, "Only somebody of a team that bo-sre is in can vouch for them."),
        ("mo-sre", PersonId("nobody"), "The directory knows nobody named nobody."),
    ],
)
def test_only_another_of_the_same_team_vouches(person: str, whom: PersonId, said: str) -> None:
    assert said in with_phone().refused(person, VouchForPasskey(whom, LOST))


def test_a_word_takes_a_reason() -> None:
    assert "Say why" in with_phone().refused("mo-sre", VouchForPasskey(BO, " "))


def test_who_is_suspended_neither_vouches_nor_is_vouched_for() -> None:
    house = with_phone()
    house.night.suspended = {"mo-sre"}
    assert "Your account is suspended" in house.refused("mo-sre", VouchForPasskey(BO, LOST))
    assert "mo-sre is suspended" in house.refused("pat-both", VouchForPasskey(MO, LOST))


def test_who_is_not_known_vouches_for_nobody() -> None:
    assert "Log in to services first." in with_phone().refused(unverified("mo-sre"), VouchForPasskey(BO, LOST))


def test_who_has_a_passkey_vouches_with_it() -> None:
    house = with_phone()
    house.says("mo-sre", EnrolPasskey("cred-mo", "key-mo", "telephone"))
    assert "give your word with it" in house.refused("mo-sre", VouchForPasskey(BO, LOST))
    assert "none of yours" in house.refused("mo-sre", VouchForPasskey(BO, LOST, "cred-phone"))
    assert house.says("mo-sre", VouchForPasskey(BO, LOST, "cred-mo")) == [e.PasskeyVouched(BO, MO, LOST)]


def test_a_word_that_stands_is_not_given_twice_but_again_when_it_has_lapsed() -> None:
    house = vouched()
    assert "mo-sre vouched for bo-sre already, at 02:00 UTC" in house.refused("pat-both", VouchForPasskey(BO, LOST))
    house.night.now += VOUCH_LASTS
    house.says("pat-both", VouchForPasskey(BO, LOST))
    assert [each.by for each in house.house.vouches] == [PersonId("pat-both")]


def test_words_for_two_people_stand_beside_each_other() -> None:
    house = vouched()
    house.says("pat-both", VouchForPasskey(KIM, LOST))
    house.says("kim-releng", ANEW)
    assert house.house.vouch_for(BO, house.night.now) is not None
    assert names(house, KIM) == ["new telephone"]
