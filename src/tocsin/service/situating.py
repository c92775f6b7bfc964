"""Looking up everything that a decision rests on: side by side, each with a time limit; what fails is *not known*."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tocsin.domain.people import Directory, OnCall, Speaker, TargetId
from tocsin.domain.request import Request
from tocsin.domain.schedule import Calendar
from tocsin.domain.situation import CALENDAR, Catalogue, Situation
from tocsin.domain.wish import Wish
from tocsin.service.looking_up import LookedUp, LookUps, answered
from tocsin.service.merging import on_call_members
from tocsin.service.ports import Calendars, Presences, Reviews, Rota, Tasks
from tocsin.service.requests import Requests


@dataclass(frozen=True, slots=True)
class Configuration:
    """People, targets and policies as last read without fault; `unknown` are systems that no longer say who is who."""

    directory: Directory
    catalogue: Catalogue
    digest: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The systems that are asked for facts."""

    reviews: Reviews
    tasks: Tasks
    calendars: Calendars
    rota: Rota
    presences: Presences


@dataclass(slots=True)
class Situations:
    """Puts together the situation in which an act is decided."""

    neighbours: Neighbours
    requests: Requests
    configuration: Configuration
    nonce: Callable[[], str]
    look_ups: LookUps = field(default_factory=LookUps)
    _calendar: Calendar = field(default_factory=lambda: Calendar(known=False))
    _on_call: OnCall = field(default_factory=OnCall)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self, now: datetime) -> None:
        """Ask calendar and rota again; when one does not answer, its last answer stays."""
        limit = self.look_ups.limit
        calendar = answered(CALENDAR, self.neighbours.calendars.around(now), limit)
        answer, _ = await asyncio.gather(calendar, self.refresh_rota(now))
        self._calendar = answer.value or self._calendar

    async def refresh_rota(self, now: datetime) -> None:
        """Ask the rota again, one after the other: an older answer must not come in after a newer one."""
        async with self._asking:
            answer = await answered("rota", self.neighbours.rota.on_call(now), self.look_ups.limit)
            self._on_call = answer.value or self._on_call

    async def look_first(self, wish: Wish, within: timedelta) -> LookedUp:
        """Ask about what a wish names, and return what was answered within a moment; the rest is asked on."""
        return await self.look_ups.first(wish, self.neighbours.reviews, self.neighbours.tasks, within)

    async def look_again(self, wish: Wish) -> LookedUp:
        """Ask about what a wish names; where a system is silent, its last answer stands, with its time."""
        return await self.look_ups.again(wish, self.neighbours.reviews, self.neighbours.tasks)

    async def look_now(self, wish: Wish) -> LookedUp:
        """Ask about what a wish names as it is at this moment, and take nothing else for it."""
        return await self.look_ups.anew(wish, self.neighbours.reviews, self.neighbours.tasks)

    def situation(
        self, now: datetime, speaker: Speaker, request: Request | None, seen: LookedUp, wish: Wish | None = None
    ) -> Situation:
        """Return the situation of this moment, for one request or for one to be opened; nothing here waits."""
        directory = replace(self.configuration.directory, suspended=self.requests.house.suspended_people)
        silent = (*self._on_call.silent, *self.configuration.unknown)
        situation = Situation(
            now=now,
            speaker=speaker,
            directory=directory,
            catalogue=self.configuration.catalogue,
            on_call=on_call_members(self._on_call, directory),
            presence=self.neighbours.presences.presence(),
            calendar=self._calendar,
            change=seen.change,
            task=seen.task,
            unknown=(*seen.unknown, *(() if self._calendar.whole else (CALENDAR,)), *silent),
            as_of=seen.as_of,
            refusal=" ".join(seen.refusal),
            nonce=self.nonce(),
        )
        if request is not None:
            twin = self.requests.twin(request.wish.named, None, request.wish.recipe, speaker.person)
            other = twin if twin != request.id else None
            target = request.target or _target_of(situation, request.wish)  # what is learnt now settles it now
            ground = self.requests.ground(target, request.id)
            calendar = self._calendar.serving(target) if target else self._calendar
            return replace(situation, ground=ground, twin=other, calendar=calendar)
        return self._for_opening(situation, wish or Wish(), seen)

    def _for_opening(self, situation: Situation, wish: Wish, seen: LookedUp) -> Situation:
        twin = self.requests.twin(wish.named, seen.change, wish.recipe, situation.person)
        mine = [each for each in self.requests.open() if _opened_by(each, situation.speaker)]
        target = _target_of(situation, wish)
        return replace(
            situation,
            id=self.requests.next_id(),
            twin=twin,
            open_by_speaker=len(mine),
            ground=self.requests.ground(target),
            calendar=self._calendar.serving(target) if target else self._calendar,
        )


def _target_of(situation: Situation, wish: Wish) -> TargetId | None:
    by_recipe = situation.catalogue.for_recipe(wish.recipe) if wish.recipe else None
    target = situation.catalogue.for_change(situation.change) if situation.change else by_recipe
    return target.id if target else None


def _opened_by(request: Request, speaker: Speaker) -> bool:
    if speaker.person:
        return request.requester == speaker.person
    return request.requester is None and speaker.marks.resemble(request.marks)
