"""Walking breadth first through every order of commands and outside facts, over the real rules."""

import time
from collections import deque
from dataclasses import dataclass, field

from tests.model.by_hand import breach, steps_started
from tests.model.merging import Key, Pool
from tests.model.moves import moves
from tests.model.small_world import CHANGES, Staff, State, opened


@dataclass(slots=True)
class Walked:
    """What the walk came through; `broken` tells the shortest way to a breach of the invariant."""

    states: int = 0
    transitions: int = 0
    depth: int = 0
    complete: bool = False
    steps_started: int = 0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Say it in one line."""
        end = "a fixed point" if self.complete else "where the walk ended"
        return (
            f"{self.states} states, {self.transitions} transitions, depth {self.depth} ({end}), "
            f"{self.steps_started} steps started, {self.seconds:.0f} s"
        )


@dataclass(frozen=True, slots=True)
class Came:
    """How a state was come to first: from where, and by what."""

    before: "Came | None"
    name: str
    depth: int

    def story(self, last: str) -> str:
        """Tell the whole way, from the cry for help on."""
        names, came = [last], self
        while came.before is not None:
            names.append(came.name)
            came = came.before
        return " > ".join(reversed(names))


def walk(most_transitions: int, staff: tuple[Staff, ...] = CHANGES, after: tuple[str, ...] = ()) -> Walked:
    """Walk to a fixed point, to so many transitions, or to the first breach: from the cry for help, or after a way."""
    began, walked, pool = time.process_time(), Walked(), Pool()
    ahead = deque([_led(pool, staff, after)])
    seen: set[Key] = {pool.key(ahead[0][0])}
    while ahead and walked.transitions < most_transitions and not walked.broken:
        state, came = ahead.popleft()
        walked.depth = came.depth
        for move in moves(state, staff):
            walked.transitions += 1
            walked.steps_started += steps_started(move.events)
            if wrong := breach(state, move.events):
                walked.broken.append(f"{came.story(move.name)}: {wrong}")
            key = pool.key(move.after)
            if key not in seen:
                seen.add(key)
                ahead.append((pool.merged(move.after), Came(came, move.name, came.depth + 1)))
    walked.states, walked.complete, walked.seconds = len(seen), not ahead, time.process_time() - began
    return walked


def _led(pool: Pool, staff: tuple[Staff, ...], way: tuple[str, ...]) -> tuple[State, Came]:
    """Go one way, move by move, from the cry for help."""
    state, came = pool.merged(opened()), Came(None, "", 0)
    for name in way:
        [move] = [each for each in moves(state, staff) if each.name == name]
        state, came = pool.merged(move.after), Came(came, name, came.depth + 1)
    return state, came
