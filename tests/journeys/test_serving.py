"""`tocsin serve` as a process: one server for a folder, a configuration read again on SIGHUP, and an end when asked."""

import asyncio
import json
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest

from tests.crash.installation import Counted
from tests.networks.inspircd import free_ports
from tocsin.cli import exits
from tocsin.config.loading import load
from tocsin.demo.installation import tocsin
from tocsin.wiring import Server

HOST = "127.0.0.1"
PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Served:
    """A running server, and the file that it logs to."""

    process: asyncio.subprocess.Process
    log: Path

    async def logs(self, words: str, after: int = 0) -> int:
        """Wait until it has logged something, and return how long the log is then."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while words not in self.log.read_text()[after:]:
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(LOOK_SECONDS)
        return len(self.log.read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    installation = Counted(tmp_path / "installation")
    installation.write()
    return installation.folder


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(*tocsin(folder, "serve"), stdout=output, stderr=output)
    try:
        yield Served(process, log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_it_reads_people_again_on_sighup_and_keeps_the_old_ones_when_a_file_is_broken(folder: Path) -> None:
    directory = folder / "directory.toml"
    async with served(folder) as server:
        mark = await server.logs('"serving"')
        before = directory.read_text()
        directory.write_text(before + "\n[people.new]\naccounts = [{ name = 'new' }]\nteams = ['sre']\n")
        server.process.send_signal(signal.SIGHUP)
        mark = await server.logs("new joined sre", mark)
        directory.write_text(before + "\n[people.new]\nteams = ['srre']\n")
        server.process.send_signal(signal.SIGHUP)
        await server.logs("the configuration is broken and the old one kept", mark)
        listing = await asyncio.create_subprocess_exec(
            *tocsin(folder, "request", "list"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        printed, _ = await listing.communicate()
        assert listing.returncode == exits.DONE, printed


async def test_a_second_server_for_the_same_folder_is_refused_with_a_sentence(folder: Path) -> None:
    async with served(folder) as first:
        await first.logs('"serving"')
        second = await asyncio.create_subprocess_exec(
            *tocsin(folder, "serve"), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        _, said = await asyncio.wait_for(second.communicate(), PATIENCE_SECONDS)
        assert second.returncode == exits.UNRECORDED
        assert f"Another tocsin serves {folder / 'data'}: stop it first." in said.decode()


async def test_it_ends_when_asked_and_takes_its_socket_away(folder: Path) -> None:
    async with served(folder) as server:
        await server.logs('"serving"')
        assert (folder / "data" / "tocsin.sock").exists()
        server.process.terminate()
        assert await asyncio.wait_for(server.process.wait(), PATIENCE_SECONDS) == 0
    assert not (folder / "data" / "tocsin.sock").exists()


async def test_people_can_look_while_the_engine_cannot_begin_and_what_they_do_waits_for_it(folder: Path) -> None:
    [port] = free_ports(1)
    top = folder / "tocsin.toml"
    page = f'[web]\nhost = "{HOST}"\nport = {port}\n'
    top.write_text(top.read_text().replace("[site]\n", f'[site]\npublic_url = "http://localhost:{port}"\n') + page)
    async with started(folder) as first:
        await first.ready.wait()
    with closing(sqlite3.connect(folder / "data" / "record.db", isolation_level=None)) as other:
        async with started(folder, lambda: other.execute("BEGIN IMMEDIATE")) as server, browser(port) as ada:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await shows_the_board(ada):
                    await asyncio.sleep(LOOK_SECONDS)
            act = asyncio.create_task(ada.post("/sign-out"))
            done, _ = await asyncio.wait([act], timeout=LOOK_SECONDS)
            assert not done
            assert not server.ready.is_set()
            other.execute("ROLLBACK")
            assert (await act).status_code == HTTPStatus.SEE_OTHER
            assert server.ready.is_set()


@asynccontextmanager
async def started(folder: Path, before: Callable[[], object] = lambda: None) -> AsyncIterator[Server]:
    """Run a server in this process until the block ends; `before` comes between its building and its start."""
    loaded = load(folder)
    loaded.settings.site.data.mkdir(exist_ok=True)
    server = Server(loaded)
    before()
    running = asyncio.create_task(server.run())
    try:
        yield server
    finally:
        server.stop()
        await asyncio.wait_for(running, PATIENCE_SECONDS)


def browser(port: int) -> httpx2.AsyncClient:
    headers = {"Origin": f"http://localhost:{port}"}
    return httpx2.AsyncClient(base_url=f"http://{HOST}:{port}", headers=headers, trust_env=False)


async def shows_the_board(browser: httpx2.AsyncClient) -> bool:
    try:
        return "Nothing is open" in (await browser.get("/")).text
    except httpx2.ConnectError:
        return False


async def test_a_command_for_events_that_fails_ends_nothing_and_one_that_runs_is_ended_with_the_server(
    folder: Path,
) -> None:
    fails = f"echo >> {folder}/failed; echo 'Permission denied (publickey).' >&2; exit 255"
    stays = f"echo $$ > {folder}/stays; exec sleep 300"
    tables = [
        f"[[gerrit]]\nsite = 'http://127.0.0.1:{port}'\nevents = {json.dumps(['sh', '-c', script])}\n"
        for port, script in ((8, fails), (9, stays))
    ]
    with (folder / "tocsin.toml").open("a") as top:
        top.write("\n".join(tables))
    async with served(folder) as server:
        mark = await server.logs("Permission denied (publickey).")
        await server.logs("Permission denied (publickey).", mark)
        assert (folder / "failed").read_text().count("\n") >= 2
        child = Path("/proc") / (folder / "stays").read_text().strip()
        assert child.exists()
        server.process.terminate()
        assert await asyncio.wait_for(server.process.wait(), PATIENCE_SECONDS) == 0
        assert not child.exists()


async def test_a_broken_configuration_does_not_start_and_names_every_fault(folder: Path) -> None:
    (folder / "tocsin.toml").write_text("[site]\nname = 1\n")
    async with served(folder) as server:
        assert await asyncio.wait_for(server.process.wait(), PATIENCE_SECONDS) == exits.MISCONFIGURED
        assert "tocsin.toml:2: " in server.log.read_text()
        assert "Traceback" not in server.log.read_text()
