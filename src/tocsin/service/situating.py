"""Looking up everything that a decision rests on: side by side, each with a time limit; what fails is *not known*."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog

from tocsin.domain.change import Change, Task
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import Directory, OnCall, Speaker, TargetId
from tocsin.domain.request import Request
from tocsin.domain.schedule import Calendar
from tocsin.domain.situation import CODE_REVIEW, Catalogue, Situation
from tocsin.domain.wish import Wish
from tocsin.service.ports import Calendars, Presences, Reviews, Rota, Tasks
from tocsin.service.requests import Requests

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Configuration:
    """People, targets and policies as last read without fault."""

    directory: Directory
    catalogue: Catalogue
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The systems that are asked for facts."""

    reviews: Reviews
    tasks: Tasks
    calendars: Calendars
    rota: Rota
    presences: Presences


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the systems around said just now, and the names of those that said nothing."""

    change: Change | None = None
    task: Task | None = None
    unknown: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()


@dataclass(slots=True)
class Situations:
    """Puts together the situation in which an act is decided."""

    neighbours: Neighbours
    requests: Requests
    configuration: Configuration
    nonce: Callable[[], str]
    limit: timedelta = timedelta(seconds=5)
    _calendar: Calendar = field(default_factory=lambda: Calendar(known=False))
    _on_call: OnCall = field(default_factory=OnCall)

    async def refresh(self, now: datetime) -> None:
        """Ask calendar and rota again; when one does not answer, its last answer stays."""
        calendar, shifts = self.neighbours.calendars.around(now), self.neighbours.rota.on_call(now)
        answers = await asyncio.gather(_answer("calendar", calendar, self.limit), _answer("rota", shifts, self.limit))
        self._calendar = answers[0].value or self._calendar
        self._on_call = answers[1].value or self._on_call

    async def look_up(self, wish: Wish, within: timedelta | None = None) -> LookedUp:
        """Ask about the change and the task that a wish names, side by side."""
        limit = within or self.limit
        change, task = await asyncio.gather(
            _answer(CODE_REVIEW, self.neighbours.reviews.change(wish.named) if wish.named else None, limit),
            _answer("task", self.neighbours.tasks.task(wish.task) if wish.task else None, limit),
        )
        silent = tuple(each.system for each in (change, task) if each.silent)
        return LookedUp(change.value, task.value, silent, change.refusal)

    def situation(
        self, now: datetime, speaker: Speaker, request: Request | None, seen: LookedUp, wish: Wish | None = None
    ) -> Situation:
        """Return the situation of this moment, for one request or for one to be opened; nothing here waits."""
        directory = replace(self.configuration.directory, suspended=self.requests.house.suspended_people)
        situation = Situation(
            now=now,
            speaker=speaker,
            directory=directory,
            catalogue=self.configuration.catalogue,
            on_call=self._on_call,
            presence=self.neighbours.presences.presence(),
            calendar=self._calendar,
            change=seen.change,
            task=seen.task,
            unknown=(*seen.unknown, *(() if self._calendar.known else ("calendar",))),
            nonce=self.nonce(),
        )
        if request is not None:
            twin = self.requests.twin(request.wish.named, None, request.wish.recipe, speaker.person)
            other = twin if twin != request.id else None
            return replace(situation, ground=self.requests.ground(request.target, request.id), twin=other)
        return self._for_opening(situation, wish or Wish(), seen)

    def _for_opening(self, situation: Situation, wish: Wish, seen: LookedUp) -> Situation:
        number = seen.change.number if seen.change else None
        twin = self.requests.twin(wish.named, number, wish.recipe, situation.person)
        mine = [each for each in self.requests.open() if _opened_by(each, situation.speaker)]
        ground = self.requests.ground(_target_of(situation, wish))
        return replace(situation, id=self.requests.next_id(), twin=twin, open_by_speaker=len(mine), ground=ground)


def _target_of(situation: Situation, wish: Wish) -> TargetId | None:
    by_recipe = situation.catalogue.for_recipe(wish.recipe) if wish.recipe else None
    target = situation.catalogue.for_change(situation.change) if situation.change else by_recipe
    return target.id if target else None


@dataclass(frozen=True, slots=True)
class _Answer(Generic[T]):
    system: str
    value: T | None = None
    silent: bool = False
    refusal: tuple[str, ...] = ()


async def _answer(system: str, asking: Awaitable[T] | None, limit: timedelta) -> _Answer[T]:
    """Wait for one system; whatever it does instead of answering, the others are not kept from theirs."""
    if asking is None:
        return _Answer(system)
    try:
        return _Answer(system, await asyncio.wait_for(asking, limit.total_seconds()))
    except Refused as refused:
        return _Answer(system, refusal=refused.reasons)
    except (Unreachable, TimeoutError) as error:
        log.warning("a system did not answer", system=system, why=str(error) or "no answer in time")
        return _Answer(system, silent=True)


def _opened_by(request: Request, speaker: Speaker) -> bool:
    if speaker.person:
        return request.requester == speaker.person
    return request.requester is None and speaker.marks.resemble(request.marks)
