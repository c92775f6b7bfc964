"""What stands against `go`: everything is checked again from scratch, and everything is named, with whose it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import BEGIN, BOTH, CHANGE, RELENG, SECURITY, SRE, WISH, Night, kinds, nudges, verified
from tocsin.domain import events as e
from tocsin.domain.change import ChangeStatus
from tocsin.domain.commands import Confirm, Describe, Go, Lift, PutOnHold, ShowPresence, Take, Unconfirm
from tocsin.domain.commands.holding import Object
from tocsin.domain.commands.opening import Learn
from tocsin.domain.people import PersonId, RequestId
from tocsin.domain.plan import Remedy
from tocsin.domain.policy import Demand
from tocsin.domain.request import Status
from tocsin.domain.schedule import Calendar, Freeze
from tocsin.domain.situation import Ground, Lock
from tocsin.domain.wish import Wish

LOCK = Lock(RequestId("E16"), BEGIN, 1234, "config", "1234/2")


# --- who --------------------------------------------------------------------------------------------------------------


def test_the_deployer_starts_what_is_confirmed() -> None:
    night = Night().confirmed()
    night.says("kim-releng", Take())
    started = night.says("kim-releng", Go())
    counted = ((PersonId("kim-releng"), RELENG), (PersonId("bo-sre"), SRE))
    assert started == [e.DeploymentStarted(PersonId("kim-releng"), counted, night.word)]
    assert night.stands(Status.DEPLOYING)


def test_where_there_is_no_deployer_whoever_may_deploy_takes_it_by_go() -> None:
    night = Night().confirmed()
    assert kinds(night.says("mo-sre", Go())) == [e.DeployerTaken, e.DeploymentStarted]
    assert night.request.deployer == "mo-sre"


def test_nobody_but_the_deployer_starts_it() -> None:
    night = Night().confirmed()
    night.says("kim-releng", Take())
    assert "Only the deployer may start it; that is kim-releng." in night.refused("mo-sre", Go())


def test_somebody_whom_the_directory_does_not_let_deploy_starts_nothing() -> None:
    assert "bo-sre may not deploy mediawiki-config" in Night().confirmed().refused("bo-sre", Go())


def test_somebody_let_deploy_only_after_the_opening_starts_nothing() -> None:
    night = Night().confirmed()
    night.deployers.add("bo-sre")
    assert "bo-sre may not deploy" in night.refused("bo-sre", Go())


def test_a_suspended_deployer_starts_nothing() -> None:
    night = Night().confirmed()
    night.says("dee", Take())
    night.suspended.add("dee")
    assert "dee may not deploy" in night.refused("dee", Go())


def test_the_requester_may_be_the_deployer() -> None:
    assert kinds(Night().confirmed().says("ada", Go())) == [e.DeployerTaken, e.DeploymentStarted]


def test_an_unverified_go_starts_nothing() -> None:
    night = Night().confirmed()
    assert night.refused_to(replace(verified("kim-releng"), person=None, doubt="Who are you?"), Go()) == "Who are you?"


def test_nothing_starts_before_the_plan_is_known() -> None:
    night = Night(wish=Wish(named="1234")).asked()
    assert night.refused("ada", Go()) == "E17 is asked: something is still missing, see !status."


def test_go_a_second_time_is_refused() -> None:
    night = Night().deploying()
    assert "E17 is deploying" in night.refused("kim-releng", Go())


# --- quorum -----------------------------------------------------------------------------------------------------------


def test_without_the_last_required_team_nothing_starts() -> None:
    night = Night().confirmed("bo-sre")
    assert "Release Engineering must still confirm." in night.refused("kim-releng", Go())


def test_a_member_removed_between_yes_and_go_no_longer_counts_and_is_named() -> None:
    night = Night().confirmed()
    night.teams["bo-sre"] = frozenset()
    reasons = night.refused("kim-releng", Go())
    assert "The yes of bo-sre no longer counts: they are no longer in the team." in reasons
    assert "SRE must still confirm." in reasons


def test_a_person_suspended_between_yes_and_go_no_longer_counts() -> None:
    night = Night().confirmed()
    night.suspended.add("bo-sre")
    reasons = night.refused("kim-releng", Go())
    assert "The yes of bo-sre no longer counts: their account is suspended. SRE must still confirm." in reasons


def test_somebody_who_turns_out_to_be_the_author_no_longer_counts() -> None:
    night = Night().confirmed()
    assert night.change
    night.change = replace(night.change, authors=frozenset({*CHANGE.authors, PersonId("bo-sre")}))
    night.acts(verified("nobody"), Learn())
    assert "The yes of bo-sre no longer counts: they asked for it or wrote it." in night.refused("kim-releng", Go())


def test_a_yes_of_exactly_two_hours_still_counts_at_the_start() -> None:
    night = Night().confirmed().later(hours=2, seconds=-15)
    for person in ("ada", "bo-sre"):
        night.says(person, ShowPresence())
    assert kinds(night.says("kim-releng", Go())) == [e.DeployerTaken, e.DeploymentStarted]


def test_a_yes_older_than_two_hours_counts_no_more_at_the_start() -> None:
    night = Night().confirmed().later(hours=2, seconds=-14)
    assert "The yes of kim-releng no longer counts: it is more than 2 h old." in night.refused("kim-releng", Go())


def test_a_freeze_that_began_just_now_adds_its_team_before_anybody_took_it_in() -> None:
    frozen = replace(BOTH, in_freeze=(Demand(SECURITY),))
    night = Night(policy=frozen).confirmed()
    night.calendar = Calendar(freezes=(Freeze("holiday", night.now, night.now + timedelta(hours=9)),))
    assert "Security must still confirm." in night.refused("kim-releng", Go())
    night.acts(verified("nobody"), Learn())
    assert night.stands(Status.CONFIRMING)


def test_what_became_ready_without_anybody_looking_is_said_to_be_ready_before_it_starts() -> None:
    night = Night().confirmed()
    night.suspended.add("bo-sre")
    night.acts(verified("nobody"), Learn())
    assert night.stands(Status.CONFIRMING)
    night.suspended.clear()
    assert kinds(night.says("dee", Go())) == [e.BecameReady, e.DeployerTaken, e.DeploymentStarted]


# --- time to object ---------------------------------------------------------------------------------------------------


def test_go_works_15_s_after_the_last_yes_and_not_before() -> None:
    night = Night().confirmed().later(seconds=-1)
    assert night.refused("kim-releng", Go()) == "The last yes is not 15 s old; say it again in 1 s."
    assert kinds(night.later(seconds=1).says("kim-releng", Go())) == [e.DeployerTaken, e.DeploymentStarted]


def test_a_plain_word_objection_makes_go_wait_60_s() -> None:
    night = Night().confirmed()
    night.says("mo-sre", Object("not yet"))
    night.later(seconds=59)
    assert "mo-sre objected in plain words: ask; say it again in 1 s" in night.refused("kim-releng", Go())
    assert e.DeploymentStarted in kinds(night.later(seconds=1).says("kim-releng", Go()))


def test_a_second_plain_word_objection_of_the_same_person_delays_nothing() -> None:
    night = Night().confirmed()
    night.says("mo-sre", Object("not yet"))
    night.later(seconds=60)
    assert night.says("mo-sre", Object("wait")) == []
    assert e.DeploymentStarted in kinds(night.says("kim-releng", Go()))


def test_a_hold_keeps_it_from_starting_whatever_the_count() -> None:
    night = Night().confirmed()
    night.says("sam-sec", PutOnHold("who is watching the caches?"))
    assert "sam-sec holds it: who is watching the caches?." in night.refused("kim-releng", Go())
    night.says("sam-sec", Lift())
    assert e.DeploymentStarted in kinds(night.says("kim-releng", Go()))


# --- the change as confirmed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (replace(CHANGE, patchset=4, sha="d" * 40), "The change is no longer 1234/3 8f3ac21 as confirmed"),
        (replace(CHANGE, status=ChangeStatus.ABANDONED), "1234 is abandoned now."),
        (replace(CHANGE, status=ChangeStatus.WORK_IN_PROGRESS), "1234 is work in progress now."),
        (replace(CHANGE, status=ChangeStatus.BLOCKED), "1234 is blocked now."),
        (replace(CHANGE, branch="other"), "1234 is for the branch other now, not main."),
        (replace(CHANGE, project="other"), "The change is no longer 1234/3"),
        (replace(CHANGE, brings=("1233",)), "What else goes live with 1234 is no longer what was confirmed: 1233."),
        (replace(CHANGE, status=ChangeStatus.MERGED, merged_as="e" * 40), "1234 was merged as eeeeeee"),
        (None, "The review system no longer shows 1234/3."),
    ],
)
def test_go_asks_again_for_the_change_and_starts_nothing_else(now: object, why: str) -> None:
    night = Night().confirmed()
    night.change = now  # type: ignore[assignment]  # a change, or none
    assert why in night.refused("kim-releng", Go())


@pytest.mark.parametrize("merged_as", ["", CHANGE.sha])
def test_a_change_merged_as_that_very_sha_starts(merged_as: str) -> None:
    night = Night().confirmed()
    night.change = replace(CHANGE, status=ChangeStatus.MERGED, merged_as=merged_as)
    night.acts(verified("nobody"), Learn())
    assert e.DeploymentStarted in kinds(night.says("kim-releng", Go()))


def test_a_change_merged_by_the_merge_commit_that_was_named_starts() -> None:
    merged = replace(CHANGE, status=ChangeStatus.MERGED, merged_as="e" * 40)
    assert e.DeploymentStarted in kinds(Night(change=merged).confirmed().says("kim-releng", Go()))


def test_a_merge_commit_that_was_not_named_is_confirmed_anew() -> None:
    night = Night().confirmed()
    night.change = replace(CHANGE, status=ChangeStatus.MERGED, merged_as="e" * 40)
    assert e.PlanProposed in kinds(night.acts(verified("nobody"), Learn()))
    assert night.request.confirmations == ()


def test_where_the_review_system_is_silent_it_starts_and_the_record_names_who_could_not_vouch() -> None:
    night = Night().confirmed()
    night.change, night.unknown = None, ("code review",)
    started = night.says("kim-releng", Go())[-1]
    assert isinstance(started, e.DeploymentStarted) and started.unvouched == ("code review",)


def test_a_request_by_recipe_alone_asks_about_no_change() -> None:
    by_recipe = replace(WISH, named="", recipe="config")
    night = Night(steps=(), wish=by_recipe, change=None).confirmed()
    assert kinds(night.says("kim-releng", Go())) == [e.DeployerTaken, e.DeploymentStarted, e.ProvingStarted]


def test_anything_else_that_is_different_from_what_was_confirmed_is_confirmed_anew() -> None:
    night = Night().confirmed()
    night.ground = Ground(locks=(replace(LOCK, change=99),))
    assert "What is to be confirmed has changed" in night.refused("kim-releng", Go())


# --- the target -------------------------------------------------------------------------------------------------------


def test_another_deployment_on_the_target_meanwhile_must_be_confirmed_anew() -> None:
    night = Night().confirmed()
    night.ground = Ground(last=RequestId("E16"))
    assert "E16 was deployed to mediawiki-config meanwhile" in night.refused("kim-releng", Go())


def test_only_one_is_carried_out_at_a_time_on_one_target() -> None:
    night = Night().confirmed()
    night.ground = Ground(running=RequestId("E16"))
    assert "E16 is being carried out on mediawiki-config; one at a time." in night.refused("kim-releng", Go())


def locked(lock: Lock, **wish: object) -> Night:
    night = Night(wish=replace(WISH, **wish))  # type: ignore[arg-type]  # fields of a wish
    night.ground = Ground(locks=(lock,))
    return night.confirmed()


def test_what_was_rolled_back_starts_again_by_the_yes_of_those_who_were_shown_the_lock() -> None:
    night = locked(LOCK, remedy=Remedy.FIX)
    assert night.request.proposal and night.request.proposal.despite == ("E16",)
    assert e.DeploymentStarted in kinds(night.says("ada", Go()))


def test_a_yes_given_before_the_lock_was_there_opens_nothing() -> None:
    night = Night(wish=replace(WISH, remedy=Remedy.FIX)).confirmed()
    night.ground = Ground(locks=(LOCK,))
    reasons = night.refused("ada", Go())
    assert "1234/2 was rolled back as E16 and does not start again before !unlock E16" in reasons
    assert "What is to be confirmed has changed" in reasons


def test_another_change_is_not_locked_out_at_all() -> None:
    night = locked(replace(LOCK, change=99), remedy=Remedy.FIX)
    assert night.request.proposal and night.request.proposal.despite == ()
    assert e.DeploymentStarted in kinds(night.says("ada", Go()))


def test_a_change_of_another_project_with_the_same_number_is_another_change() -> None:
    night = locked(replace(LOCK, project="website"), remedy=Remedy.FIX)
    assert night.request.proposal and night.request.proposal.despite == ()


def test_a_change_is_locked_out_in_its_own_project() -> None:
    night = locked(replace(LOCK, project=CHANGE.project), remedy=Remedy.FIX)
    assert night.request.proposal and night.request.proposal.despite == (LOCK.request,)


@pytest.mark.parametrize("remedy", [Remedy.ROLLBACK, Remedy.DISABLE])
def test_rollback_and_disable_are_never_locked_out(remedy: Remedy) -> None:
    assert e.DeploymentStarted in kinds(locked(LOCK, remedy=remedy).says("ada", Go()))


def test_without_a_change_it_is_the_recipe_that_is_locked() -> None:
    night = Night(steps=(), wish=replace(WISH, named="", recipe="config", remedy=Remedy.FIX), change=None).confirmed()
    night.ground = Ground(locks=(replace(LOCK, change=None, label="config"),))
    assert "config was rolled back as E16" in night.refused("kim-releng", Go())


# --- presence ---------------------------------------------------------------------------------------------------------


def test_the_requester_must_have_done_something_within_10_min() -> None:
    night = Night().confirmed().later(minutes=10)
    for person in ("bo-sre", "kim-releng"):
        night.says(person, ShowPresence())
    assert night.refused("kim-releng", Go()) == "ada (requester) has not been here for 10 min: ada says !here E17"


def test_the_one_who_says_go_is_here_by_saying_it() -> None:
    night = Night().confirmed().later(minutes=20)
    for person in ("ada", "bo-sre"):
        night.says(person, ShowPresence())
    assert e.DeploymentStarted in kinds(night.says("kim-releng", Go()))


def test_of_each_required_team_one_who_confirmed_must_be_here() -> None:
    night = Night().confirmed()
    night.gone["bo-sre"] = night.now
    assert night.refused("ada", Go()) == "Nobody of SRE is here who confirmed: one of them says !here E17"


def test_another_member_who_says_here_having_seen_the_plan_stands_for_the_team() -> None:
    night = Night().confirmed()
    night.gone["bo-sre"] = night.now
    night.says("mo-sre", ShowPresence())
    assert e.DeploymentStarted in kinds(night.says("ada", Go()))


def test_here_said_before_this_plan_was_shown_does_not_count() -> None:
    night = Night().asked()
    night.says("mo-sre", ShowPresence())
    night.says("ada", Describe(Wish(sentence="painted pages are cached corrupted everywhere")))
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Confirm(night.word))
    night.later(seconds=15).gone["bo-sre"] = night.now
    assert "Nobody of SRE is here" in night.refused("ada", Go())


def test_the_requester_stands_for_no_team() -> None:
    night = Night().confirmed(requester="mo-sre")
    night.gone["bo-sre"] = night.now
    night.says("mo-sre", ShowPresence())
    assert "Nobody of SRE is here" in night.refused("mo-sre", Go())


def test_one_person_may_be_deployer_and_speak_for_one_team() -> None:
    assert e.DeploymentStarted in kinds(Night().confirmed().says("kim-releng", Go()))


def test_one_person_never_stands_for_two_teams() -> None:
    night = Night().confirmed("pat-both", "kim-releng")
    night.gone["kim-releng"] = night.now
    reasons = night.refused("pat-both", Go())
    assert "Nobody of" in reasons and "is here who confirmed" in reasons


def test_somebody_who_confirmed_for_one_of_their_teams_stands_for_that_one_only() -> None:
    night = Night().asked()
    night.says("pat-both", Confirm(night.word, SRE))
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    night.later(seconds=15).gone["kim-releng"] = night.now
    assert "Nobody of Release Engineering is here" in night.refused("ada", Go())


def test_every_reason_is_named_at_once() -> None:
    night = Night().confirmed("bo-sre")
    night.says("sam-sec", PutOnHold("wait"))
    night.later(seconds=-5)
    reasons = night.refused("bo-sre", Go())
    for part in ("may not deploy", "not 15 s old", "must still confirm", "sam-sec holds it", "Nobody of Release"):
        assert part in reasons


def test_a_yes_taken_back_before_go_takes_the_readiness_away() -> None:
    night = Night().confirmed()
    assert kinds(night.says("bo-sre", Unconfirm())) == [e.ConfirmationTakenBack, e.NoLongerReady]
    assert "SRE must still confirm." in night.refused("kim-releng", Go())


def test_ready_without_go_is_reminded_once_for_each_time_and_opens_the_place_of_the_deployer() -> None:
    night = Night().confirmed()
    night.says("kim-releng", Take())
    assert "has a deployer" in night.refused("dee", Take())
    night.later(minutes=5)
    assert nudges(night.looks()) == [e.Nudge.READY]
    assert nudges(night.looks()) == []
    assert kinds(night.says("dee", Take())) == [e.DeployerTaken]
    night.later(seconds=1).says("bo-sre", PutOnHold("wait"))
    night.says("bo-sre", Lift())
    assert "has a deployer" in night.refused("mo-sre", Take())
    night.later(minutes=5)
    assert nudges(night.looks()) == [e.Nudge.READY]
    assert nudges(night.later(seconds=1).looks()) == []
