"""A room after a long night, over real HTTP: how long the server takes, and how much goes over the wire."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure, milliseconds
from tests.bench.nights import SIGNER
from tests.service.world import E1
from tests.web.house import House, open_house
from tocsin.domain.commands.opening import Note
from tocsin.domain.recorded import StreamId
from tocsin.service.ports import Store
from tocsin.storage.sqlite import SqliteStore
from tocsin.web.sections import personal, shared
from tocsin.web.visitors import Visitor

EVENTS = 200
LINES = 20_000
TIMES = 50
WARM = 3
STEP = "E1-forward-1-1"
PRINTED = b"\x1b[32m02:14:07\x1b[0m mw%05d: pulled \x1b[1mphp-1.45.0-wmf.3\x1b[0m, restarted php-fpm, 200 OK in 41 ms\n"
MEGABYTE = 1_000_000


def measure() -> Iterator[Figure]:
    """Yield what somebody signed in and a stranger wait for, what they are sent, and what one more open page costs."""
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        path = Path(folder) / "record.db"
        with closing(SqliteStore(path, SIGNER, starter=lambda *_: None)) as store:  # the test itself carries it out
            yield from asyncio.run(_measured(store))


async def _measured(store: Store) -> list[Figure]:
    async with open_house(store) as house:
        await _long_night(house)
        person = house.office.directory().person(house.request.confirmers[0])
        assert person is not None
        known, stranger = house.browser(person.id), house.browser()
        page = await known.get("/E1")
        assert page.status_code == 200
        assert f"mw{LINES - 1:05d}" in page.text, "the end of the output is shown"
        what = f"a room with {EVENTS} events and {LINES:,} lines"
        return [
            Figure(f"{what}: signed in", await _each(lambda: known.get("/E1")), "ms", "< 300 ms"),
            Figure(f"{what}: stranger", await _each(lambda: stranger.get("/E1")), "ms", "< 300 ms"),
            Figure("  on the wire", (len(page.content) / MEGABYTE,), "MB", "< 1 MB"),
            Figure("  its shared parts alone", await _each(lambda: shared(house.office, house.request)), "ms"),
            Figure("  the buttons of one person", _buttons(house, Visitor(person)), "ms"),
        ]


async def _long_night(house: House) -> None:
    """Begin it, let people remark on it until there are enough events, and let the first step print."""
    world = house.world
    await world.go()
    await world.carry_all()
    for number in range(EVENTS - len(house.store.read(StreamId(E1)))):
        world.later(1)
        await world.says(("ada", "bo-sre", "kim-releng")[number % 3], Note(f"graphs look steady, {number} s in"))
    assert len(house.store.read(StreamId(E1))) == EVENTS
    folder = house.folder / "attempts" / STEP
    folder.mkdir(parents=True)
    (folder / "output").write_bytes(b"".join(PRINTED % number for number in range(LINES)))


async def _each(act: Callable[[], Awaitable[object]]) -> tuple[float, ...]:
    taken = list[float]()
    for _ in range(WARM + TIMES):
        began = time.perf_counter()
        await act()
        taken.append(1000 * (time.perf_counter() - began))
    return tuple(taken[WARM:])


def _buttons(house: House, visitor: Visitor) -> tuple[float, ...]:
    return milliseconds(lambda: personal(house.office, house.request, visitor), TIMES)
