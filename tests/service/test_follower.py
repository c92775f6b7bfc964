"""Following the record: every act is heard, in order, once for each process and at least once in all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contracts.test_stores import ADA, NOW
from tests.service.world import until
from tocsin.domain import events as e
from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.people import PersonId
from tocsin.domain.recorded import HOUSE, Recorded
from tocsin.service import follower as following
from tocsin.service.follower import Follower
from tocsin.service.ports import Draft
from tocsin.service.requests import Happening
from tocsin.storage.cursors import FileCursor
from tocsin.storage.memory import MemoryStore


class BreakingStore(MemoryStore):
    """A record that can be read only so many more times."""

    def __init__(self) -> None:
        super().__init__()
        self.readable = 1000

    def since(self, position: int, limit: int) -> tuple[Recorded, ...]:
        if self.readable == 0:
            raise RecordUnavailable("it is damaged")
        self.readable -= 1
        return super().since(position, limit)

    def acts(self, count: int, together: int = 1) -> None:
        """Append so many acts, each of so many events."""
        for _ in range(count):
            version = len(self._all)
            suspended = e.PersonSuspended(PersonId("mo-sre"), PersonId("ada"), "stolen laptop")
            at = NOW + timedelta(minutes=version)
            self.append(Draft(HOUSE, version, at, replace(ADA, act=""), (suspended,) * together))


class Heard:
    """Notes the positions of each act; `breaks_at` makes it raise at one of them."""

    def __init__(self) -> None:
        self.acts: list[tuple[int, ...]] = []
        self.breaks_at = 0

    async def __call__(self, happening: Happening) -> None:
        positions = tuple(each.position for each in happening.recorded)
        self.acts.append(positions)
        if self.breaks_at in positions:
            raise ValueError("a line that cannot be said")


@pytest.fixture
def store() -> BreakingStore:
    return BreakingStore()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "AGAIN_AFTER_SECONDS", 0.01)


@asynccontextmanager
async def running(store: BreakingStore, path: Path, heard: Heard) -> AsyncIterator[Follower]:
    follower = Follower("test", store, FileCursor(path / "heard"), heard)
    task = asyncio.create_task(follower.run())
    try:
        yield follower
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_it_hears_what_is_there_and_then_what_comes_act_by_act(
    store: BreakingStore, heard: Heard, tmp_path: Path
) -> None:
    store.acts(1)
    store.acts(1, together=3)
    async with running(store, tmp_path, heard) as follower:
        await until(lambda: len(heard.acts) == 2)
        store.acts(1)
        follower.grown()
        await until(lambda: len(heard.acts) == 3)
    assert heard.acts == [(1,), (2, 3, 4), (5,)]


async def test_after_a_restart_it_goes_on_where_it_had_come_to(
    store: BreakingStore, heard: Heard, tmp_path: Path
) -> None:
    store.acts(2)
    async with running(store, tmp_path, heard):
        await until(lambda: len(heard.acts) == 2)
    store.acts(2)
    async with running(store, tmp_path, heard):
        await until(lambda: len(heard.acts) == 4)
    assert heard.acts == [(1,), (2,), (3,), (4,)]


async def test_being_told_too_often_does_no_harm(store: BreakingStore, heard: Heard, tmp_path: Path) -> None:
    async with running(store, tmp_path, heard) as follower:
        for _ in range(20):
            follower.grown()
        store.acts(1)
        follower.grown()
        await until(lambda: heard.acts)
    assert heard.acts == [(1,)]


@pytest.mark.parametrize("readable", range(5))
async def test_a_record_that_breaks_off_while_it_is_read_costs_no_act(
    store: BreakingStore, heard: Heard, tmp_path: Path, readable: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.service.requests.AT_ONCE", 2)
    store.acts(5)
    store.readable = readable
    async with running(store, tmp_path, heard):
        await until(lambda: store.readable == 0)
        store.readable = 1000
        await until(lambda: len(heard.acts) == 5)
    assert heard.acts == [(1,), (2,), (3,), (4,), (5,)]


async def test_an_act_that_two_pages_of_the_record_share_is_heard_as_one(
    store: BreakingStore, heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.service.requests.AT_ONCE", 3)
    store.acts(2)
    store.acts(1, together=3)
    store.acts(1)
    async with running(store, tmp_path, heard):
        await until(lambda: len(heard.acts) == 4)
    assert heard.acts == [(1,), (2,), (3, 4, 5), (6,)]


async def test_a_record_that_cannot_be_read_at_the_start_is_tried_again(
    store: BreakingStore, heard: Heard, tmp_path: Path
) -> None:
    store.acts(3)
    FileCursor(tmp_path / "heard").move(2)
    store.readable = 0
    async with running(store, tmp_path, heard):
        await asyncio.sleep(0.05)
        store.readable = 1000
        await until(lambda: heard.acts)
    assert heard.acts == [(3,)]


async def test_an_act_that_a_listener_cannot_bear_does_not_silence_it(
    store: BreakingStore, heard: Heard, tmp_path: Path
) -> None:
    store.acts(3)
    heard.breaks_at = 2
    async with running(store, tmp_path, heard):
        await until(lambda: FileCursor(tmp_path / "heard").position() == 3)
    assert len(heard.acts) == 3


async def test_a_cursor_beyond_an_older_record_that_was_put_back_silences_nobody(
    store: BreakingStore, heard: Heard, tmp_path: Path
) -> None:
    store.acts(1)
    FileCursor(tmp_path / "heard").move(100)
    async with running(store, tmp_path, heard) as follower:
        await asyncio.sleep(0.05)
        store.acts(1)
        follower.grown()
        await until(lambda: heard.acts)
    assert heard.acts == [(2,)]
