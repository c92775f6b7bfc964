"""Nothing is done until it is proved; *not so* always counts, and a word never overrules a machine."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import EVERYWHERE, FETCH, WISH, WORDS, Night, kinds, nudges, unverified
from tocsin.domain import events as e
from tocsin.domain.commands import Describe, Resume, RollBack, Stop, TellLive
from tocsin.domain.commands.proving import ReportSight
from tocsin.domain.people import PersonId
from tocsin.domain.plan import FetchProof, Proof
from tocsin.domain.request import Status
from tocsin.domain.wish import Wish

LIVE, NOT_LIVE = TellLive(live=True), TellLive(live=False)
TWO_FETCHES: tuple[Proof, ...] = (*FETCH, FetchProof("https://example.net/", "fixed"))
BY_RECIPE = replace(WISH, named="", recipe="config")
BY_NAME = replace(EVERYWHERE, arguments=("deploy",))
BOTH_KINDS: tuple[Proof, ...] = (*FETCH, *WORDS)


def test_an_exit_code_of_0_is_no_proof() -> None:
    night = Night().verifying()
    assert night.stands(Status.VERIFYING)
    for _ in range(100):
        night.later(minutes=5).looks()
    assert night.stands(Status.VERIFYING)


def test_seen_live_from_outside_it_is_done_with_what_is_left_to_do_and_how_long_it_took() -> None:
    night = Night().verifying()
    follow_ups = ("1234 lands on the main branch too (ada)", "review within 7 days (ada)")
    took = timedelta(seconds=20)
    assert night.seen(live=True)[1] == e.RequestDone("seen on example.org", follow_ups, took)
    assert night.stands(Status.DONE)


def test_without_a_change_only_the_review_is_left_to_do() -> None:
    night = Night(steps=(BY_NAME,), wish=BY_RECIPE, change=None).verifying()
    done = night.seen(live=True)[1]
    assert isinstance(done, e.RequestDone) and done.follow_ups == ("review within 7 days (ada)",)


def test_a_rollback_without_a_change_leaves_only_the_review_too() -> None:
    night = Night(steps=(BY_NAME,), wish=BY_RECIPE, change=None).verifying()
    night.says("ada", RollBack())
    night.runs()
    assert night.seen(live=False)[1] == e.RolledBack("seen on example.org", ("review within 7 days (ada)",))


def test_every_machine_must_see_it() -> None:
    night = Night(proofs=TWO_FETCHES).verifying()
    assert kinds(night.seen(live=True, proof=0)) == [e.ProofSeen]
    assert kinds(night.seen(live=True, proof=1)) == [e.ProofSeen, e.RequestDone]


def test_the_same_sight_again_is_no_news() -> None:
    night = Night().verifying()
    assert kinds(night.seen(live=False)) == [e.ProofSeen]
    assert night.seen(live=False) == []
    assert kinds(night.seen(live=None)) == [e.ProofSeen]


def test_a_machine_that_sees_neither_proves_nothing_alone() -> None:
    night = Night().verifying()
    assert kinds(night.seen(live=None)) == [e.ProofSeen]


def test_before_the_proof_is_due_no_sight_and_no_word_is_taken() -> None:
    night = Night().deploying()
    assert "nothing is to be proved" in night.refused_to(unverified("x"), ReportSight(0, True, "seen"))
    assert "E17 is not at its proof yet." in night.refused("ada", LIVE)
    assert "E17 is ready" in Night().confirmed().refused("ada", LIVE)


def test_after_done_no_sight_is_taken() -> None:
    night = Night().verifying()
    night.seen(live=True)
    assert "nothing is to be proved" in night.refused_to(unverified("x"), ReportSight(0, False, "seen"))


# --- people's words ---------------------------------------------------------------------------------------------------


def test_the_requesters_word_proves_it_where_people_are_asked() -> None:
    assert Night(proofs=WORDS).verifying().says("ada", LIVE)[1:] == [
        e.RequestDone("ada's word", ("1234 lands on the main branch too (ada)", "review within 7 days (ada)"),
                      timedelta(seconds=20))
    ]  # fmt: skip


def test_the_deployers_word_takes_that_of_a_confirmer_too() -> None:
    night = Night(proofs=WORDS).verifying()
    assert kinds(night.says("kim-releng", LIVE)) == [e.LiveTold]
    assert kinds(night.says("bo-sre", LIVE)) == [e.LiveTold, e.RequestDone]


def test_confirmers_alone_prove_nothing() -> None:
    night = Night(proofs=WORDS).verifying("dee")
    for person in ("bo-sre", "kim-releng"):
        assert kinds(night.says(person, LIVE)) == [e.LiveTold]


def test_a_word_by_anybody_else_does_not_count() -> None:
    night = Night(proofs=WORDS).verifying()
    assert "Only the requester, the deployer and the confirmers" in night.refused("mo-sre", LIVE)
    assert "Log in to services first." in night.refused_to(unverified("ada"), LIVE)


def test_a_word_never_overrules_a_machine_that_says_not_live() -> None:
    night = Night().verifying()
    night.seen(live=False)
    assert kinds(night.says("ada", LIVE)) == [e.LiveTold]
    assert kinds(night.seen(live=True)) == [e.ProofSeen, e.RequestDone]


def test_a_word_waits_until_every_machine_has_looked_at_least_once() -> None:
    night = Night().verifying()
    assert kinds(night.says("ada", LIVE)) == [e.LiveTold]
    assert kinds(night.seen(live=False)) == [e.ProofSeen]


def test_a_word_proves_it_where_the_machine_can_say_neither() -> None:
    night = Night().verifying()
    night.says("ada", LIVE)
    assert night.seen(live=None)[1].saw == "people's word"  # type: ignore[union-attr]  # it is done


@pytest.mark.parametrize("person", ["ada", "kim-releng", "bo-sre"])
def test_not_live_by_any_role_always_counts_against_every_machine(person: str) -> None:
    night = Night().verifying()
    night.says(person, NOT_LIVE)
    assert kinds(night.seen(live=True)) == [e.ProofSeen]
    assert kinds(night.says(person, LIVE)) == [e.LiveTold, e.RequestDone]


def test_where_people_are_asked_too_the_machine_alone_is_not_enough() -> None:
    night = Night(proofs=BOTH_KINDS).verifying()
    assert kinds(night.seen(live=True)) == [e.ProofSeen]
    assert kinds(night.says("ada", LIVE)) == [e.LiveTold, e.RequestDone]


def test_after_done_the_requester_may_still_say_that_it_is_not_fixed() -> None:
    night = Night().verifying()
    night.seen(live=True)
    assert kinds(night.says("ada", NOT_LIVE)) == [e.LiveTold]
    assert night.stands(Status.DONE)


# --- the way back -----------------------------------------------------------------------------------------------------


def test_a_rollback_is_proved_in_the_same_way_by_not_live() -> None:
    night = Night(proofs=WORDS).verifying()
    night.says("ada", NOT_LIVE)
    night.says("ada", RollBack())
    night.runs()
    night.runs()
    assert night.stands(Status.ROLLING_BACK)
    assert kinds(night.says("kim-releng", NOT_LIVE)) == [e.LiveTold]
    assert kinds(night.says("bo-sre", NOT_LIVE)) == [e.LiveTold, e.RolledBack]


def test_what_was_seen_on_the_way_forward_proves_nothing_on_the_way_back() -> None:
    night = Night().verifying()
    night.seen(live=False)
    night.says("ada", RollBack())
    night.runs()
    night.runs()
    assert night.stands(Status.ROLLING_BACK)
    assert kinds(night.seen(live=False)) == [e.ProofSeen, e.RolledBack]


# --- time, and a pause ------------------------------------------------------------------------------------------------


def test_a_proof_missing_for_10_min_proposes_to_roll_back_and_does_nothing_else() -> None:
    night = Night().verifying().later(minutes=10, seconds=-1)
    assert night.looks() == []
    said = night.later(seconds=1).looks()
    assert said == [
        e.Nudged(e.Nudge.PROOF_MISSING, tuple(map(PersonId, ("kim-releng", "ada", "bo-sre"))), stage="verifying")
    ]
    assert night.looks() == [] and night.stands(Status.VERIFYING)


def test_the_wait_for_the_proof_that_it_is_gone_begins_when_all_is_undone() -> None:
    night = Night().verifying()
    night.says("ada", RollBack())
    night.runs()
    night.later(minutes=30).runs()
    assert nudges(night.later(minutes=9).looks()) == []
    assert nudges(night.later(minutes=1).looks()) == [e.Nudge.PROOF_MISSING]


def test_it_is_not_called_done_over_a_stop_but_as_soon_as_it_goes_on() -> None:
    night = Night().verifying()
    night.says("bo-sre", Stop("the graphs look odd"))
    assert kinds(night.seen(live=True)) == [e.ProofSeen]
    assert night.stands(Status.PAUSED)
    night.says("bo-sre", Resume())
    assert kinds(night.says("kim-releng", Resume())) == [e.Resumed, e.RequestDone]


# --- before go --------------------------------------------------------------------------------------------------------


def test_seen_live_before_go_it_was_started_outside_and_is_never_called_confirmed() -> None:
    night = Night().confirmed()
    assert kinds(night.seen(live=False)) == [e.ProofSeen]
    assert kinds(night.seen(live=True)) == [e.ProofSeen, e.StartedOutside]
    assert night.stands(Status.STARTED_OUTSIDE)
    assert e.DeploymentStarted not in kinds(night.history)


def test_a_proof_that_was_live_from_the_beginning_says_nothing() -> None:
    night = Night().confirmed()
    assert kinds(night.seen(live=True)) == [e.ProofSeen]
    assert night.seen(live=True) == []
    assert night.stands(Status.READY)


def test_every_machine_must_see_it_live_before_it_is_called_started_outside() -> None:
    night = Night(proofs=TWO_FETCHES).confirmed()
    night.seen(live=False, proof=0)
    night.seen(live=False, proof=1)
    assert kinds(night.seen(live=True, proof=0)) == [e.ProofSeen]
    assert kinds(night.seen(live=True, proof=1)) == [e.ProofSeen, e.StartedOutside]


def test_what_another_plan_showed_does_not_count() -> None:
    night = Night().confirmed()
    night.seen(live=False)
    night.says("ada", Describe(Wish(sentence="painted pages are cached corrupted everywhere")))
    assert kinds(night.seen(live=True)) == [e.ProofSeen]


def test_a_sight_that_comes_after_its_plan_is_gone_is_not_kept() -> None:
    assert Night(wish=Wish(named="1234")).asked().seen(live=True) == []
