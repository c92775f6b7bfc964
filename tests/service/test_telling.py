"""Others outside are told of each turn: in order, at least once whatever breaks, and never at a deployment's cost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import WORDS
from tests.service.outside import LogBot, Mistaken, Page, Tracker, log_bot
from tests.service.world import E1, World, until
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import Good, MakePrivate, TellLive
from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.recorded import Recorded, StreamId
from tocsin.domain.request import Status
from tocsin.neighbours.admin_log import LogPort
from tocsin.service import lately as following
from tocsin.service import reading_back
from tocsin.service import telling as rules
from tocsin.service.lately import Lately
from tocsin.service.noting import Noting, Paces
from tocsin.service.telling import Telling, Ways
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore

LOOKS = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
QUICK = Paces(timedelta(seconds=0.01), timedelta(seconds=0.05), LOOKS)
DAY = timedelta(days=1).total_seconds()
LOG, TASK = e.Outside.ADMIN_LOG, e.Outside.TASK
HEAD = "9:" + "ab" * 32


@pytest.fixture
async def bot() -> AsyncIterator[LogBot]:
    async with log_bot() as listening:
        yield listening


@pytest.fixture
def world(store: MemoryStore, journal: StopJournal) -> World:
    return World(store, journal, proofs=WORDS)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "AGAIN_AFTER_SECONDS", 0.01)
    monkeypatch.setattr(reading_back, "LONGEST_WAIT_SECONDS", 0.02)


@asynccontextmanager
async def telling(world: World, ways: Ways) -> AsyncIterator[Telling]:
    """Tell others, as a server does, until the block ends."""
    lately = Lately(world.requests, world.store, world.clock)
    made = Telling(lately, Noting(world.handler, QUICK), ways, lambda: HEAD, "https://tocsin.example.org", QUICK)
    world.handler.tell(made.grown)
    running = asyncio.create_task(made.run())
    try:
        yield made
        assert not running.done(), running.exception()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def port(bot: LogBot) -> LogPort:
    return LogPort("127.0.0.1", bot.port)


async def done(world: World) -> None:
    """Carry a deployment from its start to its end."""
    await world.go()
    await finishes(world)


async def finishes(world: World) -> None:
    """Carry on to the end."""
    await world.carry_all()
    world.later(6)
    await world.says("ada", Good())
    await world.says("kim-releng", Good())
    await world.carry_all()
    await world.says("ada", TellLive(live=True))
    await world.says("kim-releng", TellLive(live=True))
    assert world.request.status is Status.DONE, world.request.status


def told(world: World) -> list[tuple[e.Outside, str, e.Arrival]]:
    """Return what the record says of telling others."""
    events = (each.event for each in world.store.read(StreamId(E1)))
    return [(each.place, each.about, each.outcome) for each in events if isinstance(each, e.OutsideTold)]


def titles(bot: LogBot) -> list[str]:
    return [line.partition(":")[0] for line in bot.heard]


# --- the admin log ----------------------------------------------------------------------------------------------------


async def test_start_and_end_are_sent_in_order_and_recorded(world: World, bot: LogBot) -> None:
    async with telling(world, Ways(port(bot))):
        await done(world)
        await until(lambda: len(told(world)) == 2)
    assert told(world) == [(LOG, "started", e.Arrival.SENT), (LOG, "done", e.Arrival.SENT)]
    assert titles(bot) == ["!log E1 started", "!log E1 done"]
    assert all(line.endswith(" [record 9:abababababab]") for line in bot.heard)


async def test_while_the_port_is_down_one_failure_is_recorded_and_later_the_lines_arrive_in_order(
    world: World, bot: LogBot
) -> None:
    await bot.stop()
    async with telling(world, Ways(port(bot))):
        await done(world)
        await until(lambda: told(world))
        await asyncio.sleep(0.3)
        assert told(world) == [(LOG, "started", e.Arrival.FAILED)]
        assert world.request.told(LOG, "started").detail.endswith("nothing listens there")  # type: ignore[union-attr]
        await bot.start()
        await until(lambda: len(told(world)) == 3)
    assert told(world)[1:] == [(LOG, "started", e.Arrival.SENT), (LOG, "done", e.Arrival.SENT)]
    assert titles(bot) == ["!log E1 started", "!log E1 done"]


async def test_a_bot_that_breaks_the_connection_off_has_not_heard_it(world: World, bot: LogBot) -> None:
    bot.breaks_off = True
    async with telling(world, Ways(port(bot))):
        await world.go()
        await until(lambda: bot.connections > 2)
        assert told(world) == [(LOG, "started", e.Arrival.FAILED)]
        bot.breaks_off = False
        await until(lambda: bot.heard)


async def test_a_line_that_comes_late_says_when_it_happened(world: World, bot: LogBot) -> None:
    await bot.stop()
    async with telling(world, Ways(port(bot))):
        await world.go()
        at = f"{world.clock.now():%H:%M:%S} UTC"
        await until(lambda: told(world))
        world.later(600)
        await bot.start()
        await until(lambda: bot.heard)
    assert f", at {at} [record" in bot.heard[0]


async def test_after_a_restart_what_was_not_told_is_told_and_nothing_else(world: World, bot: LogBot) -> None:
    async with telling(world, Ways(port(bot))):
        await world.go()
        await until(lambda: told(world))
    await finishes(world)
    async with telling(world, Ways(port(bot))):
        await until(lambda: len(told(world)) == 2)
        await asyncio.sleep(0.1)
    assert titles(bot) == ["!log E1 started", "!log E1 done"]


async def test_what_was_sent_and_not_recorded_is_sent_once_more(world: World, bot: LogBot) -> None:
    """Where a process died between the two, the next one cannot know."""
    async with telling(world, Ways(port(bot))):
        await world.go()
        world.store.unavailable = "the disk is full"  # type: ignore[attr-defined]  # the store is the one in memory
        await until(lambda: bot.heard)
        await asyncio.sleep(0.2)
        assert len(bot.heard) == 1
    world.store.unavailable = ""  # type: ignore[attr-defined]
    async with telling(world, Ways(port(bot))):
        await until(lambda: told(world))
    assert titles(bot) == ["!log E1 started"] * 2


async def test_as_long_as_the_record_takes_nothing_the_line_is_not_sent_again(world: World, bot: LogBot) -> None:
    async with telling(world, Ways(port(bot))):
        await world.go()
        world.store.unavailable = "the disk is full"  # type: ignore[attr-defined]  # the store is the one in memory
        await until(lambda: bot.heard)
        await asyncio.sleep(0.2)
        world.store.unavailable = ""  # type: ignore[attr-defined]
        await until(lambda: told(world))
    assert len(bot.heard) == 1


async def test_what_is_older_than_a_day_is_no_news(world: World, bot: LogBot) -> None:
    await done(world)
    world.later(DAY + 1)
    async with telling(world, Ways(port(bot))):
        await asyncio.sleep(0.2)
    assert (bot.heard, told(world)) == ([], [])


async def test_what_nobody_took_for_a_day_is_said_to_be_missing(world: World, bot: LogBot) -> None:
    await bot.stop()
    async with telling(world, Ways(port(bot))):
        await done(world)
        await until(lambda: told(world))
        world.later(DAY + 1)
        await until(lambda: len(told(world)) == 2)
    assert told(world)[1] == (LOG, "started", e.Arrival.MISSING)
    assert "nobody took it" in world.request.told(LOG, "started").detail  # type: ignore[union-attr]


async def test_what_became_private_meanwhile_is_told_as_private(world: World, bot: LogBot) -> None:
    await bot.stop()
    async with telling(world, Ways(port(bot))):
        await world.go()
        await until(lambda: told(world))
        await world.says("ada", MakePrivate())
        await bot.start()
        await until(lambda: bot.heard)
    assert bot.heard == ["!log E1 started (private) [record 9:abababababab]"]


async def test_a_mistake_of_ours_is_tried_once_and_keeps_no_other_line_waiting(world: World) -> None:
    mistaken = Mistaken()
    async with telling(world, Ways(mistaken)):
        await done(world)
        await until(lambda: len(told(world)) == 2)
        await asyncio.sleep(0.1)
    assert mistaken.tries == 2
    assert [outcome for _, _, outcome in told(world)] == [e.Arrival.FAILED] * 2


async def test_a_way_that_forgets_its_limit_has_one_all_the_same(
    world: World, bot: LogBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "WAY_SECONDS", 0.05)
    bot.keeps_open = True
    async with telling(world, Ways(LogPort("127.0.0.1", bot.port, seconds=60))):
        await world.go()
        await until(lambda: told(world))
    assert told(world) == [(LOG, "started", e.Arrival.FAILED)]


async def test_a_place_that_is_silent_delays_no_deployment(world: World, bot: LogBot) -> None:
    bot.silent = True
    async with telling(world, Ways(port(bot), comments=Tracker())):
        async with asyncio.timeout(2):
            await done(world)
        await until(lambda: (TASK, "done", e.Arrival.SENT) in told(world))


async def test_a_record_that_cannot_be_read_is_waited_for(
    world: World, bot: LogBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def broken(*_: object) -> tuple[Recorded, ...]:
        tried.append("read")
        raise RecordUnavailable("the disk is gone")

    await world.go()
    with monkeypatch.context() as patched:
        patched.setattr(world.store, "since", broken)
        patched.setattr(world.store, "read", broken)
        async with telling(world, Ways(port(bot))) as made:
            made.grown()
            await until(lambda: len(tried) > 4)
            patched.undo()
            await until(lambda: told(world))
    assert titles(bot) == ["!log E1 started"]


# --- reading it back --------------------------------------------------------------------------------------------------


async def test_a_line_that_is_seen_is_recorded_as_seen(world: World, bot: LogBot) -> None:
    page = Page()
    async with telling(world, Ways(port(bot), page)):
        await world.go()
        await until(lambda: told(world))
        assert page.looks == 0
        page.content = f"<td>02:14</td><td>logbot: {bot.heard[0].removeprefix('!log ')}</td>"
        world.later(31)
        await until(lambda: len(told(world)) == 2)
    assert told(world)[-1] == (LOG, "started", e.Arrival.SEEN)


async def test_a_line_that_never_appears_is_looked_for_three_times_and_then_missing(world: World, bot: LogBot) -> None:
    page = Page("<h1>Not the log</h1>")
    async with telling(world, Ways(port(bot), page)):
        await world.go()
        await until(lambda: told(world))
        for seconds, looks in ((31, 1), (90, 2), (480, 3)):
            world.later(seconds)
            await until(lambda looks=looks: page.looks == looks)  # type: ignore[misc]
        await until(lambda: len(told(world)) == 2)
        await asyncio.sleep(0.05)
    assert page.looks == 3
    assert told(world)[-1] == (LOG, "started", e.Arrival.MISSING)
    assert world.request.told(LOG, "started").detail == ""  # type: ignore[union-attr]


async def test_where_the_page_cannot_be_read_it_is_said_why(world: World, bot: LogBot) -> None:
    page = Page(trouble="did not answer within 4.5 s")
    async with telling(world, Ways(port(bot), page)):
        await world.go()
        await until(lambda: told(world))
        for seconds in (31, 90, 480):
            world.later(seconds)
        await until(lambda: len(told(world)) == 2)
    assert world.request.told(LOG, "started").detail == "sal.example.org: did not answer within 4.5 s"  # type: ignore[union-attr]


async def test_after_a_restart_the_looks_that_were_missed_are_made_up_for_by_one(world: World, bot: LogBot) -> None:
    async with telling(world, Ways(port(bot))):
        await world.go()
        await until(lambda: told(world))
    page = Page()
    world.later(3600)
    async with telling(world, Ways(port(bot), page)):
        await until(lambda: len(told(world)) == 2)
    assert page.looks == 1
    assert told(world)[-1] == (LOG, "started", e.Arrival.MISSING)


# --- the task ---------------------------------------------------------------------------------------------------------


async def test_the_task_hears_of_the_end_alone(world: World) -> None:
    tracker = Tracker()
    async with telling(world, Ways(comments=tracker)):
        await done(world)
        await until(lambda: told(world))
    assert told(world) == [(TASK, "done", e.Arrival.SENT)]
    [(task, text)] = tracker.comments
    assert task == "T1234"
    assert "https://tocsin.example.org/E1" in text and "head abab" in text


async def test_a_tracker_that_is_down_hears_of_it_later_and_keeps_the_admin_log_from_nothing(
    world: World, bot: LogBot
) -> None:
    tracker = Tracker(trouble="did not answer within 4.5 s")
    async with telling(world, Ways(port(bot), comments=tracker)):
        await done(world)
        await until(lambda: len(bot.heard) == 2 and tracker.tries > 2)
        tracker.trouble = ""
        await until(lambda: tracker.comments)
        await until(lambda: (TASK, "done", e.Arrival.SENT) in told(world))
    assert told(world).count((TASK, "done", e.Arrival.FAILED)) == 1


async def test_a_comment_that_is_refused_is_not_tried_again(world: World) -> None:
    tracker = Tracker(missing=("T1234",))
    async with telling(world, Ways(comments=tracker)):
        await done(world)
        await until(lambda: told(world))
        await asyncio.sleep(0.2)
    assert (tracker.tries, told(world)) == (1, [(TASK, "done", e.Arrival.FAILED)])
    assert world.request.told(TASK, "done").detail == "There is no task T1234."  # type: ignore[union-attr]


@pytest.mark.parametrize("public", list(Verdict))
async def test_of_a_private_request_only_a_private_task_hears(world: World, public: Verdict) -> None:
    found = await world.neighbours.task("T1234")

    async def task(named: str) -> object:
        return replace(found, public=public)

    world.neighbours.task = task  # type: ignore[assignment,method-assign]  # another answer of the tracker
    tracker = Tracker()
    async with telling(world, Ways(comments=tracker)):
        await world.ready()
        if not world.request.private:
            await world.says("ada", MakePrivate())
        await done(world)
        await asyncio.sleep(0.2)
    assert bool(tracker.comments) is (public is Verdict.NO)


async def test_where_there_is_no_way_nobody_is_told(world: World) -> None:
    assert not Ways() and Ways(Mistaken()) and Ways(comments=Tracker())
    async with telling(world, Ways()):
        await done(world)
        await asyncio.sleep(0.1)
    assert told(world) == []
