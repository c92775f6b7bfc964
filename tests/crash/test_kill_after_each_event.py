"""Killed with `kill -9` right after each kind of event, the server continues where it was, and does nothing twice."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.crash.installation import Counted
from tests.crash.listening import listening
from tests.crash.nights import NIGHTS
from tocsin.domain.events import Event

CHILD_SECONDS = 60.0
AT_ONCE = 2
KINDS = sorted(kind.__name__ for kind in get_args(Event))
IN_EVERY_TEST_RUN = ("ConfirmationGiven", "StepStarted", "RequestExpired")
"""Three that stand for the others where all would take too long: a yes, a claimed step, a time that ran out."""

NIGHT_OF = {
    "TargetSettled": "settled late",
    "RequestAdopted": "a stranger's",
    "HoldLapsed": "a stranger's",
    "LiftSupported": "a stranger's",
    "PlanWithdrawn": "withdrawn",
    "TeamNeeded": "withdrawn",
    "WaiverSupported": "withdrawn",
    "TeamWaived": "withdrawn",
    "RequestWithdrawn": "withdrawn",
    "MadePrivate": "withdrawn",
    "PublicSupported": "withdrawn",
    "MadePublic": "withdrawn",
    "RefusalGiven": "refused",
    "RefusalAgreed": "refused",
    "RequestRefused": "refused",
    "RequestExpired": "expired",
    "RequestRenewed": "expired",
    "ConfirmationVoided": "changed under way",
    "PersonSuspended": "changed under way",
    "RestoreSupported": "changed under way",
    "PersonRestored": "changed under way",
    "StartedOutside": "started outside",
    "CauseAgreed": "closed by hand",
    "ClosingSupported": "closed by hand",
    "ClosedByHand": "closed by hand",
    "AbortAsked": "undone",
    "OutcomeTold": "undone",
    "OutcomeSettled": "undone",
    "RollbackAsked": "undone",
    "RollbackAgreed": "undone",
    "RollbackStarted": "undone",
    "RolledBack": "undone",
    "TargetUnlocked": "undone",
    "WakeAttempted": "woken",
    "PasskeyEnrolled": "passkeys",
    "PasskeyRemoved": "passkeys",
    "PasskeyVouched": "passkeys",
}
ELSEWHERE = "carried out"


class Runs:
    """Runs the nights that were selected, some at once, each when it is first asked for."""

    def __init__(self, folder: Path, log_port: int) -> None:
        self._folder = folder
        self._log_port = log_port
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._runs: dict[str, Future[dict[str, Any]]] = {}

    def begin(self, kinds: list[str]) -> None:
        for kind in kinds:
            self._runs[kind] = self._pool.submit(killed_and_continued, self._folder / kind, kind, self._log_port)

    def outcome(self, kind: str) -> dict[str, Any]:
        return self._runs[kind].result(2 * CHILD_SECONDS * (len(self._runs) + 1))

    def end(self) -> None:
        self._pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    named = [getattr(item, "callspec", None) for item in request.session.items if item.path == Path(__file__)]
    kinds = [each.params["kind"] for each in named if each and "kind" in each.params]
    with listening() as log:
        selected = Runs(tmp_path_factory.mktemp("killed"), log.port)
        selected.begin([kind for kind in dict.fromkeys(kinds) if not kind.startswith("-")])
        yield selected
        selected.end()


def _marked(kind: str) -> object:
    return kind if kind in IN_EVERY_TEST_RUN else pytest.param(kind, marks=pytest.mark.crash)


@pytest.mark.parametrize("kind", [_marked(kind) for kind in KINDS])
def test_killed_right_after_an_event_it_continues_where_it_was(kind: str, runs: Runs) -> None:
    night, found = NIGHTS[NIGHT_OF.get(kind, ELSEWHERE)], runs.outcome(kind)
    assert found["events"].get(kind, 0) >= 1
    assert found["status"] == night.ends
    assert Counter(found["ran"]) == Counter(night.ran)
    assert found["verified"]


@pytest.mark.crash
@pytest.mark.parametrize("night", NIGHTS)
def test_a_night_without_a_crash_ends_the_same(night: str, tmp_path: Path) -> None:
    with listening() as log:
        installation = Counted(tmp_path / "installation", log.port)
        installation.write(NIGHTS[night].pagers)
        found = json.loads(run(installation.folder, night).stdout)
    assert found["status"] == NIGHTS[night].ends
    assert Counter(found["ran"]) == Counter(NIGHTS[night].ran)


@pytest.mark.crash
@pytest.mark.parametrize(
    "kind", ["before OutsideTold", "OutsideTold", "DeploymentStarted", "before RequestDone", "RequestDone"]
)
def test_whenever_it_is_killed_the_admin_log_hears_each_turn_at_least_once_and_in_order(
    kind: str, tmp_path: Path
) -> None:
    with listening() as log:
        found = killed_and_continued(tmp_path / "installation", kind, log.port)
    titles = [line.partition(":")[0] for line in log.heard]
    assert found["verified"]
    assert [title for title, _ in groupby(titles)] == ["!log E1 started", "!log E1 done"]
    assert len(titles) <= 3, "what was sent and not recorded is sent once more"
    assert (len(titles) == 3) is (kind == "before OutsideTold")


def killed_and_continued(folder: Path, kind: str, log_port: int) -> dict[str, Any]:
    """Play a night until it is killed, play it again to its end, and return what came of it."""
    installation = Counted(folder, log_port)
    night = NIGHT_OF.get(kind.removeprefix("before "), ELSEWHERE)
    installation.write(NIGHTS[night].pagers)
    killed = run(folder, night, kind)
    assert killed.returncode == -signal.SIGKILL, f"not killed after {kind}: {killed.stderr[-3000:]}"
    again = run(folder, night)
    assert again.returncode == 0, again.stderr[-3000:]
    found: dict[str, Any] = json.loads(again.stdout)
    return found


def run(folder: Path, night: str, kind: str = "") -> subprocess.CompletedProcess[str]:
    """Play a night in a process of its own, which is killed after an event of a kind, or `before` it."""
    command = [sys.executable, "-m", "tests.crash.child", str(folder), night, *([kind] if kind else [])]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=CHILD_SECONDS,
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
    )
