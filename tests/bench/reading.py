"""Reading one long request from the file and folding it to what it is now."""

from collections.abc import Iterator

from tests.bench.figures import Figure, milliseconds
from tests.bench.nights import EVENTS_OF_A_LONG_NIGHT, a_long_night, as_request, record
from tocsin.domain.events import HouseEvent
from tocsin.domain.evolving import evolve
from tocsin.domain.recorded import Recorded, StreamId
from tocsin.domain.request import Request, Stamp

TIMES = 100
E1 = StreamId("E1")


def measure() -> Iterator[Figure]:
    """Yield what reading and folding two hundred events takes, and how much of it is the folding."""
    with record([as_request(1, a_long_night())]) as (store, _):
        known = store.read(E1)
        assert len(known) == EVENTS_OF_A_LONG_NIGHT
        both = milliseconds(lambda: folded(store.read(E1)), TIMES)
        yield Figure(f"read and fold {EVENTS_OF_A_LONG_NIGHT} events of SQLite", both, "ms", "< 5 ms")
        fold = milliseconds(lambda: folded(known), TIMES)
        yield Figure(f"  of it, fold {EVENTS_OF_A_LONG_NIGHT} events", fold, "ms")


def folded(recorded: tuple[Recorded, ...]) -> Request:
    """Return a request as its events left it."""
    request: Request | None = None
    for each in recorded:
        assert not isinstance(each.event, HouseEvent)
        request = evolve(request, each.event, Stamp(each.at, each.origin.person))
    assert request is not None
    return request
