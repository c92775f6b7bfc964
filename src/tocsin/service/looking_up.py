"""Asking the systems around about a change and a task: side by side, each with a time limit; silence is *not known*.

Laws: nobody who acts waits for more than the limit; what a system said earlier is shown with its time, and only while
it is silent; before a start it is asked anew, and nothing earlier counts.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import structlog

from tocsin.domain.change import Change, Task
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.situation import CODE_REVIEW, TASKS
from tocsin.domain.wish import Wish
from tocsin.service.ports import Reviews, Tasks

log = structlog.get_logger()
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Question = tuple[str, str]
"""A system, and what it is asked about."""
Asking = Callable[[str], Coroutine[Any, Any, T]]
_LIKE_A_TASK = re.compile(r"(?P<begin>[A-Z][A-Z0-9]{0,19}-?)?(?P<number>[0-9]{1,9})", re.ASCII | re.IGNORECASE)
LIMIT = timedelta(seconds=5)
KEPT_FOR = timedelta(hours=1)
MOST_KEPT = 256
"""Answers that are kept for when a system falls silent; the oldest go first."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the systems around said, and the names of those that said nothing.

    `as_of` tells of which systems an earlier answer stands here, and when that was given.
    """

    change: Change | None = None
    task: Task | None = None
    unknown: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    as_of: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    """What one system said: a value, a refusal, or (silent) nothing in time; all empty when it was not asked."""

    system: str
    value: T_co | None = None
    silent: bool = False
    refusal: tuple[str, ...] = ()


@dataclass(slots=True)
class LookUps:
    """Asks about changes and tasks; remembers what is under way, and what was answered lately."""

    limit: timedelta = LIMIT
    _under_way: dict[Question, asyncio.Task[Any]] = field(default_factory=dict)
    _kept: OrderedDict[Question, tuple[Any, datetime]] = field(default_factory=OrderedDict)

    async def first(self, wish: Wish, reviews: Reviews, tasks: Tasks, within: timedelta) -> LookedUp:
        """Begin to ask, and return what was answered within a moment; the rest goes on, for `again` to take up."""
        change = self._shared((CODE_REVIEW, wish.named), reviews.change)
        task = self._shared((TASKS, wish.task), tasks.task)
        await asyncio.wait((change, task), timeout=within.total_seconds())
        seen = _looked_up(
            change.result() if change.done() else Answer(CODE_REVIEW, silent=True),
            task.result() if task.done() else Answer(TASKS, silent=True),
        )
        return await self._with_mistake(seen, wish, tasks, within)

    async def again(self, wish: Wish, reviews: Reviews, tasks: Tasks) -> LookedUp:
        """Ask, or wait for what is asked already; of a system that is silent its last answer stands, with its time."""
        change, task = await asyncio.gather(
            asyncio.shield(self._shared((CODE_REVIEW, wish.named), reviews.change)),
            asyncio.shield(self._shared((TASKS, wish.task), tasks.task)),
        )
        earlier_change, of_change = self._earlier(change, wish.named)
        earlier_task, of_task = self._earlier(task, wish.task)
        seen = _looked_up(change, task)
        seen = await self._with_mistake(seen, wish, tasks, self.limit)
        return replace(
            seen, change=seen.change or earlier_change, task=seen.task or earlier_task, as_of=(*of_change, *of_task)
        )

    async def anew(self, wish: Wish, reviews: Reviews, tasks: Tasks) -> LookedUp:
        """Ask now, whatever was said or is asked already."""
        return _looked_up(
            *await asyncio.gather(
                self._ask((CODE_REVIEW, wish.named), reviews.change), self._ask((TASKS, wish.task), tasks.task)
            )
        )

    async def _with_mistake(self, seen: LookedUp, wish: Wish, tasks: Tasks, limit: timedelta) -> LookedUp:
        """Say so where what is no change may be the task: people in a hurry have one number in mind."""
        found = _LIKE_A_TASK.fullmatch(wish.named) if seen.refusal else None
        if found is None or (wish.task and wish.task != f"T{found['number']}" and not found["begin"]):
            return seen
        name = wish.named.upper() if found["begin"] else f"T{found['number']}"
        known = await answered(TASKS, tasks.task(name), limit)
        so = f"{name} is a task" if found["begin"] or wish.task else f"If {wish.named} is the task {name}"
        hint = (f"{so}: say the change too, e.g.  !emergency 1234 {name}.",) if known.value else ()
        return replace(seen, refusal=(*hint, *seen.refusal))

    def _shared(self, question: Question, ask: Asking[T]) -> asyncio.Task[Answer[T]]:
        """Return the one asking of this question that is under way, begun now if there was none."""
        if question not in self._under_way:
            task = asyncio.ensure_future(self._ask(question, ask))
            self._under_way[question] = task
            task.add_done_callback(lambda _: self._under_way.pop(question, None))
        return self._under_way[question]

    async def _ask(self, question: Question, ask: Asking[T]) -> Answer[T]:
        system, named = question
        if not named:
            return Answer(system)
        answer = await answered(system, ask(named), self.limit)
        if answer.value is not None:
            self._kept[question] = (answer.value, datetime.now(UTC))
            self._kept.move_to_end(question)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return answer

    def _earlier(self, answer: Answer[T], named: str) -> tuple[T | None, tuple[tuple[str, datetime], ...]]:
        value, at = self._kept.get((answer.system, named), (None, datetime.min.replace(tzinfo=UTC)))
        if not answer.silent or datetime.now(UTC) - at > KEPT_FOR:
            return None, ()
        return value, ((answer.system, at),)


async def answered(system: str, asking: Coroutine[Any, Any, T], limit: timedelta) -> Answer[T]:
    """Wait for one system; whatever it does instead of answering, the others are not kept from theirs."""
    try:
        return Answer(system, await asyncio.wait_for(asking, limit.total_seconds()))
    except Refused as refused:
        return Answer(system, refusal=refused.reasons)
    except (Unreachable, TimeoutError) as error:
        log.warning("a system did not answer", system=system, why=str(error) or "no answer in time")
        return Answer(system, silent=True)


def _looked_up(change: Answer[Change], task: Answer[Task]) -> LookedUp:
    silent = tuple(each.system for each in (change, task) if each.silent)
    return LookedUp(change.value, task.value, silent, change.refusal)
