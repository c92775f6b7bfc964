"""A server killed in the middle of a step: the next one follows that step to its end, and runs nothing twice."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.engine.child import NAMES
from tests.engine.installation import SIGNER, ran
from tests.service.world import E1
from tocsin.domain.events import StepEnded, StepStarted
from tocsin.domain.recorded import StreamId
from tocsin.domain.request import Status
from tocsin.record.verifying import verify
from tocsin.storage.sqlite import SqliteStore

CHILD_SECONDS = 30.0
KILLS = 12
SEED = 17


def begin(folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.engine.child", str(folder)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root / "src"), str(root)))}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=environment)


def kill(child: "subprocess.Popen[str]") -> None:
    child.kill()
    child.communicate(timeout=CHILD_SECONDS)


def wait_for(folder: Path, name: str) -> None:
    for _ in range(int(CHILD_SECONDS / 0.02)):
        if name in ran(folder):
            return
        time.sleep(0.02)
    raise AssertionError(f"{name} never began")


def the_night_is_whole(folder: Path) -> None:
    """Each step began once, was claimed once and ended once, and the record proves itself."""
    assert ran(folder) == list(NAMES)
    store = SqliteStore(folder / "record.db", SIGNER)
    events = [each.event for each in store.read(StreamId(E1))]
    assert [each.step for each in events if isinstance(each, StepStarted)] == [0, 1, 2]
    ended = [each for each in events if isinstance(each, StepEnded)]
    assert [(each.step, each.exit_code) for each in ended] == [(0, 0), (1, 0), (2, 0)]
    assert verify(store.all_entries(), store.heads(), store.public_keys()).holds
    store.close()


@pytest.mark.parametrize("name", ["one", pytest.param("three", marks=pytest.mark.crash)])
def test_killed_in_the_middle_of_a_step_it_follows_that_step_and_goes_on(name: str, tmp_path: Path) -> None:
    first = begin(tmp_path)
    wait_for(tmp_path, name)
    kill(first)
    second = begin(tmp_path)
    assert second.communicate(timeout=CHILD_SECONDS)[0].strip() == Status.VERIFYING
    the_night_is_whole(tmp_path)


@pytest.mark.crash
def test_killed_again_and_again_at_any_moment_it_runs_each_step_once(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for number in range(KILLS):
        child = begin(tmp_path)
        if number == 0:
            wait_for(tmp_path, NAMES[0])  # what is told before a start is never told again here
        time.sleep(chance.uniform(0.6, 2.2))
        kill(child)
    last = begin(tmp_path)
    assert last.communicate(timeout=CHILD_SECONDS)[0].strip() == Status.VERIFYING
    the_night_is_whole(tmp_path)
