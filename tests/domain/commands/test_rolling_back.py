"""Going back: undoes, last first, only what ran; one word where it is safe, two people where it is not; then a lock."""

from dataclasses import replace

import pytest

from tests.domain.night import CANARY, EVERYWHERE, WISH, Night, kinds, nudges, unverified
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import Close, PutOnHold, Resume, RollBack, Stop, TellOutcome, Unconfirm, Unlock
from tocsin.domain.deployment import CauseKind, Direction, Fate, StepStatus
from tocsin.domain.people import PersonId, RequestId
from tocsin.domain.plan import Reason, Remedy, Step
from tocsin.domain.progress import Prove, RunStep, next_step
from tocsin.domain.request import Status
from tocsin.domain.situation import Ground
from tocsin.domain.wish import Wish

THREE = tuple(replace(EVERYWHERE, name=name, undo=("undo", name)) for name in ("one", "two", "three"))
REFUSED_SO_FAR = "You said so; another of you must say it too, one of you a confirmer: !rollback E17"


def after(ran: int, steps: tuple[Step, ...] = THREE, wish: Wish = WISH) -> Night:
    """Deploying, and so many steps ran."""
    night = Night(steps=steps, wish=wish).deploying()
    for _ in range(ran):
        night.runs()
    return night


def undone(night: Night) -> list[str]:
    """Let everything run that is left, and return the names of what ran."""
    names = []
    while not night.waits:
        names.append(night.starts().command.name)
        night.ends()
    return names


# --- what is undone ---------------------------------------------------------------------------------------------------


def test_it_undoes_in_reverse_order_only_the_steps_that_ran() -> None:
    night = after(2)
    assert kinds(night.says("ada", RollBack())) == [e.RollbackAgreed, e.RollbackStarted]
    assert night.stands(Status.ROLLING_BACK)
    assert undone(night) == ["undo two", "undo one"]


def test_a_step_without_an_undo_is_left_out() -> None:
    night = after(2, (THREE[0], replace(THREE[1], undo=()), THREE[2]))
    night.says("ada", RollBack())
    assert undone(night) == ["undo one"]


def test_a_step_that_failed_may_have_had_half_its_effect_and_is_undone() -> None:
    night = after(1)
    night.runs(code=1)
    night.says("ada", RollBack())
    assert undone(night) == ["undo two", "undo one"]


def test_a_failed_step_that_was_passed_over_is_undone_too() -> None:
    night = after(0)
    night.runs(code=1)
    night.says("bo-sre", Resume("fine"))
    night.says("kim-releng", Resume("fine"))
    assert night.request.underway.forward[0].status is StepStatus.PASSED_OVER
    night.runs()
    night.says("ada", RollBack())
    assert undone(night) == ["undo two", "undo one"]


def test_a_step_of_unknown_outcome_is_undone_while_paused() -> None:
    night = after(1)
    night.runs(None, Fate.UNKNOWN)
    night.says("bo-sre", RollBack())
    assert undone(night) == ["undo two", "undo one"]


def test_a_step_that_two_said_did_not_run_is_not_undone() -> None:
    night = after(1)
    night.runs(None, Fate.UNKNOWN)
    for person in ("ada", "bo-sre"):
        night.says(person, TellOutcome(ran=False))
    night.says("ada", RollBack())
    assert undone(night) == ["undo one"]


def test_where_nothing_that_ran_can_be_undone_it_says_so() -> None:
    assert "No step of E17 that ran can be undone" in after(0).refused("ada", RollBack())
    night = after(0, (replace(EVERYWHERE, undo=()),))
    night.starts()
    assert "No step of E17 that ran can be undone" in night.refused("ada", RollBack())


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["ada", "kim-releng", "bo-sre"])
def test_requester_deployer_or_a_confirmer_rolls_back_in_one_word_with_no_new_quorum(person: str) -> None:
    assert e.RollbackStarted in kinds(after(1).says(person, RollBack()))


def test_an_observer_rolls_nothing_back() -> None:
    assert "Only the requester, the deployer and the confirmers" in after(1).refused("mo-sre", RollBack())
    assert "Log in to services first." in after(1).refused_to(unverified("ada"), RollBack())


RISKY = [
    replace(WISH, going_back=Verdict.NO),
    replace(WISH, going_back=Verdict.UNKNOWN),
    replace(WISH, remedy=Remedy.ROLLBACK),
    replace(WISH, remedy=Remedy.REVERT),
    replace(WISH, reason=Reason.SECURITY),
]


@pytest.mark.parametrize("wish", RISKY)
def test_where_going_back_may_do_harm_a_confirmer_must_say_it_too(wish: Wish) -> None:
    night = after(1, wish=wish)
    assert kinds(night.says("ada", RollBack())) == [e.RollbackAsked]
    assert REFUSED_SO_FAR in night.refused("ada", RollBack())
    assert kinds(night.says("bo-sre", RollBack())) == [e.RollbackAgreed, e.RollbackStarted]


def test_a_confirmer_alone_is_not_two() -> None:
    night = after(1, wish=RISKY[0])
    assert kinds(night.says("bo-sre", RollBack())) == [e.RollbackAsked]
    assert e.RollbackStarted in kinds(night.says("kim-releng", RollBack()))


def test_requester_and_deployer_without_a_confirmer_are_not_enough() -> None:
    night = Night(steps=THREE, wish=RISKY[0]).deploying("dee")
    night.runs()
    for person in ("ada", "dee"):
        assert kinds(night.says(person, RollBack())) == [e.RollbackAsked]
    assert e.RollbackStarted in kinds(night.says("bo-sre", RollBack()))


# --- when -------------------------------------------------------------------------------------------------------------


def test_a_rollback_waits_for_the_running_step_and_then_undoes_that_as_well() -> None:
    night = after(1)
    night.starts()
    assert kinds(night.says("ada", RollBack())) == [e.RollbackAgreed]
    assert "as soon as the running step ends" in night.refused("bo-sre", RollBack())
    assert kinds(night.ends()) == [e.StepEnded, e.RollbackStarted]
    assert undone(night) == ["undo two", "undo one"]


@pytest.mark.parametrize(("code", "fate"), [(1, Fate.ENDED), (None, Fate.KILLED), (None, Fate.UNKNOWN)])
def test_a_rollback_that_waited_begins_however_the_running_step_ended(code: int | None, fate: Fate) -> None:
    night = after(0)
    night.starts()
    night.says("ada", RollBack())
    assert kinds(night.ends(code, fate)) == [e.StepEnded, e.RollbackStarted]
    assert night.causes == [] and not night.waits


def test_a_step_that_ends_at_a_checkpoint_with_a_rollback_agreed_goes_back() -> None:
    night = after(0, (CANARY, EVERYWHERE))
    night.starts()
    night.says("ada", RollBack())
    assert kinds(night.ends()) == [e.StepEnded, e.RollbackStarted]


def test_it_is_open_while_deploying_paused_verifying_and_done() -> None:
    night = after(3)
    assert night.stands(Status.VERIFYING)
    assert e.RollbackStarted in kinds(night.says("ada", RollBack()))
    night = after(1)
    night.says("bo-sre", Stop())
    assert e.RollbackStarted in kinds(night.says("ada", RollBack()))
    assert "E17 is ready" in Night().confirmed().refused("ada", RollBack())


def test_what_paused_the_way_forward_does_not_pause_the_way_back() -> None:
    night = after(1)
    night.says("sam-sec", PutOnHold("wait"))
    night.says("bo-sre", Unconfirm())
    night.says("ada", RollBack())
    assert night.causes == []
    assert undone(night) == ["undo one"]


def test_the_same_is_not_rolled_back_twice() -> None:
    night = after(1)
    night.says("ada", RollBack())
    assert "E17 is being rolled back already." in night.refused("bo-sre", RollBack())
    night.says("bo-sre", Stop())
    assert "E17 is being rolled back already." in night.refused("bo-sre", RollBack())


def done() -> Night:
    night = after(3)
    night.seen(live=True)
    night.ground = Ground(last=RequestId("E17"))
    assert night.stands(Status.DONE)
    return night


def test_it_is_open_for_2_h_after_done() -> None:
    night = done().later(hours=2)
    assert e.RollbackStarted in kinds(night.says("ada", RollBack()))
    assert undone(night) == ["undo three", "undo two", "undo one"]


def test_later_than_2_h_after_done_it_is_a_new_request() -> None:
    night = done().later(hours=2, seconds=1)
    assert "E17 was done more than 2 h ago; going back is a new request" in night.refused("ada", RollBack())


def test_after_another_deployment_on_the_target_it_is_a_new_request() -> None:
    night = done()
    night.ground = Ground(last=RequestId("E18"))
    assert "E18 was deployed to mediawiki-config since" in night.refused("ada", RollBack())


def test_while_another_is_carried_out_on_the_target_nothing_is_rolled_back_there() -> None:
    night = done()
    night.ground = Ground(running=RequestId("E18"), last=RequestId("E17"))
    assert "E18 is being carried out on mediawiki-config" in night.refused("ada", RollBack())


# --- on the way back --------------------------------------------------------------------------------------------------


def back() -> Night:
    night = after(2)
    night.says("ada", RollBack())
    return night


def test_a_failed_undo_pauses_and_wakes_all_required_teams_at_once() -> None:
    night = back()
    assert kinds(night.runs(code=1)) == [e.StepEnded, e.Paused]
    woken = [each for each in night.looks() if isinstance(each, e.Nudged)]
    assert [(each.nudge, each.team) for each in woken] == [(e.Nudge.WOKEN, "releng"), (e.Nudge.WOKEN, "sre")]
    assert all(each.people for each in woken)
    assert night.looks() == []


def test_a_stop_pauses_the_way_back_too() -> None:
    night = back()
    night.says("bo-sre", Stop())
    assert night.stands(Status.PAUSED) and night.waits
    night.says("bo-sre", Resume())
    night.says("kim-releng", Resume())
    assert night.stands(Status.ROLLING_BACK) and not night.waits


def test_going_on_with_the_way_back_asks_for_no_quorum_and_no_presence() -> None:
    night = back()
    night.says("bo-sre", Unconfirm())
    night.says("kim-releng", Stop())
    night.later(minutes=40)
    assert e.Nudge.ASKED_AGAIN not in nudges(night.looks())
    assert kinds(night.says("kim-releng", Resume())) == [e.CauseEnded, e.Resumed]
    assert undone(night) == ["undo two", "undo one"]


def test_a_yes_taken_back_and_somebody_leaving_do_not_pause_the_way_back() -> None:
    night = back()
    night.gone["ada"] = night.now
    assert kinds(night.says("bo-sre", Unconfirm())) == [e.ConfirmationTakenBack]
    assert night.later(minutes=5).looks() == []
    assert not night.waits


def test_an_unknown_undo_is_settled_by_two_and_only_close_is_offered_where_they_differ() -> None:
    night = back()
    night.runs(None, Fate.UNKNOWN)
    assert night.causes == [(CauseKind.UNKNOWN, None)]
    night.says("ada", TellOutcome(ran=True))
    night.says("kim-releng", TellOutcome(ran=False))
    assert night.refused("kim-releng", Resume()).endswith("ran: !close E17 <what is true now>")


def test_a_failed_undo_is_passed_over_by_deployer_and_confirmer() -> None:
    night = back()
    night.runs(code=1)
    night.says("bo-sre", Resume("that host is gone"))
    assert e.Resumed in kinds(night.says("kim-releng", Resume("that host is gone")))
    assert undone(night) == ["undo one"]


def test_when_all_is_undone_it_is_to_be_proved_that_it_is_gone() -> None:
    night = back()
    undone(night)
    assert next_step(night.request) == Prove((0,))
    night.seen(live=True)
    assert night.stands(Status.ROLLING_BACK)
    gone = night.seen(live=False)[1]
    assert isinstance(gone, e.RolledBack) and night.stands(Status.ROLLED_BACK)
    assert gone.follow_ups == (
        "1234 is still in git and goes live with the next deployment: revert it (ada)",
        "review within 7 days (ada)",
    )


def test_the_way_back_after_done_is_named_as_such_to_the_runner() -> None:
    night = done()
    night.says("ada", RollBack())
    due = next_step(night.request)
    assert isinstance(due, RunStep)
    assert (due.direction, due.step, due.command.arguments) == (Direction.BACK, 0, ("undo", "three"))
    assert due.name(night.request) == "E17-back-1-1"


# --- the lock ---------------------------------------------------------------------------------------------------------


def rolled_back() -> Night:
    night = back()
    undone(night)
    night.seen(live=False)
    assert night.stands(Status.ROLLED_BACK)
    return night


def left_locked(night: Night) -> bool:
    return night.request.locks_target


def test_after_a_rollback_the_target_is_locked_until_a_member_says_how_the_cause_was_addressed() -> None:
    night = rolled_back()
    assert left_locked(night)
    assert "How was the cause addressed?" in night.refused("bo-sre", Unlock(" "))
    unlocked = night.says("mo-sre", Unlock("the cache key carries the version now"))
    assert unlocked == [e.TargetUnlocked(PersonId("mo-sre"), "the cache key carries the version now")]
    assert not left_locked(night)
    assert "E17 locks nothing" in night.refused("mo-sre", Unlock("again"))


def test_the_requester_does_not_unlock_though_a_member() -> None:
    night = rolled_back()
    night.began = replace(night.request, requester=PersonId("mo-sre"))
    assert "You asked for E17, so somebody else must unlock its target." in night.refused("mo-sre", Unlock("done"))


def test_an_earlier_requester_does_not_unlock_either() -> None:
    night = rolled_back()
    night.began = replace(night.request, requesters_before=(PersonId("mo-sre"),))
    assert "You asked for E17" in night.refused("mo-sre", Unlock("done"))


def test_somebody_of_no_required_team_does_not_unlock() -> None:
    assert "E17 is for members of Release Engineering and SRE" in rolled_back().refused("sam-sec", Unlock("done"))


def test_an_unverified_unlock_is_refused() -> None:
    assert rolled_back().refused_to(unverified("bo-sre"), Unlock("done")) == "Log in to services first."


def test_a_deployment_closed_by_hand_leaves_the_target_locked_too() -> None:
    night = after(1)
    night.says("bo-sre", Stop())
    night.says("ada", Close("one host has it"))
    night.says("bo-sre", Close("one host has it"))
    assert night.stands(Status.CLOSED) and night.request.locks_target
