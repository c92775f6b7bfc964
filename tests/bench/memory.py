"""How much memory is in use: by the room `irc` alone, by a whole server, by a bot that has heard a million lines."""

import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench import irc_alone
from tests.bench.figures import Figure
from tests.bench.round_trips import open_a_request
from tests.bench.served import Place, Program, installation, megabytes, running
from tests.networks.client import Client
from tests.networks.inspircd import missing
from tocsin.demo.story import CHANNEL

TIMES = 3
SETTLED_SECONDS = 3.0
FIRST, LAST = 100_000, 1_000_000
FLOOD_SECONDS = 1200


def measure() -> Iterator[Figure]:
    """Yield the memory of both programs on a real network, then that of a flooded bot, early and late."""
    if absent := missing():
        yield Figure("memory: on a network", (), "MB", f"not measured: apt-get install {absent}")
    else:
        with installation() as place, place.enter("watcher") as watcher:
            yield Figure("memory: the room irc alone", _used(_alone(place), watcher), "MB", "< 40 MB")
            yield Figure("memory: tocsin serve, one request open", _serving(place, watcher), "MB", "< 120 MB")
    yield from _flooded()


def _alone(place: Place) -> Program:
    network = place.network
    words = [irc_alone.__file__, str(network.tls_port), network.ca_file, "mo-sre", CHANNEL]
    return Program(irc_alone.NICK, (sys.executable, *words), place.folder, said=network.passwords["mo-sre"])


def _used(program: Program, watcher: Client) -> tuple[float, ...]:
    figures = list[float]()
    for _ in range(TIMES):
        with running(program, watcher, []) as process:
            time.sleep(SETTLED_SECONDS)  # what is loaded late is to be counted
            figures.append(megabytes(process))
    return tuple(figures)


def _serving(place: Place, watcher: Client) -> tuple[float, ...]:
    figures = list[float]()
    for turn in range(TIMES):
        with running(place.tocsin, watcher, []) as process:
            if turn == 0:
                with place.enter("ada", "ada") as ada:
                    open_a_request(ada)
            time.sleep(SETTLED_SECONDS)
            figures.append(megabytes(process))
    return tuple(figures)


def _flooded() -> Iterator[Figure]:
    words = (sys.executable, "-m", "tests.bench.flooded", str(FIRST), str(LAST))
    told = subprocess.run(words, capture_output=True, text=True, timeout=FLOOD_SECONDS, check=True)
    early, late = map(float, told.stdout.split())
    yield Figure(f"memory: the bot after {FIRST:,} lines", (early,), "MB", "the next line")
    yield Figure(f"  after {LAST:,} lines", (late,), "MB", "the same")
