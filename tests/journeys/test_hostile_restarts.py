"""The server ended as by a power cut in each state, with its bot on a real network: nobody says anything twice."""

import time
from pathlib import Path

import pytest

from tests.journeys.scene import Scene, scene
from tocsin.domain.request import Status

pytestmark = pytest.mark.hostile
KEPT_SECONDS = 1.0
"""What was said so long ago is known to have been said; a line of the very last moment may come twice, none is lost."""


def test_ended_in_each_state_up_to_live_it_goes_on_where_it_was(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        on.cry()
        _power_cut(on, Status.ASKED)
        word = on.describe()
        _power_cut(on, Status.CONFIRMING)
        on.confirm("bo-sre", word)
        _power_cut(on, Status.CONFIRMING)
        assert on.confirmers == {"bo-sre"}
        on.confirm("kim-releng", word)
        _power_cut(on, Status.READY)
        assert on.confirmers == {"bo-sre", "kim-releng"}
        on.go()
        _power_cut(on, Status.DEPLOYING)
        on.says("bo-sre", "!stop E1")
        on.hears("E1 is paused")
        _power_cut(on, Status.PAUSED)
        on.says("bo-sre", "!resume E1")
        on.says("kim-releng", "!resume E1")
        on.comes_to(lambda request: request.status is Status.DEPLOYING)
        on.look_and_end()
        time.sleep(KEPT_SECONDS)
        _power_cut(on, Status.DONE)
        on.hears_nothing("E1 is live")


def test_ended_while_it_looks_for_the_proof_and_while_it_goes_back_it_ends_both(place: Path) -> None:
    with scene(place) as on:
        on.site_falls_silent()
        on.enter_all()
        on.confirmed()
        on.go()
        on.says("ada", "!good E1 test server")
        on.says("kim-releng", "!good E1 test server")
        on.hears("now it is to be seen live")
        _power_cut(on, Status.VERIFYING)
        on.says("kim-releng", "!rollback E1")
        on.hears("All is undone")
        _power_cut(on, Status.ROLLING_BACK)
        on.site_answers_again()
        on.comes_to(lambda request: request.status is Status.ROLLED_BACK)


def _power_cut(on: Scene, status: Status) -> None:
    assert on.request.status is status
    on.kill_server()
    on.serve()
    assert on.request.status is status
