"""Killed with `kill -9` around the ringing of pagers, the next server forgets nobody, and rings once more at most."""

import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.crash.installation import Counted
from tests.crash.test_kill_after_each_event import run
from tests.neighbours.pager_services import json_service

CALLED = {"/bo-sre", "/kim-releng"}
"""One of each team, as nobody of either is here."""


@pytest.mark.parametrize(
    ("moment", "least", "most"),
    [
        pytest.param("Nudged", 2, 2, id="after-the-call-was-recorded", marks=pytest.mark.crash),
        pytest.param(
            "before WakeAttempted", 3, 4, id="after-ringing-before-that-was-recorded", marks=pytest.mark.crash
        ),
        pytest.param("WakeAttempted", 2, 3, id="after-the-first-outcome-was-recorded", marks=pytest.mark.crash),
    ],
)
def test_killed_around_the_ringing_everybody_is_rung_and_at_most_once_more(
    moment: str, least: int, most: int, tmp_path: Path
) -> None:
    installation = Counted(tmp_path / "installation")
    with json_service() as service:
        members = ("bo-sre", "mo-sre", "kim-releng", "rei-releng")
        installation.write(tuple((name, service.json(name)) for name in members))
        killed = run(installation.folder, "woken", moment)
        assert killed.returncode == -signal.SIGKILL, killed.stderr[-3000:]
        again = run(installation.folder, "woken")
        assert again.returncode == 0, again.stderr[-3000:]
        rung = Counter(service.paths)
    assert rung.keys() == CALLED
    assert max(rung.values()) <= 2
    assert least <= rung.total() <= most
    assert json.loads(again.stdout)["events"]["WakeAttempted"] == len(CALLED)
