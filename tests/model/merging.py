"""Merging states by value: all that no rule of this world can tell apart is one state.

Of every moment only the limits behind it are kept, and nothing of the moments that no limit here concerns. Where two
moments are compared with each other (a yes, and the asking for it again), their order is kept.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TypeVar, cast

from tests.model.small_world import LONG, NOW, SHORT, Staff, State
from tocsin.domain.deployment import Cause, Deployment, StepState
from tocsin.domain.events import Nudge
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.request import Confirmation, Hold, Request, Status

T = TypeVar("T")
Key = tuple[int, ...]
Nudges = tuple[tuple[Nudge, TeamId | None, str, datetime], ...]

A_MOMENT = timedelta(seconds=1)
NAMES = tuple(each.name for each in fields(Request))
PARTS: Callable[[Request], tuple[object, ...]] = attrgetter(*NAMES)
PLACE = {name: place for place, name in enumerate(NAMES)}


class Pool:
    """Keeps one of each value, so that what is equal is the same object, and a state's key is a few numbers."""

    def __init__(self) -> None:
        self._values: dict[object, object] = {}
        self._kept: dict[int, object] = {}

    def one(self, value: T) -> T:
        """Return the one object that stands for all that are equal to this."""
        if id(value) in self._kept:
            return value
        kept = self._values.setdefault((type(value), value), value)
        self._kept[id(kept)] = kept
        return cast(T, kept)

    def has(self, value: object) -> bool:
        """Say whether this very object is one that stands for others; such a one is merged already."""
        return id(value) in self._kept

    def key(self, state: State) -> Key:
        """Return the same few numbers for all states that no rule can tell apart."""
        around = (state.patchset, state.staff, state.said, state.held)
        return tuple(id(self.one(part)) for part in (*self._parts(state.request), *around))

    def merged(self, state: State) -> State:
        """Return the state that stands for all of one key."""
        request = Request(*(self.one(part) for part in self._parts(state.request)))  # type: ignore[arg-type]  # in order
        return State(request, state.patchset, Staff(state.staff), self.one(state.said), self.one(state.held))

    def _parts(self, request: Request) -> list[object]:
        """Return the request's parts in order, each without what no rule can tell."""
        parts = list(PARTS(request))
        asked = request.asked_again_at
        parts[PLACE["opened_at"]] = parts[PLACE["acted_at"]] = NOW
        parts[PLACE["acts"]] = parts[PLACE["wakings"]] = parts[PLACE["needed_at"]] = ()
        parts[PLACE["since"]] = old(request.since) if request.status is Status.PAUSED else NOW
        parts[PLACE["ended_at"]] = request.ended_at and old(request.ended_at)
        parts[PLACE["nudges"]] = _nudges(request, asked)
        if request.deployment or not self.has(request.confirmations):
            parts[PLACE["confirmations"]] = _confirmations(request, asked)
        if not self.has(request.holds):
            parts[PLACE["holds"]] = tuple(sorted(map(_hold, request.holds), key=lambda each: each.person))
        if request.deployment and not self.has(request.deployment):
            parts[PLACE["deployment"]] = _deployment(request.deployment)
        return parts


def later(request: Request, by: timedelta) -> Request:
    """Return a merged request after time has passed: every moment that is kept moves into the past."""
    since, deployment = request.since - by, request.deployment
    return replace(
        request,
        confirmations=tuple(replace(each, at=each.at - by) for each in request.confirmations),
        holds=tuple(replace(each, at=each.at - by) for each in request.holds),
        since=since,
        ended_at=request.ended_at and request.ended_at - by,
        nudges=tuple(
            (nudge, team, since.isoformat() if stage else "", at - by) for nudge, team, stage, at in request.nudges
        ),
        deployment=deployment and replace(deployment, causes=tuple(_older(each, by) for each in deployment.causes)),
    )


def a_moment_later(request: Request) -> Request:
    """Return the request just after the yes that was given just now, so that an asking again comes after it."""
    given = tuple(replace(each, at=each.at - A_MOMENT) if each.at == NOW else each for each in request.confirmations)
    return replace(request, confirmations=given) if given != request.confirmations else request


def aged(moment: datetime) -> datetime:
    """Return the moment just behind the same limits."""
    return NOW - SHORT if SHORT <= NOW - moment <= LONG else old(moment)


def old(moment: datetime) -> datetime:
    """Return the moment just behind the long limit, or none: the short one is only for a yes."""
    return NOW - LONG - A_MOMENT if NOW - moment > LONG else NOW


def _nudges(request: Request, asked: datetime | None) -> Nudges:
    """Only that a yes was asked for again is a rule's matter here, and whether that was in this very pause."""
    if asked is None:
        return ()
    said = request.status is Status.PAUSED and request.nudged(Nudge.ASKED_AGAIN, stage=request.since.isoformat())
    return ((Nudge.ASKED_AGAIN, None, old(request.since).isoformat() if said else "", NOW),)


def _confirmations(request: Request, asked: datetime | None) -> tuple[Confirmation, ...]:
    given = (replace(each, at=_given(each.at, request, asked)) for each in request.confirmations)
    return tuple(sorted(given, key=lambda each: each.person))


def _given(at: datetime, request: Request, asked: datetime | None) -> datetime:
    """Once it is carried out, how old a yes is is no rule's matter, only whether it was asked for again since."""
    if request.deployment is None:
        return aged(at)
    return NOW if asked is None or at >= asked else NOW - A_MOMENT


def _hold(hold: Hold) -> Hold:
    """How old a verified hold is, no rule asks here: its holder never is silent for too long."""
    return replace(hold, at=NOW if hold.verified else old(hold.at), lifts=tuple(sorted(hold.lifts)))


def _deployment(deployment: Deployment) -> Deployment:
    looked = deployment.checkpoint
    return replace(
        deployment,
        started_at=NOW,
        forward=tuple(map(_step, deployment.forward)),
        back=tuple(map(_step, deployment.back)),
        checkpoint=looked and replace(looked, at=NOW, goods=_people(looked.goods)),
        causes=tuple(sorted(map(_cause, deployment.causes), key=lambda each: (each.kind, each.by or ""))),
        closing_asked=_people(deployment.closing_asked),
        told_outcome=tuple(sorted(deployment.told_outcome)),
    )


def _step(step: StepState) -> StepState:
    """Which attempt it is, no rule asks: only that the runner's report is of the one that is due."""
    return StepState(step.status)


def _cause(cause: Cause) -> Cause:
    return replace(cause, at=NOW if cause.verified else old(cause.at), about="", agreed=_people(cause.agreed))


def _older(cause: Cause, by: timedelta) -> Cause:
    return cause if cause.verified else replace(cause, at=cause.at - by)


def _people(people: tuple[PersonId, ...]) -> tuple[PersonId, ...]:
    return tuple(sorted(set(people)))
