"""The one way in: what is decided is recorded first, one act at a time, and followers are told that there is more."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.domain.night import WISH, verified
from tests.service.world import E1, World
from tocsin.domain import events as e
from tocsin.domain.change import Change
from tocsin.domain.commands import Note, PutOnHold, Resume, Stop, Suspend
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.errors import AlreadyActed, Conflict, RecordUnavailable, Refused, UnknownRequest
from tocsin.domain.people import PersonId, RequestId
from tocsin.domain.recorded import HOUSE, Origin, Recorded, StreamId
from tocsin.domain.request import Status
from tocsin.domain.schedule import Calendar, Window
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import TRIES, Act
from tocsin.service.ports import Draft
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore


class ContestedStore(MemoryStore):
    """A record into which another process appends a note just before us, so many times."""

    def __init__(self) -> None:
        super().__init__(lambda request, position: None)
        self.others = 0

    def append(self, draft: Draft, carry: RequestId | None = None) -> tuple[Recorded, ...]:
        if self.others:
            self.others -= 1
            noted = (e.Noted("lin", "seen elsewhere too"),)
            version = len(self.read(draft.stream))
            super().append(Draft(draft.stream, version, draft.at, Origin.of(verified("lin")), noted))
        return super().append(draft, carry)


@pytest.fixture
def contested() -> ContestedStore:
    return ContestedStore()


@pytest.fixture
def contested_world(contested: ContestedStore, tmp_path: Path) -> World:
    return World(contested, StopJournal(tmp_path / "stops.jsonl"))


# --- recorded first -------------------------------------------------------------------------------------------------


async def test_an_act_says_how_it_was_before_and_after_and_what_was_recorded(world: World) -> None:
    await world.ready()
    before = world.request
    happening = await world.says("bo-sre", PutOnHold("wait"))
    assert (happening.before, happening.after) == (before, world.request)
    assert [type(each) for each in happening.events] == [e.HoldPlaced, e.NoLongerReady]
    assert world.stored[-2:] == ["HoldPlaced", "NoLongerReady"]


async def test_what_is_refused_leaves_nothing_behind(world: World) -> None:
    await world.ready()
    stored = world.stored
    with pytest.raises(Refused):
        await world.says("bo-sre", Stop())
    assert world.stored == stored


async def test_what_cannot_be_recorded_is_not_so(world: World, store: MemoryStore) -> None:
    await world.ready()
    before = world.request
    store.unavailable = "the disk is full"
    with pytest.raises(RecordUnavailable):
        await world.says("bo-sre", PutOnHold("wait"))
    assert world.request == before
    store.unavailable = ""
    await world.says("bo-sre", PutOnHold("wait"))
    assert world.request.holds


async def test_an_unknown_request_is_named_with_what_to_type(world: World) -> None:
    with pytest.raises(UnknownRequest, match=r"There is no request E1\. Open ones: !list"):
        await world.says("bo-sre", Note("hm"))


async def test_the_same_message_counts_once(world: World) -> None:
    await world.ready()
    await world.says("lin", Note("seen in Asia too"), act="msg-7")
    with pytest.raises(AlreadyActed):
        await world.says("lin", Note("seen in Asia too"), act="msg-7")
    assert world.stored.count("Noted") == 1


async def test_what_concerns_the_house_is_in_a_stream_of_its_own(world: World, store: MemoryStore) -> None:
    await world.ready()
    act = Act(verified("mo-sre"), Suspend(PersonId("bo-sre"), "stolen laptop"))
    happening = await world.handler.handle(act)
    assert (happening.before, happening.after) == (None, None)
    assert [type(each.event) for each in store.read(HOUSE)] == [e.PersonSuspended]
    assert world.requests.house.suspended_people == {"bo-sre"}


# --- one at a time --------------------------------------------------------------------------------------------------


async def test_acts_at_the_same_time_take_turns_and_none_is_lost(world: World) -> None:
    await world.ready()
    await asyncio.gather(*(world.says("lin", Note(f"note {number}")) for number in range(20)))
    assert world.stored.count("Noted") == 20


async def test_the_same_cry_twice_at_once_opens_one_request(world: World) -> None:
    await world.situations.refresh(world.clock.now())
    cries = [world.handler.handle(Act(verified(person), Ask("help!", WISH, "#ops"))) for person in ("ada", "lin")]
    done = await asyncio.gather(*cries, return_exceptions=True)
    assert len(world.requests.all()) == 1
    assert sum(isinstance(each, Refused) for each in done) == 1


async def test_when_another_process_was_faster_it_is_read_and_decided_again(
    contested_world: World, contested: ContestedStore
) -> None:
    await contested_world.ready()
    contested.others = 2
    happening = await contested_world.says("bo-sre", PutOnHold("wait"))
    assert contested_world.stored[-4:] == ["Noted", "Noted", "HoldPlaced", "NoLongerReady"]
    assert happening.recorded[0].position == happening.recorded[-1].position - 1
    assert contested_world.request.holds


async def test_when_others_keep_being_faster_it_is_said(contested_world: World, contested: ContestedStore) -> None:
    await contested_world.ready()
    contested.others = TRIES
    with pytest.raises(Conflict, match="say it again"):
        await contested_world.says("bo-sre", PutOnHold("wait"))
    assert not contested_world.request.holds


async def test_what_another_process_appended_to_another_request_is_taken_in_before(
    world: World, store: MemoryStore
) -> None:
    await world.ready()
    other = Draft(
        HOUSE,
        0,
        world.clock.now(),
        Origin.of(verified("mo-sre")),
        (e.PersonSuspended(PersonId("rei-releng"), PersonId("mo-sre"), "stolen laptop"),),
    )
    store.append(other)
    await world.says("lin", Note("hm"))
    assert world.requests.position == len(store.since(0, 100))
    assert world.requests.house.suspended_people == {"rei-releng"}


# --- what it starts and whom it tells -------------------------------------------------------------------------------


async def test_carrying_out_is_started_with_the_append_after_which_there_is_something_to_do(
    world: World, store: MemoryStore, started: list[tuple[str, int]]
) -> None:
    await world.ready()
    assert started == []
    await world.go()
    last = store.read(StreamId(E1))[-1]
    assert started == [(E1, last.position)]
    await world.says("bo-sre", Stop())
    assert len(started) == 1
    await world.says("bo-sre", Resume())
    await world.says("kim-releng", Resume())
    assert world.request.status is Status.DEPLOYING
    assert len(started) == 2


async def test_a_starter_that_fails_undoes_the_go(
    world: World, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.ready()
    stored = world.stored

    def fails(request: RequestId, position: int) -> None:
        raise RecordUnavailable("the engine is gone")

    monkeypatch.setattr(store, "_starter", fails)
    with pytest.raises(RecordUnavailable, match="the engine is gone"):
        await world.go()
    assert world.stored == stored
    assert world.request.status is Status.READY


async def test_followers_are_told_after_each_act_that_was_recorded(world: World) -> None:
    told: list[int] = []
    world.handler.tell(lambda: told.append(world.requests.position))
    await world.ready()
    told.clear()
    await world.says("lin", Note("hm"))
    with pytest.raises(Refused):
        await world.says("bo-sre", Stop())
    assert told == [world.requests.position]


async def test_an_act_that_was_given_up_while_it_was_written_is_taken_in_by_the_next(world: World) -> None:
    await world.ready()
    giving_up = asyncio.create_task(world.says("lin", Note("one")))
    while not world.handler._deciding.locked():
        await asyncio.sleep(0)
    giving_up.cancel()
    await asyncio.wait([giving_up])
    await world.says("lin", Note("two"))
    assert world.requests.version(StreamId(E1)) == len(world.stored)


async def test_a_cry_waits_for_nobody_for_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.service.handler.FIRST_ANSWER", world.carrying.look_every)
    forever = asyncio.Event()

    async def silent(named: str) -> None:
        await forever.wait()

    monkeypatch.setattr(world.neighbours, "change", silent)
    await world.situations.refresh(world.clock.now())
    happening = await world.handler.handle(Act(verified("ada"), Ask("help!", replace(WISH, task=""), "#ops")))
    assert happening.after is not None
    assert happening.after.facts.change is None


async def test_what_is_known_late_of_a_change_is_shown_with_what_was_deployed_there_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first look around would void every yes that was given meanwhile."""
    await world.go()
    monkeypatch.setattr("tocsin.service.handler.FIRST_ANSWER", world.carrying.look_every)
    answers, second = asyncio.Event(), replace(world.neighbours.known, number=1240, sha="c" * 40)

    async def late(named: str) -> Change:
        await answers.wait()
        return second

    monkeypatch.setattr(world.neighbours, "change", late)
    await world.situations.refresh(world.clock.now())
    wish = replace(WISH, named="1240", task="")
    asked = await world.handler.handle(Act(verified("bo-sre"), Ask("help!", wish, "#ops")))
    assert asked.after is not None
    assert asked.after.target is None
    answers.set()
    learnt = await world.handler.handle(Act(ITSELF, Learn(), asked.after.id))
    assert learnt.after is not None
    assert learnt.after.proposal is not None
    assert learnt.after.proposal.after == E1


async def test_an_open_window_that_takes_other_changes_asks_nobody_whether_it_can_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour, now = timedelta(hours=1), world.clock.now()

    async def around(at: datetime) -> Calendar:
        return Calendar((Window("Puppet requests", now - hour, now + hour, takes=("puppet",)),))

    monkeypatch.setattr(world.neighbours, "around", around)
    await world.ready()
    assert world.request.facts.window is None
    assert world.request.proposal is not None
