"""A thousand open pages: from the moment that an act is handed over until each of them has heard of it.

The server is the real one, on a real port and over a record in a file; the pages are in a process of their own.
"""

import asyncio
import json
import os
import resource
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from subprocess import STDOUT, Popen
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure, halves_and_tails
from tests.bench.nights import SIGNER
from tests.crash.installation import Counted
from tests.networks.inspircd import free_ports
from tests.web.house import HOST, House, open_house
from tocsin.demo.installation import tocsin
from tocsin.domain.commands.opening import Note
from tocsin.storage.sqlite import SqliteStore
from tocsin.web.visitors import cookie_name

PAGES = 1_000
SIGNED_IN = 50
REMARKS = {"a request": 10, "after a long night": 180}
ROUNDS = 10
QUIET_SECONDS = 1.0
STARTS = 5
AGAIN_SECONDS = 0.005
START_SECONDS = 30.0
LINE_BYTES = 1_000_000
GOAL = "p99 < 150 ms"


def measure() -> Iterator[Figure]:
    """Yield how late the pages of a request are, who sees it signed in or not, and how soon a server has a page."""
    yield from asyncio.run(_measured())
    yield Figure(
        "start: tocsin serve to its first page", tuple(_first_page() for _ in range(STARTS + 1))[1:], "ms", "< 2,000 ms"
    )


async def _measured() -> list[Figure]:
    figures = list[Figure]()
    for what, remarks in REMARKS.items():
        for signed_in in (0, SIGNED_IN):
            told = f"{what}, {PAGES:,} pages" + (f", {signed_in} signed in" if signed_in else "")
            figures += halves_and_tails(told, await _rounds(remarks, signed_in), "ms", GOAL)
    return figures


async def _rounds(remarks: int, signed_in: int) -> list[list[float]]:
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        path = Path(folder) / "record.db"
        with closing(SqliteStore(path, SIGNER, starter=lambda *_: None)) as store:
            async with open_house(store) as house:
                await house.world.ready()
                for number in range(remarks):
                    await _remark(house, f"graphs look steady, {number} s in")
                async with _readers(house, signed_in) as readers:
                    return [await _round(house, readers, f"round {number} of it") for number in range(ROUNDS)]


async def _round(house: House, readers: Process, words: str) -> list[float]:
    assert readers.stdin
    readers.stdin.write(f"{words}\n".encode())
    assert await _line(readers) == "waiting"
    await asyncio.sleep(QUIET_SECONDS)
    began = time.monotonic()
    await _remark(house, words)
    return [1000 * (at - began) for at in json.loads(await _line(readers))]


async def _remark(house: House, words: str) -> None:
    house.world.later(1)
    await house.world.says("ada", Note(words))


@asynccontextmanager
async def _readers(house: House, signed_in: int) -> AsyncIterator[Process]:
    """Run the pages until the block ends; begins when each was sent everything."""
    _let_many_be_open()
    people = [person.id for person in house.office.directory().people]
    name = cookie_name(house.office)
    cookies = [f"{name}={house.session_of(people[number % len(people)])}" for number in range(signed_in)]
    asked = {"port": house.settings.port, "request": "E1", "strangers": PAGES - signed_in, "cookies": cookies}
    words = (sys.executable, "-m", "tests.bench.readers")
    readers = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE, limit=LINE_BYTES)
    assert readers.stdin
    try:
        readers.stdin.write(f"{json.dumps(asked)}\n".encode())
        assert len(json.loads(await _line(readers))) == PAGES
        yield readers
    finally:
        readers.stdin.close()
        await readers.wait()


async def _line(readers: Process) -> str:
    assert readers.stdout
    return (await readers.stdout.readline()).decode().strip()


def _let_many_be_open() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _first_page() -> float:
    """Start a server over an empty record, and ask for its board until it answers."""
    with TemporaryDirectory(prefix="tocsin-bench-") as name, (Path(name) / "log").open("wb") as log:
        folder, [port] = Path(name) / "installation", free_ports(1)
        Counted(folder).write()
        _with_a_page(folder / "tocsin.toml", port)
        surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        began = time.perf_counter()
        server = Popen(tocsin(folder, "serve"), env=surroundings, stdout=log, stderr=STDOUT)
        try:
            _until_the_board_comes(port, began + START_SECONDS)
            return 1000 * (time.perf_counter() - began)
        finally:
            server.terminate()
            server.wait(START_SECONDS)


def _with_a_page(top: Path, port: int) -> None:
    site = f'[site]\npublic_url = "http://localhost:{port}"\n'
    page = f'\n[web]\nhost = "{HOST}"\nport = {port}\n'
    top.write_text(top.read_text().replace("[site]\n", site) + page)


def _until_the_board_comes(port: int, deadline: float) -> None:
    while time.perf_counter() < deadline:
        connection = HTTPConnection(HOST, port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
            assert answer.status == HTTPStatus.OK
            assert b"Nothing is open" in answer.read()
        except ConnectionRefusedError:
            time.sleep(AGAIN_SECONDS)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError("no page came")
