"""Stopping, killing, going on: a pause ends only when every one of its causes has ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.barring import barriers
from tocsin.domain.commands.holding import unverified_objections
from tocsin.domain.commands.staffing import cannot_deploy
from tocsin.domain.consequences import settled
from tocsin.domain.deployment import Cause, CauseKind
from tocsin.domain.errors import Refused
from tocsin.domain.evolving import evolve_all
from tocsin.domain.finishing import finished
from tocsin.domain.objecting import (
    no_named_team,
    not_a_role,
    not_the_deployer,
    uncounted_speaker,
    wrong_status,
)
from tocsin.domain.people import PersonId
from tocsin.domain.plan import Step
from tocsin.domain.progress import command_at
from tocsin.domain.request import CARRYING, Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import is_present, stand_ins


@dataclass(frozen=True, slots=True)
class Stop:
    """Pause what is being deployed, after the running step."""

    reason: str = ""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Pause for anybody with a part in it; an unverified voice pauses briefly, once, towards safety."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        person = situation.person or situation.speaker.claimed
        return [e.Paused(Cause(CauseKind.STOP, situation.now, person, self.reason, situation.speaker.verified))]

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from unverified_objections(request, situation)
        yield from no_named_team(request, situation)
        if not request.carrying:
            yield f"{request.id} is {request.status}, nothing runs. To keep it from starting: !hold {request.id} <why>"


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause. Said by others than the deployer, or with a reason, it ends a cause that they can end."""

    reason: str = ""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """End what this person can end; when nothing is left and the deployer says it, go on after a new check."""
        if reasons := [*uncounted_speaker(situation), *wrong_status(request, Status.PAUSED)]:
            raise Refused(reasons)
        assert situation.person is not None
        ended = list(self._endings(request, situation, situation.person))
        after = evolve_all(request, ended, situation.stamp)
        against = list(self._objections(after, situation))
        if not against:
            return _gone_on(request, situation, [*ended, e.Resumed(situation.person)])
        if not ended:
            raise Refused(against)
        return settled(request, situation, ended)

    def _endings(self, request: Request, situation: Situation, person: PersonId) -> Iterator[e.RequestEvent]:
        for cause in request.underway.causes:
            if cause.kind is CauseKind.STOP:
                yield from self._stop_ended(request, situation, person, cause)
            elif cause.kind is CauseKind.FAILURE and self.reason.strip() and person not in cause.agreed:
                yield from self._failure_ended(request, person, cause)

    def _stop_ended(
        self, request: Request, situation: Situation, person: PersonId, cause: Cause
    ) -> Iterator[e.RequestEvent]:
        if _ends_stop(request, situation, person, cause):
            yield e.CauseEnded(cause.kind, cause.by, person)
        elif person not in cause.agreed and _confirmer_may_agree(request, situation, person, cause):
            yield e.CauseAgreed(cause.kind, cause.by, person, self.reason)
            present = [each for each in (*cause.agreed, person) if is_present(request, situation, each)]
            if stand_ins(request, situation, present).met:
                yield e.CauseEnded(cause.kind, cause.by, person)

    def _failure_ended(self, request: Request, person: PersonId, cause: Cause) -> Iterator[e.RequestEvent]:
        if person != request.deployer and person not in request.confirmers:
            return
        yield e.CauseAgreed(cause.kind, cause.by, person, self.reason)
        agreed = {*cause.agreed, person}
        others = agreed & set(request.confirmers) - {request.deployer}
        if request.deployer in agreed and others:
            step, command = _failed(request)
            yield e.CauseEnded(cause.kind, cause.by, person, repeated=command.repeatable)
            if command.look and not command.repeatable:
                yield e.CheckpointReached(step, command.look)

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        for cause in request.underway.causes:
            yield remedy_of(request, cause)
        if not request.underway.causes:
            yield from not_the_deployer(request, situation)
            yield from cannot_deploy(request, situation, request.deployer)
            yield from barriers(request, situation)


@dataclass(frozen=True, slots=True)
class Abort:
    """Kill the running step, now: its effect is then unknown, and this is no rollback."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Pause and have the step killed."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        stop = Cause(CauseKind.STOP, situation.now, situation.person, "aborted")
        return [e.AbortAsked(situation.person), e.Paused(stop)]

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_a_role(request, situation)
        yield from wrong_status(request, *CARRYING)
        if request.deployment and request.deployment.running is None:
            yield f"No step of {request.id} runs. To undo what ran: !rollback {request.id}"


@dataclass(frozen=True, slots=True)
class TellOutcome:
    """Say whether the step of unknown outcome ran; two people must agree."""

    ran: bool

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep the word, and settle it when two agree and nobody differs."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        said = e.OutcomeTold(situation.person, self.ran)
        others = [ran for person, ran in request.underway.told_outcome if person != situation.person]
        if not others or others[0] is not self.ran:
            return [said]
        ended = e.CauseEnded(CauseKind.UNKNOWN, None, situation.person)
        return settled(request, situation, [said, e.OutcomeSettled(self.ran), ended, *self._look(request)])

    def _look(self, request: Request) -> Iterator[e.RequestEvent]:
        """A step that did run is looked at as if it had been seen to end."""
        step = request.underway.unsettled
        assert step is not None
        command = command_at(request, request.underway.direction, step)
        if self.ran and command.look:
            yield e.CheckpointReached(step, command.look)

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_a_role(request, situation)
        if request.deployment is None or request.deployment.unsettled is None:
            yield f"The outcome of every step of {request.id} is known."
            return
        yield from wrong_status(request, Status.PAUSED)
        if request.underway.outcome_disputed:
            yield f"Your words on it differ, so it stays unknown: {_ways_out(request)}"


def remedy_of(request: Request, cause: Cause) -> str:
    """Say in a sentence what ends a cause of a pause."""
    by, request_id = cause.by or "somebody", request.id
    match cause.kind:
        case CauseKind.STOP:
            return f"{by} stopped it: {by}, or another of their team, says !resume {request_id}"
        case CauseKind.HOLD:
            return f"{by} holds it: !lift {request_id}"
        case CauseKind.QUORUM:
            word = request.proposal.check_word if request.proposal else ""
            return f"{cause.about}: !confirm {request_id} {word}"
        case CauseKind.ABSENCE:
            return f"{by} is gone: they, or another of their team, say !here {request_id}"
        case CauseKind.FAILURE:
            return f"{cause.about}: the deployer and a confirmer each say !resume {request_id} <why it may go on>"
        case CauseKind.UNKNOWN:
            settling = (
                "" if request.underway.outcome_disputed else f"two of you say !ran {request_id} yes, or no; else "
            )
            return f"{cause.about}: {settling}{_ways_out(request)}"
        case _:
            assert_never(cause.kind)


def _ends_stop(request: Request, situation: Situation, person: PersonId, cause: Cause) -> bool:
    if person == cause.by:
        return True
    if person == request.requester:
        return False
    mine, theirs = situation.directory.person(person), situation.directory.person(cause.by)
    return mine is not None and theirs is not None and bool(mine.teams & theirs.teams)


def _confirmer_may_agree(request: Request, situation: Situation, person: PersonId, cause: Cause) -> bool:
    """A stop whose giver has done nothing here since ends by a present confirmer of each team."""
    last = max(filter(None, (cause.at, request.acted(cause.by) if cause.by else None)))
    return situation.now - last >= request.policy.limits.stopper_answers and person in request.confirmers


def _failed(request: Request) -> tuple[int, Step]:
    """Return the place of the step that failed, and its command."""
    failed = request.underway.failed
    assert failed is not None, "only a failed step is a failure"
    return failed, command_at(request, request.underway.direction, failed)


def _ways_out(request: Request) -> str:
    back = "" if request.underway.going_back else f"!rollback {request.id} or "
    return f"{back}!close {request.id} <what is true now>"


def _gone_on(request: Request, situation: Situation, events: list[e.RequestEvent]) -> list[e.RequestEvent]:
    """Going on may end it at once: it may have been proved while it was paused."""
    gone_on = settled(request, situation, events)
    after = evolve_all(request, gone_on, situation.stamp)
    return [*gone_on, *finished(after, situation, "as seen while it was paused")]
