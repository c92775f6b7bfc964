"""Everything that can happen in a state of the small world: what people say, the runner reports, and the world does."""

from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from typing import NamedTuple, Protocol

from tests.model import by_hand
from tests.model.merging import a_moment_later, later
from tests.model.small_world import (
    ASKER,
    BLUEST,
    BOTH,
    DRIVER,
    OTHER_WORDS,
    PASSING,
    PATCHSETS,
    PEOPLE,
    RED,
    Staff,
    State,
    impostor,
    situation,
    voice,
)
from tocsin.domain.commands import (
    Confirm,
    Describe,
    Go,
    Good,
    Lift,
    PutOnHold,
    Resume,
    RollBack,
    Stop,
    TellOutcome,
    Unconfirm,
    Withdraw,
)
from tocsin.domain.commands.carrying_out import EndStep, StartStep
from tocsin.domain.commands.opening import Learn
from tocsin.domain.commands.proving import ReportSight
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.deployment import Fate
from tocsin.domain.errors import Refused
from tocsin.domain.events import RequestEvent
from tocsin.domain.evolving import evolve
from tocsin.domain.people import Speaker, Surface
from tocsin.domain.progress import RunStep, next_step
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation

ITSELF = Speaker("tocsin", Surface.TOCSIN)
ANOTHER_WORD = "another-word"
ENDS = ((Fate.ENDED, 0), (Fate.ENDED, 1), (Fate.UNKNOWN, None))


class Command(Protocol):
    """Something that can be said of a request, with its rule."""

    def decide(self, request: Request, situation: Situation) -> list[RequestEvent]:
        """Return what follows, or refuse."""
        ...


class Act(NamedTuple):
    """Somebody says something."""

    name: str
    speaker: Speaker
    command: Command


class Move(NamedTuple):
    """Something that can happen in a state, and what comes of it."""

    name: str
    after: State
    events: tuple[RequestEvent, ...] = ()


def moves(state: State, staff: tuple[Staff, ...]) -> Iterator[Move]:
    """Yield everything that can happen in a state; what the rules refuse does not. `staff` may become of the teams."""
    for act in (*_of_people(by_hand.shown(state.request)[2]), *_of_the_runner(state.request)):
        yield from _done(state, act)
    if _a_step_may_start(state.request):
        yield from _of_the_world(state, staff)


@cache
def _of_people(word: str) -> tuple[Act, ...]:
    """Return what each of the four says, and an impostor; most of it is refused most of the time."""
    said: dict[Speaker, tuple[Command, ...]] = {
        voice(ASKER): (Describe(OTHER_WORDS), Withdraw(), Go(), Good(), Lift("seen to", BOTH), Resume("seen to")),
        voice(BOTH): (
            Confirm(ANOTHER_WORD),
            Confirm(word, RED),
            PutOnHold("wait"),
            Lift(),
            Stop(),
            Resume("seen to"),
            TellOutcome(ran=True),
            TellOutcome(ran=False),
        ),
        voice(BLUEST): (Confirm(ANOTHER_WORD), Lift("seen to", BOTH)),
        voice(DRIVER): (Go(), Good(), TellOutcome(ran=True), TellOutcome(ran=False), Resume("seen to"), RollBack()),
        impostor(BLUEST): (Confirm(word), PutOnHold("wait")),
    }
    every: tuple[Command, ...] = (Confirm(word), Unconfirm())
    acts = [(voice(person), command) for person in PEOPLE for command in every]
    acts += [(speaker, command) for speaker, commands in said.items() for command in commands]
    return tuple(Act(f"{_named(speaker)}: {_wording(command, word)}", speaker, command) for speaker, command in acts)


def _named(speaker: Speaker) -> str:
    return speaker.name if speaker.verified else f"{speaker.name} (an impostor)"


def _wording(command: Command, word: str) -> str:
    """Return a command as short words, without what every such command has."""
    values = (getattr(command, each.name) for each in fields(command))  # type: ignore[arg-type]  # all are dataclasses
    told = [str(value) for value in values if value not in (None, "", word, OTHER_WORDS)]
    return " ".join((type(command).__name__.lower(), *told))


def _of_the_runner(request: Request) -> Iterator[Act]:
    work = next_step(request)
    if isinstance(work, RunStep) and not work.started:
        yield Act("a step starts", ITSELF, StartStep(work.direction, work.step, work.attempt))
    elif isinstance(work, RunStep):
        for fate, code in ENDS:
            ended = EndStep(work.direction, work.step, work.attempt, fate, code, PASSING[0])
            yield Act(f"the step is {fate} {code}", ITSELF, ended)
    if request.carrying and request.underway.proving:
        for live in (True, False):
            yield Act(f"it is seen {'live' if live else 'not live'}", ITSELF, ReportSight(0, live, "seen"))


def _of_the_world(state: State, staff: tuple[Staff, ...]) -> Iterator[Move]:
    yield from _done(state, FACTS)
    yield from _done(replace(state, request=a_moment_later(state.request)), CLOCK)
    for by in PASSING:
        older = by_hand.grown_older(state, by.total_seconds())
        yield Move(f"{by} pass", replace(older, request=later(state.request, by)))
    if state.patchset < max(PATCHSETS):
        yield Move("a new patchset", replace(state, patchset=state.patchset + 1))
    if state.staff is Staff.AS_OPENED:
        for each in staff:
            yield Move(each, replace(state, staff=each))


def _a_step_may_start(request: Request) -> bool:
    """Say whether a step of the plan is still to come; where none is, people try all they can, and no more happens."""
    return request.open and (request.deployment is None or request.deployment.going_forward)


def _done(state: State, act: Act) -> Iterator[Move]:
    seen = situation(state.patchset, state.staff, act.speaker)
    try:
        events = act.command.decide(state.request, seen)
    except Refused:
        return
    request = state.request
    for event in events:
        request = evolve(request, event, seen.stamp)
    person = act.speaker.person
    said = by_hand.said_after(state, person, act.command, request, events)
    held = by_hand.held_after(state, person, act.command, events)
    yield Move(act.name, State(request, state.patchset, state.staff, said, held), tuple(events))


FACTS = Act("facts come", ITSELF, Learn())
CLOCK = Act("the clock looks", ITSELF, LookAgain())
