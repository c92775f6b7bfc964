"""The real network does what its handles say; the rules that our own server shares with it stand in the contracts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.networks.client import Client, SignInRefused
from tests.networks.inspircd import Network, inspircd_network, missing

ACCOUNTS = {"ada": "ada-word", "lin": "lin-word"}
pytestmark = [pytest.mark.network, pytest.mark.hostile]


@pytest.fixture
def network(tmp_path: Path, require: Require) -> Iterator[Network]:
    """One server with services."""
    require(missing() or "", missing() is None)
    with inspircd_network(tmp_path, ACCOUNTS) as network:
        yield network


@pytest.fixture
def pair(tmp_path: Path, require: Require) -> Iterator[Network]:
    """Two linked servers with services."""
    require(missing() or "", missing() is None)
    with inspircd_network(tmp_path, ACCOUNTS, servers=2) as pair:
        yield pair


def sign_in(network: Network, nick: str, account: str, server: int = 0) -> Client:
    """Connect and join #room."""
    client = Client(network.tls_ports[server], nick, account, ACCOUNTS[account], network.ca_file)
    client.join("#room")
    return client


def test_a_freed_account_name_can_be_taken_by_another_and_only_the_entity_id_tells(network: Network) -> None:
    with sign_in(network, "ada", "ada") as ada, Client(network.plain_port, "mallory") as mallory:
        before = mallory.ask("NickServ", "ACC ada *", "ACC").split()[-1]
        ada.send("NICK ada2")
        ada.ask("NickServ", "GROUP", "ada2")
        ada.ask("NickServ", "SET ACCOUNTNAME ada2", "ada2")
        ada.ask("NickServ", "UNGROUP ada", "ada")
        mallory.send("NICK ada")
        mallory.ask("NickServ", "REGISTER another-word mallory@example.org", "registered")
        after = mallory.ask("NickServ", "ACC ada *", "ACC")
        mallory.join("#room")
        mallory.say("#room", "it is me")
        assert "account=ada " in ada.wait_for("it is me").replace(";", " ")
        assert before == network.entity_ids["ada"]
        assert " -> ada ACC 3 " in after
        assert after.split()[-1] != before


def test_without_services_nobody_signs_in_and_who_did_keeps_the_account(network: Network) -> None:
    with sign_in(network, "ada", "ada") as ada, sign_in(network, "lin", "lin") as lin:
        network.kill("services")
        with pytest.raises(SignInRefused, match="offers no sign-in"):
            sign_in(network, "late", "lin")
        ada.say("#room", "still ada")
        assert "account=ada" in lin.wait_for("still ada")
        network.start("services")
        sign_in(network, "late", "lin").close()


def test_frozen_services_never_answer_and_thawed_ones_do(network: Network) -> None:
    with Client(network.plain_port, "lin") as lin:
        network.freeze("services")
        lin.say("NickServ", "IDENTIFY lin lin-word")
        with pytest.raises(TimeoutError):
            lin.wait_for("identified", seconds=0.5)
        network.thaw("services")
        lin.wait_for("You are now identified")


def test_a_killed_server_ends_its_connections_and_comes_back_with_services(network: Network) -> None:
    with sign_in(network, "ada", "ada") as ada:
        network.kill("irc1")
        ada.wait_for_the_end()
    network.start("irc1")
    network.wait_for_services()
    sign_in(network, "ada", "ada").close()


def test_a_split_is_a_quit_with_two_servers_names_and_heals(pair: Network) -> None:
    with sign_in(pair, "ada", "ada") as ada, sign_in(pair, "lin", "lin", server=1) as lin:
        ada.wait_for(r":lin!\S+ JOIN")
        pair.split()
        gone = ada.wait_for(r":lin!\S+ QUIT")
        assert gone.endswith("QUIT :irc1.example.org irc2.example.org")
        assert "account=lin" in gone
        lin.say("#room", "lost")
        lin.settle()
        pair.heal()
        assert re.search(r"JOIN #room lin :", ada.wait_for(r":lin!\S+ JOIN"))
        assert lin.wait_for(" MODE ").endswith("MODE #room +o :ada")
        lin.say("#room", "back")
        ada.wait_for(":back")
        assert not any("lost" in line for line in ada.lines)


def test_a_held_line_arrives_late_and_looks_fresh(pair: Network) -> None:
    with sign_in(pair, "ada", "ada") as ada, sign_in(pair, "lin", "lin", server=1) as lin:
        ada.wait_for(r":lin!\S+ JOIN")
        pair.hold()
        lin.say("#room", "held")
        sent = lin.wait_for("held")
        with pytest.raises(TimeoutError):
            ada.wait_for("held", seconds=1)
        pair.heal()
        assert _time_of(ada.wait_for("held")) > _time_of(sent)


def _time_of(line: str) -> str:
    found = re.search(r"time=([^; ]+)", line)
    assert found
    return found.group(1)
