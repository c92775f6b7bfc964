"""An open page is sent what changed and nothing else; it ends when its visitor may see no more, and with the server."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from tests.web.house import House
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.domain.commands.opening import Note
from tocsin.domain.people import PersonId

PATIENCE_SECONDS = 10.0


class Stream:
    """What one page hears."""

    def __init__(self, answer: httpx2.Response) -> None:
        self._lines = answer.aiter_lines()

    async def message(self) -> dict[str, str]:
        """Return the next message that is no beat."""
        while (heard := await self._next()).get("event") == "beat":
            pass
        return heard

    async def beat(self) -> None:
        """Wait for a beat."""
        while (await self._next()).get("event") != "beat":
            pass

    async def _next(self) -> dict[str, str]:
        heard: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in self._lines:
                if not line:
                    if heard:
                        return heard
                    continue
                name, _, value = line.partition(": ")
                heard[name] = f"{heard[name]}\n{value}" if name in heard else value
        raise EOFError("the stream ended")


@asynccontextmanager
async def following(browser: httpx2.AsyncClient, address: str = "/E1/live") -> AsyncIterator[Stream]:
    async with browser.stream("GET", address, timeout=None) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(answer)


async def test_a_page_is_sent_everything_first_and_then_what_changed(house: House) -> None:
    await house.world.ready()
    async with following(house.browser()) as stream:
        first = await stream.message()
        assert 'hx-target="#head"' in first["data"]
        assert first["id"] == str(house.world.requests.position)
        await house.world.says("ada", Note("users in Asia see it too"))
        second = await stream.message()
        assert "users in Asia see it too" in second["data"]
        assert 'hx-target="#head"' not in second["data"]
        assert second["id"] == str(house.world.requests.position)


async def test_a_page_hears_a_beat_each_second(house: House) -> None:
    await house.world.ready()
    async with following(house.browser()) as stream:
        began = time.monotonic()
        await stream.beat()
        await stream.beat()
        assert time.monotonic() - began < 5


async def test_what_only_time_changes_is_sent_too(house: House) -> None:
    await house.world.ready()
    house.world.clock.at = house.world.clock.at.replace(microsecond=0)
    async with following(house.browser("kim-releng")) as stream:
        await stream.message()
        house.world.later(3 * 3600)
        assert 'hx-target="#acts"' in (await stream.message())["data"]


async def test_a_page_of_somebody_who_may_see_no_more_is_told_so_and_ended(house: House) -> None:
    await house.world.ready()
    async with following(house.browser()) as stream:
        await stream.message()
        await house.world.says("ada", MakePrivate())
        assert (await stream.message())["event"] == "gone"
    answer = await house.browser().get("/E1/live")
    assert answer.status_code == 404


async def test_a_page_whose_session_was_ended_is_ended(house: House) -> None:
    await house.world.ready()
    async with following(house.browser("ada")) as stream:
        await stream.message()
        house.office.sessions.end_all(PersonId("ada"))
        assert (await stream.message())["event"] == "gone"


async def test_the_board_is_live_too(house: House) -> None:
    async with following(house.browser(), "/live") as stream:
        assert "Nothing is open" in (await stream.message())["data"]
        await house.world.ready()
        assert "E1" in (await stream.message())["data"]


async def test_streams_end_with_the_server(house: House) -> None:
    await house.world.ready()
    async with following(house.browser()) as stream:
        await stream.message()
        began = time.monotonic()
        await house.stop_serving()
        assert time.monotonic() - began < 2
