"""What the tests of the services share."""

from pathlib import Path

import pytest

from tests.service.world import HeldExecutor, World
from tocsin.domain.plan import ExecutorKind
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore


@pytest.fixture
def started() -> list[tuple[str, int]]:
    """Return what was started together with an append, and at which position."""
    return []


@pytest.fixture
def store(started: list[tuple[str, int]]) -> MemoryStore:
    return MemoryStore(lambda request, position: started.append((request, position)))


@pytest.fixture
def journal(tmp_path: Path) -> StopJournal:
    return StopJournal(tmp_path / "stops.jsonl")


@pytest.fixture
def held() -> HeldExecutor:
    return HeldExecutor()


@pytest.fixture
def world(store: MemoryStore, journal: StopJournal, held: HeldExecutor) -> World:
    return World(store, journal, executors={ExecutorKind.SHELL: held})
