"""How far the carrying out has come: steps, checkpoint, causes of a pause, proof. Each part moves itself on."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tocsin.domain.copying import altered
from tocsin.domain.people import PersonId
from tocsin.domain.plan import Plan


class Fate(StrEnum):
    """What became of one attempt at a step."""

    ENDED = "ended"
    TIMED_OUT = "timed out"
    KILLED = "killed"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Whether a step is of the plan, or undoes one."""

    FORWARD = "forward"
    BACK = "back"


class StepStatus(StrEnum):
    """How one step stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    PASSED_OVER = "passed over"


class CauseKind(StrEnum):
    """Why a deployment is paused."""

    STOP = "stop"
    HOLD = "hold"
    QUORUM = "quorum"
    ABSENCE = "absence"
    FAILURE = "failure"
    UNKNOWN = "unknown outcome"


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a pause; `by` is who stopped, held or is absent, `agreed` who has said that it may end."""

    kind: CauseKind
    at: datetime
    by: PersonId | None = None
    about: str = ""
    verified: bool = True
    agreed: tuple[PersonId, ...] = ()

    def is_same(self, kind: CauseKind, by: PersonId | None) -> bool:
        """Say whether this is the cause of that kind by that person."""
        return self.kind is kind and self.by == by


@dataclass(frozen=True, slots=True)
class StepState:
    """How one step stands, and in which attempt."""

    status: StepStatus = StepStatus.WAITING
    attempt: int = 0

    @property
    def ran(self) -> bool:
        """Say whether the step has, or may have, had an effect; one that failed may have had half of it."""
        return self.status is not StepStatus.WAITING


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A planned pause after a step (its place in the plan), and who found it good."""

    step: int
    name: str
    at: datetime
    goods: tuple[PersonId, ...] = ()


@dataclass(frozen=True)  # without slots: `altered` copies it as a whole, at each event of the carrying out
class Deployment:
    """The carrying out of one plan. `undo` holds the places of the steps to take back, in that order.

    `frozen` says whether it began in a freeze: what the calendar says later asks for nobody more.
    """

    started_at: datetime
    forward: tuple[StepState, ...]
    frozen: bool = False
    direction: Direction = Direction.FORWARD
    undo: tuple[int, ...] = ()
    back: tuple[StepState, ...] = ()
    checkpoint: Checkpoint | None = None
    causes: tuple[Cause, ...] = ()
    rollback_asked: tuple[PersonId, ...] = ()
    rollback_agreed: bool = False
    closing_asked: tuple[PersonId, ...] = ()
    told_outcome: tuple[tuple[PersonId, bool], ...] = ()
    proving: bool = False
    sights: tuple[tuple[int, bool | None], ...] = ()
    words: tuple[tuple[PersonId, bool], ...] = ()

    @classmethod
    def of(cls, plan: Plan, at: datetime, *, frozen: bool) -> "Deployment":
        """Begin a plan."""
        return cls(at, tuple(StepState() for _ in plan.steps), frozen)

    @property
    def steps(self) -> tuple[StepState, ...]:
        """Return the steps of the direction now taken."""
        return self.forward if self.direction is Direction.FORWARD else self.back

    @property
    def going_back(self) -> bool:
        """Say whether it is on its way back."""
        return self.direction is Direction.BACK

    @property
    def going_forward(self) -> bool:
        """Say whether steps of the plan are still to be run: only that needs a standing quorum."""
        return not self.going_back and not self.proving

    @property
    def running(self) -> int | None:
        """Return the place of the step that runs, in the direction now taken."""
        return self._first(StepStatus.RUNNING)

    @property
    def unsettled(self) -> int | None:
        """Return the place of the step whose outcome nobody knows yet."""
        return self._first(StepStatus.UNKNOWN)

    @property
    def failed(self) -> int | None:
        """Return the place of the step that failed and that people have not decided about yet."""
        return self._first(StepStatus.FAILED)

    @property
    def outcome_disputed(self) -> bool:
        """Say whether people differ on what became of the unknown step."""
        return len({ran for _, ran in self.told_outcome}) > 1

    @property
    def next_waiting(self) -> int | None:
        """Return the place of the first step that has not run."""
        return self._first(StepStatus.WAITING)

    @property
    def ran_forward(self) -> tuple[int, ...]:
        """Return the places of the plan's steps that ran or may have run."""
        return tuple(n for n, state in enumerate(self.forward) if state.ran)

    def cause(self, kind: CauseKind, by: PersonId | None = None) -> Cause | None:
        """Return the first cause of this kind (by this person, when one is named)."""
        return next((each for each in self.causes if each.kind is kind and by in (None, each.by)), None)

    def with_step(self, step: int, status: StepStatus, attempt: int | None = None) -> "Deployment":
        """Return this with one step standing otherwise."""
        changed = tuple(
            StepState(status, state.attempt if attempt is None else attempt) if n == step else state
            for n, state in enumerate(self.steps)
        )
        if self.direction is Direction.FORWARD:
            return altered(self, forward=changed)
        return altered(self, back=changed)

    def with_ended(self, step: int, fate: Fate, exit_code: int | None) -> "Deployment":
        """Return this after an attempt at a step ended."""
        return self.with_step(step, status_after(fate, exit_code))

    def with_outcome(self, *, ran: bool) -> "Deployment":
        """Return this after people settled what became of the step whose outcome was unknown."""
        settled = self.unsettled
        assert settled is not None, "only an unknown outcome is settled"
        changed = self.with_step(settled, StepStatus.DONE if ran else StepStatus.WAITING)
        return altered(changed, told_outcome=())

    def at_checkpoint(self, step: int, name: str, at: datetime) -> "Deployment":
        """Return this waiting for people to look."""
        return altered(self, checkpoint=Checkpoint(step, name, at))

    def with_good(self, person: PersonId) -> "Deployment":
        """Return this with one more person who found the checkpoint good."""
        assert self.checkpoint is not None, "only at a checkpoint is anything found good"
        goods = (*(each for each in self.checkpoint.goods if each != person), person)
        return altered(self, checkpoint=replace(self.checkpoint, goods=goods))

    def with_cause(self, cause: Cause) -> "Deployment":
        """Return this with one more cause of its pause; the same twice is one, and a doubtful voice weakens none."""
        if not cause.verified and any(each.verified and each.is_same(cause.kind, cause.by) for each in self.causes):
            return self
        others = tuple(each for each in self.causes if not each.is_same(cause.kind, cause.by))
        return altered(self, causes=(*others, cause))

    def with_agreed(self, kind: CauseKind, by: PersonId | None, person: PersonId) -> "Deployment":
        """Return this with one more person who agrees that a cause may end."""
        return altered(self, causes=tuple(_agreed(each, kind, by, person) for each in self.causes))

    def after_cause(self, kind: CauseKind, by: PersonId | None, *, repeated: bool) -> "Deployment":
        """Return this with one cause ended; a failed step then waits again, or is passed over."""
        ended = altered(self, causes=tuple(each for each in self.causes if not each.is_same(kind, by)))
        if kind is not CauseKind.FAILURE:
            return ended
        assert self.failed is not None, "only a failed step is a failure"
        return ended.with_step(self.failed, StepStatus.WAITING if repeated else StepStatus.PASSED_OVER)

    def turned_back(self, steps: tuple[int, ...]) -> "Deployment":
        """Return this on its way back; what paused or looked at the way forward is over."""
        return altered(
            self,
            direction=Direction.BACK,
            undo=steps,
            back=tuple(StepState() for _ in steps),
            checkpoint=None,
            causes=(),
            rollback_asked=(),
            rollback_agreed=False,
            closing_asked=(),
            told_outcome=(),
            proving=False,
            sights=(),
            words=(),
        )

    def with_sight(self, proof: int, *, live: bool | None) -> "Deployment":
        """Return this with the newest sight of one proof."""
        others = tuple(each for each in self.sights if each[0] != proof)
        return altered(self, sights=(*others, (proof, live)))

    def with_word(self, person: PersonId, *, live: bool) -> "Deployment":
        """Return this with the newest word of one person on whether it is live."""
        others = tuple(each for each in self.words if each[0] != person)
        return altered(self, words=(*others, (person, live)))

    def with_telling(self, person: PersonId, *, ran: bool) -> "Deployment":
        """Return this with the newest word of one person on what became of the unknown step."""
        others = tuple(each for each in self.told_outcome if each[0] != person)
        return altered(self, told_outcome=(*others, (person, ran)))

    def _first(self, status: StepStatus) -> int | None:
        return next((n for n, state in enumerate(self.steps) if state.status is status), None)


def status_after(fate: Fate, exit_code: int | None) -> StepStatus:
    """Return how a step stands after an attempt: only an end with exit code 0 is done; a kill leaves it unknown."""
    if fate in (Fate.KILLED, Fate.UNKNOWN):
        return StepStatus.UNKNOWN
    return StepStatus.DONE if fate is Fate.ENDED and exit_code == 0 else StepStatus.FAILED


def _agreed(cause: Cause, kind: CauseKind, by: PersonId | None, person: PersonId) -> Cause:
    return replace(cause, agreed=(*cause.agreed, person)) if cause.is_same(kind, by) else cause
