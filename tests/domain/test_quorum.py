"""Counting: people are matched to places, one each, so that as many places as possible are filled."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.policy import Place
from tocsin.domain.quorum import Quorum, Voice

RED, BLUE, GREEN = TeamId("red"), TeamId("blue"), TeamId("green")
TEAMS = (RED, BLUE, GREEN)


def voice(person: str, *teams: TeamId, on_call: tuple[TeamId, ...] = ()) -> Voice:
    return Voice(PersonId(person), frozenset(teams), frozenset(on_call))


ADA, BO, BOTH = voice("ada", RED), voice("bo", BLUE), voice("both", RED, BLUE)
TWO = (Place(RED), Place(BLUE))


def test_every_place_filled_is_a_quorum_that_says_who_counts_for_which_team() -> None:
    quorum = Quorum.of(TWO, (ADA, BO))
    assert quorum.met and quorum.missing_teams == ()
    assert quorum.team_of(PersonId("bo")) == BLUE and quorum.team_of(PersonId("nobody")) is None


def test_a_place_that_nobody_fills_is_named() -> None:
    quorum = Quorum.of(TWO, (ADA,))
    assert not quorum.met and quorum.missing == (Place(BLUE),) and quorum.missing_teams == (BLUE,)


def test_a_policy_without_places_is_never_met() -> None:
    assert not Quorum.of((), (ADA, BO)).met


def test_nobody_is_no_quorum() -> None:
    assert not Quorum.of(TWO, ()).met


def test_a_person_in_both_teams_never_fills_both_places() -> None:
    assert not Quorum.of(TWO, (BOTH,)).met


def test_a_person_who_is_given_twice_is_one_person() -> None:
    assert not Quorum.of(TWO, (BOTH, BOTH)).met


@pytest.mark.parametrize("order", [(BOTH, ADA), (ADA, BOTH)])
def test_a_person_in_both_teams_never_blocks_the_other(order: tuple[Voice, ...]) -> None:
    quorum = Quorum.of(TWO, order)
    assert quorum.met and quorum.team_of(PersonId("both")) == BLUE


def test_two_places_of_one_team_take_two_people() -> None:
    places = (Place(RED, seat=1), Place(RED, seat=2))
    assert not Quorum.of(places, (ADA,)).met
    assert Quorum.of(places, (ADA, BOTH)).met


def test_a_place_for_the_one_on_call_takes_no_other_member() -> None:
    place = (Place(RED, on_call=True),)
    assert not Quorum.of(place, (ADA,)).met
    assert Quorum.of(place, (voice("ada", RED, on_call=(RED,)),)).met


@settings(max_examples=300, derandomize=True)
@given(
    st.lists(st.sampled_from(TEAMS), min_size=1, max_size=3, unique=True),
    st.lists(st.sets(st.sampled_from(TEAMS)), max_size=5),
    st.integers(0, 9999),
)
def test_whatever_the_order_as_many_places_are_filled_as_can_be_and_each_by_another_person(
    teams: list[TeamId], memberships: list[set[TeamId]], seed: int
) -> None:
    places = tuple(Place(team) for team in teams)
    voices = [voice(f"p{n}", *of) for n, of in enumerate(memberships)]
    quorum = Quorum.of(places, Random(seed).sample(voices, len(voices)))
    assert quorum == Quorum.of(places, voices)
    people = [person for person, _ in quorum.counted]
    assert len(people) == len(set(people))
    assert all(team in memberships[int(person[1:])] for person, team in quorum.counted)
    assert len(quorum.counted) == best(places, voices)


def best(places: tuple[Place, ...], voices: list[Voice]) -> int:
    """Try every way to seat people: slow, and so plain that it is right."""
    if not places:
        return 0
    first, rest = places[0], places[1:]
    seated = (1 + best(rest, [other for other in voices if other is not each]) for each in voices if each.fills(first))
    return max((best(rest, voices), *seated))
