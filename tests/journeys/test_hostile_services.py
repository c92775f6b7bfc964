"""Services dead, hung and back: who was known before counts, who was not is told to wait; nobody is let in by guess."""

from pathlib import Path

import pytest

from tests.journeys.scene import scene

pytestmark = pytest.mark.hostile
UNTOLD = "Services did not tell whose account {} is now: say it again in a minute"


def test_while_services_are_dead_only_those_known_before_count(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        on.says("bo-sre", "!note E1 looking at it")
        on.hears("noted")
        on.network.kill("services")
        on.confirm("bo-sre", word)
        on.says("kim-releng", f"!confirm E1 {word}")
        on.hears(UNTOLD.format("kim-releng"))
        assert on.confirmers == {"bo-sre"}
        on.network.start("services")
        on.network.wait_for_services()
        on.confirm("kim-releng", word)
        assert on.confirmers == {"bo-sre", "kim-releng"}


def test_while_services_hang_nobody_is_taken_for_anybody(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        on.network.freeze("services")
        on.says("bo-sre", f"!confirm E1 {word}")
        on.hears(UNTOLD.format("bo-sre"))
        on.says("kim-releng", "!hold E1 who is watching the caches?")  # towards safety even a doubtful voice counts
        on.hears("E1.*kim-releng.*(log in|hold)")
        assert on.confirmers == set()
        assert on.request.holds
        on.network.thaw("services")
        on.network.wait_for_services()
        on.confirm("bo-sre", word)
        assert on.confirmers == {"bo-sre"}


def test_a_bot_that_starts_without_services_does_not_come_and_then_it_does(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        on.network.kill("services")
        on.kill_server()
        on.serve(counting=False)
        on.says("bo-sre", f"!confirm E1 {word}")
        assert "Take care: the bot is not connected to IRC" in on.answers_the_command_line()
        assert on.confirmers == set()
        on.network.start("services")
        on.counts_again()
        on.confirm("bo-sre", word)
        assert on.confirmers == {"bo-sre"}
