"""A pause ends when every cause of it has ended, each by those who may; then the deployer resumes, after new checks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import BEGIN, BOTH, EVERYWHERE, RUNNER, SECURITY, Night, kinds, unverified
from tocsin.domain import events as e
from tocsin.domain.commands import (
    Close,
    Confirm,
    Give,
    Go,
    Lift,
    PutOnHold,
    Resume,
    RollBack,
    ShowPresence,
    Stop,
    Take,
    TellOutcome,
    Unconfirm,
    Withdraw,
)
from tocsin.domain.commands.carrying_out import StartStep
from tocsin.domain.commands.opening import Learn
from tocsin.domain.deployment import CauseKind, Direction, Fate, StepStatus
from tocsin.domain.people import PersonId, RequestId
from tocsin.domain.plan import Remedy, Step
from tocsin.domain.policy import Demand
from tocsin.domain.request import Status
from tocsin.domain.schedule import Calendar, Freeze
from tocsin.domain.situation import Ground, Lock

AGAIN = replace(EVERYWHERE, repeatable=True)


def paused(*steps: Step) -> Night:
    """Deploying and stopped by bo-sre, nothing running."""
    night = Night(steps=steps or (EVERYWHERE, EVERYWHERE)).deploying()
    night.says("bo-sre", Stop("the graphs look odd"))
    return night


def here(night: Night, *people: str) -> Night:
    for person in people or ("ada", "bo-sre", "kim-releng"):
        night.says(person, ShowPresence())
    return night


# --- stop -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["ada", "bo-sre", "kim-releng", "mo-sre", "sam-sec"])
def test_requester_deployer_confirmers_and_members_of_named_teams_stop_it(person: str) -> None:
    night = Night().deploying()
    assert kinds(night.says(person, Stop())) == [e.Paused]
    assert night.causes == [(CauseKind.STOP, person)] and night.waits


def test_somebody_without_a_part_in_it_stops_nothing_and_is_told_whom_to_ask() -> None:
    assert "Only people with a part in E17" in Night().deploying().refused("dee", Stop())


def test_where_nothing_runs_stop_says_how_to_keep_it_from_starting() -> None:
    assert "nothing runs. To keep it from starting: !hold E17 <why>" in Night().confirmed().refused("ada", Stop())


def test_the_suspended_may_still_stop() -> None:
    night = Night().deploying()
    night.suspended.add("mo-sre")
    assert kinds(night.says("mo-sre", Stop())) == [e.Paused]


def test_a_requester_who_withdraws_after_go_stops_it() -> None:
    night = Night().deploying()
    assert kinds(night.says("ada", Withdraw())) == [e.Paused]
    assert night.causes == [(CauseKind.STOP, "ada")]


def test_who_stopped_it_ends_the_stop_and_the_deployer_then_resumes() -> None:
    night = paused()
    assert kinds(night.says("bo-sre", Resume())) == [e.CauseEnded]
    assert night.stands(Status.PAUSED) and night.waits
    assert kinds(night.says("kim-releng", Resume())) == [e.Resumed]
    assert night.stands(Status.DEPLOYING) and not night.waits


def test_another_of_the_stoppers_team_ends_the_stop() -> None:
    assert kinds(paused().says("mo-sre", Resume())) == [e.CauseEnded]


def test_somebody_of_another_team_does_not_end_the_stop() -> None:
    wanted = "bo-sre stopped it: bo-sre, or another of their team, says !resume E17"
    assert paused().refused("kim-releng", Resume()) == wanted


def test_the_requester_does_not_end_a_stop_though_in_the_stoppers_team() -> None:
    night = Night().confirmed(requester="mo-sre")
    night.says("kim-releng", Take())
    night.says("kim-releng", Go())
    night.says("bo-sre", Stop())
    assert "bo-sre stopped it" in night.refused("mo-sre", Resume())


def test_the_requester_ends_a_stop_of_their_own() -> None:
    night = Night().deploying()
    night.says("ada", Stop())
    assert kinds(night.says("ada", Resume())) == [e.CauseEnded]


def test_a_suspended_person_ends_no_stop_not_even_their_own() -> None:
    night = paused()
    night.suspended.add("bo-sre")
    assert "Your account is suspended" in night.refused("bo-sre", Resume())


def test_a_stop_not_answered_for_15_min_ends_by_a_present_confirmer_of_each_team() -> None:
    night = paused().later(minutes=15, seconds=-1)
    assert "bo-sre stopped it" in night.refused("kim-releng", Resume())
    night.later(seconds=1)
    assert kinds(night.says("kim-releng", Resume())) == [e.CauseAgreed]
    assert "bo-sre stopped it" in night.refused("kim-releng", Resume())


def test_confirmers_of_all_teams_together_end_a_stop_that_nobody_answers() -> None:
    night = Night().confirmed("bo-sre", "kim-releng", "rei-releng")
    night.says("mo-sre", Go())
    night.says("sam-sec", Stop())
    night.later(minutes=15)
    assert kinds(night.says("kim-releng", Resume())) == [e.CauseAgreed]
    assert kinds(night.says("rei-releng", Resume())) == [e.CauseAgreed]
    assert kinds(night.says("bo-sre", Resume())) == [e.CauseAgreed, e.CauseEnded]


def test_a_confirmer_who_left_meanwhile_does_not_count_towards_ending_a_stop() -> None:
    night = Night().deploying("mo-sre")
    night.says("sam-sec", Stop())
    night.later(minutes=15)
    night.says("kim-releng", Resume())
    night.gone["kim-releng"] = night.now
    assert kinds(night.later(seconds=1).says("bo-sre", Resume())) == [e.CauseAgreed]


def test_a_stopper_who_does_something_here_has_answered() -> None:
    night = paused().later(minutes=10)
    night.says("bo-sre", ShowPresence())
    night.later(minutes=10)
    assert "bo-sre stopped it" in night.refused("kim-releng", Resume())


def test_somebody_unknown_by_now_shares_no_team_with_the_stopper() -> None:
    night = paused()
    del night.teams["bo-sre"]
    assert "bo-sre stopped it" in night.refused("mo-sre", Resume())


def test_each_of_two_stops_is_ended_on_its_own() -> None:
    night = paused()
    night.says("sam-sec", Stop())
    night.says("bo-sre", Resume())
    assert night.causes == [(CauseKind.STOP, "sam-sec")]
    assert "sam-sec stopped it" in night.refused("kim-releng", Resume())


def test_the_deployer_who_stopped_it_ends_that_and_resumes_in_one_word() -> None:
    night = Night().deploying()
    night.says("kim-releng", Stop())
    assert kinds(night.says("kim-releng", Resume())) == [e.CauseEnded, e.Resumed]


# --- an unverified stop -----------------------------------------------------------------------------------------------


def test_an_unverified_stop_pauses_for_3_min_and_then_lapses_but_does_not_resume() -> None:
    night = Night().deploying()
    assert kinds(night.acts(unverified("mo-sre"), Stop())) == [e.Paused]
    assert kinds(night.later(minutes=3, seconds=-1).looks()) == []
    assert night.later(seconds=1).looks() == [e.CauseEnded(CauseKind.STOP, PersonId("mo-sre"), None)]
    assert night.stands(Status.PAUSED)
    assert kinds(night.says("kim-releng", Resume())) == [e.Resumed]


def test_an_unverified_stop_counts_once_for_each_person() -> None:
    night = Night().deploying()
    night.acts(unverified("mo-sre"), Stop())
    assert "not counted a second time" in night.refused_to(unverified("mo-sre"), Stop())


def test_a_nick_that_is_nobodys_stops_nothing() -> None:
    stranger = replace(unverified("mo-sre"), claimed=None)
    assert Night().deploying().refused_to(stranger, Stop()) == "Log in to services first."


def test_an_unverified_stop_does_not_weaken_a_verified_one_of_the_same_person() -> None:
    night = paused()
    night.acts(unverified("bo-sre"), Stop())
    night.later(minutes=3).looks()
    assert night.causes == [(CauseKind.STOP, "bo-sre")]


def test_an_unverified_hold_does_not_weaken_a_verified_one_of_the_same_person() -> None:
    night = Night().confirmed()
    night.says("bo-sre", PutOnHold("wait"))
    night.acts(unverified("bo-sre"), PutOnHold("wait a little"))
    night.later(minutes=3).looks()
    assert [hold.reason for hold in night.request.holds] == ["wait"]


def test_an_unverified_hold_pauses_for_3_min_while_deploying() -> None:
    night = Night().deploying()
    night.acts(unverified("mo-sre"), PutOnHold("wait"))
    assert night.causes == [(CauseKind.HOLD, "mo-sre")]
    assert kinds(night.later(minutes=3).looks()) == [e.HoldLapsed, e.CauseEnded]
    assert night.causes == []


def test_the_verified_word_makes_an_unverified_stop_last() -> None:
    night = Night().deploying()
    night.acts(unverified("mo-sre"), Stop())
    night.says("mo-sre", Stop())
    assert night.later(minutes=3).looks() == []
    assert night.causes == [(CauseKind.STOP, "mo-sre")]


# --- hold -------------------------------------------------------------------------------------------------------------


def test_a_hold_while_deploying_pauses_until_it_is_lifted() -> None:
    night = Night().deploying()
    assert kinds(night.says("sam-sec", PutOnHold("whose data is this?"))) == [e.HoldPlaced, e.Paused]
    assert night.refused("kim-releng", Resume()) == "sam-sec holds it: !lift E17"
    assert kinds(night.says("sam-sec", Lift())) == [e.HoldLifted, e.CauseEnded]
    assert kinds(night.says("kim-releng", Resume())) == [e.Resumed]


# --- a yes taken back, a member gone ----------------------------------------------------------------------------------


def test_a_yes_taken_back_while_deploying_pauses_until_the_quorum_is_met_on_the_same_check_word() -> None:
    night = Night().deploying()
    assert kinds(night.says("bo-sre", Unconfirm())) == [e.ConfirmationTakenBack, e.Paused]
    assert night.causes == [(CauseKind.QUORUM, None)]
    assert night.refused("kim-releng", Resume()) == f"SRE must confirm: !confirm E17 {night.word}"
    assert "is not the check word now" in night.refused("mo-sre", Confirm("other-word"))
    assert kinds(night.says("mo-sre", Confirm(night.word))) == [e.ConfirmationGiven, e.CauseEnded]
    assert kinds(night.says("kim-releng", Resume())) == [e.Resumed]


def test_a_member_removed_while_deploying_pauses_it() -> None:
    night = Night().deploying()
    night.teams["bo-sre"] = frozenset()
    assert kinds(night.looks()) == [e.ConfirmationVoided, e.Paused]
    assert night.causes == [(CauseKind.QUORUM, None)]


def test_a_confirmer_suspended_while_deploying_pauses_it() -> None:
    night = Night().deploying()
    night.suspended.add("bo-sre")
    voided = night.looks()
    assert voided[0] == e.ConfirmationVoided(PersonId("bo-sre"), "their account is suspended")
    assert night.stands(Status.PAUSED)


def test_a_yes_lost_while_paused_is_one_cause_more_and_confirm_is_open() -> None:
    night = paused()
    assert kinds(night.says("kim-releng", Unconfirm())) == [e.ConfirmationTakenBack, e.Paused]
    assert night.causes == [(CauseKind.STOP, "bo-sre"), (CauseKind.QUORUM, None)]
    assert kinds(night.says("rei-releng", Confirm(night.word))) == [e.ConfirmationGiven, e.CauseEnded]


def test_confirm_is_not_open_while_paused_for_other_causes() -> None:
    assert "E17 is paused" in paused().refused("mo-sre", Confirm("any-word"))


def test_a_membership_restored_ends_the_cause_and_still_the_deployer_must_resume() -> None:
    night = Night(steps=(EVERYWHERE,)).deploying()
    teams, night.teams["bo-sre"] = night.teams["bo-sre"], frozenset()
    night.acts(RUNNER, StartStep(Direction.FORWARD, 0, 1))
    assert night.causes == [(CauseKind.QUORUM, None)]
    night.teams["bo-sre"] = teams
    assert kinds(night.looks()) == [e.CauseEnded]
    assert night.stands(Status.PAUSED) and night.waits


def test_what_the_change_becomes_after_go_voids_nothing() -> None:
    night = Night().deploying()
    assert night.change
    night.change = replace(night.change, patchset=4, sha="d" * 40, authors=frozenset({PersonId("bo-sre")}))
    learned = night.acts(unverified("nobody"), Learn())
    assert learned == [e.FactsLearned(night.request.facts, "patchset 4 replaced 3")]
    assert night.looks() == [] and night.stands(Status.DEPLOYING)


def test_a_freeze_that_begins_after_go_adds_no_team() -> None:
    night = Night(policy=replace(BOTH, in_freeze=(Demand(SECURITY),))).deploying()
    night.calendar = Calendar(freezes=(Freeze("holiday", night.now, night.now + timedelta(hours=9)),))
    assert kinds(night.acts(unverified("nobody"), Learn())) == [e.FactsLearned]
    assert night.looks() == []


# --- absence ----------------------------------------------------------------------------------------------------------


def test_an_absence_ends_by_that_person_saying_here() -> None:
    night = Night().deploying()
    night.gone["ada"] = night.now
    night.later(minutes=1).looks()
    assert night.causes == [(CauseKind.ABSENCE, "ada")]
    assert night.refused("kim-releng", Resume()) == "ada is gone: they, or another of their team, say !here E17"
    night.later(seconds=1)
    assert kinds(night.says("ada", ShowPresence())) == [e.PresenceShown, e.CauseEnded]


def test_an_absence_ends_by_another_of_the_team_saying_here() -> None:
    night = Night().deploying()
    night.gone["bo-sre"] = night.now
    night.later(minutes=1).looks()
    assert kinds(night.says("mo-sre", ShowPresence())) == [e.PresenceShown, e.CauseEnded]
    assert kinds(night.says("kim-releng", Resume())) == [e.Resumed]
    assert night.later(seconds=30).looks() == []


# --- a failed step ----------------------------------------------------------------------------------------------------


def failed(*steps: Step, deployer: str = "kim-releng") -> Night:
    night = Night(steps=steps or (EVERYWHERE, EVERYWHERE)).deploying(deployer)
    night.runs(code=1)
    return night


def test_a_failed_step_takes_the_deployer_and_one_other_confirmer_each_with_a_reason() -> None:
    night = failed()
    assert night.refused("kim-releng", Resume()).startswith("everywhere failed: the deployer and a confirmer each say")
    assert kinds(night.says("kim-releng", Resume("it was the disk"))) == [e.CauseAgreed]
    assert "everywhere failed" in night.refused("kim-releng", Resume("it was the disk"))
    assert "everywhere failed" in night.refused("ada", Resume("please"))
    assert kinds(night.says("bo-sre", Resume("the disk, yes"))) == [e.CauseAgreed, e.CauseEnded]
    assert kinds(night.says("kim-releng", Resume())) == [e.Resumed]


def test_two_confirmers_without_the_deployer_end_no_failure() -> None:
    night = failed(deployer="dee")
    for person in ("bo-sre", "kim-releng"):
        assert kinds(night.says(person, Resume("fine"))) == [e.CauseAgreed]


def test_where_the_deployer_says_it_last_one_word_ends_the_failure_and_resumes() -> None:
    night = failed(deployer="dee")
    night.says("bo-sre", Resume("fine"))
    assert kinds(night.says("dee", Resume("fine"))) == [e.CauseAgreed, e.CauseEnded, e.Resumed]


def test_a_failed_step_runs_again_only_where_its_recipe_says_so() -> None:
    night = failed(AGAIN, EVERYWHERE)
    night.says("bo-sre", Resume("fine"))
    night.says("kim-releng", Resume("fine"))
    again = night.starts()
    assert (again.step, again.attempt) == (0, 2)


def test_any_other_failed_step_is_passed_over() -> None:
    night = failed()
    night.says("bo-sre", Resume("fine"))
    night.says("kim-releng", Resume("fine"))
    assert night.request.underway.forward[0].status is StepStatus.PASSED_OVER
    assert night.starts().step == 1


def test_a_step_passed_over_is_looked_at_all_the_same() -> None:
    night = Night().deploying()
    night.runs(code=1)
    night.says("bo-sre", Resume("one host of ten is down for repair"))
    resumed = night.says("kim-releng", Resume("it is known"))
    assert kinds(resumed) == [e.CauseAgreed, e.CauseEnded, e.CheckpointReached, e.Resumed]
    assert night.waits


def test_a_last_step_passed_over_goes_on_to_the_proof() -> None:
    night = failed(EVERYWHERE)
    night.says("bo-sre", Resume("fine"))
    assert kinds(night.says("kim-releng", Resume("fine")))[-2:] == [e.Resumed, e.ProvingStarted]


# --- an unknown outcome -----------------------------------------------------------------------------------------------


def unknown(*steps: Step) -> Night:
    night = Night(steps=steps or (EVERYWHERE, EVERYWHERE)).deploying()
    night.runs(None, Fate.UNKNOWN)
    return night


def test_an_unknown_outcome_is_settled_by_two_of_requester_deployer_and_confirmers() -> None:
    night = unknown()
    assert "two of you say !ran E17 yes, or no" in night.refused("kim-releng", Resume("fine"))
    assert kinds(night.says("ada", TellOutcome(ran=True))) == [e.OutcomeTold]
    settled = night.says("bo-sre", TellOutcome(ran=True))
    assert kinds(settled) == [e.OutcomeTold, e.OutcomeSettled, e.CauseEnded]
    night.says("kim-releng", Resume())
    assert night.starts().step == 1


def test_a_step_that_two_say_did_not_run_is_run_in_an_attempt_of_its_own() -> None:
    night = unknown()
    for person in ("ada", "bo-sre"):
        night.says(person, TellOutcome(ran=False))
    assert night.waits
    night.says("kim-releng", Resume())
    again = night.starts()
    assert (again.step, again.attempt) == (0, 2)


def test_the_word_of_one_person_said_twice_settles_nothing() -> None:
    night = unknown()
    for _ in range(2):
        assert kinds(night.says("ada", TellOutcome(ran=True))) == [e.OutcomeTold]


def test_one_person_may_correct_themselves_before_another_spoke() -> None:
    night = unknown()
    night.says("ada", TellOutcome(ran=True))
    night.says("ada", TellOutcome(ran=False))
    assert e.OutcomeSettled(ran=False) in night.says("bo-sre", TellOutcome(ran=False))


def test_where_two_differ_it_stays_unknown_and_only_rollback_or_close_is_offered() -> None:
    night = unknown()
    night.says("ada", TellOutcome(ran=True))
    assert kinds(night.says("bo-sre", TellOutcome(ran=False))) == [e.OutcomeTold]
    ways = "!rollback E17 or !close E17 <what is true now>"
    for person in ("ada", "bo-sre", "kim-releng"):
        assert night.refused(person, TellOutcome(ran=True)).endswith(ways)
    assert night.refused("kim-releng", Resume()) == f"nobody knows whether everywhere ran: {ways}"
    assert kinds(night.says("ada", RollBack())) == [e.RollbackAgreed, e.RollbackStarted]


def test_a_step_that_did_run_is_looked_at_as_if_it_had_been_seen_to_end() -> None:
    night = Night().deploying()
    night.runs(None, Fate.UNKNOWN)
    night.says("ada", TellOutcome(ran=True))
    assert e.CheckpointReached in kinds(night.says("bo-sre", TellOutcome(ran=True)))


def test_a_step_that_did_not_run_is_not_looked_at() -> None:
    night = Night().deploying()
    night.runs(None, Fate.UNKNOWN)
    night.says("ada", TellOutcome(ran=False))
    assert e.CheckpointReached not in kinds(night.says("bo-sre", TellOutcome(ran=False)))


def test_only_roles_say_what_ran_and_only_of_what_nobody_knows() -> None:
    assert "Only the requester, the deployer and the confirmers" in unknown().refused("mo-sre", TellOutcome(ran=True))
    assert "The outcome of every step of E17 is known." in paused().refused("ada", TellOutcome(ran=True))
    assert "The outcome of every step" in Night().confirmed().refused("ada", TellOutcome(ran=True))


def test_a_suspended_role_says_nothing_about_what_ran() -> None:
    night = unknown()
    night.suspended.add("ada")
    assert "Your account is suspended" in night.refused("ada", TellOutcome(ran=True))


def test_nothing_is_settled_after_it_was_closed_by_hand() -> None:
    night = unknown()
    night.says("ada", Close("the old version runs"))
    night.says("bo-sre", Close("the old version runs"))
    assert "E17 is closed by hand" in night.refused("ada", TellOutcome(ran=True))


# --- resuming ---------------------------------------------------------------------------------------------------------


def test_only_the_deployer_resumes() -> None:
    night = paused()
    night.says("bo-sre", Resume())
    assert night.refused("bo-sre", Resume()) == "Only the deployer may do that; that is kim-releng."


def test_resume_where_nothing_is_paused_is_refused() -> None:
    assert "E17 is deploying" in Night().deploying().refused("kim-releng", Resume())


def test_an_unverified_resume_is_refused() -> None:
    assert paused().refused_to(unverified("kim-releng"), Resume()) == "Log in to services first."


def test_a_deployer_who_may_deploy_no_more_does_not_resume_and_another_takes_over() -> None:
    night = paused()
    night.says("bo-sre", Resume())
    night.deployers.remove("kim-releng")
    assert "kim-releng may not deploy" in night.refused("kim-releng", Resume())
    assert kinds(night.says("dee", Take())) == [e.DeployerTaken, e.Paused]
    assert kinds(night.says("dee", Resume())) == [e.CauseEnded, e.Resumed]


def test_presence_is_checked_again_before_it_goes_on() -> None:
    night = paused()
    night.says("bo-sre", Resume())
    night.later(minutes=11)
    reasons = night.refused("kim-releng", Resume())
    assert "ada (requester) has not been here for 10 min" in reasons and "Nobody of SRE is here" in reasons
    assert kinds(here(night).says("kim-releng", Resume())) == [e.Resumed]


def test_the_lock_is_checked_again_before_it_goes_on() -> None:
    night = Night(steps=(EVERYWHERE,))
    night.wish = replace(night.wish, remedy=Remedy.FIX)
    night.deploying()
    night.says("kim-releng", Stop())
    night.ground = Ground(locks=(Lock(RequestId("E16"), BEGIN, 1234, "config", "1234/2"),))
    night.says("kim-releng", Resume())
    assert "does not start again" in night.refused("kim-releng", Resume())


def test_after_30_min_of_pause_the_yes_of_each_team_is_asked_for_again() -> None:
    night = here(paused().later(minutes=30, seconds=-1))
    assert e.Nudge.ASKED_AGAIN not in [each.nudge for each in night.looks() if isinstance(each, e.Nudged)]
    asked = night.later(seconds=1).looks()
    assert kinds(asked) == [e.Nudged, e.Paused]
    assert night.causes == [(CauseKind.STOP, "bo-sre"), (CauseKind.QUORUM, None)]
    assert night.request.underway.causes[1].about == "Release Engineering and SRE must confirm"
    assert night.looks() == []


def test_a_yes_given_again_after_a_long_pause_counts_and_the_old_ones_do_not() -> None:
    night = here(paused().later(minutes=30))
    night.looks()
    night.says("bo-sre", Resume())
    assert kinds(night.says("bo-sre", Confirm(night.word))) == [e.ConfirmationGiven]
    assert night.causes == [(CauseKind.QUORUM, None)]
    assert kinds(night.says("kim-releng", Confirm(night.word))) == [e.ConfirmationGiven, e.CauseEnded]
    assert "stands already" in night.refused("kim-releng", Confirm(night.word))
    assert kinds(night.says("kim-releng", Resume())) == [e.Resumed]


def test_those_whose_yes_is_asked_for_again_may_still_close_and_roll_back() -> None:
    night = here(paused().later(minutes=30))
    night.looks()
    night.says("ada", Close("nothing ran"))
    assert e.ClosedByHand in kinds(night.says("bo-sre", Close("nothing ran")))


def test_a_pause_reminds_after_5_min_and_wakes_after_15_and_never_goes_on_by_itself() -> None:
    night = paused()
    said = []
    for _ in range(120):
        said += night.later(minutes=1).looks()
    nudged = [each.nudge for each in said if isinstance(each, e.Nudged)]
    assert nudged == [e.Nudge.PAUSE, e.Nudge.PAUSE_WOKEN, e.Nudge.ASKED_AGAIN]
    assert night.stands(Status.PAUSED)


def test_a_deployer_who_takes_over_in_the_middle_pauses_it_first() -> None:
    night = Night().deploying()
    assert kinds(night.says("kim-releng", Give(PersonId("dee")))) == [e.DeployerTaken, e.Paused]
    assert night.waits
    assert kinds(night.says("dee", Resume())) == [e.CauseEnded, e.Resumed]


def test_a_deployer_absent_for_60_s_is_replaced_which_ends_that_absence() -> None:
    night = Night().deploying()
    night.gone["kim-releng"] = night.now
    assert "has a deployer" in night.later(seconds=59).refused("dee", Take())
    night.later(seconds=1).looks()
    assert kinds(night.says("dee", Take())) == [e.DeployerTaken, e.Paused, e.CauseEnded]
    assert night.causes == [(CauseKind.STOP, "dee")]
