"""Carrying out on a real record, a real engine and real commands."""

import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.domain.night import BEGIN
from tests.engine.installation import SIGNER, Installation, launched, noted, ran
from tests.service.world import E1, until
from tocsin.domain.commands import Abort, Go, Resume, Stop
from tocsin.domain.errors import Conflict, RecordUnavailable
from tocsin.domain.events import Noted
from tocsin.domain.people import PersonId, RequestId, Surface
from tocsin.domain.recorded import Origin, StreamId
from tocsin.domain.request import Status
from tocsin.record.verifying import verify
from tocsin.service.ports import Draft
from tocsin.storage.sqlite import SqliteStore

START_SECONDS = 1.0
"""A tenth of that on an idle machine; who only watches for idle work takes four times as long."""
STOP_SECONDS = 2.0


def workflows(folder: Path) -> list[tuple[str, str]]:
    """Return the ids and states of the engine's workflows, oldest first."""
    with closing(sqlite3.connect(folder / "record.db")) as connection:
        return connection.execute("SELECT workflow_uuid, status FROM workflow_status ORDER BY created_at").fetchall()


# --- from go to the end ---------------------------------------------------------------------------------------------


async def test_a_plan_is_carried_out_step_by_step_with_a_checkpoint_between(tmp_path: Path) -> None:
    async with launched(tmp_path) as installation:
        await installation.world.go()
        await installation.looked()
        await until(lambda: installation.status is Status.VERIFYING)
        assert ran(tmp_path) == ["first", "second"]
        store = installation.store
        assert verify(store.all_entries(), store.heads(), store.public_keys()).holds


async def test_the_first_step_starts_at_once(tmp_path: Path) -> None:
    async with launched(tmp_path) as installation:
        await installation.world.ready()
        await asyncio.sleep(1.2)  # an engine that has been there for a while: it looks for new queues once a second
        began = time.monotonic()
        await installation.world.says("kim-releng", Go())
        await until(lambda: "StepStarted" in installation.world.stored)
        assert time.monotonic() - began < START_SECONDS


async def test_it_goes_on_after_a_stop_and_a_resume(tmp_path: Path) -> None:
    async with launched(tmp_path, noted(tmp_path, "first", "sleep 0.4"), noted(tmp_path, "second")) as installation:
        world = installation.world
        await world.go()
        await until(lambda: ran(tmp_path))
        await world.says("bo-sre", Stop())
        await until(lambda: "StepEnded" in world.stored)
        await world.says("bo-sre", Resume())
        await world.says("kim-releng", Resume())
        await until(lambda: installation.status is Status.VERIFYING)
        assert ran(tmp_path) == ["first", "second"]


async def test_a_step_that_is_aborted_is_killed_and_of_unknown_outcome(tmp_path: Path) -> None:
    async with launched(tmp_path, noted(tmp_path, "first", "sleep 30")) as installation:
        world = installation.world
        await world.go()
        await until(lambda: ran(tmp_path))
        await world.says("bo-sre", Abort())
        await world.carrying.kill(E1)
        await until(lambda: world.request.underway.unsettled == 0)


async def test_an_abort_without_the_record_kills_the_real_command(tmp_path: Path) -> None:
    first = noted(tmp_path, "first", f"echo $$ > {tmp_path}/pid; exec sleep 30")
    async with launched(tmp_path, first) as installation:
        world = installation.world
        await world.go()
        await until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        pid = int((tmp_path / "pid").read_text())
        with installation.store._writer.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA query_only = ON")
        await world.says("bo-sre", Abort())
        assert world.brake.pulled(E1)
        await until(lambda: not Path(f"/proc/{pid}").exists())
        assert "AbortAsked" not in world.stored
        with installation.store._writer.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA query_only = OFF")
        await world.clockwork.once()
        await until(lambda: world.request.underway.unsettled == 0)
        assert world.request.status is Status.PAUSED
        assert world.stored.count("AbortAsked") == 1


# --- one transaction ------------------------------------------------------------------------------------------------


async def test_a_workflow_is_started_with_its_append_once_by_its_position(tmp_path: Path) -> None:
    async with launched(tmp_path, noted(tmp_path, "first")) as installation:
        await installation.world.go()
        position = installation.world.requests.position
        await until(lambda: installation.status is Status.VERIFYING)
        started = [each.position for each in installation.store.read(StreamId(E1))]
        assert position in started
        await until(lambda: [state for _, state in workflows(tmp_path)] == ["SUCCESS"])
        [(workflow_id, _)] = workflows(tmp_path)
        go = next(e.position for e in installation.store.read(StreamId(E1)) if "DeploymentStarted" in repr(e.event))
        assert workflow_id == f"carry-E1-{go}"


def draft(expected: int) -> Draft:
    return Draft(StreamId(E1), expected, BEGIN, Origin("ada", Surface.IRC, PersonId("ada")), (Noted("ada", "look"),))


async def test_an_append_that_comes_too_late_starts_nothing(tmp_path: Path) -> None:
    async with launched(tmp_path) as installation:
        with pytest.raises(Conflict):
            installation.store.append(draft(7), E1)
        assert workflows(tmp_path) == []


async def test_what_cannot_be_started_is_not_appended(tmp_path: Path) -> None:
    installation = Installation(tmp_path)

    def start(connection: Connection, request: RequestId, position: int) -> None:
        installation.engine.start_in(connection, request, position)
        raise RecordUnavailable("the engine broke after it had written")

    await installation.launch()
    store = SqliteStore(tmp_path / "record.db", SIGNER, start)
    with pytest.raises(RecordUnavailable, match="broke"):
        store.append(draft(0), E1)
    assert (store.read(StreamId(E1)), workflows(tmp_path)) == ((), [])
    store.close()
    await installation.stop()


async def test_before_the_engine_was_ever_launched_nothing_is_started_and_nothing_appended(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    with pytest.raises(RecordUnavailable):
        installation.store.append(draft(0), E1)
    assert installation.store.read(StreamId(E1)) == ()
    await installation.stop()


# --- twice does no harm ---------------------------------------------------------------------------------------------


async def test_two_workflows_for_one_request_run_each_step_once(tmp_path: Path) -> None:
    async with launched(tmp_path, noted(tmp_path, "first", "sleep 0.2"), noted(tmp_path, "second")) as installation:
        await installation.world.go()
        for _ in range(3):
            await installation.engine._start_again({E1})
        await until(lambda: installation.status is Status.VERIFYING)
        await until(lambda: {state for _, state in workflows(tmp_path)} == {"SUCCESS"})
        assert len(workflows(tmp_path)) == 4
        assert ran(tmp_path) == ["first", "second"]
        assert installation.world.stored.count("StepStarted") == 2


async def test_two_who_carry_out_without_knowing_of_each_other_run_each_step_once(tmp_path: Path) -> None:
    installation = Installation(tmp_path, noted(tmp_path, "first", "sleep 0.2"), noted(tmp_path, "second"))
    installation.store._starter = lambda *_: None
    await installation.world.go()
    await asyncio.gather(*(installation.world.carry_all() for _ in range(4)))
    assert ran(tmp_path) == ["first", "second"]
    assert installation.world.stored.count("StepStarted") == 2
    assert installation.world.stored.count("StepEnded") == 2
    await installation.stop()


# --- stopping and starting again ------------------------------------------------------------------------------------


async def test_it_stops_at_once_while_a_step_runs_and_the_next_engine_follows_that_step(tmp_path: Path) -> None:
    steps = (noted(tmp_path, "first", f"sleep 1.5; touch {tmp_path}/end"), noted(tmp_path, "second"))
    before = threading.active_count()
    async with launched(tmp_path, *steps) as installation:
        await installation.world.go()
        await until(lambda: ran(tmp_path))
        began = time.monotonic()
    assert time.monotonic() - began < STOP_SECONDS
    assert not (tmp_path / "end").exists(), "the step goes on by itself"
    await until(lambda: threading.active_count() <= before + 8, 2)  # asyncio keeps its own pool of threads
    assert not [each.name for each in threading.enumerate() if "dbos" in each.name or "queue-worker" in each.name]
    async with launched(tmp_path, *steps) as installation:
        await until(lambda: installation.status is Status.VERIFYING)
        assert ran(tmp_path) == ["first", "second"]
        assert (tmp_path / "end").exists()
        await until(lambda: {state for _, state in workflows(tmp_path)} == {"SUCCESS"})


async def test_an_engine_that_was_never_launched_stops_too(tmp_path: Path) -> None:
    await Installation(tmp_path).stop()


async def test_what_became_of_the_engines_own_rows_does_not_matter(tmp_path: Path) -> None:
    steps = (noted(tmp_path, "first", "sleep 0.5"), noted(tmp_path, "second"))
    async with launched(tmp_path, *steps) as installation:
        await installation.world.go()
        await until(lambda: ran(tmp_path))
    with closing(sqlite3.connect(tmp_path / "record.db")) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM workflow_status")
    async with launched(tmp_path, *steps) as installation:
        await until(lambda: installation.status is Status.VERIFYING)
        assert ran(tmp_path) == ["first", "second"]


async def test_work_that_lies_idle_is_taken_up_again(tmp_path: Path) -> None:
    async with launched(tmp_path, noted(tmp_path, "first")) as installation:
        installation.store._starter = lambda *_: None  # as if a workflow had died of a full disk
        await installation.world.go()
        await until(lambda: installation.status is Status.VERIFYING)
        assert ran(tmp_path) == ["first"]


async def test_whatever_goes_wrong_in_a_piece_of_work_it_is_tried_again(tmp_path: Path) -> None:
    async with launched(tmp_path, noted(tmp_path, "first")) as installation:
        (tmp_path / "attempts").write_text("in the way of every folder")
        await installation.world.go()
        await until(lambda: installation.world.request.underway.failed == 0)
        assert installation.status is Status.PAUSED, "a step that could not be started did not run"
        assert ran(tmp_path) == []
