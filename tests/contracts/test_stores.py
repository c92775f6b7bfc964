"""What every store keeps to; the services and the rules rely on nothing else."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings

from tests.storage.any_event import any_event
from tocsin.domain.errors import AlreadyActed, Conflict, RecordUnavailable
from tocsin.domain.events import Event, Noted
from tocsin.domain.people import PersonId, RequestId, Surface
from tocsin.domain.recorded import HOUSE, Origin, Recorded, StreamId
from tocsin.service.ports import Draft, Store
from tocsin.storage.keys import Signer
from tocsin.storage.memory import MemoryStore
from tocsin.storage.sqlite import SqliteStore

NOW = datetime(2026, 11, 21, 2, 14, 7, 5, tzinfo=UTC)
ADA = Origin("ada", Surface.IRC, PersonId("ada"), "account ada", "msg-1")
E1, E2 = StreamId("E1"), StreamId("E2")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


class Starts:
    """Notes what was started; `fails` makes it raise instead."""

    def __init__(self) -> None:
        self.seen: list[tuple[RequestId, int]] = []
        self.fails = False

    def __call__(self, request: RequestId, position: int) -> None:
        if self.fails:
            raise RecordUnavailable("the engine is gone")
        self.seen.append((request, position))


def memory(folder: Path, starts: Starts) -> Store:
    return MemoryStore(starts)


def sqlite(folder: Path, starts: Starts) -> Store:
    signer = Signer("example.org/tocsin", KEY)
    return SqliteStore(folder / "record.db", signer, lambda _, request, position: starts(request, position))


@pytest.fixture(params=[memory, sqlite], ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> Callable[[Path, Starts], Store]:
    made: Callable[[Path, Starts], Store] = request.param
    return made


@pytest.fixture
def starts() -> Starts:
    return Starts()


@pytest.fixture
def store(make: Callable[[Path, Starts], Store], tmp_path: Path, starts: Starts) -> Iterator[Store]:
    opened = make(tmp_path, starts)
    yield opened
    opened.close()


def draft(stream: StreamId = E1, expected: int = 0, act: str = "", *texts: str) -> Draft:
    events = tuple(Noted("ada", text) for text in texts or ("look",))
    return Draft(stream, expected, NOW, replace(ADA, act=act), events)


def test_what_was_appended_is_read_back_with_its_place(store: Store) -> None:
    appended = store.append(draft(E1, 0, "msg-1", "one", "two"))
    assert appended == (
        Recorded(1, E1, 1, NOW, ADA, Noted("ada", "one")),
        Recorded(2, E1, 2, NOW, ADA, Noted("ada", "two")),
    )
    assert store.read(E1) == appended


def test_a_stream_that_is_not_there_is_empty(store: Store) -> None:
    assert store.read(HOUSE) == ()
    assert store.since(0, 10) == ()


def test_positions_count_over_all_streams_and_versions_in_each(store: Store) -> None:
    store.append(draft(E1))
    store.append(draft(E2))
    store.append(draft(E1, 1))
    assert [(each.position, each.stream, each.version) for each in store.since(0, 10)] == [
        (1, E1, 1),
        (2, E2, 1),
        (3, E1, 2),
    ]
    assert [each.position for each in store.read(E1)] == [1, 3]


def test_readers_go_on_from_a_position_in_pages(store: Store) -> None:
    store.append(draft(E1, 0, "", *"abcde"))
    assert [each.position for each in store.since(1, 2)] == [2, 3]
    assert [each.position for each in store.since(3, 2)] == [4, 5]
    assert store.since(5, 2) == ()


@pytest.mark.parametrize("expected", [0, 2, 7])
def test_an_append_on_another_version_is_a_conflict_and_leaves_nothing(store: Store, expected: int) -> None:
    store.append(draft(E1))
    with pytest.raises(Conflict):
        store.append(draft(E1, expected, "msg-2"))
    assert len(store.since(0, 10)) == 1
    assert not store.has_act("msg-2")


def test_after_a_conflict_reading_again_helps(store: Store) -> None:
    store.append(draft(E1))
    with pytest.raises(Conflict):
        store.append(draft(E1))
    assert store.append(draft(E1, len(store.read(E1))))[0].position == 2


def test_the_same_message_is_recorded_once(store: Store) -> None:
    store.append(draft(E1, 0, "msg-1", "one", "two"))
    with pytest.raises(AlreadyActed):
        store.append(draft(E1, 2, "msg-1"))
    with pytest.raises(AlreadyActed):
        store.append(draft(E2, 0, "msg-1"))
    assert len(store.since(0, 10)) == 2


def test_a_message_delivered_twice_was_acted_on_even_where_the_stream_has_moved_on(store: Store) -> None:
    store.append(draft(E1, 0, "msg-1"))
    with pytest.raises(AlreadyActed):
        store.append(draft(E1, 0, "msg-1"))


def test_acts_without_an_id_are_never_the_same(store: Store) -> None:
    store.append(draft(E1, 0, ""))
    store.append(draft(E1, 1, ""))
    assert not store.has_act("")


def test_an_act_is_known_by_its_exact_id(store: Store) -> None:
    store.append(draft(E1, 0, "msg-1"))
    assert store.has_act("msg-1")
    assert not store.has_act("MSG-1")
    assert not store.has_act("msg-1\0")


def test_carrying_out_starts_with_the_append_and_knows_its_position(store: Store, starts: Starts) -> None:
    store.append(draft(E1, 0, "", "one", "two"), RequestId("E1"))
    store.append(draft(E1, 2))
    assert starts.seen == [(RequestId("E1"), 2)]


def test_where_carrying_out_cannot_start_nothing_is_appended(store: Store, starts: Starts) -> None:
    starts.fails = True
    with pytest.raises(RecordUnavailable):
        store.append(draft(E1, 0, "msg-1"), RequestId("E1"))
    assert store.since(0, 10) == ()
    assert not store.has_act("msg-1")
    starts.fails = False
    assert store.append(draft(E1, 0, "msg-1"), RequestId("E1"))[0].position == 1


def test_a_refused_append_starts_nothing(store: Store, starts: Starts) -> None:
    with pytest.raises(Conflict):
        store.append(draft(E1, 5), RequestId("E1"))
    assert starts.seen == []


def test_times_are_kept_in_utc_to_the_microsecond(store: Store) -> None:
    there = timezone(timedelta(hours=5, minutes=30))
    [recorded] = store.append(replace(draft(), at=NOW.astimezone(there)))
    assert recorded.at == NOW
    assert recorded.at.tzinfo is UTC
    assert store.read(E1) == (recorded,)


def test_an_origin_without_a_person_is_kept_so(store: Store) -> None:
    nobody = Origin("someone\0\n\N{BELL}", Surface.IRC)
    store.append(replace(draft(), origin=nobody))
    assert store.read(E1)[0].origin == nobody


def test_of_many_who_append_at_once_each_gets_a_place_of_its_own(store: Store) -> None:
    def append(number: int) -> int:
        return store.append(draft(StreamId(f"E{number}"), 0, f"msg-{number}"))[0].position

    with ThreadPoolExecutor(8) as pool:
        positions = sorted(pool.map(append, range(40)))
    assert positions == list(range(1, 41))
    assert [each.position for each in store.since(0, 100)] == positions


def test_of_many_who_decided_on_the_same_version_one_wins(store: Store) -> None:
    def append(number: int) -> bool:
        try:
            store.append(draft(E1, 0, f"msg-{number}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(append, range(16))) == 1
    assert len(store.read(E1)) == 1


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(event=any_event)
def test_every_event_is_kept_as_it_was(store: Store, event: Event) -> None:
    expected = len(store.read(E1))
    appended = store.append(Draft(E1, expected, NOW, replace(ADA, act=""), (event,)))
    assert store.read(E1)[-1:] == appended
    assert appended[0].event == event
