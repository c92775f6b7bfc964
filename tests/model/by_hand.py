"""Counting by hand, apart from the rules: who said what to what, and whether a step may start.

Law: nothing here asks the rules who counts. It looks at who truly speaks, at the words they typed, at what was shown to
them, and at the commands that are about to run.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

from tests.model.small_world import (
    ASKER,
    AUTHORS,
    BLUE,
    BLUEST,
    BOTH,
    LONG,
    PATCHSETS,
    RED,
    TEAMS,
    Staff,
    State,
)
from tocsin.domain.commands import Confirm, Lift, PutOnHold, Unconfirm
from tocsin.domain.deployment import Direction
from tocsin.domain.events import DeploymentStarted, HoldLifted, Nudge, Nudged, RequestEvent, StepStarted
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.request import BEFORE_GO, Request
from tocsin.domain.wish import Wish

Shown = tuple[tuple[tuple[str, ...], ...], Wish, str]
Said = frozenset[tuple[PersonId, TeamId | None]]
Events = Sequence[RequestEvent]

MAY_LIFT = frozenset({(BOTH, BOTH), (BOTH, BLUEST)})
"""Whose hold may be lifted by whom: one's own, or a team-mate's who has no stake in it."""


def steps_started(events: Events) -> int:
    """Return how many steps of the plan these events start."""
    return sum(isinstance(event, StepStarted) and event.direction is Direction.FORWARD for event in events)


def breach(state: State, events: Events) -> str:
    """Say what is wrong with a step, or with the go, that these events mean; empty while nothing is."""
    goes = any(isinstance(event, DeploymentStarted) for event in events)
    if not goes and not steps_started(events):
        return ""
    arguments = {step[1] for step in shown(state.request)[0]}
    runs = next((patchset for patchset, change in PATCHSETS.items() if {change.sha} == arguments), None)
    if runs is None or (goes and runs != state.patchset):
        return "what runs is not what is there"
    if state.held:
        return f"{' and '.join(sorted(state.held))} said not yet"
    if _quorum(state, AUTHORS[runs]):
        return ""
    return f"yes to exactly this was said by {' and '.join(sorted(who for who, _ in state.said)) or 'nobody'}"


def shown(request: Request) -> Shown:
    """Return what people are shown to say yes to: every command, the whole wish, and the word to be typed."""
    assert request.proposal is not None, "in this world there is always something to confirm"
    return tuple(step.arguments for step in request.proposal.plan.steps), request.wish, request.proposal.check_word


def said_after(before: State, person: PersonId | None, command: object, request: Request, events: Events) -> Said:
    """Return who said yes to exactly what is shown after an act; only those whose voice was verified, in their word."""
    said = before.said
    if person is not None and isinstance(command, Confirm | Unconfirm):
        said = frozenset(each for each in said if each[0] != person)
    if person is not None and isinstance(command, Confirm) and command.check_word == shown(before.request)[2]:
        said |= {(person, command.team)}
    asked_again = any(isinstance(event, Nudged) and event.nudge is Nudge.ASKED_AGAIN for event in events)
    return frozenset() if asked_again or shown(request) != shown(before.request) else said


def held_after(before: State, person: PersonId | None, command: object, events: Events) -> frozenset[PersonId]:
    """Return whose "not yet" stands after an act: a lift by anybody else than the rules name lifts nothing."""
    if person is not None and isinstance(command, PutOnHold):
        return before.held | {person}
    if person is not None and isinstance(command, Lift):
        lifted = {event.holder for event in events if isinstance(event, HoldLifted)}
        return before.held - {holder for holder in lifted if (holder, person) in MAY_LIFT}
    return before.held


def grown_older(state: State, by_seconds: float) -> State:
    """Return the state later: until go, no yes counts for as long as the long limit."""
    too_old = by_seconds >= LONG.total_seconds() and state.request.status in BEFORE_GO
    return replace(state, said=frozenset()) if too_old and state.said else state


def _quorum(state: State, author: PersonId) -> bool:
    """Two different people, neither the asker nor the author, in their teams then and now, speak for the two teams."""
    gone = {ASKER, author} | ({BLUEST} if state.staff in (Staff.LEFT, Staff.SUSPENDED) else set())
    speak_for = [TEAMS[who] & ({named} if named else TEAMS[who]) for who, named in state.said if who not in gone]
    return any(RED in one and BLUE in other for one, other in permutations(speak_for, 2))
