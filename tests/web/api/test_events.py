"""Streams of what happens: from the record, resumed without a gap, for those who may see, until the server ends."""

import asyncio
from typing import Any

import httpx2

from tests.service.world import until
from tests.web.api.programs import heard
from tests.web.house import House
from tocsin.cli.routes import TOP
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.domain.commands.opening import Note
from tocsin.domain.people import PersonId
from tocsin.service.tokens import Scope

ONE = f"{TOP}/requests/E1/events"


async def first(program: httpx2.AsyncClient, path: str, count: int, **headers: str) -> list[dict[str, Any]]:
    """Return the first events of a stream, with a bound."""
    got: list[dict[str, Any]] = []
    async with asyncio.timeout(20), program.stream("GET", path, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for each in heard(answer):
            got.append(each)
            if len(got) == count:
                break
    return got


async def test_a_stream_tells_what_happens_in_words(house: House) -> None:
    await house.world.ready()
    path = f"{ONE}?after={house.world.requests.position}"
    listening = asyncio.create_task(first(house.program("lin", Scope.READ), path, 1))
    await asyncio.sleep(0.2)
    await house.world.says("ada", Note("it spreads"))
    (told,) = await listening
    assert (told["request"], told["by"], told["surface"], told["kind"]) == ("E1", "ada", "irc", "Noted")
    assert "it spreads" in told["sentence"]
    assert told["position"] == house.world.requests.position


async def test_whoever_comes_back_misses_nothing_and_hears_nothing_twice(house: House) -> None:
    await house.world.ready()
    last = house.world.requests.position
    every = await first(house.program(), f"{ONE}?after=0", last)
    assert [each["position"] for each in every] == list(range(1, last + 1))
    later = await first(house.program(), f"{TOP}/events?after=1", last - 3, **{"Last-Event-ID": "3"})
    assert later == every[3:]


async def test_a_private_request_is_heard_of_by_those_with_a_part_in_it_alone(house: House) -> None:
    await house.world.ready()
    await house.world.says("ada", MakePrivate())
    stranger = asyncio.create_task(first(house.program("lin", Scope.READ), f"{TOP}/events?after=0", 1))
    assert len(await first(house.program("ada", Scope.READ), f"{TOP}/events?after=0", 3)) == 3
    await asyncio.sleep(0.3)
    assert not stranger.done()
    stranger.cancel()


async def test_a_stream_ends_with_its_token(house: House) -> None:
    await house.world.ready()
    program = house.program("ada", Scope.READ)
    name = house.tokens.tokens.of(PersonId("ada"), house.world.clock.now())[0].name
    async with asyncio.timeout(20), program.stream("GET", f"{ONE}?after=0") as answer:
        house.tokens.answer("token-revoke", PersonId("ada"), {"name": name})
        await house.world.says("ada", Note("it spreads"))
        assert "it spreads" not in str([each async for each in heard(answer)])


async def test_streams_end_with_the_server(house: House) -> None:
    await house.world.ready()
    streaming = asyncio.create_task(first(house.program(), f"{ONE}?after=0", 1000))
    await asyncio.sleep(0.2)
    async with asyncio.timeout(20):
        await house.stop_serving()
    await until(streaming.done)


async def test_where_to_begin_is_a_position(house: House) -> None:
    await house.world.ready()
    for path, headers in ((f"{ONE}?after=x", {}), (f"{ONE}?after=-1", {}), (ONE, {"Last-Event-ID": "x"})):
        assert (await house.program().get(path, headers=headers)).status_code == 422
