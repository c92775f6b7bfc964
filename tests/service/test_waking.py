"""The clock calls, pagers ring, the record knows: each call is tried once for each person, whatever happens between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import WISH, unverified, verified
from tests.neighbours.pager_services import hanging_service, json_service
from tests.service.world import E1, World, until
from tocsin.domain import events as e
from tocsin.domain.commands import Adopt, Confirm, MakePrivate, ShowPresence, Wake
from tocsin.domain.commands.opening import Ask, Learn, SeeUncounted
from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.events import Nudge, WakeOutcome
from tocsin.domain.people import Marks, PersonId, Presence, Speaker, Surface, TeamId
from tocsin.domain.recorded import TOCSIN_ITSELF, StreamId
from tocsin.neighbours.pagers.paging import Pager, Paging, PagingSettings
from tocsin.service import waking as rooms
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act
from tocsin.service.ports import Draft, Notifier, Woken
from tocsin.service.waking import Waking
from tocsin.storage.memory import MemoryStore
from tocsin.views.waking import Message

URL = "https://tocsin.example.org"
SENT = Woken(WakeOutcome.SENT, ("mail",))
BO, KIM = PersonId("bo-sre"), PersonId("kim-releng")
MINUTE = 60.0


class Pagers:
    """Everybody's pagers: who was rung when, with what; `free` is cleared to let them hang."""

    def __init__(self, most: int = 5) -> None:
        self.most = most
        self.rung: list[tuple[str, ...]] = []
        self.messages: list[Message] = []
        self.answer: Callable[[], Woken] = lambda: SENT
        self.free = asyncio.Event()
        self.free.set()

    async def wake(self, people: Sequence[PersonId], team: TeamId | None, message: Message) -> Mapping[PersonId, Woken]:
        self.rung.append(tuple(people))
        self.messages.append(message)
        await self.free.wait()
        return {person: self.answer() for person in people}


class StubbornStore(MemoryStore):
    """A record that takes no outcome of waking while it is stubborn."""

    stubborn = True

    def append(self, draft: Draft, carry: object = None) -> object:  # type: ignore[override] # hands on what it got
        if self.stubborn and any(isinstance(each, e.WakeAttempted) for each in draft.events):
            raise RecordUnavailable("the disk is full")
        return super().append(draft, carry)  # type: ignore[arg-type]


@pytest.fixture
def pagers() -> Pagers:
    return Pagers()


@asynccontextmanager
async def waking(world: World, notifier: Notifier) -> AsyncIterator[Waking]:
    """Wake people as a server does, until the block ends."""
    await world.handler.start()
    woken = Waking(world.handler, world.requests, world.clock, notifier, URL)
    world.handler.tell(woken.grown)
    running = asyncio.create_task(woken.run())
    try:
        yield woken
    finally:
        running.cancel()
        await asyncio.wait([running])


async def asked(world: World) -> None:
    """Somebody cried, and what is known of it was learned; nobody has answered."""
    await world.situations.refresh(world.clock.now())
    await world.handler.start()
    await world.handler.handle(Act(verified("ada"), Ask("help!", WISH, "#ops")))
    await world.handler.handle(Act(ITSELF, Learn(), E1))


async def looked(world: World, minutes: float = 0.0, *here: str) -> list[tuple[Nudge, tuple[str, ...]]]:
    """The clock looks, so long after the cry; return whom it called."""
    world.later((world.request.opened_at - world.clock.at).total_seconds() + minutes * MINUTE)
    seen = Presence(tuple((PersonId(person), world.clock.at) for person in here))
    world.neighbours.presence = lambda: seen  # type: ignore[method-assign] # what the surfaces saw
    before = len(world.store.read(StreamId(E1)))
    await world.clockwork.once()
    await until(lambda: not world.clockwork._busy)
    fresh = [each.event for each in world.store.read(StreamId(E1))[before:]]
    return [(each.nudge, each.people) for each in fresh if isinstance(each, e.Nudged)]


def attempts(world: World) -> list[e.WakeAttempted]:
    return [each.event for each in world.store.read(StreamId(E1)) if isinstance(each.event, e.WakeAttempted)]


async def settled(woken: Waking) -> None:
    """Let everybody who is being woken be told of."""
    for _ in range(5):
        await asyncio.sleep(0)
    await until(lambda: not woken._tasks)


# --- when -------------------------------------------------------------------------------------------------------------


async def test_a_team_of_which_nobody_is_here_is_rung_at_once(world: World, pagers: Pagers) -> None:
    await asked(world)
    async with waking(world, pagers) as woken:
        await looked(world)
        await settled(woken)
        assert sorted(pagers.rung) == [("bo-sre",), ("kim-releng",)]
        assert {(each.person, each.outcome) for each in attempts(world)} == {
            (BO, WakeOutcome.SENT),
            (KIM, WakeOutcome.SENT),
        }


async def test_a_silent_team_that_is_here_is_rung_after_15_min_and_not_when_it_is_reminded_or_widened(
    world: World, pagers: Pagers
) -> None:
    await asked(world)
    here = ("bo-sre", "kim-releng")
    async with waking(world, pagers) as woken:
        for minutes, nudge in ((3, Nudge.REMINDED), (8, Nudge.WIDENED)):
            assert {each for each, _ in await looked(world, minutes, *here)} == {nudge}
            await settled(woken)
            assert pagers.rung == []
        assert await looked(world, 14.9, *here) == []
        assert {each for each, _ in await looked(world, 15, *here)} == {Nudge.WOKEN}
        await settled(woken)
        assert sorted(pagers.rung) == [("bo-sre",), ("kim-releng",)]


async def test_wake_rings_at_once(world: World, pagers: Pagers) -> None:
    await asked(world)
    async with waking(world, pagers) as woken:
        world.later(5)
        await world.says("ada", Wake())
        await settled(woken)
        assert sorted(pagers.rung) == [("bo-sre",), ("kim-releng",)]


async def test_a_strangers_request_that_nobody_adopts_rings_after_5_min(world: World, pagers: Pagers) -> None:
    await world.handler.start()
    marks = Marks(nick="somebody", host="elsewhere.example.org")
    stranger = Speaker("somebody", Surface.IRC, marks=marks)
    await world.handler.handle(Act(stranger, Ask("help!", WISH, "#ops")))
    here = ("bo-sre", "kim-releng")
    async with waking(world, pagers) as woken:
        await looked(world, 4.9, *here)
        await settled(woken)
        assert pagers.rung == []
        await looked(world, 5, *here)
        await settled(woken)
        assert sorted(pagers.rung) == [("bo-sre",), ("kim-releng",)]
        await world.says("ada", Adopt())
        assert Nudge.WOKEN not in {each for each, _ in await looked(world, 15, *here)}


async def test_who_answers_by_a_verified_act_is_rung_no_more(world: World, pagers: Pagers) -> None:
    await asked(world)
    async with waking(world, pagers) as woken:
        world.later(1)
        await world.says("bo-sre", ShowPresence())
        await world.says("kim-releng", Confirm(world.request.proposal.check_word if world.request.proposal else ""))
        for minutes in (3, 8, 15, 29):
            await looked(world, minutes)
        await settled(woken)
        assert pagers.rung == []


async def test_a_voice_that_is_not_verified_is_no_answer(world: World, pagers: Pagers) -> None:
    await asked(world)
    async with waking(world, pagers) as woken:
        await world.handler.handle(Act(unverified("bo-sre"), SeeUncounted("confirm"), E1))
        await looked(world)
        await settled(woken)
        assert ("bo-sre",) in pagers.rung


# --- what -------------------------------------------------------------------------------------------------------------


async def test_the_pager_shows_the_id_what_it_is_for_and_the_page(world: World, pagers: Pagers) -> None:
    await asked(world)
    async with waking(world, pagers) as woken:
        await looked(world)
        await settled(woken)
    assert {message.subject for message in pagers.messages} == {"E1 needs you"}
    assert all("1234/3" in message.body and message.body.endswith(f"{URL}/E1") for message in pagers.messages)


async def test_of_a_private_request_the_pager_shows_the_id_and_the_page_alone(world: World, pagers: Pagers) -> None:
    await asked(world)
    await world.says("ada", MakePrivate())
    async with waking(world, pagers) as woken:
        await looked(world)
        await settled(woken)
    assert set(pagers.messages) == {Message("E1", f"E1 {URL}/E1")}


async def test_of_twelve_who_are_called_five_are_rung(world: World, pagers: Pagers) -> None:
    await asked(world)
    twelve = tuple(PersonId(f"person-{number}") for number in range(12))
    called = e.Nudged(Nudge.PAUSE_WOKEN, twelve)
    world.store.append(
        Draft(StreamId(E1), world.requests.version(StreamId(E1)), world.clock.at, TOCSIN_ITSELF, (called,))
    )
    list(world.requests.catch_up(world.store))
    async with waking(world, pagers) as woken:
        await settled(woken)
        assert pagers.rung == [twelve[:5]]
        assert [each.person for each in attempts(world)] == list(twelve[:5])


# --- once -------------------------------------------------------------------------------------------------------------


async def test_what_is_in_the_record_is_not_tried_again_by_the_next_server(world: World, pagers: Pagers) -> None:
    await asked(world)
    async with waking(world, pagers) as woken:
        await looked(world)
        await settled(woken)
    async with waking(world, pagers) as woken:
        await settled(woken)
    assert len(pagers.rung) == 2


async def test_what_no_server_came_to_is_tried_by_the_next_within_15_min(world: World, pagers: Pagers) -> None:
    await asked(world)
    await looked(world)
    world.later(15 * MINUTE)
    async with waking(world, pagers) as woken:
        await settled(woken)
        assert len(pagers.rung) == 2


async def test_after_that_nobody_is_rung_and_it_is_said_to_be_late(world: World, pagers: Pagers) -> None:
    await asked(world)
    await looked(world)
    world.later(15 * MINUTE + 1)
    async with waking(world, pagers) as woken:
        await settled(woken)
        assert pagers.rung == []
        assert {each.outcome for each in attempts(world)} == {WakeOutcome.LATE}


async def test_while_somebody_is_being_rung_what_else_happens_rings_nobody_twice(world: World, pagers: Pagers) -> None:
    await asked(world)
    pagers.free.clear()
    async with waking(world, pagers) as woken:
        await looked(world)
        await until(lambda: len(pagers.rung) == 2)
        await world.says("ada", ShowPresence())
        await asyncio.sleep(0.05)
        assert len(pagers.rung) == 2
        pagers.free.set()
        await settled(woken)
        assert len(attempts(world)) == 2


async def test_a_stop_waits_for_those_who_are_being_rung_so_that_they_are_not_rung_again(
    world: World, pagers: Pagers
) -> None:
    await asked(world)
    pagers.free.clear()
    async with waking(world, pagers):
        await looked(world)
        await until(lambda: len(pagers.rung) == 2)
        asyncio.get_running_loop().call_later(0.05, pagers.free.set)
    assert len(attempts(world)) == 2


async def test_a_stop_does_not_wait_for_ever(world: World, pagers: Pagers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_AT_THE_END_SECONDS", 0.05)
    await asked(world)
    pagers.free.clear()
    async with waking(world, pagers) as woken:
        await looked(world)
        await until(lambda: len(pagers.rung) == 2)
    await until(lambda: not woken._tasks)
    assert attempts(world) == []


async def test_an_outcome_that_the_record_does_not_take_is_told_again_and_nobody_rung_again(
    world: World, pagers: Pagers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "AGAIN_AFTER_SECONDS", 0.01)
    stubborn = StubbornStore()
    world.handler._store = world.store = stubborn  # type: ignore[assignment] # the same world on another record
    await asked(world)
    async with waking(world, pagers) as woken:
        await looked(world)
        await until(lambda: len(pagers.rung) == 2)
        woken.grown()
        await asyncio.sleep(0.05)
        assert attempts(world) == []
        stubborn.stubborn = False
        await settled(woken)
        assert len(attempts(world)) == len(pagers.rung) == 2


async def test_a_notifier_that_breaks_is_an_attempt_that_failed(world: World, pagers: Pagers) -> None:
    def breaks() -> Woken:
        raise ValueError("an answer that is none")

    pagers.answer = breaks
    await asked(world)
    async with waking(world, pagers) as woken:
        await looked(world)
        await settled(woken)
    assert {(each.outcome, each.detail) for each in attempts(world)} == {
        (WakeOutcome.FAILED, "paging itself broke, the log says how")
    }


async def test_while_nobody_can_be_reached_everything_waits_for_the_first_pager(world: World, pagers: Pagers) -> None:
    await asked(world)
    async with waking(world, Pagers(most=0)) as woken:
        await looked(world)
        await settled(woken)
        assert attempts(world) == []
        woken.use(pagers)
        await settled(woken)
        assert len(pagers.rung) == 2


# --- with real services -----------------------------------------------------------------------------------------------


async def test_a_service_that_hangs_costs_the_others_nothing_and_is_told_of(world: World) -> None:
    await asked(world)
    with json_service() as taking, hanging_service() as hanging:
        own = {BO: (Pager("JSON", hanging.json("?rto=60")),), KIM: (Pager("JSON", taking.json()),)}
        async with waking(world, Paging(PagingSettings(own), seconds=3.0)) as woken:
            await looked(world)
            await until(lambda: not woken._tasks and len(attempts(world)) == 2, seconds=40.0)
        assert [subject for subject, _ in taking.sent] == ["E1 needs you"]
    by_person = {each.person: each for each in attempts(world)}
    assert by_person[KIM].outcome is WakeOutcome.SENT
    assert replace(by_person[BO], called_at=by_person[KIM].called_at) == e.WakeAttempted(
        BO, by_person[KIM].called_at, WakeOutcome.FAILED, detail="JSON did not answer within 3 s"
    )


async def test_what_was_late_is_told_by_its_own_time(world: World, pagers: Pagers) -> None:
    await asked(world)
    await looked(world)
    called = world.clock.at
    world.later(timedelta(hours=1).total_seconds())
    async with waking(world, pagers) as woken:
        await settled(woken)
    assert {each.called_at for each in attempts(world)} == {called}
