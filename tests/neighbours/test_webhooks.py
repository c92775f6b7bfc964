"""Webhooks: signed, in order, at least once, again until taken; nothing private, nothing to anybody else."""

import asyncio
import hmac
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contracts.test_stores import ADA, NOW
from tests.neighbours.sites import Answer, Site, site
from tests.service.world import PlayedClock, World, until
from tocsin.domain import events as e
from tocsin.domain.commands import MakePrivate
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import PersonId
from tocsin.domain.recorded import HOUSE
from tocsin.neighbours.webhooks import Beginning, Patience, Source, Webhook, WebhookSettings, ping
from tocsin.service.ports import Clock, Draft, Store
from tocsin.service.requests import Requests
from tocsin.storage.cursors import FileCursor
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore

SECRET = "a secret that nobody guesses"
QUICK = Patience(answer_seconds=0.3, first_seconds=0.01, longest_seconds=0.02)


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as served:
        served.answers["/hook"] = Answer(b"thanks")
        yield served


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def happen(store: MemoryStore, count: int = 1) -> None:
    """Append so many acts of the house."""
    for _ in range(count):
        version = len(store.read(HOUSE))
        suspended = e.PersonSuspended(PersonId("mo-sre"), PersonId("ada"), f"stolen laptop {version + 1}")
        store.append(Draft(HOUSE, version, NOW + timedelta(minutes=version), replace(ADA, act=""), (suspended,)))


def settings_of(
    served: Site, name: str = "board", kinds: frozenset[str] = frozenset(), *, private: bool = False
) -> WebhookSettings:
    return WebhookSettings(name, f"{served.address}/hook", SECRET, kinds, private)


@asynccontextmanager
async def hooked(
    settings: WebhookSettings, store: Store | World, path: Path, clock: Clock | None = None, *, new: bool = False
) -> AsyncIterator[Webhook]:
    records, standing = (store.store, store.requests) if isinstance(store, World) else (store, Requests())
    source = Source(records, standing, clock or PlayedClock(), "https://t.example.org")
    hook = Webhook(settings, source, Beginning(FileCursor(path / settings.name), new=new), QUICK)
    task = asyncio.create_task(hook.run())
    try:
        yield hook
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def positions(served: Site) -> list[int]:
    return [json.loads(body)["position"] for _, body in served.sent]


async def test_each_event_is_told_in_order_with_its_sentence(served: Site, store: MemoryStore, tmp_path: Path) -> None:
    happen(store, 3)
    async with hooked(settings_of(served), store, tmp_path):
        await until(lambda: len(served.sent) == 3)
    assert positions(served) == [1, 2, 3]
    told = json.loads(served.sent[0][1])
    assert (told["kind"], told["by"], told["at"]) == ("PersonSuspended", "ada", NOW.isoformat())
    assert "stolen laptop 1" in told["sentence"]


async def test_a_receiver_finds_the_signature_right_over_time_number_and_body(
    served: Site, store: MemoryStore, tmp_path: Path
) -> None:
    happen(store)
    async with hooked(settings_of(served), store, tmp_path):
        await until(lambda: served.sent)
    headers, body = served.headers[0], served.sent[0][1]
    content = b".".join((headers["Tocsin-Timestamp"].encode(), headers["Tocsin-Delivery"].encode(), body))
    assert headers["Tocsin-Signature"] == "sha256=" + hmac.digest(SECRET.encode(), content, "sha256").hex()
    assert headers["Tocsin-Delivery"] == "board/1"
    assert headers["Tocsin-Timestamp"] == str(int(PlayedClock().now().timestamp()))


@pytest.mark.parametrize("bad", [Answer(b"", 500), Answer(b"", 403), Answer(b"", 404), Answer(b"late", seconds=1.0)])
async def test_what_was_not_taken_is_sent_again_under_the_same_number_before_anything_else(
    served: Site, store: MemoryStore, tmp_path: Path, bad: Answer
) -> None:
    served.answers["/hook"], served.later["/hook"] = bad, [Answer(b"thanks")]
    happen(store, 2)
    async with hooked(settings_of(served), store, tmp_path):
        await until(lambda: len(served.sent) == 3)
    assert positions(served) == [1, 1, 2]
    assert [each["Tocsin-Delivery"] for each in served.headers] == ["board/1", "board/1", "board/2"]


async def test_the_position_stands_while_nobody_listens_and_the_next_process_goes_on_there(
    served: Site, store: MemoryStore, tmp_path: Path
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
        happen(store, 2)
        async with hooked(replace(settings_of(served), url=nobody), store, tmp_path) as hook:
            await until(lambda: hook._failures >= 2)
    assert FileCursor(tmp_path / "board").position() == 0
    async with hooked(settings_of(served), store, tmp_path):
        await until(lambda: len(served.sent) == 2)
        await until(lambda: FileCursor(tmp_path / "board").position() == 2)
    happen(store)
    async with hooked(settings_of(served), store, tmp_path):
        await until(lambda: len(served.sent) == 3)
    assert positions(served) == [1, 2, 3]


async def test_a_new_hook_begins_with_the_present(served: Site, store: MemoryStore, tmp_path: Path) -> None:
    happen(store, 4)
    async with hooked(settings_of(served), store, tmp_path, new=True) as hook:
        await until(lambda: FileCursor(tmp_path / "board").position() == 4)
        happen(store)
        hook.grown()
        await until(lambda: served.sent)
    assert positions(served) == [5]


async def test_a_redirect_is_not_followed_and_is_no_yes(served: Site, store: MemoryStore, tmp_path: Path) -> None:
    served.answers["/hook"] = Answer(b"", 307, (("Location", f"{served.address}/elsewhere"),))
    happen(store)
    async with hooked(settings_of(served), store, tmp_path):
        await until(lambda: len(served.sent) >= 2)
    assert set(served.asked) == {"/hook"}
    assert FileCursor(tmp_path / "board").position() == 0


async def test_a_silent_receiver_delays_no_other(served: Site, store: MemoryStore, tmp_path: Path) -> None:
    served.answers["/hook?slow"] = Answer(b"late", seconds=5.0)
    happen(store, 5)
    slow = replace(settings_of(served, "slow"), url=f"{served.address}/hook?slow")
    async with hooked(slow, store, tmp_path), hooked(settings_of(served), store, tmp_path):
        await until(lambda: FileCursor(tmp_path / "board").position() == 5, 2.0)
    assert FileCursor(tmp_path / "slow").position() == 0


async def test_what_failed_for_a_day_is_given_up_and_what_is_younger_is_tried(
    served: Site, store: MemoryStore, tmp_path: Path
) -> None:
    clock = PlayedClock()
    served.answers["/hook"] = Answer(b"", 500)
    happen(store, 2)
    async with hooked(settings_of(served), store, tmp_path, clock) as hook:
        await until(lambda: hook._failures == 2)
        clock.at = max(clock.at, NOW) + timedelta(hours=25)
        await until(lambda: FileCursor(tmp_path / "board").position() == 2)
        served.answers["/hook"] = Answer(b"thanks")
        suspended = e.PersonSuspended(PersonId("mo-sre"), PersonId("ada"), "again")
        store.append(Draft(HOUSE, 2, clock.at, replace(ADA, act=""), (suspended,)))
        hook.grown()
        await until(lambda: FileCursor(tmp_path / "board").position() == 3)
    assert positions(served)[-1] == 3
    assert 2 not in positions(served)


async def test_only_the_kinds_that_it_is_for_are_told(served: Site, store: MemoryStore, tmp_path: Path) -> None:
    happen(store)
    settings = settings_of(served, kinds=frozenset({"PersonRestored"}))
    async with hooked(settings, store, tmp_path):
        await until(lambda: FileCursor(tmp_path / "board").position() == 1)
    assert served.sent == []


async def test_a_ping_goes_the_same_way_and_a_no_is_told_without_the_secret(served: Site) -> None:
    await ping(settings_of(served), NOW)
    assert json.loads(served.sent[0][1]) == {"kind": "ping"}
    assert served.headers[0]["Tocsin-Delivery"] == f"board/ping-{int(NOW.timestamp())}"
    served.answers["/hook"] = Answer(SECRET.encode(), 500)
    with pytest.raises(Unreachable) as silent:
        await ping(settings_of(served), NOW)
    assert str(silent.value) == "the webhook board: it answered 500"


async def test_of_a_private_request_id_and_state_alone_are_told_of_what_came_before_too(
    served: Site, tmp_path: Path
) -> None:
    world = World(MemoryStore(lambda request, position: None), StopJournal(tmp_path / "stops.jsonl"))
    await world.ready()
    await world.says("ada", MakePrivate())
    async with hooked(settings_of(served), world, tmp_path):
        await until(lambda: FileCursor(tmp_path / "board").position() == world.requests.position)
    told = [json.loads(body) for _, body in served.sent]
    requests = [each for each in told if each["request"]]
    assert [each["sentence"] for each in requests][-1] == "E1: ready (private)"
    spelled = {"position", "request", "at", "sentence", "status", "url"}
    assert all({key for key, value in each.items() if value is not None} == spelled for each in requests)
    assert all(each["sentence"] == f"E1: {each['status']} (private)" for each in requests)


async def test_who_may_know_what_is_private_is_told_all_of_it(served: Site, tmp_path: Path) -> None:
    world = World(MemoryStore(lambda request, position: None), StopJournal(tmp_path / "stops.jsonl"))
    await world.ready()
    await world.says("ada", MakePrivate())
    async with hooked(settings_of(served, private=True), world, tmp_path):
        await until(lambda: FileCursor(tmp_path / "board").position() == world.requests.position)
    told = [json.loads(body) for _, body in served.sent]
    assert [each["kind"] for each in told if each["request"]] == world.stored
    assert told[-1]["sentence"].startswith("E1 is private, said ada.")
    assert told[-1]["url"] == "https://t.example.org/E1"


async def test_of_a_private_request_nothing_is_told_where_the_kind_would_be(served: Site, tmp_path: Path) -> None:
    world = World(MemoryStore(lambda request, position: None), StopJournal(tmp_path / "stops.jsonl"))
    await world.ready()
    await world.says("ada", MakePrivate())
    settings = settings_of(served, kinds=frozenset({"ConfirmationGiven", "MadePrivate"}))
    async with hooked(settings, world, tmp_path):
        await until(lambda: FileCursor(tmp_path / "board").position() == world.requests.position)
    assert served.sent == []


async def test_what_waits_for_a_silent_receiver_is_not_told_once_it_is_private(served: Site, tmp_path: Path) -> None:
    world = World(MemoryStore(lambda request, position: None), StopJournal(tmp_path / "stops.jsonl"))
    await world.ready()
    served.answers["/hook"] = Answer(b"", 500)
    async with hooked(settings_of(served), world, tmp_path) as hook:
        await until(lambda: hook._failures == 2)
        await world.says("ada", MakePrivate())
        before = hook._failures
        await until(lambda: hook._failures > before)  # what was on its way just then is over
        tried = len(served.sent)
        served.answers["/hook"] = Answer(b"thanks")
        hook.grown()
        await until(lambda: FileCursor(tmp_path / "board").position() == world.requests.position)
    told = [json.loads(body) for _, body in served.sent[tried:]]
    assert told
    assert all(each["kind"] is None for each in told if each["request"])
