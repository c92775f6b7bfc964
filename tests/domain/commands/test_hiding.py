"""What may be said in public: hiding takes one word, showing again takes two people."""

import pytest

from tests.domain.night import Night, kinds, unverified
from tocsin.domain import events as e
from tocsin.domain.commands import MakePrivate, MakePublic
from tocsin.domain.people import PersonId


def hidden() -> Night:
    night = Night().confirmed()
    night.says("ada", MakePrivate())
    return night


@pytest.mark.parametrize("person", ["ada", "bo-sre"])
def test_anybody_with_a_role_makes_it_private_at_once(person: str) -> None:
    night = Night().confirmed()
    assert night.says(person, MakePrivate()) == [e.MadePrivate(PersonId(person))] and night.request.private


def test_an_observer_hides_nothing() -> None:
    assert "Only the requester, the deployer and the confirmers" in Night().confirmed().refused("lin", MakePrivate())


def test_what_is_private_is_not_hidden_twice() -> None:
    assert "E17 is private already." in hidden().refused("ada", MakePrivate())


def test_an_unverified_word_hides_and_shows_nothing() -> None:
    assert "Log in to services first." in Night().confirmed().refused_to(unverified("ada"), MakePrivate())
    assert "Log in to services first." in hidden().refused_to(unverified("ada"), MakePublic())


@pytest.mark.parametrize(("first", "second"), [("ada", "bo-sre"), ("kim-releng", "ada")])
def test_the_requester_and_a_confirmer_together_make_it_public_again(first: str, second: str) -> None:
    night = hidden()
    assert kinds(night.says(first, MakePublic())) == [e.PublicSupported] and night.request.private
    assert kinds(night.says(second, MakePublic())) == [e.PublicSupported, e.MadePublic]
    assert not night.request.private


def test_two_confirmers_without_the_requester_show_nothing() -> None:
    night = hidden()
    night.says("bo-sre", MakePublic())
    assert kinds(night.says("kim-releng", MakePublic())) == [e.PublicSupported]


def test_one_person_saying_it_twice_is_one_person() -> None:
    night = hidden()
    night.says("ada", MakePublic())
    assert "You agreed already; the other of requester and confirmer must too" in night.refused("ada", MakePublic())


def test_a_deployer_who_did_not_confirm_shows_nothing() -> None:
    night = hidden()
    assert "Only the requester and a confirmer of E17, together, make it public." in night.refused("dee", MakePublic())


def test_what_is_public_is_not_shown_again() -> None:
    assert "E17 is public already." in Night().confirmed().refused("ada", MakePublic())


def test_a_suspended_requester_shows_nothing() -> None:
    night = hidden()
    night.suspended.add("ada")
    assert "Your account is suspended" in night.refused("ada", MakePublic())


def test_hiding_it_anew_forgets_who_wanted_to_show_it() -> None:
    night = hidden()
    night.says("ada", MakePublic())
    night.says("bo-sre", MakePublic())
    night.says("bo-sre", MakePrivate())
    assert kinds(night.says("ada", MakePublic())) == [e.PublicSupported]
