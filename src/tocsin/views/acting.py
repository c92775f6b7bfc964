"""One act as it is told: the request on either side of it, what happened in it, and what is known around it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.evolving import evolve
from tocsin.domain.people import Surface
from tocsin.domain.recorded import Recorded
from tocsin.domain.request import Request, Stamp
from tocsin.domain.situation import Situation
from tocsin.views.counting import situation_of


@dataclass(frozen=True, slots=True)
class Moment:
    """One event with the request before and after it."""

    event: e.RequestEvent
    before: Request | None
    after: Request


@dataclass(frozen=True, slots=True)
class Act:
    """All events that were appended together; `looked_up` says whether the situation is more than the request's own."""

    before: Request | None
    after: Request
    moments: tuple[Moment, ...]
    surface: Surface
    situation: Situation
    looked_up: bool
    public_url: str = ""

    @classmethod
    def of(
        cls, before: Request | None, after: Request, recorded: tuple[Recorded, ...], situation: Situation | None
    ) -> "Act":
        """Unfold an act."""
        first = recorded[0]
        around = situation_of(after, first.at, situation)
        return cls(
            before, after, tuple(unfolded(before, recorded)), first.origin.surface, around, situation is not None
        )

    def has(self, *kinds: type[e.RequestEvent]) -> bool:
        """Say whether any event of these kinds is part of it."""
        return any(isinstance(moment.event, kinds) for moment in self.moments)

    @property
    def introduces(self) -> bool:
        """Say whether its hearers heard nothing of the request yet: it opened, or moved to another channel."""
        moved = self.before is not None and self.before.private is not self.after.private
        return self.has(e.RequestOpened) or moved


def unfolded(before: Request | None, recorded: tuple[Recorded, ...]) -> Iterator[Moment]:
    """Yield each event of a request with what it was before and after; events of the house are none of it."""
    for each in recorded:
        if isinstance(each.event, e.HouseEvent):
            continue
        after = evolve(before, each.event, Stamp(each.at, each.origin.person))
        yield Moment(each.event, before, after)
        before = after
