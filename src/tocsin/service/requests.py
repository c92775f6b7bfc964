"""Every request as it stands: folded from the record once, then kept up with it; deciding is left to the handler."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tocsin.domain import events as e
from tocsin.domain.change import Change
from tocsin.domain.evolving import evolve
from tocsin.domain.house import House, evolve_house
from tocsin.domain.people import PersonId, RequestId, TargetId
from tocsin.domain.recorded import HOUSE, Recorded, StreamId
from tocsin.domain.request import Request, Stamp, Status
from tocsin.domain.situation import Ground, Lock
from tocsin.service.alike import Alike
from tocsin.service.ports import Draft, Store

AT_ONCE = 5000
"""Events that are read at a time; far more than one act ever brings about."""
STARTED = frozenset(
    {Status.DEPLOYING, Status.PAUSED, Status.VERIFYING, Status.ROLLING_BACK, Status.DONE, Status.ROLLED_BACK}
)


@dataclass(frozen=True, slots=True)
class Happening:
    """What one act brought about: a stream before and after its events; for the house both sides are empty."""

    before: Request | None
    after: Request | None
    recorded: tuple[Recorded, ...]

    @property
    def events(self) -> tuple[e.Event, ...]:
        """Return the bare events, in order."""
        return tuple(each.event for each in self.recorded)


@dataclass(frozen=True, slots=True)
class _Place:
    """What all the requests of one target leave behind: put together once, for every act on any of them asks."""

    open: tuple[RequestId, ...]
    running: tuple[RequestId, ...]
    last: RequestId | None
    locks: tuple[Lock, ...]


class Requests:
    """The requests and the house, folded up to `position`."""

    def __init__(self) -> None:
        """Begin with an empty record."""
        self.position = 0
        self.house = House()
        self._requests: dict[RequestId, Request] = {}
        self._versions: dict[StreamId, int] = {}
        self._changed: dict[StreamId, int] = {}
        self._open: dict[RequestId, None] = {}
        self._alike = Alike()
        self._by_target: dict[TargetId, list[RequestId]] = {}
        self._places: dict[TargetId, _Place] = {}

    def catch_up(self, store: Store, until: int | None = None) -> Iterator[Happening]:
        """Fold what is new in the record, up to a position if one is given, and yield it act by act."""
        while fresh := store.since(self.position, AT_ONCE):
            wanted = [each for each in fresh if until is None or each.position <= until]
            for act in _whole(wanted):
                yield self.take_in(act)
            if len(wanted) < len(fresh):
                return

    def take_in(self, act: tuple[Recorded, ...]) -> Happening:
        """Fold the events of one act."""
        stream = act[0].stream
        before = self.find(RequestId(stream))
        for each in act:
            self._take_in_one(each)
        return Happening(before, self.find(RequestId(stream)), act)

    def find(self, request: RequestId) -> Request | None:
        """Return a request, or nothing."""
        return self._requests.get(request)

    def preview(self, request: Request, draft: Draft) -> Request:
        """Return a request as it would be after a draft, without taking it in."""
        for event in draft.events:
            assert not isinstance(event, e.HouseEvent)
            request = evolve(request, event, Stamp(draft.at, draft.origin.person))
        return request

    def version(self, stream: StreamId) -> int:
        """Return how many events a stream has."""
        return self._versions.get(stream, 0)

    def changed(self, stream: StreamId) -> int:
        """Return the position in the record of the last event of a stream."""
        return self._changed.get(stream, 0)

    def next_id(self) -> RequestId:
        """Return the id that the next request gets."""
        return RequestId(f"E{len(self._requests) + 1}")

    def all(self) -> tuple[Request, ...]:
        """Return every request, oldest first."""
        return tuple(self._requests.values())

    def opened_after(self, known: int) -> tuple[Request, ...]:
        """Return the requests that came after the first `known`, newest first."""
        return tuple(islice(reversed(self._requests.values()), max(0, len(self._requests) - known)))

    def open(self) -> tuple[Request, ...]:
        """Return the requests that are not over, oldest first."""
        return tuple(self._requests[each] for each in self._open)

    def twin(self, named: str, change: Change | None, recipe: str, person: PersonId | None) -> RequestId | None:
        """Return an open request for the same thing; of a private one nobody without a part in it is told."""
        for request in map(self._requests.__getitem__, self._alike.of(named, change, recipe)):
            if not request.private or person in (request.requester, *request.confirmers):
                return request.id
        return None

    def ground(self, target: TargetId | None, but: RequestId | None = None) -> Ground:
        """Return a target as the requests left it, all but one of them."""
        if target is None:
            return Ground()
        if target not in self._places:
            self._places[target] = _place(self._requests[each] for each in self._by_target.get(target, ()))
        place = self._places[target]
        running = next((each for each in place.running if each != but), None)
        locks = tuple(lock for lock in place.locks if lock.request != but)
        return Ground(running, place.last, locks, tuple(each for each in place.open if each != but))

    def _take_in_one(self, recorded: Recorded) -> None:
        event = recorded.event
        self.position = recorded.position
        self._versions[recorded.stream] = recorded.version
        self._changed[recorded.stream] = recorded.position
        if recorded.stream == HOUSE:
            assert isinstance(event, e.HouseEvent)
            self.house = evolve_house(self.house, event, recorded.at)
            return
        assert not isinstance(event, e.HouseEvent)
        request_id = RequestId(recorded.stream)
        before = self._requests.get(request_id)
        after = evolve(before, event, Stamp(recorded.at, recorded.origin.person))
        self._requests[request_id] = after
        self._index(before, after)

    def _index(self, before: Request | None, after: Request) -> None:
        if after.open:
            self._open[after.id] = None
        else:
            self._open.pop(after.id, None)
        if after.target and (before is None or before.target != after.target):
            self._by_target.setdefault(after.target, []).append(after.id)
        self._alike.take_in(before, after)
        if after.target and (before is None or before.target != after.target or _left(before) != _left(after)):
            self._places.pop(after.target, None)


def acts(recorded: Iterable[Recorded]) -> Iterator[tuple[Recorded, ...]]:
    """Group events that were appended together: one stream, one moment, one origin."""
    group: list[Recorded] = []
    for each in recorded:
        if group and (each.stream, each.at, each.origin) != (group[-1].stream, group[-1].at, group[-1].origin):
            yield tuple(group)
            group = []
        group.append(each)
    if group:
        yield tuple(group)


def _whole(page: list[Recorded]) -> list[tuple[Recorded, ...]]:
    """Return the acts of a page; the rest of its last act may be on the next page, and is then read from there."""
    found = list(acts(page))
    return found[:-1] if len(page) == AT_ONCE and len(found) > 1 else found


def _place(requests: Iterable[Request]) -> _Place:
    here = tuple(requests)
    started = [(at, each.id) for each in here if (at := _started_at(each))]
    return _Place(
        open=tuple(each.id for each in here if each.open),
        running=tuple(each.id for each in here if each.carrying),
        last=max(started, key=lambda pair: pair[0], default=(None, None))[1],
        locks=tuple(_lock(each) for each in here if each.locks_target),
    )


def _left(request: Request) -> tuple[object, ...]:
    """Return all of one request that its target's place is made of."""
    lock = _lock(request) if request.locks_target else None
    return (request.open, request.carrying, _started_at(request), lock)


def _started_at(request: Request) -> datetime | None:
    counts = request.deployment is not None and request.status in STARTED | {Status.CLOSED}
    return request.underway.started_at if counts else None


def _lock(request: Request) -> Lock:
    change = request.proposal.change if request.proposal else None
    recipe = request.proposal.plan.recipe if request.proposal else ""
    label = "what is private" if request.private else change.label if change else recipe
    number, project = (change.number, change.project) if change else (None, "")
    return Lock(request.id, request.ended_at or request.since, number, recipe, label, project)
