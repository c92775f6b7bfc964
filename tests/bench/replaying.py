"""Replaying a whole record: folding every request of it, and, apart, verifying its chain, tree and signatures."""

from collections.abc import Iterator

from tests.bench.figures import Figure, milliseconds
from tests.bench.nights import a_night, as_request, record, size
from tocsin.record.verifying import verify
from tocsin.service.requests import Requests
from tocsin.storage.sqlite import SqliteStore

EVENTS = 100_000
TIMES = 3


def measure() -> Iterator[Figure]:
    """Yield what a record of a hundred thousand events takes, as when a server starts, and as when it is checked."""
    requests = -(-EVENTS // size(a_night()))
    with record(as_request(number, a_night()) for number in range(1, requests + 1)) as (store, _):
        what = f"{store.size():,} events of {requests:,} requests"
        yield _in_seconds(f"replay: read and fold {what}", milliseconds(lambda: _replayed(store), TIMES, warm=0))
        yield _in_seconds(f"verify: {what}", milliseconds(lambda: _verified(store), TIMES, warm=0))


def _replayed(store: SqliteStore) -> None:
    requests = Requests()
    for _ in requests.catch_up(store):
        pass
    assert requests.position == store.size() and not requests.open()


def _verified(store: SqliteStore) -> None:
    verdict = verify(store.all_entries(), store.all_heads(), store.public_keys())
    assert verdict.holds and verdict.positions == store.size()


def _in_seconds(what: str, values: tuple[float, ...]) -> Figure:
    return Figure(what, tuple(each / 1000 for each in values), "s")
