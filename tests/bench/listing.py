"""Listing the requests with the command line, as whole processes, over this machine's socket and over HTTP.

Each server has one open request, and runs in this very process, without TLS: what is measured is the client, a trip
over loopback, and the answer of the real socket and the real API.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from tests.bench.figures import Figure, milliseconds
from tests.local.office import open_office
from tests.web.house import open_house
from tocsin.domain.people import PersonId
from tocsin.service.tokens import Scope

TIMES = 15
LIMIT_SECONDS = 30
GOAL = "< 200 ms"
TOCSIN = str(Path(sys.executable).with_name("tocsin"))
LIST = (TOCSIN, "request", "list")
HTTPX2 = (sys.executable, "-c", "import httpx2")
NO_TLS = (sys.executable, "-c", "import http.client")


def measure() -> Iterator[Figure]:
    """Yield how long a list takes from the start of the process to its end, turn by turn over both ways."""
    yield from asyncio.run(_measured())


async def _measured() -> list[Figure]:
    async with open_office() as office, open_house() as house:
        await office.asks()
        await house.world.ready()
        secret, _ = house.tokens.make(PersonId("ada"), "bench", [Scope.READ])
        over_http = {"TOCSIN_SERVER": f"http://127.0.0.1:{house.settings.port}", "TOCSIN_TOKEN": secret}
        runs: tuple[tuple[str, tuple[str, ...], dict[str, str], str], ...] = (
            ("list: over the socket", LIST, {"TOCSIN_SOCKET": str(office.path)}, GOAL),
            ("list: over HTTP", LIST, over_http, GOAL),
            ("  python -c 'import http.client'", NO_TLS, {}, "the floor"),
            ("  python -c 'import httpx2'", HTTPX2, {}, "why it is not used here"),
        )
        took: dict[str, list[float]] = {what: [] for what, *_ in runs}
        for turn in range(TIMES + 1):
            for what, words, where, _ in runs:
                [one] = await asyncio.to_thread(milliseconds, partial(_run, words, where), 1, warm=0)
                if turn:  # the first turn warms the caches, and loads the API
                    took[what].append(one)
        return [Figure(what, tuple(took[what]), "ms", goal) for what, _, _, goal in runs]


def _run(words: tuple[str, ...], where: Mapping[str, str]) -> None:
    surroundings = {**os.environ, **where}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    ended = subprocess.run(words, env=surroundings, capture_output=True, timeout=LIMIT_SECONDS, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
