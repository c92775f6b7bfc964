"""What only our own server does: bounds, faults made to order, and an orderly end. The rest stands in the contracts."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.networks.client import Client, Connection, SignInRefused
from tests.networks.demo import DemoNetwork, demo_network
from tocsin.demo.irc_server import server as server_module
from tocsin.demo.irc_server.certificate import self_signed
from tocsin.demo.irc_server.server import IrcServer

ACCOUNTS = {"ada": "ada-word", "lin": "lin-word"}


class SilentConnection(Connection):
    """A program that hears and does not answer."""

    answers_pings = False


@pytest.fixture
def network(tmp_path: Path) -> Iterator[DemoNetwork]:
    """A running server."""
    with demo_network(tmp_path, ACCOUNTS) as network:
        yield network


@pytest.fixture
def ada(network: DemoNetwork) -> Iterator[Client]:
    """Ada, operating #room."""
    with Client(network.tls_port, "ada", "ada", "ada-word", network.ca_file) as ada:
        ada.join("#room")
        yield ada


@pytest.fixture
def lin(network: DemoNetwork, ada: Client) -> Iterator[Client]:
    """Lin, in #room."""
    with Client(network.plain_port, "lin", "lin", "lin-word") as lin:
        lin.join("#room")
        ada.wait_for(r":lin!\S+ JOIN")
        yield lin


def test_the_certificate_is_for_localhost_and_for_nobody_else(network: DemoNetwork) -> None:
    Connection(network.tls_port, network.ca_file).close()
    with pytest.raises(ssl.SSLCertVerificationError):
        Connection(network.tls_port, _another_certificate(network))


def test_a_split_shows_each_side_the_other_quitting_and_mending_shows_them_entering(
    network: DemoNetwork, ada: Client, lin: Client
) -> None:
    network.run(lambda: network.server.netsplit(["lin"]))
    assert ada.wait_for(r":lin!\S+ QUIT").endswith("QUIT :irc.example.org irc2.example.org")
    assert lin.wait_for(r":ada!\S+ QUIT").endswith("QUIT :irc.example.org irc2.example.org")
    lin.say("#room", "unheard")
    assert lin.wait_for("unheard")
    assert not any("unheard" in line for line in ada.settle())
    network.run(network.server.mend)
    assert "account=lin" in ada.wait_for(r":lin!\S+ JOIN")
    assert lin.wait_for(" MODE ").endswith("MODE #room +o :ada")
    lin.say("#room", "back")
    assert "account=lin" in ada.wait_for(":back")


def test_a_private_message_across_a_split_finds_nobody(network: DemoNetwork, ada: Client, lin: Client) -> None:
    network.run(lambda: network.server.netsplit(["lin"]))
    lin.wait_for(" QUIT ")
    lin.say("ada", "are you there?")
    lin.wait_for(" 401 lin ada ")


def test_a_withdrawn_capability_is_told_and_takes_effect(network: DemoNetwork, ada: Client, lin: Client) -> None:
    network.run(lambda: network.server.withdraw("account-tag"))
    assert ada.wait_for(" CAP ada DEL ").endswith("DEL :account-tag")
    lin.say("#room", "without")
    assert "account=" not in ada.wait_for("without")
    network.run(lambda: network.server.offer("account-tag"))
    assert ada.wait_for(" CAP ada NEW ").endswith("NEW :account-tag")


def test_nobody_signs_in_while_signing_in_is_withdrawn(network: DemoNetwork) -> None:
    network.run(lambda: network.server.withdraw("sasl"))
    with pytest.raises(SignInRefused):
        Client(network.plain_port, "ada", "ada", "ada-word")


def test_whoever_does_not_read_is_dropped_and_the_others_are_not(
    network: DemoNetwork, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "SEND_BYTES", 50_000)
    with Client(network.plain_port, "deaf") as deaf:
        deaf.join("#room")
        ada.wait_for(r":deaf!\S+ JOIN")
        for _ in range(200):
            for _ in range(100):
                ada.say("#room", "x" * 400)
            if any("deaf!" in line and " QUIT " in line for line in ada.settle()):
                return
    pytest.fail("the deaf client was never dropped")


def test_a_silent_client_is_asked_and_then_dropped(network: DemoNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "SILENCE_SECONDS", 0.1)
    with SilentConnection(network.plain_port) as silent:
        silent.send("NICK silent")
        silent.send("USER silent 0 * :silent")
        silent.wait_for(" 001 ")
        heard = [line for line in silent.wait_for_the_end() if line.startswith("PING")]
    assert heard == ["PING :irc.example.org"]


def test_more_clients_than_there_is_room_for_are_turned_away(
    network: DemoNetwork, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "CLIENTS", 1)
    with Connection(network.plain_port) as late:
        assert late.wait_for_the_end() == []
    ada.say("ada", "still here")
    ada.wait_for("still here")


@pytest.mark.parametrize(
    "words", ["NOPE", "PLAIN\r\nAUTHENTICATE *", "PLAIN\r\nAUTHENTICATE ????", "PLAIN\r\nAUTHENTICATE YWFh"]
)
def test_a_sign_in_that_cannot_be_understood_is_refused(network: DemoNetwork, words: str) -> None:
    with Connection(network.plain_port) as newcomer:
        newcomer.send("CAP REQ :sasl")
        newcomer.send(f"AUTHENTICATE {words}")
        newcomer.wait_for(" 904 ")


def test_endless_credentials_are_refused(network: DemoNetwork) -> None:
    with Connection(network.plain_port) as newcomer:
        newcomer.send("CAP REQ :sasl")
        newcomer.send("AUTHENTICATE PLAIN")
        for _ in range(4):
            newcomer.send("AUTHENTICATE " + "A" * 400)
        newcomer.wait_for(" 904 ")


def test_a_newcomer_can_do_nothing_before_it_is_registered(network: DemoNetwork) -> None:
    with Connection(network.plain_port) as newcomer:
        for line in ("JOIN #room", "PRIVMSG ada :x", "WHO ada", "NS INFO ada"):
            newcomer.send(line)
            newcomer.wait_for(f" 451 \\* {line.split()[0]} ")


def test_stopping_ends_every_connection(tmp_path: Path) -> None:
    with demo_network(tmp_path, ACCOUNTS) as network:
        client = Client(network.tls_port, "ada", "ada", "ada-word", network.ca_file)
    client.wait_for_the_end()
    client.close()


async def test_a_stopped_server_can_be_started_again() -> None:
    server = IrcServer([])
    for _ in range(2):
        await server.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"NICK ada\r\nUSER ada 0 * :Ada\r\n")
        async with asyncio.timeout(5):
            assert b" 001 ada " in await reader.readline()
        writer.close()
        await writer.wait_closed()
        await server.stop()


def _another_certificate(network: DemoNetwork) -> str:
    path = Path(network.ca_file).with_name("another.pem")
    path.write_text(self_signed().certificate_pem)
    return str(path)
