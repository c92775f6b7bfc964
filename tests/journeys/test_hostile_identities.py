"""Names taken over, accounts lost and freed, passwords stolen: whose yes it is says the line's account, and no nick."""

from pathlib import Path

import pytest

from tests.journeys.scene import Scene, scene
from tests.networks.client import Client
from tocsin.demo.story import CHANNEL
from tocsin.domain.request import Status

pytestmark = pytest.mark.hostile


def test_a_nick_taken_over_in_the_middle_of_a_request_confirms_nothing(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        on.people["bo-sre"].send("NICK away-bo")
        on.people["bo-sre"].wait_for(" NICK :away-bo")
        on.enter("mallory")
        on.people["mallory"].send("NICK bo-sre")
        on.people["mallory"].wait_for(" NICK :bo-sre")
        on.says("mallory", f"!confirm E1 {word}")
        on.hears("bo-sre: E1: seen, not counted: log in to services")
        assert on.confirmers == set()
        on.says("bo-sre", f"!confirm E1 {word}")  # the real one, whatever they are called now
        on.hears("E1.* confirms for SRE")
        assert on.confirmers == {"bo-sre"}


def test_who_is_logged_out_no_longer_counts_and_the_yes_given_before_stands(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        on.confirm("bo-sre", word)
        for name in ("bo-sre", "mo-sre"):
            on.people[name].ask("NickServ", "LOGOUT", "logged out")
        on.says("mo-sre", f"!confirm E1 {word}")
        on.hears("mo-sre: E1: seen, not counted: log in to services")
        on.says("bo-sre", "!unconfirm E1")
        on.hears("bo-sre: E1: seen, not counted: log in to services")
        assert on.confirmers == {"bo-sre"}
        on.people["bo-sre"].ask("NickServ", "IDENTIFY bo-sre bo-sre-word", "identified")
        on.says("bo-sre", "!unconfirm E1")
        on.hears("E1.*bo-sre.*(back|no longer)")
        assert on.confirmers == set()


def test_an_account_dropped_and_registered_anew_by_another_counts_for_nobody(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        _free_the_name(on, "mo-sre")
        mallory = on.enter("mallory")
        mallory.send("NICK mo-sre")
        mallory.ask("NickServ", "REGISTER another-word mallory@example.org", "registered")
        on.says("mallory", f"!confirm E1 {word}")
        on.hears("mo-sre: E1: seen, not counted: The account mo-sre was registered anew since it was pinned")
        assert on.confirmers == set()
        assert "SeenNotCounted" in [type(event).__name__ for event, _ in on.events]


def test_a_stolen_account_is_suspended_in_one_word_and_counts_no_longer(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        with Client(on.network.plain_port, "thief", "mo-sre", on.network.passwords["mo-sre"]) as thief:
            thief.join(CHANNEL)
            on.people["mo-sre"].ask("NickServ", "SET PASSWORD another-word", "password")
            on.says("bo-sre", "!suspend mo-sre their password was stolen")
            on.hears("mo-sre is suspended by bo-sre")
            thief.say(CHANNEL, f"!confirm E1 {word}")  # a password that is changed ends no session
            on.hears("thief: .*suspended")
            assert on.confirmers == set()
            assert on.request.status is Status.CONFIRMING


def _free_the_name(on: Scene, name: str) -> None:
    owner = on.people[name]
    owner.send(f"NICK {name}-2")
    owner.wait_for(f" NICK :{name}-2")
    owner.ask("NickServ", "GROUP", f"{name}-2")
    owner.ask("NickServ", f"SET ACCOUNTNAME {name}-2", f"{name}-2")
    owner.ask("NickServ", f"UNGROUP {name}", name)
