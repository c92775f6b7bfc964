"""Requests as they stand: folded from the record, and the same whether read at once or kept up with it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.bench.nights import KeptNight, a_night, as_request
from tests.domain.night import CHANGE, WIKI
from tests.service.world import E1, World
from tocsin.domain.commands import MakePrivate, Note, RollBack, Withdraw
from tocsin.domain.people import PersonId, RequestId
from tocsin.domain.recorded import HOUSE, StreamId
from tocsin.domain.situation import Ground
from tocsin.service.ports import Draft
from tocsin.service.requests import Requests
from tocsin.storage.memory import MemoryStore


async def test_reading_it_anew_gives_what_was_kept_up_with_it(world: World, store: MemoryStore) -> None:
    await world.go()
    anew = Requests()
    for _ in anew.catch_up(store):
        pass
    assert (anew.all(), anew.position, anew.house) == (
        world.requests.all(),
        world.requests.position,
        world.requests.house,
    )
    assert anew.version(StreamId(E1)) == world.requests.version(StreamId(E1)) == len(world.stored)


async def test_it_can_be_read_up_to_a_position_and_on_from_there(world: World, store: MemoryStore) -> None:
    await world.go()
    halfway = Requests()
    assert [each.recorded[-1].position for each in halfway.catch_up(store, 3)][-1] == 3
    assert halfway.position == 3
    happenings = list(halfway.catch_up(store))
    assert happenings[0].recorded[0].position == 4
    assert halfway.all() == world.requests.all()


async def test_each_act_is_told_with_the_request_before_and_after_it(world: World, store: MemoryStore) -> None:
    await world.ready()
    happenings = list(Requests().catch_up(store))
    assert happenings[0].before is None
    assert all(one.after == other.before for one, other in pairwise(happenings))
    assert happenings[-1].after == world.request


@pytest.mark.parametrize("size", [1, 2, 3, 5])
async def test_the_size_of_a_page_changes_nothing(
    world: World, store: MemoryStore, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.go()
    monkeypatch.setattr("tocsin.service.requests.AT_ONCE", size)
    paged = Requests()
    for _ in paged.catch_up(store):
        pass
    assert paged.all() == world.requests.all()


async def test_the_next_id_counts_every_request_that_ever_was(world: World) -> None:
    assert world.requests.next_id() == "E1"
    await world.ready()
    await world.says("ada", Withdraw())
    assert world.requests.open() == ()
    assert world.requests.next_id() == "E2"
    assert world.requests.all() == (world.request,)


async def test_a_twin_is_an_open_request_for_the_same_change(world: World) -> None:
    await world.ready()
    assert world.requests.twin("1234", None, "", PersonId("lin")) == E1
    assert world.requests.twin("another name", CHANGE, "", PersonId("lin")) == E1
    assert world.requests.twin("5678", replace(CHANGE, number=5678), "", PersonId("lin")) is None
    await world.says("ada", Withdraw())
    assert world.requests.twin("1234", CHANGE, "", PersonId("lin")) is None


async def test_nobody_without_a_part_in_it_hears_of_a_private_twin(world: World) -> None:
    await world.ready()
    await world.says("ada", MakePrivate())
    assert world.requests.twin("1234", CHANGE, "", PersonId("dee")) is None
    assert world.requests.twin("1234", CHANGE, "", PersonId("ada")) == E1


async def test_the_ground_of_a_target_tells_what_runs_there_and_what_is_asked_beside(world: World) -> None:
    await world.ready()
    assert world.requests.ground(WIKI).beside == (E1,)
    assert world.requests.ground(WIKI, but=E1).beside == ()
    assert world.requests.ground(WIKI).running is None
    await world.go()
    assert world.requests.ground(WIKI).running == E1
    assert world.requests.ground(WIKI).last == E1
    assert world.requests.ground(None).running is None


def test_the_ground_follows_every_act(store: MemoryStore) -> None:
    undone = KeptNight()
    undone.at_checkpoint()
    undone.says("kim-releng", RollBack())
    undone.runs()
    undone.seen(False)
    for number, acts in enumerate((tuple(undone.acts_kept), a_night()), start=1):
        for draft in as_request(number, acts):
            store.append(draft)
    kept, grounds = Requests(), set[Ground]()
    for happening in kept.catch_up(store):
        anew = Requests()
        for _ in anew.catch_up(store, happening.recorded[-1].position):
            pass
        assert kept.ground(WIKI) == anew.ground(WIKI)
        grounds.add(kept.ground(WIKI))
    assert {(bool(each.beside), bool(each.running), bool(each.last), bool(each.locks)) for each in grounds} >= {
        (True, False, False, False),
        (True, True, True, False),
        (False, False, True, True),
        (True, True, True, True),
    }


async def test_a_preview_takes_nothing_in(world: World, store: MemoryStore) -> None:
    await world.go()
    last = store.read(StreamId(E1))[-1]
    earlier = Requests()
    for _ in earlier.catch_up(store, last.position - 1):
        pass
    before = earlier.find(E1)
    assert before is not None
    draft = Draft(last.stream, last.version - 1, last.at, last.origin, (last.event,))
    assert earlier.preview(before, draft) == world.request
    assert earlier.find(E1) == before


async def test_the_streams_have_versions_of_their_own(world: World) -> None:
    await world.ready()
    version = world.requests.version(StreamId(E1))
    await world.says("lin", Note("hm"))
    assert world.requests.version(StreamId(E1)) == version + 1
    assert world.requests.version(HOUSE) == 0
    assert world.requests.find(RequestId("E9")) is None
