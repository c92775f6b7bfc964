"""Servers that die, operators who kill, floods, history, silence: what was acknowledged stays, and people are told."""

import threading
import time
from pathlib import Path

import pytest

from tests.irc.test_nasty_lines import BY_A_MEMBER, BY_A_SERVER
from tests.journeys.scene import Ear, Scene, scene
from tests.networks.client import Client
from tests.networks.inspircd import Network, free_ports
from tests.networks.link import Link
from tests.networks.poison import Poison
from tocsin.demo.story import CHANNEL
from tocsin.domain.request import Status

pytestmark = pytest.mark.hostile
SOON_SECONDS = 5.0
FLOOD_SECONDS = 8.0
ABSENT_SECONDS = 90.0  # after 60 s of absence
MISSED = "I hear everybody again. What was said meanwhile did not count: say it again"


def test_a_server_that_dies_between_the_two_takes_no_confirmation_with_it(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        on.confirm("bo-sre", word)
        _restart_irc(on)
        assert on.confirmers == {"bo-sre"}
        on.confirm("kim-releng", word)
        assert on.confirmers == {"bo-sre", "kim-releng"}


def test_a_server_that_dies_during_a_deployment_pauses_it_until_people_are_back(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        on.confirmed()
        on.go()
        on.network.kill("irc1")
        on.comes_to(lambda request: request.status is Status.PAUSED, ABSENT_SECONDS)
        _come_back(on)
        on.back_to_work()
        on.look_and_end()


def test_killed_by_an_operator_it_comes_back_and_goes_on(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        on.confirm("bo-sre", word)
        _as_operator(on, "KILL tocsin :no bots")
        on.hears(MISSED)
        on.confirm("kim-releng", word)
        assert on.confirmers == {"bo-sre", "kim-releng"}


def test_whose_ghost_is_killed_is_gone_and_counts_from_their_other_connection(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        with Ear(on.network.plain_port, "bo-phone", "bo-sre", "bo-sre-word") as phone:
            phone.join(CHANNEL)
            phone.ask("NickServ", "GHOST bo-sre", "ghosted|killed|disconnected")
            on.people["bo-phone"] = phone
            on.people.pop("bo-sre").close()
            on.confirm_as("bo-phone", "bo-sre", word)
            assert on.confirmers == {"bo-sre"}
            del on.people["bo-phone"]


def test_three_who_flood_keep_nobody_from_being_heard(place: Path) -> None:
    with scene(place) as on:
        on.enter_all()
        word = on.ask()
        flooders = [on.enter(f"noise{number}") for number in range(3)]
        over = time.monotonic() + FLOOD_SECONDS
        threads = [threading.Thread(target=_flood, args=(each, over)) for each in flooders]
        for thread in threads:
            thread.start()
        time.sleep(2)
        began = time.monotonic()
        on.says("bo-sre", f"!confirm E1 {word}")
        on.hears("E1: bo-sre confirms", seconds=SOON_SECONDS)
        on.says("kim-releng", f"!confirm E1 {word}")
        on.hears("E1 is confirmed", seconds=SOON_SECONDS)
        assert time.monotonic() - began < SOON_SECONDS
        for thread in threads:
            thread.join()


def test_history_that_is_played_to_the_bot_confirms_nothing(place: Path) -> None:
    with scene(place, served=False) as on:
        on.enter("ada", "ada")  # first in the channel, and so its operator
        on.people["ada"].send(f"MODE {CHANNEL} +H 50:1h")
        on.people["ada"].wait_for(rf" MODE {CHANNEL} \+H")
        on.serve()
        for name in ("bo-sre", "kim-releng"):
            on.enter(name, name)
        word = on.ask()
        on.confirm("bo-sre", word)
        on.says("bo-sre", "!unconfirm E1")
        on.comes_to(lambda request: not request.confirmations)
        on.kill_server()
        on.says("kim-releng", f"!confirm E1 {word}")  # to nobody
        on.serve()
        assert on.confirmers == set()
        on.confirm("kim-releng", word)
        assert on.confirmers == {"kim-releng"}


def test_a_connection_that_fell_silent_is_noticed_and_what_was_said_into_it_counts_not(place: Path) -> None:
    links: list[Link] = []

    def through_a_link(network: Network) -> tuple[int, bool]:
        [port] = free_ports(1)
        links.append(Link(port, network.tls_port))
        return port, True

    with scene(place, door=through_a_link) as on:
        on.enter_all()
        word = on.ask()
        links[0].hold()
        on.says("bo-sre", f"!confirm E1 {word}")
        on.loses_irc()
        links[0].mend()
        on.hears(MISSED, seconds=90)
        assert on.confirmers == set()
        on.confirm("bo-sre", word)
        assert on.confirmers == {"bo-sre"}
        links[0].close()


def test_whatever_a_member_or_a_broken_server_sends_it_answers_and_counts_nothing(place: Path) -> None:
    poison: list[Poison] = []

    def through_poison(network: Network) -> tuple[int, bool]:
        [port] = free_ports(1)
        poison.append(Poison(port, network.plain_port))
        return port, False

    with scene(place, door=through_poison) as on:
        on.enter_all()
        word = on.ask()
        for number, raw in enumerate((*BY_A_MEMBER.values(), *BY_A_SERVER.values())):
            poison[0].inject(_ours(raw, word))
            poison[0].inject(f":probe{number}!p@h PRIVMSG {CHANNEL} :tocsin: list\r\n".encode())
            on.hears(f"probe{number}: ", seconds=SOON_SECONDS)
        assert on.confirmers == set()
        on.confirm("bo-sre", word)
        assert on.confirmers == {"bo-sre"}
        poison[0].close()


def _ours(raw: bytes, word: str) -> bytes:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()).encode()
    said = raw.replace(b"#ops", CHANNEL.encode()).replace(b"!go", f"!confirm E1 {word}".encode())
    return said.replace(b"%T", stamp)


def _flood(ear: Ear, over: float) -> None:
    number = 0
    while time.monotonic() < over:
        number += 1
        ear.say(CHANNEL, f"!status E1 {number}" if number % 3 else "noise " * 40)
        time.sleep(0.01)


def _as_operator(on: Scene, line: str) -> None:
    with Client(on.network.plain_port, "oper") as operator:
        operator.send("OPER operator operator-password")
        operator.wait_for(r" 381 ")
        operator.send(line)
        operator.settle()


def _restart_irc(on: Scene) -> None:
    on.network.kill("irc1")
    _come_back(on)


def _come_back(on: Scene) -> None:
    for name in list(on.people):
        on.leave(name)
    on.network.start("irc1")
    on.network.wait_for_services()
    on.enter_all()
    on.counts_again("ada")
