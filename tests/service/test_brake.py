"""A record that cannot be written keeps everybody from acting, save from stopping; and the stops are appended later."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.service.world import E1, HeldExecutor, World, until
from tocsin.domain.commands import Abort, Command, Go, Good, Note, Resume, Stop
from tocsin.domain.deployment import CauseKind, Fate
from tocsin.domain.errors import RecordUnavailable, Refused
from tocsin.domain.plan import ExecutorKind
from tocsin.domain.progress import Wait, next_step
from tocsin.domain.recorded import StreamId
from tocsin.domain.request import Status
from tocsin.storage.journal import StopJournal
from tocsin.storage.keys import Signer
from tocsin.storage.memory import MemoryStore
from tocsin.storage.sqlite import SqliteStore

SIGNER = Signer("example.org/tocsin", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
FIRST = "E1-forward-1-1"


async def carry_until_first_runs(world: World, held: HeldExecutor) -> "asyncio.Task[bool]":
    """Carry out in a task of its own; the first step is held by its executor."""
    await world.go()
    carrying = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: held.carried)
    return carrying


# --- who may do what --------------------------------------------------------------------------------------------------


async def test_a_stop_works_without_the_record_and_nothing_starts_after_it(
    world: World, store: MemoryStore, held: HeldExecutor
) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    happening = await world.says("bo-sre", Stop("wait"))
    assert happening.recorded == ()
    assert world.brake.pulled(E1)
    assert await world.carrying.carry(E1), "it is asked again, for the stop will be recorded"
    assert held.began == []


async def test_a_stop_without_the_record_is_authorised_as_ever(world: World, store: MemoryStore) -> None:
    await world.ready()
    store.unavailable = "the disk is full"
    with pytest.raises(Refused, match="nothing runs"):
        await world.says("bo-sre", Stop())
    assert not world.brake.pending


@pytest.mark.parametrize("command", [Go(), Good(), Resume()], ids=lambda command: type(command).__name__)
async def test_nothing_else_is_done_without_the_record(world: World, store: MemoryStore, command: Command) -> None:
    person = "kim-releng"
    if isinstance(command, Go):
        await world.ready()
    else:
        await at_the_place_of(command, world)
        person = "bo-sre" if isinstance(command, Resume) else person
    before, stored = world.request, world.stored
    store.unavailable = "the disk is full"
    with pytest.raises(RecordUnavailable, match="disk is full"):
        await world.says(person, command)
    assert (world.request, world.stored) == (before, stored)
    store.unavailable = ""
    await world.says(person, command)
    assert world.stored != stored, "only the record was in the way"


async def at_the_place_of(command: Command, world: World) -> None:
    await world.go()
    if isinstance(command, Resume):
        await world.says("bo-sre", Stop())
        return
    held = world.carrying.executors[ExecutorKind.SHELL]
    assert isinstance(held, HeldExecutor)
    carrying = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: held.carried)
    held.end(FIRST)
    await carrying
    world.later(10)


# --- abort ----------------------------------------------------------------------------------------------------------


async def test_an_abort_without_the_record_kills_the_step_and_is_recorded_before_its_end(
    world: World, store: MemoryStore, held: HeldExecutor
) -> None:
    carrying = await carry_until_first_runs(world, held)
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Abort())
    await until(lambda: held.killed == [FIRST])
    store.unavailable = ""
    assert await carrying
    assert world.stored[-3:] == ["Paused", "StepEnded", "Paused"]
    assert world.stored[-4] == "AbortAsked"
    assert world.request.status is Status.PAUSED
    assert not world.brake.pulled(E1)


# --- when the record is back ----------------------------------------------------------------------------------------


async def test_the_stop_is_appended_with_the_time_at_which_it_was_said(world: World, store: MemoryStore) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    said_at = world.clock.now()
    await world.says("bo-sre", Stop("wait"), act="msg-7")
    world.later(100)
    await world.clockwork.once()
    assert world.brake.pending, "the record still takes nothing"
    store.unavailable = ""
    await world.clockwork.once()
    assert not world.brake.pending
    last = store.read(StreamId(E1))[-1]
    assert (last.at, last.origin.person, last.origin.act) == (said_at, "bo-sre", "msg-7")
    assert world.request.underway.cause(CauseKind.STOP) is not None
    assert isinstance(next_step(world.request), Wait)


async def test_who_acts_first_when_the_record_is_back_finds_it_stopped(
    world: World, store: MemoryStore, started: list[tuple[str, int]]
) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Stop())
    store.unavailable = ""
    started.clear()
    await world.says("bo-sre", Resume())
    assert world.stored[-2:] == ["Paused", "CauseEnded"]
    await world.says("kim-releng", Resume())
    assert world.request.status is Status.DEPLOYING
    assert [request for request, _ in started] == [E1], "and so going on starts it again"


async def test_a_second_stop_does_not_wait_for_the_first_to_be_recorded(world: World, store: MemoryStore) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Stop())
    await world.says("kim-releng", Stop())
    store.unavailable = ""
    await world.clockwork.once()
    assert {cause.by for cause in world.request.underway.causes} == {"bo-sre", "kim-releng"}


async def test_the_same_message_heard_twice_without_the_record_is_recorded_once(
    world: World, store: MemoryStore
) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Stop(), act="msg-7")
    await world.says("bo-sre", Stop(), act="msg-7")
    store.unavailable = ""
    await world.clockwork.once()
    assert not world.brake.pending
    assert world.stored.count("Paused") == 1


async def test_a_stop_of_what_is_over_meanwhile_is_let_go(world: World, store: MemoryStore, held: HeldExecutor) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Stop())
    world.requests._requests[E1] = world.request.moved(Status.CLOSED, world.clock.now())
    store.unavailable = ""
    await world.clockwork.once()
    assert not world.brake.pending
    assert "Paused" not in world.stored


# --- and when the server is killed meanwhile ------------------------------------------------------------------------


async def test_the_next_process_knows_of_the_stop_and_appends_it(
    world: World, store: MemoryStore, held: HeldExecutor, tmp_path: Path
) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Stop())
    store.unavailable = ""
    after = World(store, StopJournal(tmp_path / "stops.jsonl"), executors={ExecutorKind.SHELL: held})
    await after.ready()
    assert after.brake.pulled(E1)
    await after.carrying.carry(E1)
    assert held.began == []
    await after.clockwork.once()
    assert after.request.status is Status.PAUSED
    assert StopJournal(tmp_path / "stops.jsonl").pending() == ()


async def test_a_process_killed_between_appending_and_noting_it_does_not_append_it_twice(
    world: World, store: MemoryStore, journal: StopJournal, tmp_path: Path
) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Stop())
    kept = (tmp_path / "stops.jsonl").read_text()
    store.unavailable = ""
    await world.clockwork.once()
    (tmp_path / "stops.jsonl").write_text(kept)
    after = World(store, StopJournal(tmp_path / "stops.jsonl"))
    await after.ready()
    assert after.brake.pulled(E1)
    await after.clockwork.once()
    assert after.stored.count("Paused") == 1
    assert not after.brake.pulled(E1)


async def test_a_step_that_was_started_is_followed_though_a_stop_waits_to_be_recorded(
    world: World, store: MemoryStore, held: HeldExecutor, tmp_path: Path
) -> None:
    carrying = await carry_until_first_runs(world, held)
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Stop())
    carrying.cancel()  # as if killed: the step goes on
    await asyncio.wait([carrying])
    after = World(store, StopJournal(tmp_path / "stops.jsonl"), executors={ExecutorKind.SHELL: held})
    await after.ready()
    again = asyncio.create_task(after.carrying.carry(E1))
    await until(lambda: held.carried == [FIRST, FIRST])
    held.end(FIRST)
    store.unavailable = ""
    assert await again
    assert "StepEnded" in after.stored
    assert after.request.status is Status.PAUSED


async def test_a_journal_that_cannot_be_written_keeps_nobody_from_stopping(
    store: MemoryStore, held: HeldExecutor, tmp_path: Path
) -> None:
    world = World(store, StopJournal(tmp_path / "missing" / "stops.jsonl"), executors={ExecutorKind.SHELL: held})
    await world.go()
    store.unavailable = "the disk is full"
    await world.says("bo-sre", Stop())
    assert world.brake.pulled(E1)
    store.unavailable = ""
    await world.clockwork.once()
    assert world.request.status is Status.PAUSED


# --- with a real file -------------------------------------------------------------------------------------------------


@pytest.fixture
def sqlite_world(tmp_path: Path, held: HeldExecutor) -> Iterator[World]:
    store = SqliteStore(tmp_path / "record.db", SIGNER, lambda connection, request, position: None)
    yield World(store, StopJournal(tmp_path / "stops.jsonl"), executors={ExecutorKind.SHELL: held})
    store.close()


def pragma(world: World, statement: str) -> int:
    """Tell the writing connection itself something; the pool holds only that one."""
    store = world.store
    assert isinstance(store, SqliteStore)
    with store._writer.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        return int((raw.execute(f"PRAGMA {statement}").fetchone() or [0])[0])


async def test_on_a_record_that_may_only_be_read_stop_and_abort_work_and_nothing_else(
    sqlite_world: World, held: HeldExecutor
) -> None:
    world = sqlite_world
    carrying = await carry_until_first_runs(world, held)
    pragma(world, "query_only = ON")
    with pytest.raises(RecordUnavailable, match="may only be read"):
        await world.says("kim-releng", Note("still here"))
    await world.says("bo-sre", Stop())
    await world.says("kim-releng", Abort())
    await until(lambda: held.killed == [FIRST])
    pragma(world, "query_only = OFF")
    assert await carrying
    await world.clockwork.once()
    assert {cause.by for cause in world.request.underway.causes} >= {"bo-sre", "kim-releng"}
    assert world.request.underway.unsettled == 0, f"a {Fate.KILLED} step is of unknown outcome"


async def test_on_a_full_disk_a_stop_works_and_is_appended_when_there_is_room(sqlite_world: World) -> None:
    world = sqlite_world
    await world.go()
    pragma(world, f"max_page_count = {pragma(world, 'page_count')}")
    with pytest.raises(RecordUnavailable, match="the disk is full"):
        for _ in range(100):  # until what is free within the file is used up, too
            await world.says("ada", Note("x" * 400))
    await world.says("bo-sre", Stop("x" * 400))
    assert world.brake.pulled(E1)
    assert "Paused" not in world.stored
    pragma(world, "max_page_count = 1000000")
    await world.clockwork.once()
    assert world.stored[-1] == "Paused"
    assert world.request.status is Status.PAUSED
    assert not world.brake.pending
