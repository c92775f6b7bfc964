"""Two servers that lose each other: cut or silent, before, between and after the confirmations, and during a step."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.scene import Scene, scene
from tocsin.domain.request import Status

pytestmark = pytest.mark.hostile
SPLIT = "Nothing said here counts until I say so: the network is split"
MISSED = "I hear everybody again. What was said meanwhile did not count: say it again"
WAYS = ("cut", "silent")
HEALED_SECONDS = 60.0
ABSENT_SECONDS = 90.0
STEP_SECONDS = 15


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Say how the link breaks: both servers notice at once, or only after some silence."""
    return str(request.param)


@pytest.fixture
def on(place: Path) -> Iterator[Scene]:
    """Bot and requester on one server, those who confirm on the other."""
    with scene(place, servers=2) as played:
        played.enter_all(irc=2)
        yield played


def test_a_confirmation_said_into_a_split_does_not_count_and_is_said_again(on: Scene, way: str) -> None:
    word = on.ask()
    _split(on, way)
    on.says("bo-sre", f"!confirm E1 {word}")
    _heal(on)
    assert on.confirmers == set()
    on.confirm("bo-sre", word)
    on.confirm("kim-releng", word)
    assert on.request.status is Status.READY


def test_a_split_between_the_two_keeps_the_first_and_the_second_is_said_again(on: Scene, way: str) -> None:
    word = on.ask()
    on.confirm("bo-sre", word)
    _split(on, way)
    on.says("kim-releng", f"!confirm E1 {word}")
    on.says("ada", "!status E1")
    on.hears("Take care: the network is split")
    _heal(on)
    assert on.confirmers == {"bo-sre"}
    on.confirm("kim-releng", word)
    assert on.request.status is Status.READY


def test_a_split_after_both_keeps_both_and_go_waits_until_they_are_back(on: Scene, way: str) -> None:
    on.confirmed()
    _split(on, way)
    on.says("kim-releng", "!go E1")
    _heal(on)
    assert on.request.status is Status.READY
    assert on.confirmers == {"bo-sre", "kim-releng"}
    on.says("kim-releng", "!go E1")
    on.hears("kim-releng: .*Nobody of SRE is here who confirmed: one of them says !here E1")
    for name in ("ada", "bo-sre"):
        on.says(name, "!here E1")
        on.hears(f"E1.*{name}")
    on.go()
    on.look_and_end()


def test_a_split_during_a_step_lets_it_end_and_pauses_what_follows(place: Path, way: str) -> None:
    with scene(place, servers=2, first_step_seconds=STEP_SECONDS) as on:
        on.enter_all(irc=2)
        on.confirmed()
        on.start()
        on.comes_to(lambda request: request.underway.running == 0)
        _split(on, way)
        assert on.request.underway.running == 0
        on.comes_to(lambda request: request.status is Status.PAUSED, ABSENT_SECONDS)
        assert on.request.underway.checkpoint, "the step ended, and the one that was to be looked at"
        _heal(on)
        on.back_to_work()
        on.look_and_end()


def _split(on: Scene, way: str) -> None:
    if way == "cut":
        on.network.split()
    else:
        on.network.hold()
    on.hears(SPLIT)


def _heal(on: Scene) -> None:
    on.network.split()  # what was held back is lost with the link
    on.network.heal()
    on.hears(MISSED, seconds=HEALED_SECONDS)
