"""What only our own server does: bounds, and an orderly end. The rest stands in the contracts."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.networks.client import Client, Connection
from tests.networks.demo import DemoNetwork, demo_network
from tocsin.demo.irc_server import server as server_module
from tocsin.demo.irc_server.certificate import self_signed
from tocsin.demo.irc_server.server import IrcServer

ACCOUNTS = {"ada": "ada-word", "lin": "lin-word"}


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


def test_the_certificate_is_for_localhost_and_for_nobody_else(network: DemoNetwork) -> None:
    Connection(network.tls_port, network.ca_file).close()
    with pytest.raises(ssl.SSLCertVerificationError):
        Connection(network.tls_port, _another_certificate(network))


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


def test_a_line_beyond_every_limit_is_refused_and_the_next_one_heard(network: DemoNetwork, ada: Client) -> None:
    ada.send("PRIVMSG #room :" + "x" * 100_000)
    ada.wait_for(" 417 ")
    ada.say("ada", "still here")
    ada.wait_for("still here")


def test_a_newcomer_can_do_nothing_before_it_is_registered(network: DemoNetwork) -> None:
    with Connection(network.plain_port) as newcomer:
        for line in ("JOIN #room", "PRIVMSG ada :x", "WHO ada", "NAMES #room"):
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
