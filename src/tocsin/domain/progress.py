"""What the runner must do next, read off the request alone: after a crash it asks again and gets the same answer."""

from dataclasses import dataclass

from tocsin.domain.deployment import Direction, StepState
from tocsin.domain.plan import Step
from tocsin.domain.request import Request, Status


@dataclass(frozen=True, slots=True)
class RunStep:
    """Start this step, or follow it when it was started before."""

    direction: Direction
    step: int
    attempt: int
    command: Step
    started: bool

    def name(self, request: Request) -> str:
        """Return the attempt's name, the same after every crash."""
        return f"{request.id}-{self.direction}-{self.step + 1}-{self.attempt}"


@dataclass(frozen=True, slots=True)
class Prove:
    """Look from outside whether it is live, or gone; these proofs, by their places in the plan."""

    proofs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is to be done until somebody acts."""


Next = RunStep | Prove | Wait


def next_step(request: Request) -> Next:
    """Return the one thing to be done now.

    A step that runs is followed whatever else is the case; nothing new starts while paused, at a checkpoint, while an
    outcome is unknown, or once going back was agreed.
    """
    deployment = request.deployment
    if deployment is None or request.proposal is None:
        return Wait()
    if deployment.running is not None:
        return _run(request, deployment.running, started=True)
    if deployment.proving and request.status in (Status.VERIFYING, Status.ROLLING_BACK):
        return Prove(request.proposal.plan.machine_proofs) if request.proposal.plan.machine_proofs else Wait()
    moving = request.status in (Status.DEPLOYING, Status.ROLLING_BACK)
    blocked = deployment.checkpoint or deployment.unsettled is not None or deployment.rollback_agreed
    if not moving or blocked or deployment.next_waiting is None:
        return Wait()
    return _run(request, deployment.next_waiting, started=False)


def command_at(request: Request, direction: Direction, step: int) -> Step:
    """Return the very command that a place in the plan, or in its undoing, stands for."""
    assert request.proposal is not None, "only what was proposed has steps"
    steps = request.proposal.plan.steps
    return steps[step] if direction is Direction.FORWARD else steps[request.underway.undo[step]].undoing


def _run(request: Request, step: int, *, started: bool) -> RunStep:
    deployment = request.underway
    state: StepState = deployment.steps[step]
    attempt = state.attempt if started else state.attempt + 1
    command = command_at(request, deployment.direction, step)
    return RunStep(deployment.direction, step, attempt, command, started)
