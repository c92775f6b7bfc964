"""The bot as it is served, over a record in a file and on a network without a socket, with so many open requests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from tests.bench.nights import KeptNight, as_request, record
from tests.bench.wire import PATIENCE_SECONDS, Wire
from tests.domain.night import CHANGE, WISH
from tests.irc.night_shift import LOG, OPS, PRIVATE, NightShift
from tests.irc.talking import SETTINGS
from tests.service.world import Prover
from tocsin.irc.building import Irc, Office
from tocsin.irc.connection import Surroundings
from tocsin.irc.settings import ChannelToJoin, Pace, Server
from tocsin.service.clockwork import Clockwork
from tocsin.service.follower import Follower
from tocsin.service.handler import Handler
from tocsin.service.ports import Draft
from tocsin.service.questions import Questions
from tocsin.service.requests import Happening
from tocsin.service.situating import Neighbours
from tocsin.storage.cursors import FileCursor
from tocsin.storage.sqlite import SqliteStore

UNHURRIED = Pace(burst=1_000_000, seconds_per_line=0.000_001)  # what is measured is the bot, not its good manners
BOT_SETTINGS = replace(
    SETTINGS,
    servers=(Server("localhost", 6667, tls=False),),
    channels=tuple(ChannelToJoin(name) for name in (OPS, PRIVATE, LOG)),
    pace=UNHURRIED,
)
FIRST_CHANGE = 1000
AGE = timedelta(minutes=1)


class Now:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@asynccontextmanager
async def bot_on_the_wire(
    open_requests: int, *, ticking: bool = False, around: Callable[[Neighbours], Neighbours] = lambda near: near
) -> AsyncIterator[Wire]:
    """Run the bot with what follows the record, and the clockwork if it is to tick; begins when its lines count.

    `around` puts other systems around it than those of the tests, which answer at once.
    """
    quiet = structlog.make_filtering_bound_logger(50)
    structlog.configure(wrapper_class=quiet)
    with record(_open_requests(open_requests)) as (store, folder):
        wire = Wire()
        shift = NightShift()
        handler = Handler(store, shift.requests, shift.situations, Now(), shift.brake)
        await handler.start()
        assert len(shift.requests.open()) == open_requests
        irc = Irc(BOT_SETTINGS, _office(shift, handler, store), Surroundings(connect=wire.connect))
        shift.situations.neighbours = around(replace(shift.situations.neighbours, presences=irc.presences))
        await shift.situations.refresh(Now().now())
        works = [irc.run(), *(follower.run() for follower in _followers(irc, handler, store, folder))]
        if ticking:
            clockwork = Clockwork(handler, shift.requests, shift.situations, Prover(), shift.brake, store, Now())
            handler.tell(clockwork.grown)
            await clockwork.once()
            works.append(clockwork.run())
        tasks = [asyncio.create_task(work) for work in works]
        try:
            await _ready(irc)
            yield wire
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            structlog.reset_defaults()


def _office(shift: NightShift, handler: Handler, store: SqliteStore) -> Office:
    return replace(
        shift.office(),
        handler=handler,
        questions=Questions(shift.requests, shift.situations, Now(), store),
        clock=Now(),
    )


def _followers(irc: Irc, handler: Handler, store: SqliteStore, folder: Path) -> Iterator[Follower]:
    """Two, as in a server; what is in the record already was heard."""

    async def nothing(_: Happening) -> None:
        """Hear an act that asks for no abort."""

    for name, listen in (("abort", nothing), ("irc", irc.announce)):
        cursor = FileCursor(folder / f"heard-by-{name}")
        cursor.move(store.size())
        follower = Follower(name, store, cursor, listen)
        handler.tell(follower.grown)
        yield follower


async def _ready(irc: Irc) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while irc.degraded:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)  # what is said in the very millisecond of the join is taken for history


def _open_requests(many: int) -> Iterator[Iterator[Draft]]:
    """Yield so many requests, asked for just now, each for a change of its own."""
    for number in range(1, many + 1):
        named = FIRST_CHANGE + number - 1
        change = replace(CHANGE, number=named)
        night = KeptNight(wish=replace(WISH, named=str(named)), change=change)
        night.now = datetime.now(UTC) - AGE
        night.asked()
        yield as_request(number, tuple(night.acts_kept))
