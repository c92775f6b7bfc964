"""What the clock drives: it looks again at every request, asks around at its own pace, and nothing stops it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import CANARY, FETCH, WISH, verified
from tests.service.world import E1, World, until
from tocsin.domain import events as e
from tocsin.domain.commands.opening import Ask, Note
from tocsin.domain.plan import Proof
from tocsin.domain.recorded import StreamId
from tocsin.domain.request import Status
from tocsin.service.handler import Act
from tocsin.service.ports import Sight
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore


@pytest.fixture
def fetched(store: MemoryStore, journal: StopJournal) -> World:
    """Return a world whose plan is proved by looking."""
    return World(store, journal, steps=(CANARY,), proofs=FETCH)


async def settled(world: World) -> None:
    """Let what runs beside the ticks come to its end."""
    await until(lambda: not world.clockwork._busy)


async def test_a_request_that_nobody_touches_expires_at_its_time(world: World) -> None:
    await world.ready()
    await world.clockwork.once()
    assert world.request.open
    world.later(timedelta(hours=5).total_seconds())
    await world.clockwork.once()
    assert world.request.status is Status.EXPIRED
    await settled(world)


async def test_a_new_patchset_is_noticed_within_fifteen_seconds_and_voids_every_yes(world: World) -> None:
    await world.ready()
    await world.clockwork.once()
    await settled(world)
    assert world.request.confirmations
    world.neighbours.known = replace(world.neighbours.known, patchset=4, sha="b" * 40)
    for _ in range(14):
        world.later(1)
        await world.clockwork.once()
        await settled(world)
    assert world.stored[-2:] == ["FactsLearned", "PlanProposed"]
    assert not world.request.confirmations


async def test_it_asks_the_review_system_at_its_own_pace(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.ready()
    asked: list[str] = []
    before = world.neighbours.change

    async def counted(named: str) -> object:
        asked.append(named)
        return await before(named)

    monkeypatch.setattr(world.neighbours, "change", counted)
    for _ in range(21):
        await world.clockwork.once()
        await settled(world)
        world.later(1)
    assert len(asked) == 3


async def test_about_a_new_request_the_systems_around_are_asked_on_at_once(world: World) -> None:
    world.handler.tell(world.clockwork.grown)
    await world.situations.refresh(world.clock.now())
    await world.handler.handle(Act(verified("ada"), Ask("help!", replace(WISH, task=""), "#ops")))
    before = world.neighbours.known
    world.neighbours.known = replace(before, patchset=4, sha="b" * 40)
    await settled(world)
    assert world.request.facts.change == world.neighbours.known
    await world.says("lin", Note("hm"))
    world.neighbours.known = before
    await settled(world)
    assert world.request.facts.change != before, "an old request keeps its own pace"


async def test_what_is_told_of_a_change_is_learned_at_once_and_without_a_tick(world: World) -> None:
    await world.ready()
    assert world.request.confirmations
    world.neighbours.known = replace(world.neighbours.known, patchset=4, sha="b" * 40)
    world.clockwork.learn_soon(world.neighbours.known.number)
    await settled(world)
    assert world.stored[-2:] == ["FactsLearned", "PlanProposed"]
    assert not world.request.confirmations


async def test_what_is_told_of_a_change_that_goes_live_with_it_is_learned_too(world: World) -> None:
    world.neighbours.known = replace(world.neighbours.known, brings=("1230/2", "2 hidden from tocsin"))
    await world.ready()
    world.neighbours.known = replace(world.neighbours.known, brings=("1230/3", "2 hidden from tocsin"))
    world.clockwork.learn_soon(2)
    await settled(world)
    assert world.request.confirmations
    world.clockwork.learn_soon(1230)
    await settled(world)
    assert not world.request.confirmations


async def test_of_a_change_that_nobody_asks_for_nothing_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.ready()
    monkeypatch.setattr(world.neighbours, "change", None)
    world.clockwork.learn_soon(999)
    assert not world.clockwork._busy


async def test_of_a_request_that_is_over_nothing_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.ready()
    world.later(timedelta(hours=5).total_seconds())
    await world.clockwork.once()
    await settled(world)
    assert world.request.status is Status.EXPIRED
    world.clockwork.learn_soon(world.neighbours.known.number)
    assert not world.clockwork._busy


async def test_however_often_it_is_told_it_asks_once_at_a_time_and_once_more_after_the_last(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.ready()
    answers, asked, at_once = asyncio.Event(), 0, 0
    before = world.neighbours.change

    async def slow(named: str) -> object:
        nonlocal asked, at_once
        asked, at_once = asked + 1, at_once + 1
        assert at_once == 1
        found = await before(named)
        await answers.wait()
        at_once -= 1
        return found

    monkeypatch.setattr(world.neighbours, "change", slow)
    number = world.neighbours.known.number
    for _ in range(3):
        world.clockwork.learn_soon(number)
    await until(lambda: asked == 1)
    world.neighbours.known = replace(world.neighbours.known, patchset=4, sha="b" * 40)
    for _ in range(20):
        world.clockwork.learn_soon(number)
    answers.set()
    await settled(world)
    assert asked == 2
    assert not world.request.confirmations


async def test_a_slow_system_delays_no_tick(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.ready()
    answers = asyncio.Event()

    async def slow(named: str) -> None:
        await answers.wait()

    monkeypatch.setattr(world.neighbours, "change", slow)
    await world.clockwork.once()
    world.later(timedelta(hours=5).total_seconds())
    await world.clockwork.once()
    assert world.request.status is Status.EXPIRED
    answers.set()
    await settled(world)


async def test_that_it_is_live_before_go_is_seen(fetched: World) -> None:
    await fetched.ready()
    fetched.prover.sight = Sight(False, "the broken page")
    await fetched.clockwork.once()
    await settled(fetched)
    fetched.prover.sight = Sight(True, "the fixed page")
    fetched.later(61)
    await fetched.clockwork.once()
    await settled(fetched)
    assert fetched.stored[-1] == "StartedOutside"


async def test_a_prover_that_breaks_is_logged_and_tried_again(fetched: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await fetched.ready()
    looks: list[Proof] = []

    async def breaks(proof: Proof) -> Sight:
        looks.append(proof)
        raise ValueError("an answer that is none")

    monkeypatch.setattr(fetched.prover, "look", breaks)
    for _ in range(2):
        await fetched.clockwork.once()
        await settled(fetched)
        fetched.later(61)
    assert len(looks) == 2


async def test_a_record_that_takes_nothing_stops_no_tick(world: World, store: MemoryStore) -> None:
    await world.ready()
    world.later(timedelta(hours=5).total_seconds())
    store.unavailable = "the disk is full"
    await world.clockwork.once()
    store.unavailable = ""
    await world.clockwork.once()
    assert world.request.status is Status.EXPIRED
    await settled(world)


async def test_it_ticks_until_it_is_cancelled(world: World) -> None:
    await world.ready()
    world.clockwork.tick = timedelta(milliseconds=5)
    running = asyncio.create_task(world.clockwork.run())
    world.later(timedelta(hours=5).total_seconds())
    await until(lambda: world.request.status is Status.EXPIRED)
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    await settled(world)


async def test_a_nudge_is_recorded_once_for_each_time(world: World, store: MemoryStore) -> None:
    await world.ready()
    world.later(timedelta(minutes=6).total_seconds())
    for _ in range(3):
        await world.clockwork.once()
        await settled(world)
    nudges = [each.event for each in store.read(StreamId(E1)) if isinstance(each.event, e.Nudged)]
    assert len(nudges) == len(set(nudges)) == 1


async def test_whoever_acts_while_the_clock_looks_need_not_wait_until_it_has_looked_at_all(world: World) -> None:
    await world.ready()
    for number in (5001, 5002):
        world.neighbours.known = replace(world.neighbours.known, number=number)
        wish = replace(WISH, named=str(number))
        await world.handler.handle(Act(verified("ada"), Ask("help!", wish, "#ops")))
    await world.clockwork.once()  # says all that is to be said: the next one has nothing to record
    await settled(world)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while not looking.done():
            turns += 1
            await asyncio.sleep(0)

    looking = asyncio.create_task(world.clockwork.once())
    await others()
    await settled(world)
    assert turns >= len(world.requests.open()) == 3
