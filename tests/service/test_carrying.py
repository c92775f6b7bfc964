"""Carrying out: does exactly what comes next, reports it first, and runs nothing twice."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.domain.night import CANARY, FETCH
from tests.service.world import E1, HeldExecutor, World, until
from tocsin.domain.commands import Abort, Good, Stop, Unconfirm
from tocsin.domain.deployment import CauseKind, Fate, StepStatus
from tocsin.domain.people import RequestId
from tocsin.domain.plan import ExecutorKind
from tocsin.domain.recorded import StreamId
from tocsin.domain.request import Status
from tocsin.service import carrying as service
from tocsin.service.ports import Outcome, Sight
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore

FIRST = "E1-forward-1-1"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "RECORD_AGAIN_AFTER", timedelta(milliseconds=10))


async def test_a_request_that_is_not_there_and_one_that_waits_need_nothing(world: World) -> None:
    assert not await world.carrying.carry(RequestId("E9"))
    await world.ready()
    assert not await world.carrying.carry(E1)


async def test_a_step_is_claimed_in_the_record_before_it_is_started(
    world: World, store: MemoryStore, held: HeldExecutor
) -> None:
    await world.go()
    store.unavailable = "the disk is full"
    assert await world.carrying.carry(E1), "it is asked again"
    assert held.carried == []
    store.unavailable = ""
    carrying = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: held.carried)
    assert world.stored[-1] == "StepStarted"
    held.end(FIRST)
    assert await carrying
    assert world.stored[-2:] == ["StepEnded", "CheckpointReached"]
    assert not await world.carrying.carry(E1), "people look first"


async def test_two_who_carry_out_at_once_claim_a_step_once(world: World, held: HeldExecutor) -> None:
    await world.go()
    both = [asyncio.create_task(world.carrying.carry(E1)) for _ in range(2)]
    await until(lambda: held.carried)
    held.end(FIRST)
    await asyncio.gather(*both)
    assert held.began == [FIRST]
    assert world.stored.count("StepStarted") == 1


async def test_both_who_follow_a_step_may_report_its_end_and_it_is_recorded_once(
    world: World, held: HeldExecutor
) -> None:
    await world.go()
    first = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: held.carried)
    second = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: len(held.carried) == 2)
    held.end(FIRST)
    assert all(await asyncio.gather(first, second))
    assert (held.began, world.stored.count("StepEnded")) == ([FIRST], 1)


async def test_an_end_waits_for_the_record_rather_than_get_lost(
    world: World, store: MemoryStore, held: HeldExecutor
) -> None:
    await world.go()
    carrying = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: held.carried)
    store.unavailable = "the disk is full"
    held.end(FIRST, Outcome(Fate.ENDED, 0, timedelta(seconds=41), "ab" * 32, 12, "all is well"))
    await asyncio.sleep(0.05)
    assert not carrying.done()
    store.unavailable = ""
    assert await carrying
    [ended] = [each.event for each in store.read(StreamId(E1)) if type(each.event).__name__ == "StepEnded"]
    assert (ended.took, ended.output_bytes, ended.last_line) == (timedelta(seconds=41), 12, "all is well")  # type: ignore[union-attr]  # by its name


async def test_a_step_that_could_not_be_started_has_failed_and_is_not_unknown(world: World, held: HeldExecutor) -> None:
    await world.go()
    held.never_began(FIRST)
    await world.carrying.carry(E1)
    assert world.request.underway.failed == 0
    assert world.request.underway.cause(CauseKind.FAILURE) is not None


async def test_after_a_crash_the_step_that_was_claimed_is_followed_under_the_same_name(
    world: World, store: MemoryStore, held: HeldExecutor, tmp_path: Path
) -> None:
    await world.go()
    carrying = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: held.carried)
    carrying.cancel()
    await asyncio.wait([carrying])
    after = World(store, StopJournal(tmp_path / "stops.jsonl"), executors={ExecutorKind.SHELL: held})
    await after.ready()
    again = asyncio.create_task(after.carrying.carry(E1))
    await until(lambda: len(held.carried) == 2)
    held.end(FIRST)
    assert await again
    assert held.carried == [FIRST, FIRST]


async def test_a_lost_yes_pauses_instead_of_starting_a_step(world: World, held: HeldExecutor) -> None:
    await world.go()
    await world.says("bo-sre", Unconfirm())
    assert not await world.carrying.carry(E1)
    assert (world.request.status, held.carried) == (Status.PAUSED, [])


async def test_a_stop_lets_the_running_step_end_and_starts_no_other(world: World, held: HeldExecutor) -> None:
    await world.go()
    carrying = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: held.carried)
    await world.says("bo-sre", Stop())
    assert held.killed == []
    held.end(FIRST)
    await carrying
    await world.carry_all()
    assert world.request.underway.forward[0].status is StepStatus.DONE
    assert held.carried == [FIRST]


async def test_a_kill_ends_the_step_that_runs_and_only_one_that_runs(world: World, held: HeldExecutor) -> None:
    await world.go()
    await world.carrying.kill(E1)
    await world.carrying.kill(RequestId("E9"))
    assert held.killed == []
    carrying = asyncio.create_task(world.carrying.carry(E1))
    await until(lambda: held.carried)
    await world.says("bo-sre", Abort())
    await world.carrying.kill(E1)
    await carrying
    assert held.killed == [FIRST]
    assert world.request.underway.unsettled == 0


async def test_proofs_are_looked_at_until_one_shows_it(store: MemoryStore, journal: StopJournal) -> None:
    world = World(store, journal, steps=(CANARY,), proofs=FETCH)
    await world.go()
    await world.carry_all()
    world.later(10)
    for person in ("ada", "kim-releng"):
        await world.says(person, Good())
    assert world.request.status is Status.VERIFYING
    for _ in range(3):
        assert await world.carrying.carry(E1), "it is looked at again"
    world.prover.sight = Sight(True, "the fixed page")
    await world.carry_all()
    assert world.stored[-1] == "RequestDone"
    assert world.prover.looks == 4
