"""What the clock brings about by itself: it reminds, wakes, voids, pauses, expires; it never says yes."""

from dataclasses import replace

import pytest

from tests.domain.night import BOTH, CLOCK, RELENG, SECURITY, SRE, WORDS, Night, called, kinds, nudges, verified
from tocsin.domain import events as e
from tocsin.domain.commands import (
    Adopt,
    Close,
    Give,
    Go,
    Good,
    Need,
    PutOnHold,
    Renew,
    Resume,
    ShowPresence,
    Stop,
    Take,
    Withdraw,
)
from tocsin.domain.commands.opening import Ask
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.deployment import CauseKind
from tocsin.domain.people import PersonId, RequestId
from tocsin.domain.policy import Demand
from tocsin.domain.request import Status
from tocsin.domain.situation import Ground

STRANGER = replace(verified("somebody"), person=None)


def nobody_here() -> Night:
    """Just asked; nobody of the teams has been seen."""
    return Night().asked()


def somebody_here() -> Night:
    """Just asked; one of each team has been seen, and did nothing about it yet."""
    night = Night().asked()
    night.seen_people = {"bo-sre": night.now, "kim-releng": night.now}
    return night


# --- before go: nobody answers ----------------------------------------------------------------------------------------


def test_a_team_of_which_nobody_is_here_is_woken_at_once() -> None:
    woken = nobody_here().looks()
    assert [(each.nudge, each.team) for each in woken if isinstance(each, e.Nudged)] == [
        (e.Nudge.WOKEN, RELENG),
        (e.Nudge.WOKEN, SRE),
    ]
    assert woken[0].why == "nobody of the team is here"  # type: ignore[union-attr]  # it is a nudge


def test_a_silent_team_that_is_here_is_reminded_after_3_min_widened_after_8_woken_after_15() -> None:
    night = somebody_here()
    assert nudges(night.later(minutes=3, seconds=-1).looks()) == []
    assert nudges(night.later(seconds=1).looks()) == [e.Nudge.REMINDED] * 2
    night.seen_people = {"bo-sre": night.now, "kim-releng": night.now}
    assert nudges(night.later(minutes=5).looks()) == [e.Nudge.WIDENED] * 2
    night.seen_people = {"bo-sre": night.now, "kim-releng": night.now}
    assert nudges(night.later(minutes=7).looks()) == [e.Nudge.WOKEN] * 2
    assert night.looks() == []


def test_a_team_that_was_needed_later_has_its_own_3_8_and_15_min() -> None:
    night, here = somebody_here(), ("bo-sre", "kim-releng", "sam-sec")
    for person in ("bo-sre", "kim-releng"):
        night.says(person, ShowPresence())
    night.later(minutes=20).says("ada", Need(SECURITY))
    assert night.looks_with(*here) == []
    said = [(minutes, nudges(night.later(minutes=minutes).looks_with(*here))) for minutes in (3, 5, 7)]
    assert said == [(3, [e.Nudge.REMINDED]), (5, [e.Nudge.WIDENED]), (7, [e.Nudge.WOKEN])]


def test_a_team_that_answered_is_called_no_more() -> None:
    night = nobody_here()
    night.says("bo-sre", ShowPresence())
    assert [each.team for each in night.looks() if isinstance(each, e.Nudged)] == [RELENG]


def test_a_team_whose_last_member_here_left_is_woken_then_and_not_reminded_any_more() -> None:
    night = somebody_here().later(minutes=2)
    night.gone["bo-sre"] = night.now
    woken = night.looks()
    assert [(each.nudge, each.team) for each in woken if isinstance(each, e.Nudged)] == [(e.Nudge.WOKEN, SRE)]
    reminded = night.later(minutes=1).looks()
    assert [(each.nudge, each.team) for each in reminded if isinstance(each, e.Nudged)] == [(e.Nudge.REMINDED, RELENG)]


def test_when_all_were_woken_and_nobody_answered_for_30_min_it_says_plainly_that_it_will_not_start() -> None:
    night = nobody_here()
    night.looks()
    assert nudges(night.later(minutes=8).looks()) == [e.Nudge.WIDENED] * 2
    assert night.later(minutes=22, seconds=-1).looks() == []
    assert nudges(night.later(seconds=1).looks()) == [e.Nudge.UNANSWERED]
    assert night.looks() == []


def test_a_strangers_request_that_nobody_adopts_in_5_min_is_called_out() -> None:
    night = Night()
    night.began = None
    events = Ask("help!", night.wish, "#ops").decide(None, night.situation(STRANGER))
    night.taken_in(events, STRANGER)
    assert e.Nudge.ADOPTION not in nudges(night.later(minutes=5, seconds=-1).looks())
    assert e.Nudge.ADOPTION in nudges(night.later(seconds=1).looks())
    night.says("ada", Adopt())
    assert night.request.requester == "ada"


def test_for_a_strangers_request_that_nobody_adopts_in_5_min_people_are_woken() -> None:
    night = Night()
    night.cries(STRANGER)
    night.later(minutes=5, seconds=-1).looks_with("bo-sre", "kim-releng")
    woken = called(night.later(seconds=1).looks_with("bo-sre", "kim-releng"))
    assert woken == [(e.Nudge.ADOPTION, ()), (e.Nudge.WOKEN, ("kim-releng",)), (e.Nudge.WOKEN, ("bo-sre",))]
    assert e.Nudge.WOKEN not in nudges(night.later(minutes=10).looks_with("bo-sre", "kim-releng"))


def test_a_strangers_request_that_was_adopted_in_time_wakes_people_as_any_other() -> None:
    night = Night()
    night.cries(STRANGER)
    night.later(minutes=4).says("ada", Adopt())
    assert e.Nudge.WOKEN not in nudges(night.later(minutes=10).looks_with("bo-sre", "kim-releng"))
    assert e.Nudge.WOKEN in nudges(night.later(minutes=1).looks_with("bo-sre", "kim-releng"))


def test_a_request_expires_after_4_h_without_an_act_and_its_confirmations_are_gone() -> None:
    night = Night().confirmed("bo-sre").later(hours=4, seconds=-16)
    assert e.RequestExpired not in kinds(night.looks())
    assert night.later(seconds=1).looks() == [e.RequestExpired()]
    assert night.stands(Status.EXPIRED) and night.request.confirmations == ()


def test_every_act_of_somebody_known_begins_the_4_h_anew() -> None:
    night = Night().asked().later(hours=3)
    night.says("sam-sec", PutOnHold("wait"))
    assert e.RequestExpired not in kinds(night.later(hours=3).looks())


def test_after_go_nothing_expires() -> None:
    night = Night(proofs=WORDS).verifying().later(hours=48)
    assert e.RequestExpired not in kinds(night.looks())


def test_a_hold_outlives_expiry_and_renewal() -> None:
    night = Night().confirmed()
    night.says("sam-sec", PutOnHold("whose data is this?"))
    night.later(hours=4).looks()
    night.says("ada", Renew())
    assert [hold.person for hold in night.request.holds] == ["sam-sec"]


def test_a_renewed_request_has_a_new_check_word_and_nobody_has_confirmed_it() -> None:
    night = Night().confirmed()
    night.later(hours=4).looks()
    assert kinds(night.says("ada", Renew())) == [e.RequestRenewed, e.PlanProposed]
    assert night.stands(Status.CONFIRMING) and night.request.confirmations == ()


# --- before go: a yes ends --------------------------------------------------------------------------------------------


def test_a_yes_is_voided_by_age_before_go_with_the_reason() -> None:
    night = Night().confirmed().later(hours=2)
    voided = [each for each in night.looks() if isinstance(each, e.ConfirmationVoided)]
    assert [(each.person, each.why) for each in voided] == [
        ("bo-sre", "it is more than 2 h old"),
        ("kim-releng", "it is more than 2 h old"),
    ]
    assert night.stands(Status.CONFIRMING)


def test_a_yes_does_not_age_after_go() -> None:
    night = Night(proofs=WORDS).verifying().later(hours=9)
    assert e.ConfirmationVoided not in kinds(night.looks())


def test_a_member_removed_before_go_loses_their_yes_and_it_is_ready_no_more() -> None:
    night = Night().confirmed()
    night.teams["bo-sre"] = frozenset()
    assert kinds(night.looks())[:1] == [e.ConfirmationVoided]
    assert night.stands(Status.CONFIRMING)


def test_another_deployment_on_the_target_meanwhile_voids_every_yes_and_says_why() -> None:
    night = Night().confirmed()
    night.ground = Ground(last=RequestId("E16"))
    proposed = night.looks()[0]
    assert isinstance(proposed, e.PlanProposed)
    assert proposed.why == "E16 was deployed to mediawiki-config meanwhile"
    assert night.request.confirmations == ()


def test_an_unverified_hold_lapses_after_3_min_and_only_then_what_it_held_is_ready_again() -> None:
    night = Night().confirmed()
    night.acts(replace(STRANGER, claimed=verified("mo-sre").person), PutOnHold("wait"))
    assert night.stands(Status.CONFIRMING)
    assert night.later(minutes=3, seconds=-1).looks() == []
    assert kinds(night.later(seconds=1).looks()) == [e.HoldLapsed, e.BecameReady]


# --- carrying out: people leave ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["ada", "kim-releng", "bo-sre"])
def test_a_required_person_who_leaves_has_60_s_then_it_pauses(person: str) -> None:
    night = Night().deploying()
    night.gone[person] = night.now
    assert night.later(seconds=59).looks() == []
    assert kinds(night.later(seconds=1).looks()) == [e.Paused]
    assert night.causes == [(CauseKind.ABSENCE, person)]


def test_a_running_step_is_not_killed_because_somebody_left() -> None:
    night = Night().deploying()
    night.starts()
    night.gone["ada"] = night.now
    night.later(minutes=1).looks()
    assert kinds(night.ends()) == [e.StepEnded, e.CheckpointReached]
    assert night.waits


def test_somebody_who_is_back_in_time_pauses_nothing() -> None:
    night = Night().deploying()
    night.gone["ada"] = night.now
    night.later(seconds=59).says("ada", ShowPresence())
    assert night.later(seconds=30).looks() == []


def test_somebody_who_was_gone_once_and_came_back_is_judged_by_their_silence_since() -> None:
    night = Night().at_checkpoint()
    night.gone["ada"] = night.now
    night.later(seconds=30).says("ada", Good())
    assert not {e.Paused} & set(kinds(night.later(minutes=10, seconds=59).looks_with("kim-releng", "bo-sre")))
    assert e.Paused in kinds(night.later(seconds=1).looks_with("kim-releng", "bo-sre"))


def test_silence_at_a_checkpoint_pauses_too() -> None:
    night = Night().at_checkpoint()
    said = kinds(night.later(minutes=10, seconds=39).looks_with("kim-releng", "bo-sre"))
    assert e.Paused not in said
    night.later(seconds=1).looks_with("kim-releng", "bo-sre")
    assert night.causes == [(CauseKind.ABSENCE, "ada")]


def test_silence_while_a_step_runs_pauses_nothing() -> None:
    night = Night().deploying()
    night.starts()
    assert night.later(hours=1).looks() == []


def test_a_deployer_who_was_given_the_place_and_never_said_a_word_is_silent_at_a_checkpoint() -> None:
    night = Night().deploying()
    night.says("kim-releng", Give(PersonId("dee")))
    night.began = replace(night.request, acts=tuple(act for act in night.request.acts if act[0] != "dee"))
    night.says("dee", Resume())
    night.began = replace(night.request, acts=tuple(act for act in night.request.acts if act[0] != "dee"))
    night.runs()
    night.later(minutes=1).looks()
    assert (CauseKind.ABSENCE, "dee") in night.causes


def test_an_observer_who_is_not_required_leaves_and_nothing_changes() -> None:
    night = Night().deploying()
    night.gone["sam-sec"] = night.gone["rei-releng"] = night.now
    assert night.later(minutes=5).looks() == []


def test_a_confirmer_leaves_while_another_of_the_team_who_confirmed_is_here_and_nothing_changes() -> None:
    night = Night().confirmed("bo-sre", "mo-sre", "kim-releng")
    night.says("kim-releng", Take())
    night.says("kim-releng", Go())
    night.gone["bo-sre"] = night.now
    assert night.later(minutes=5).looks() == []


# --- afterwards -------------------------------------------------------------------------------------------------------


def done() -> Night:
    night = Night().verifying()
    night.seen(live=True)
    return night


def test_the_review_is_due_7_days_after_the_end_and_said_once_to_the_requester() -> None:
    night = done().later(hours=7 * 24, seconds=-1)
    assert night.looks() == []
    assert called(night.later(seconds=1).looks()) == [(e.Nudge.REVIEW, ("ada",))]
    assert night.looks() == []


def test_a_deployment_closed_by_hand_is_reviewed_too() -> None:
    night = Night().deploying()
    night.says("bo-sre", Stop())
    night.says("ada", Close("nothing ran"))
    night.says("bo-sre", Close("nothing ran"))
    assert nudges(night.later(hours=7 * 24).looks()) == [e.Nudge.REVIEW]


def test_what_never_started_is_not_reviewed() -> None:
    night = Night().asked()
    night.says("ada", Withdraw())
    assert night.later(hours=30 * 24).looks() == []


# --- the law ----------------------------------------------------------------------------------------------------------

GRANTS = {
    e.ConfirmationGiven,
    e.BecameReady,
    e.DeploymentStarted,
    e.StepStarted,
    e.GoodGiven,
    e.CheckpointPassed,
    e.Resumed,
    e.HoldLifted,
    e.OutcomeSettled,
    e.RollbackAgreed,
    e.RollbackStarted,
    e.TargetUnlocked,
    e.RequestDone,
    e.RolledBack,
    e.TeamWaived,
    e.MadePublic,
}


def every_stage() -> dict[str, Night]:
    paused = Night().deploying()
    paused.says("bo-sre", Stop())
    held = Night().confirmed()
    held.says("bo-sre", PutOnHold("wait"))
    return {
        "asked": nobody_here(),
        "half confirmed": Night().confirmed("bo-sre"),
        "held": held,
        "ready": Night().confirmed(),
        "deploying": Night().deploying(),
        "at a checkpoint": Night().at_checkpoint(),
        "paused": paused,
        "verifying": Night().verifying(),
        "done": done(),
    }


@pytest.mark.parametrize("stage", sorted(every_stage()))
def test_no_time_that_passes_grants_anything(stage: str) -> None:
    night = every_stage()[stage]
    for _ in range(150):
        granted = GRANTS & set(kinds(night.later(minutes=13).looks()))
        assert not granted


def test_a_specialist_team_that_never_answers_is_not_waived_by_time() -> None:
    night = Night(policy=replace(BOTH, confirm=(*BOTH.confirm, Demand(SECURITY)))).confirmed()
    for _ in range(20):
        night.later(minutes=10).acts(CLOCK, LookAgain())
    assert night.request.waived == ()
    assert night.stands(Status.CONFIRMING)
