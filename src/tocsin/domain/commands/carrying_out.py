"""Starting what was confirmed, looking at its checkpoints, and the runner's own reports on its steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tocsin.domain import events as e
from tocsin.domain.barring import barriers_to_start
from tocsin.domain.commands.staffing import cannot_deploy
from tocsin.domain.consequences import settled
from tocsin.domain.deployment import Cause, CauseKind, Checkpoint, Direction, Fate, StepStatus, status_after
from tocsin.domain.errors import Refused
from tocsin.domain.looking import may_look, still_to_look
from tocsin.domain.objecting import advice, deployer_words, uncounted_speaker, wrong_status
from tocsin.domain.progress import RunStep, command_at, next_step
from tocsin.domain.request import Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import quorum


@dataclass(frozen=True, slots=True)
class Go:
    """Start the deployment, after everything was checked again from scratch."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Start, or name everything that stands against it and whose it is."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        return settled(request, situation, list(self._starting(request, situation)))

    def _starting(self, request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
        assert situation.person is not None and request.proposal is not None
        counted = quorum(request, situation).counted
        if request.status is not Status.READY:
            yield e.BecameReady(counted)
        if request.deployer is None:
            yield e.DeployerTaken(situation.person)
        yield e.DeploymentStarted(situation.person, counted, request.proposal.check_word, situation.unknown)

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from wrong_status(request, Status.READY, Status.CONFIRMING)
        if request.deployer and situation.person and situation.person != request.deployer:
            yield f"Only the deployer may start it; {deployer_words(request)}."
        yield from cannot_deploy(request, situation, situation.person)
        if request.status in (Status.READY, Status.CONFIRMING):
            yield from barriers_to_start(request, situation)


@dataclass(frozen=True, slots=True)
class Good:
    """At a checkpoint: you looked, and it may go on. A word for a checkpoint just announced takes its name."""

    checkpoint: str = ""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Count it, and go on when enough people found it good."""
        looked = request.deployment.checkpoint if request.deployment else None
        if reasons := list(self._objections(request, situation, looked)):
            raise Refused(reasons)
        assert looked is not None and situation.person is not None
        goods = (*looked.goods, situation.person)
        given: list[e.RequestEvent] = [e.GoodGiven(situation.person, looked.step)]
        if not still_to_look(request, situation, goods):
            given.append(e.CheckpointPassed(looked.step))
        return settled(request, situation, given)

    def _objections(self, request: Request, situation: Situation, looked: Checkpoint | None) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        if looked is None or request.status is not Status.DEPLOYING:
            yield f"{request.id} waits at no checkpoint now; it is {request.status}{advice(request)}"
            return
        if situation.person and situation.person not in may_look(request):
            yield f"{looked.name} is for {' and '.join(still_to_look(request, situation, looked.goods))} to look at."
        elif situation.person in looked.goods:
            yield f"You found {looked.name} good already."
        if self.checkpoint and self.checkpoint.casefold() != looked.name.casefold():
            yield f"{request.id} waits at {looked.name}, not at {self.checkpoint}."
        if not self.checkpoint and situation.now - looked.at < request.policy.limits.good_after:
            yield f"{looked.name} was announced only now: look at it, then !good {request.id}"


@dataclass(frozen=True, slots=True)
class StartStep:
    """Claim the next attempt at a step (the runner's own act): it is recorded before anything runs."""

    direction: Direction
    step: int
    attempt: int

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Claim it only when it is exactly what comes next, and the quorum is met still: else pause instead."""
        due = next_step(request)
        if not isinstance(due, RunStep) or due.started:
            raise Refused([f"{request.id} is {request.status}: no step starts now."])
        if (due.direction, due.step, due.attempt) != (self.direction, self.step, self.attempt):
            raise Refused([f"Step {self.step + 1} of {request.id} is not what comes next."])
        if lost := settled(request, situation, []):
            return lost
        return [e.StepStarted(self.direction, self.step, self.attempt)]


@dataclass(frozen=True, slots=True)
class EndStep:
    """Report how an attempt at a step ended (the runner's own act)."""

    direction: Direction
    step: int
    attempt: int
    fate: Fate
    exit_code: int | None
    took: timedelta
    output_sha256: str = ""
    output_bytes: int = 0
    last_line: str = ""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep the outcome; a failure or an unknown outcome pauses, a checkpoint waits."""
        runs = next_step(request)
        told = (self.direction, self.step, self.attempt)
        if not isinstance(runs, RunStep) or not runs.started or told != (runs.direction, runs.step, runs.attempt):
            raise Refused([f"Step {self.step + 1} of {request.id} is not running in attempt {self.attempt}."])
        return settled(request, situation, [self._ended(), *self._after(request, situation)])

    def _ended(self) -> e.StepEnded:
        return e.StepEnded(
            self.direction,
            self.step,
            self.attempt,
            self.fate,
            self.exit_code,
            self.took,
            self.output_sha256,
            self.output_bytes,
            self.last_line,
        )

    def _after(self, request: Request, situation: Situation) -> Iterator[e.RequestEvent]:
        status = status_after(self.fate, self.exit_code)
        command = command_at(request, self.direction, self.step)
        if request.underway.rollback_agreed:
            yield e.RollbackStarted(to_undo(request))
        elif status is StepStatus.UNKNOWN:
            yield e.Paused(Cause(CauseKind.UNKNOWN, situation.now, about=f"nobody knows whether {command.name} ran"))
        elif status is StepStatus.FAILED:
            yield e.Paused(Cause(CauseKind.FAILURE, situation.now, about=f"{command.name} failed"))
        elif command.look:
            yield e.CheckpointReached(self.step, command.look)


def to_undo(request: Request) -> tuple[int, ...]:
    """Return the places of the steps that ran and can be undone, the last first."""
    assert request.proposal is not None, "only what was proposed has steps"
    steps = request.proposal.plan.steps
    return tuple(n for n in reversed(request.underway.ran_forward) if steps[n].undo)
