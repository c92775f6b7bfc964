"""The runner's own acts: a step is claimed once, in order, with a quorum that stands; its outcome is kept."""

from datetime import timedelta

import pytest

from tests.domain.night import CANARY, EVERYWHERE, RUNNER, WORDS, Night, kinds
from tocsin.domain import events as e
from tocsin.domain.commands import Abort, RollBack, Stop
from tocsin.domain.commands.carrying_out import EndStep, StartStep
from tocsin.domain.deployment import CauseKind, Direction, Fate, StepStatus
from tocsin.domain.progress import Prove, RunStep, Wait, next_step
from tocsin.domain.request import Status

FORWARD, BACK = Direction.FORWARD, Direction.BACK


def end(direction: Direction = FORWARD, step: int = 0, attempt: int = 1) -> EndStep:
    return EndStep(direction, step, attempt, Fate.ENDED, 0, timedelta(seconds=1))


def test_before_go_the_runner_has_nothing_to_do() -> None:
    assert next_step(Night().confirmed().request) == Wait()
    assert "no step starts now" in Night().confirmed().refused_to(RUNNER, StartStep(FORWARD, 0, 1))


def test_what_runs_is_exactly_the_command_that_was_confirmed() -> None:
    night = Night().deploying()
    assert night.request.proposal
    first = next_step(night.request)
    assert first == RunStep(FORWARD, 0, 1, night.request.proposal.plan.steps[0], started=False)
    assert isinstance(first, RunStep)
    assert first.command.arguments == ("deploy", night.request.proposal.change.sha, "canary")  # type: ignore[union-attr]
    assert first.name(night.request) == "E17-forward-1-1"


def test_a_step_is_claimed_before_it_runs_and_then_only_followed() -> None:
    night = Night().deploying()
    night.starts()
    due = next_step(night.request)
    assert isinstance(due, RunStep) and due.started
    assert "no step starts now" in night.refused_to(RUNNER, StartStep(FORWARD, 0, 1))


def test_a_second_claim_of_the_same_attempt_is_refused() -> None:
    night = Night().deploying()
    night.runs(fate=Fate.UNKNOWN)
    assert "no step starts now" in night.refused_to(RUNNER, StartStep(FORWARD, 0, 1))


@pytest.mark.parametrize("claim", [(FORWARD, 1, 1), (FORWARD, 0, 2), (BACK, 0, 1), (FORWARD, 9, 1), (FORWARD, -1, 1)])
def test_nothing_but_what_comes_next_is_claimed(claim: tuple[Direction, int, int]) -> None:
    assert "is not what comes next" in Night().deploying().refused_to(RUNNER, StartStep(*claim))


def test_a_quorum_lost_before_the_next_step_pauses_instead_of_starting_it() -> None:
    night = Night(steps=(EVERYWHERE, EVERYWHERE)).deploying()
    night.runs()
    night.teams["bo-sre"] = frozenset()
    paused = night.acts(RUNNER, StartStep(FORWARD, 1, 1))
    assert kinds(paused) == [e.Paused]
    assert night.causes == [(CauseKind.QUORUM, None)] and night.waits


def test_steps_run_one_after_the_other_and_then_it_is_to_be_proved() -> None:
    night = Night(steps=(EVERYWHERE, EVERYWHERE)).deploying()
    assert kinds(night.runs()) == [e.StepEnded]
    assert kinds(night.runs()) == [e.StepEnded, e.ProvingStarted]
    assert night.stands(Status.VERIFYING)
    assert next_step(night.request) == Prove((0,))


def test_a_quorum_lost_while_the_last_step_ran_pauses_before_the_proof() -> None:
    night = Night(steps=(EVERYWHERE,)).deploying()
    night.starts()
    night.teams["bo-sre"] = frozenset()
    assert kinds(night.ends()) == [e.StepEnded, e.Paused]
    assert night.stands(Status.PAUSED)


def test_a_step_with_a_checkpoint_waits_for_people_to_look() -> None:
    night = Night().deploying()
    assert kinds(night.runs()) == [e.StepEnded, e.CheckpointReached]
    assert night.waits


@pytest.mark.parametrize(("code", "fate"), [(1, Fate.ENDED), (None, Fate.ENDED), (None, Fate.TIMED_OUT)])
def test_a_step_that_fails_pauses(code: int | None, fate: Fate) -> None:
    night = Night().deploying()
    assert kinds(night.runs(code, fate)) == [e.StepEnded, e.Paused]
    assert night.causes == [(CauseKind.FAILURE, None)]
    assert night.request.underway.forward[0].status is StepStatus.FAILED


@pytest.mark.parametrize("fate", [Fate.UNKNOWN, Fate.KILLED])
def test_a_step_whose_outcome_nobody_knows_pauses_and_is_never_run_again_by_itself(fate: Fate) -> None:
    night = Night().deploying()
    assert kinds(night.runs(None, fate)) == [e.StepEnded, e.Paused]
    assert night.causes == [(CauseKind.UNKNOWN, None)]
    for _ in range(50):
        night.later(minutes=5).looks()
        assert night.waits


def test_an_end_of_what_does_not_run_is_refused() -> None:
    night = Night().deploying()
    assert "Step 1 of E17 is not running in attempt 1." in night.refused_to(RUNNER, end())
    night.starts()
    for other in (end(BACK), end(step=1), end(step=9), end(attempt=2)):
        assert "is not running" in night.refused_to(RUNNER, other)


def test_a_late_end_of_a_step_does_not_end_the_step_that_undoes_it() -> None:
    night = Night().deploying()
    night.runs()
    night.says("kim-releng", RollBack())
    night.starts()
    assert "is not running" in night.refused_to(RUNNER, end())


def test_stop_while_a_step_runs_lets_it_end() -> None:
    night = Night().deploying()
    night.starts()
    night.says("bo-sre", Stop())
    due = next_step(night.request)
    assert isinstance(due, RunStep) and due.started
    assert kinds(night.ends()) == [e.StepEnded, e.CheckpointReached]
    assert night.stands(Status.PAUSED) and night.waits


def test_abort_kills_and_what_it_left_is_unknown() -> None:
    night = Night().deploying()
    night.starts()
    assert kinds(night.says("bo-sre", Abort())) == [e.AbortAsked, e.Paused]
    night.ends(None, Fate.KILLED)
    assert night.causes == [(CauseKind.STOP, "bo-sre"), (CauseKind.UNKNOWN, None)]


def test_a_step_that_ended_before_it_could_be_killed_is_done() -> None:
    night = Night().deploying()
    night.starts()
    night.says("bo-sre", Abort())
    night.ends()
    assert night.causes == [(CauseKind.STOP, "bo-sre")]


def test_abort_is_for_people_with_a_role_and_for_a_step_that_runs() -> None:
    night = Night().deploying()
    assert "No step of E17 runs. To undo what ran: !rollback E17" in night.refused("bo-sre", Abort())
    night.starts()
    assert "Only the requester, the deployer and the confirmers" in night.refused("mo-sre", Abort())
    assert "E17 is ready" in Night().confirmed().refused("bo-sre", Abort())


def test_with_words_alone_for_proof_the_runner_waits() -> None:
    assert next_step(Night(proofs=WORDS).verifying().request) == Wait()


def test_steps_with_no_undo_have_none() -> None:
    assert CANARY.undoing.name == "undo canaries" and CANARY.undoing.undo == ()
