"""Starting what was confirmed, looking at its checkpoints, and the runner's own reports on its steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.domain import events as e
from tocsin.domain.change import ChangeStatus
from tocsin.domain.commands.staffing import cannot_deploy
from tocsin.domain.consequences import settled
from tocsin.domain.deployment import Cause, CauseKind, Checkpoint, Direction, Fate, StepStatus, status_after
from tocsin.domain.errors import Refused
from tocsin.domain.events import Nudge
from tocsin.domain.objecting import deployer_words, unknown_speaker, wrong_status
from tocsin.domain.people import PersonId
from tocsin.domain.plan import Remedy
from tocsin.domain.policy import Look
from tocsin.domain.progress import command_at
from tocsin.domain.request import Request, Status
from tocsin.domain.situation import Lock, Situation
from tocsin.domain.standing import absent_teams, is_present, quorum, required_teams, stand_ins

NEVER_LOCKED_OUT = frozenset({Remedy.ROLLBACK, Remedy.DISABLE})


@dataclass(frozen=True, slots=True)
class Go:
    """Start the deployment, after everything was checked again from scratch."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Start, or name everything that stands against it and whose it is."""
        if reasons := [*self._objections(request, situation), *barriers(request, situation)]:
            raise Refused(reasons)
        assert situation.person is not None and request.proposal is not None
        counted = quorum(request, situation).counted
        started = e.DeploymentStarted(situation.person, counted, request.proposal.check_word, situation.unknown)
        taken: list[e.RequestEvent] = [] if request.deployer else [e.DeployerTaken(situation.person)]
        return settled(request, situation, [*taken, started])

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from unknown_speaker(situation)
        yield from wrong_status(request, Status.READY, Status.CONFIRMING)
        if request.deployer and situation.person and situation.person != request.deployer:
            yield f"Only the deployer may start it; {deployer_words(request)}."
        yield from cannot_deploy(request, situation, situation.person)
        yield from _too_soon(request, situation)
        yield from _changed_outside(request, situation)


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
        yield from unknown_speaker(situation)
        if looked is None:
            yield f"{request.id} waits at no checkpoint; it is {request.status}."
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
        """Claim it only when it is exactly what comes next."""
        deployment = request.deployment
        moving = request.status in (Status.DEPLOYING, Status.ROLLING_BACK)
        if deployment is None or not moving or deployment.running is not None or deployment.checkpoint:
            raise Refused([f"{request.id} is {request.status}: no step starts now."])
        next_attempt = deployment.steps[self.step].attempt + 1
        expected = (deployment.direction, deployment.next_waiting, next_attempt)
        blocked = deployment.unsettled is not None or deployment.rollback_agreed
        if blocked or expected != (self.direction, self.step, self.attempt):
            raise Refused([f"Step {self.step + 1} of {request.id} is not what comes next."])
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
        deployment = request.deployment
        state = deployment.steps[self.step] if deployment and self.step < len(deployment.steps) else None
        if (
            deployment is None
            or state is None
            or state.attempt != self.attempt
            or state.status is not StepStatus.RUNNING
        ):
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
            done = (self.step,) if command.undo else ()
            yield e.RollbackStarted(tuple(dict.fromkeys((*done, *to_undo(request)))))
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


def barriers(request: Request, situation: Situation) -> Iterator[str]:
    """Say everything that stands against starting, or going on: quorum, holds, presence, the target's lock."""
    counted = quorum(request, situation)
    if not counted.met:
        yield f"{request.roster.named(counted.missing_teams or required_teams(request))} must still confirm."
    for hold in request.holds:
        yield f"{hold.person} holds it: {hold.reason}. They lift it with !lift {request.id}"
    yield from absences(request, situation)
    if situation.ground.running not in (None, request.id):
        yield f"{situation.ground.running} is being carried out on {request.target}; one at a time."
    if request.proposal and not request.carrying and situation.ground.last != request.proposal.after:
        yield f"{situation.ground.last} was deployed to {request.target} meanwhile; this must be confirmed anew."
    for lock in situation.ground.locks:
        if _locked_out(request, lock):
            yield f"{lock.label} was rolled back as {lock.request} and does not start again before !unlock {lock.request} <why>"


def absences(request: Request, situation: Situation) -> Iterator[str]:
    """Say who must be here and is not."""
    minutes = int(request.policy.limits.presence.total_seconds() // 60)
    for role, person in (("deployer", request.deployer or situation.person), ("requester", request.requester)):
        if person and person != situation.person and not is_present(request, situation, person):
            yield f"{person} ({role}) has not been here for {minutes} min: {person} says !here {request.id}"
    for team in absent_teams(request, situation):
        yield f"Nobody of {request.roster.name(team)} is here who confirmed: one of them says !here {request.id}"


def may_look(request: Request) -> frozenset[PersonId]:
    """Return whose look counts now: requester, deployer, and confirmers where the rules bring them in."""
    two = {person for person in (request.requester, request.deployer) if person}
    stepped_in = _woken_for_look(request) or request.policy.look is Look.EVERY_TEAM or len(two) == 1
    return frozenset(two | set(request.confirmers) if stepped_in else two)


def still_to_look(request: Request, situation: Situation, goods: tuple[PersonId, ...]) -> tuple[str, ...]:
    """Return whose look is still missing, as words; nothing when it may go on. It always takes two people."""
    waiting = [str(person) for person in (request.deployer,) if person and person not in goods]
    others = [person for person in goods if person in request.confirmers and person != request.deployer]
    seen_by_requester = request.requester in goods or (_woken_for_look(request) and bool(others))
    if not seen_by_requester and request.requester and request.requester not in waiting:
        waiting.append(str(request.requester))
    if not waiting and len(set(goods)) < 2:
        waiting.append("a confirmer")
    if request.policy.look is Look.EVERY_TEAM:
        waiting += [request.roster.name(team) for team in stand_ins(request, situation, goods).missing_teams]
    return tuple(dict.fromkeys(waiting))


def _woken_for_look(request: Request) -> bool:
    looked = request.deployment.checkpoint if request.deployment else None
    return looked is not None and request.nudged(Nudge.LOOK_WOKEN, stage=f"{looked.step}") is not None


def _too_soon(request: Request, situation: Situation) -> Iterator[str]:
    limits = request.policy.limits
    latest = max((each.at for each in request.confirmations), default=None)
    if latest and situation.now - latest < limits.go_after_yes:
        yield f"The last yes is not {limits.go_after_yes.seconds} s old; say it again in {_left(latest + limits.go_after_yes, situation)} s."
    for person, at in request.objections:
        if situation.now - at < limits.go_after_objection:
            left = _left(at + limits.go_after_objection, situation)
            yield f"{person} objected in plain words; ask, then say it again in {left} s, or they say !hold {request.id}"


def _left(until: datetime, situation: Situation) -> int:
    return max(1, round((until - situation.now).total_seconds()))


def _changed_outside(request: Request, situation: Situation) -> Iterator[str]:
    confirmed = request.proposal.change if request.proposal else None
    now = situation.change
    if confirmed is None or now is None:
        return
    if not now.is_as_confirmed(confirmed):
        yield f"The change is no longer {confirmed.label} {confirmed.sha[:7]} as confirmed, but {now.label} {now.sha[:7]}."
    if now.status not in (ChangeStatus.OPEN, ChangeStatus.MERGED):
        yield f"{now.number} is {now.status} now."


def _locked_out(request: Request, lock: Lock) -> bool:
    if request.wish.remedy in NEVER_LOCKED_OUT or request.proposal is None:
        return False
    change = request.proposal.change
    return change.number == lock.change if change else request.proposal.plan.recipe == lock.recipe
