"""A whole installation on a network that knows no accounts: it tells, it warns, and what counts is said elsewhere."""

import asyncio
import getpass
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.crash.installation import CHANGE, Counted
from tests.journeys.test_serving import served
from tests.networks.client import Client
from tests.networks.ngircd import NetworkWithoutAccounts, ngircd_network, present
from tocsin.demo.installation import tocsin

CHANNEL = "#website"
ASKED = f"!emergency {CHANGE} T1 functionality fix -- the page is empty; a rollback loses edits; going back is safe"
NOBODY_KNOWN = (
    "Nothing said here counts until I say so: the network does not offer sasl account-tag server-time message-tags"
    " batch, so nobody can be known here; use the command line."
)
QUIET_SECONDS = 2.0

pytestmark = pytest.mark.hostile


@pytest.fixture(scope="module")
def network(require: Require, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWithoutAccounts]:
    require("ngircd", present())
    with ngircd_network(tmp_path_factory.mktemp("network")) as network:
        yield network


@pytest.fixture
def ada(network: NetworkWithoutAccounts) -> Iterator[Client]:
    """Somebody who is in the channel before the bot, and so hears all that it says."""
    with Client(network.tls_port, "ada", ca_file=network.ca_file) as ada:
        ada.join(CHANNEL)
        yield ada


def installation(folder: Path, network: NetworkWithoutAccounts, *, may_join: bool) -> Path:
    """Write an installation for the network."""
    written = Counted(folder)
    written.write()
    server = f'{{ host = "localhost", port = {network.tls_port}, ca_file = {json.dumps(network.ca_file)} }}'
    with (folder / "tocsin.toml").open("a") as top:
        top.write(f'[irc]\nnick = "tocsin"\nservers = [{server}]\nburst = 20\nseconds_per_line = 0.1\n')
        if may_join:
            top.write("join_without_accounts = true\n")
        else:
            top.write('sasl = "plain"\npassword_file = "password"\n')
            (folder / "password").touch(mode=0o600)
            (folder / "password").write_text("open-sesame\n")
    give_login(folder, "ada")
    return folder


def give_login(folder: Path, person: str) -> None:
    """Let the login of this test be that person's, and nobody else's."""
    people, login = folder / "directory.toml", f"logins = {json.dumps([getpass.getuser()])}\n"
    text = people.read_text().replace(login, "")
    people.write_text(text.replace(f"[people.{person}]\n", f"[people.{person}]\n{login}"))


async def said(client: Client, pattern: str) -> str:
    """Wait for a line of the bot, and return its words."""
    line = await asyncio.to_thread(client.wait_for, rf":tocsin!\S+ PRIVMSG {CHANNEL} :.*{pattern}")
    return line.partition(f" PRIVMSG {CHANNEL} :")[2].replace("\u2060", "")


async def typed(folder: Path, *words: str) -> str:
    """Type a command on the machine."""
    process = await asyncio.create_subprocess_exec(
        *tocsin(folder, *words), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed
    return printed.decode()


async def test_it_joins_and_says_once_that_nothing_counts_and_answers(
    network: NetworkWithoutAccounts, ada: Client, tmp_path: Path
) -> None:
    async with served(installation(tmp_path / "installation", network, may_join=True)):
        assert await said(ada, "Nothing said here counts") == NOBODY_KNOWN
        ada.say(CHANNEL, "!help")
        assert "emergency" in await said(ada, "ada: All: ")
        ada.say(CHANNEL, "!status")
        await said(ada, "Nothing is open")
        assert "nobody can be known here" in await said(ada, "Take care")
        await asyncio.sleep(QUIET_SECONDS)
        lines = await asyncio.to_thread(ada.settle)
        assert not [line for line in lines if "Nothing said here counts" in line]


async def test_a_yes_is_seen_and_not_counted_there_and_counts_on_the_command_line(
    network: NetworkWithoutAccounts, ada: Client, tmp_path: Path
) -> None:
    folder = installation(tmp_path / "installation", network, may_join=True)
    async with served(folder) as server:
        await said(ada, "Nothing said here counts")
        ada.say(CHANNEL, ASKED)
        await said(ada, "E1 for .*whom the directory does not know")
        await typed(folder, "request", "adopt", "E1")
        word = (await said(ada, r"!confirm E1 \w+-\w+")).partition("!confirm E1 ")[2].split()[0]
        with Client(network.tls_port, "kim-releng", ca_file=network.ca_file) as kim:
            kim.join(CHANNEL)
            kim.say(CHANNEL, f"!confirm E1 {word}")
            answer = await said(ada, "seen, not counted")
        assert answer.startswith("kim-releng: E1: seen, not counted: the network does not offer sasl")
        assert answer.endswith("so nobody can be known here; use the command line")
        give_login(folder, "bo-sre")
        server.process.send_signal(signal.SIGHUP)
        await server.logs("the configuration was read again")
        await typed(folder, "request", "confirm", "E1", word)
        announced = await said(ada, "E1: bo-sre confirms")
        assert announced == "E1: bo-sre confirms for sre. Still needed: release-engineering."


async def test_it_stays_away_where_it_is_not_allowed_to_join_without_accounts(
    network: NetworkWithoutAccounts, ada: Client, tmp_path: Path
) -> None:
    async with served(installation(tmp_path / "installation", network, may_join=False)) as server:
        await server.logs("the network does not offer sasl")
        status = await typed(tmp_path / "installation", "request", "list")
        assert status
        await asyncio.sleep(QUIET_SECONDS)
        ada.send(f"NAMES {CHANNEL}")
        names = await asyncio.to_thread(ada.settle)
        assert any(" 353 " in line for line in names)
        assert not any("tocsin" in line for line in ada.lines)
