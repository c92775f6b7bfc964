"""The check word: two plain words over everything that is confirmed, so that whatever differs is confirmed anew."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.night import BEGIN, BOTH, CHANGE, CLOCK, RELENG, SECURITY, SRE, WISH, Night, kinds
from tests.domain.variations import others
from tocsin.domain import events as e
from tocsin.domain.change import Change
from tocsin.domain.check_word import check_word, digest, same_word
from tocsin.domain.commands.opening import Learn
from tocsin.domain.people import RequestId
from tocsin.domain.plan import CommandProof, FetchProof, Step, Value, WordProof
from tocsin.domain.proposing import proposing
from tocsin.domain.request import Request
from tocsin.domain.situation import Ground, Lock
from tocsin.domain.wish import WikiEdit
from tocsin.domain.words import COLOURS_AND_TEMPERS, CREATURES

EVERYTHING = replace(WISH, values=(("group", "group0"),), recipe="config", wiki=WikiEdit("enwiki", "Main", "told"))
STEPS = (
    Step("canaries", ("deploy", "{sha}", "canary"), ("undeploy",), "canaries", "/srv", (("LANG", "C"),)),
    Step("everywhere", ("deploy", "{sha}"), repeatable=True),
)
PROOFS = (FetchProof("https://example.org/", "ok"), CommandProof(("check", "{sha}"), "/srv"), WordProof())
RECIPE = Night(STEPS, PROOFS).recipe
CONFIRMED_OF_A_CHANGE = frozenset({"number", "patchset", "sha", "project", "branch", "merged_as", "brings"})
SHOWN_OF_A_CHANGE = frozenset(Change.__dataclass_fields__) - CONFIRMED_OF_A_CHANGE


def asked() -> Night:
    """A request of which every part that can be confirmed says something."""
    night = Night(wish=EVERYTHING, change=replace(CHANGE, brings=("1233/1",)))
    night.with_recipes(replace(RECIPE, values=(Value("group"),))).asked()
    assert night.request.proposal
    return night


ASKED = asked()


def is_asked_anew(night: Night, request: Request) -> bool:
    return bool({e.PlanProposed, e.PlanWithdrawn} & set(kinds(proposing(request, night.situation(CLOCK)))))


def unnoticed(night: Night, requests: Iterable[Request]) -> list[Request]:
    return [request for request in requests if not is_asked_anew(night, request)]


# --- everything that is confirmed -------------------------------------------------------------------------------------


def test_what_is_the_same_is_not_asked_anew() -> None:
    assert not is_asked_anew(ASKED, ASKED.request)
    assert ASKED.acts(CLOCK, Learn()) == []


def test_any_difference_in_the_wish_is_confirmed_anew() -> None:
    wishes = list(others(EVERYTHING))
    assert len(wishes) >= 25
    assert not unnoticed(ASKED, (replace(ASKED.request, wish=wish) for wish in wishes))


def test_any_difference_in_the_policy_is_confirmed_anew() -> None:
    policies = list(others(BOTH))
    assert len(policies) > 40
    assert not unnoticed(ASKED, (replace(ASKED.request, policy=policy) for policy in policies))


def test_any_difference_in_what_would_run_or_prove_it_is_confirmed_anew() -> None:
    recipes = list(others(ASKED.recipe, but=frozenset({"remedies", "values"})))
    assert len(recipes) >= 50
    for recipe in recipes:
        night = asked().with_recipes(recipe)
        assert is_asked_anew(night, night.request), recipe


def test_any_difference_in_which_change_goes_live_and_what_with_it_is_confirmed_anew() -> None:
    assert ASKED.change
    for change in others(ASKED.change, but=SHOWN_OF_A_CHANGE):
        night = asked()
        night.change = change
        assert {e.PlanProposed, e.PlanWithdrawn} & set(kinds(night.acts(CLOCK, Learn()))), change


def test_what_is_only_shown_of_a_change_voids_nothing() -> None:
    assert ASKED.change
    for change in others(ASKED.change, but=CONFIRMED_OF_A_CHANGE | {"authors"}):
        night = asked()
        night.change = change
        assert not {e.PlanProposed, e.PlanWithdrawn} & set(kinds(night.acts(CLOCK, Learn()))), change


@pytest.mark.parametrize(
    "ground",
    [Ground(last=RequestId("E16")), Ground(locks=(Lock(RequestId("E16"), BEGIN, 5678, "config", "5678/1"),))],
)
def test_another_deployment_or_a_lock_on_the_target_is_confirmed_anew(ground: Ground) -> None:
    night = asked()
    night.ground = ground
    assert is_asked_anew(night, night.request)


def test_a_team_more_or_less_is_confirmed_anew() -> None:
    teams = (SECURITY, SRE, RELENG)
    assert not unnoticed(ASKED, (replace(ASKED.request, needed=(team,)) for team in teams))
    assert not unnoticed(ASKED, (replace(ASKED.request, waived=(team,)) for team in teams))


def test_another_request_with_the_very_same_content_has_another_digest() -> None:
    assert is_asked_anew(ASKED, replace(ASKED.request, id=RequestId("E18")))


# --- the word itself --------------------------------------------------------------------------------------------------


def test_without_the_nonce_nobody_can_know_the_word() -> None:
    assert len({check_word("the same", f"nonce {n}") for n in range(50)}) > 45


def test_what_is_shown_again_after_a_change_never_bears_the_word_before_it() -> None:
    night = asked()
    for n in range(300):
        before = night.word
        night.change = replace(CHANGE, patchset=4 + n, sha=f"{n:040x}")
        night.acts(CLOCK, Learn())
        assert night.word != before


def test_the_order_in_which_it_was_put_together_does_not_matter() -> None:
    assert digest({"a": 1, "b": frozenset({"x", "y"})}) == digest({"b": frozenset({"y", "x"}), "a": 1})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a",), "a"),
        ("1", 1),
        ((), None),
        (BEGIN, BEGIN + timedelta(seconds=1)),
        (timedelta(minutes=1), timedelta(minutes=2)),
    ],
)
def test_different_things_are_never_written_alike(one: object, other: object) -> None:
    assert digest({"what": one}) != digest({"what": other})


@settings(max_examples=100, derandomize=True)
@given(st.text(), st.text())
def test_every_word_is_two_plain_words_and_is_known_again_as_people_type_it(content: str, nonce: str) -> None:
    word = check_word(content, nonce)
    adjective, animal = word.split("-")
    assert adjective in COLOURS_AND_TEMPERS and animal in CREATURES
    for typed in (word.upper(), word.replace("-", " "), word.replace("-", "_"), f" {adjective.title()}  {animal} "):
        assert same_word(typed, word)


@pytest.mark.parametrize("typed", ["", "plum", "plum-otters", "otter-plum", "plumotter"])
def test_any_other_word_is_another_word(typed: str) -> None:
    assert not same_word(typed, "plum-otter")


def test_the_words_are_plain_short_and_each_is_there_once() -> None:
    for words in (COLOURS_AND_TEMPERS, CREATURES):
        assert len(words) == len(set(words)) == 256
        assert all(word.isascii() and word.isalpha() and word.islower() and len(word) <= 12 for word in words)
