"""What is to be confirmed is drawn up as soon as nothing is missing, and anew when anything of it has changed."""

from dataclasses import replace
from itertools import count

import pytest

from tests.domain.night import CHANGE, CLOCK, WISH, Night, kinds
from tocsin.domain import events as e
from tocsin.domain.check_word import check_word
from tocsin.domain.commands import Confirm, Describe, Go, Take
from tocsin.domain.commands.opening import Learn
from tocsin.domain.people import RequestId
from tocsin.domain.plan import Reason, Remedy, Step
from tocsin.domain.proposing import proposing
from tocsin.domain.request import Status
from tocsin.domain.situation import Ground
from tocsin.domain.wish import Wish

FILLED = Step("sync", ("deploy", "{sha}", "{change}", "{patchset}", "{branch}", "{task}"), undo=("undeploy", "{sha}"))


def digest_of(night: Night) -> str:
    assert night.request.proposal
    return night.request.proposal.digest


def test_the_plan_is_filled_in_with_the_change_and_the_task_that_are_confirmed() -> None:
    night = Night(steps=(FILLED,)).asked()
    assert night.request.proposal
    step = night.request.proposal.plan.steps[0]
    assert step.arguments == ("deploy", CHANGE.sha, "1234", "3", "main", "T1234")
    assert step.undo == ("undeploy", CHANGE.sha)


def test_a_recipe_that_needs_the_task_asks_for_it() -> None:
    night = Night(steps=(FILLED,), wish=replace(WISH, task="")).asked()
    assert night.request.lacking == ("The recipe config needs task, not known yet.",)
    assert e.PlanProposed in kinds(night.says("ada", Describe(Wish(task="T1234"))))


def test_a_recipe_without_a_change_needs_none() -> None:
    night = Night(
        steps=(Step("back", ("train", "back")),), wish=replace(WISH, named="", recipe="config"), change=None
    ).asked()
    assert night.stands(Status.CONFIRMING) and night.request.proposal and night.request.proposal.change is None


def test_what_changed_is_shown_with_a_new_word_and_why() -> None:
    night = Night().confirmed()
    night.change = replace(CHANGE, patchset=4, sha="d" * 40)
    proposed = night.acts(CLOCK, Learn())[-1]
    assert isinstance(proposed, e.PlanProposed) and proposed.why == "patchset 4 replaced 3"
    assert night.request.confirmations == () and night.stands(Status.CONFIRMING)


def test_the_new_word_is_another_even_where_chance_would_draw_the_same_twice() -> None:
    night = Night().asked()
    other = replace(CHANGE, patchset=4, sha="d" * 40)
    night.change, before = other, digest_of(night)
    night.acts(CLOCK, Learn())
    after = digest_of(night)
    unlucky = next(str(n) for n in count() if check_word(before, str(n)) == check_word(after, str(n)))
    again = Night()
    again.nonce = unlucky
    again.asked()
    shown, again.change = again.word, other
    again.acts(CLOCK, Learn())
    assert digest_of(again) == after and again.word != shown


def test_what_an_administrator_took_away_is_taken_back_and_nobody_starts_it() -> None:
    night = Night().confirmed()
    night.says("kim-releng", Take())
    night.with_recipes()
    assert "What is to be confirmed has changed; it must be confirmed anew" in night.refused("kim-releng", Go())
    assert kinds(night.acts(CLOCK, Learn())) == [e.PlanWithdrawn, e.MoreAsked]
    assert night.stands(Status.ASKED) and night.request.confirmations == ()


def test_a_recipe_that_an_administrator_changed_is_confirmed_anew() -> None:
    night = Night().confirmed()
    night.with_recipes(replace(night.recipe, steps=(FILLED,)))
    assert "it must be confirmed anew" in night.refused("kim-releng", Go())
    assert e.PlanProposed in kinds(night.acts(CLOCK, Learn()))


def test_after_go_nothing_is_proposed() -> None:
    night = Night().deploying()
    night.change = replace(CHANGE, patchset=4, sha="d" * 40)
    assert kinds(night.acts(CLOCK, Learn())) == [e.FactsLearned]
    assert proposing(night.request, night.situation(CLOCK)) == []


def test_it_is_remembered_after_which_deployment_it_was_shown() -> None:
    night = Night()
    night.ground = Ground(last=RequestId("E16"))
    night.asked()
    assert night.request.proposal and night.request.proposal.after == "E16"


@pytest.mark.parametrize("more", [Wish(reason=Reason.ABUSE), Wish(remedy=Remedy.BLOCK)])
def test_an_older_word_confirms_nothing_any_more(more: Wish) -> None:
    night = Night().asked()
    before = night.word
    night.says("ada", Describe(more))
    assert f"{before} is not the check word now" in night.refused("bo-sre", Confirm(before))
