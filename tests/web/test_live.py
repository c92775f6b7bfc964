"""An open page is sent what changed and nothing else; it ends when its visitor may see no more, and with the server."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from tests.service.world import until
from tests.web.house import House, open_house
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.domain.commands.opening import Note
from tocsin.domain.people import PersonId
from tocsin.web.app import application
from tocsin.web.live import WAITING_MESSAGES, Live

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
async def following(browser: httpx2.AsyncClient, address: str = "/E1/live", heard: str = "") -> AsyncIterator[Stream]:
    headers = {"Last-Event-ID": heard} if heard else {}
    async with browser.stream("GET", address, timeout=None, headers=headers) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(answer)


class Reader:
    """One page as the server sees it, which takes only so many messages before it takes no more."""

    def __init__(self, house: House, live: Live, takes: int = 1_000) -> None:
        self.heard, self.ended, self.takes = "", False, takes
        self.may = asyncio.Event()
        self._taken = 0
        scope = {
            "type": "http",
            "asgi": {"spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "path": "/E1/live",
            "query_string": b"",
            "headers": [],
        }
        self.reading = asyncio.create_task(application(house.office, live)(scope, self._stays, self._take))

    async def _stays(self) -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("it never leaves")

    async def _take(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] != "http.response.body":
            return
        if self._taken >= self.takes:
            await self.may.wait()
        self._taken += 1
        self.heard += message["body"].decode()
        self.ended = not message.get("more_body", False)


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


async def test_a_page_that_comes_back_is_made_right_at_once_whatever_it_heard_last(house: House) -> None:
    await house.world.ready()
    async with following(house.browser()) as stream:
        heard = (await stream.message())["id"]
    await house.world.says("ada", Note("users in Asia see it too"))
    for position in (heard, "0", "99999", "nonsense"):
        async with following(house.browser(), heard=position) as stream:
            again = await stream.message()
            assert "users in Asia see it too" in again["data"]
            assert int(again["id"]) == house.world.requests.position > int(heard)


async def test_of_what_happened_only_the_new_is_sent(house: House) -> None:
    await house.world.ready()
    await house.world.says("ada", Note("graphs look steady"))
    async with following(house.browser()) as stream:
        assert "graphs look steady" in (await stream.message())["data"]
        await house.world.says("ada", Note("users in Asia see it too"))
        news = (await stream.message())["data"]
        assert '<hx-partial hx-target="#timeline-entries" hx-swap="afterbegin">' in news
        assert "users in Asia see it too" in news
        assert "graphs look steady" not in news


async def test_a_remark_that_looks_like_a_page_is_sent_as_text(house: House) -> None:
    await house.world.ready()
    async with following(house.browser()) as stream:
        await stream.message()
        await house.world.says("ada", Note('x-entries" reversed><script>alert(1)</script></hx-partial>'))
        news = (await stream.message())["data"]
        assert "<script>" not in news
        assert news.count("</hx-partial>") == news.count("<hx-partial ")
        await house.world.says("ada", Note("and goes on"))
        assert "alert(1)" not in (await stream.message())["data"]


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
        while 'hx-target="#acts"' not in (await stream.message())["data"]:
            pass  # that it expired is told to everybody first


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


async def test_a_page_that_comes_while_the_server_ends_keeps_it_from_nothing(house: House) -> None:
    await house.world.ready()
    live = Live(house.office)
    running = asyncio.create_task(live.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    page = Reader(house, live)
    await asyncio.wait_for(page.reading, PATIENCE_SECONDS)
    assert page.ended


async def test_who_left_the_directory_loses_what_only_people_of_it_may_see(house: House) -> None:
    await house.world.ready()
    await house.world.says("ada", MakePrivate())
    async with following(house.browser("ada")) as stream:
        await stream.message()
        situations = house.world.situations
        others = tuple(each for each in situations.configuration.directory.people if each.id != "ada")
        directory = replace(situations.configuration.directory, people=others)
        situations.configuration = replace(situations.configuration, directory=directory)
        while (await stream.message()).get("event") != "gone":  # first it is told that she could confirm no more
            pass


async def test_who_reads_nothing_is_dropped_and_others_hear_on(house: House) -> None:
    await house.world.ready()
    live = Live(house.office)
    house.world.handler.tell(live.grown)
    running = asyncio.create_task(live.run())
    stuck, reading = Reader(house, live, takes=1), Reader(house, live)
    await until(lambda: reading.heard and stuck.heard)
    for number in range(WAITING_MESSAGES + 2):
        await house.world.says("ada", Note(f"remark {number} of it"))
        await until(lambda words=f"remark {number} of it": words in reading.heard)  # type: ignore[misc]
    stuck.takes = 1_000
    stuck.may.set()
    await asyncio.wait_for(stuck.reading, PATIENCE_SECONDS)
    assert stuck.ended
    assert f"remark {WAITING_MESSAGES + 1} of it" not in stuck.heard
    assert not reading.ended
    running.cancel()
    await asyncio.wait_for(reading.reading, PATIENCE_SECONDS)


async def test_one_page_too_many_is_told_to_try_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.web.live.MOST_PAGES", 1)
    await house.world.ready()
    async with following(house.browser()) as stream:
        await stream.message()
        answer = await house.browser().get("/E1/live")
        assert answer.status_code == 503
        assert "Too many pages are open" in answer.text


async def test_more_pages_can_be_open_than_services_begin_with() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, before[1]))
    try:
        async with open_house() as house:
            assert (await house.browser().get("/")).status_code == 200
            assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 1024
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
