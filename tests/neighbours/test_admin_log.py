"""The admin log's port, on a real socket, and its page: what is sent whole, and what counts as seen."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.neighbours.sites import Answer, Site, site
from tests.service.outside import LogBot, log_bot
from tocsin.domain.errors import Unreachable
from tocsin.neighbours.admin_log import LONGEST_LINE_BYTES, LogPort, LogWebPage, is_in
from tocsin.neighbours.asking.web import LARGEST_ANSWER_BYTES

LINE = "!log E17 done: disable on mediawiki-config, 1234/3 (T1234) data, for ada [record 9:9f3a61c27b08]"
HARD_SECONDS = 2.0
SAID = LINE.removeprefix("!log ")


@pytest.fixture
async def bot() -> AsyncIterator[LogBot]:
    async with log_bot() as listening:
        yield listening


@pytest.fixture
def sal() -> Iterator[Site]:
    with site() as served:
        yield served


def port(bot: LogBot, seconds: float = 3.0) -> LogPort:
    return LogPort("127.0.0.1", bot.port, seconds)


# --- the port ---------------------------------------------------------------------------------------------------------


async def test_each_line_goes_whole_over_a_connection_of_its_own(bot: LogBot) -> None:
    await port(bot).write(LINE)
    await port(bot).write("!log größer\u2026")
    assert (bot.heard, bot.connections) == ([LINE, "!log größer\u2026"], 2)


async def test_a_bot_that_keeps_the_connection_open_has_taken_the_line(bot: LogBot) -> None:
    bot.keeps_open = True
    await port(bot).write(LINE)
    assert bot.heard == [LINE]


async def test_a_bot_that_is_not_there_is_unreachable_and_so_is_one_that_breaks_off(bot: LogBot) -> None:
    bot.breaks_off = True
    with pytest.raises(Unreachable, match="broke the connection off"):
        await port(bot).write(LINE)
    await bot.stop()
    with pytest.raises(Unreachable, match=rf"admin log at 127.0.0.1:{bot.port}: nothing listens there"):
        await port(bot).write(LINE)


async def test_a_name_that_nobody_knows_is_said() -> None:
    with pytest.raises(Unreachable, match=r"admin log at nowhere.invalid:9200"):
        await LogPort("nowhere.invalid", 9200).write(LINE)


async def test_it_takes_no_longer_than_its_limit() -> None:
    """A port that accepts nobody lets a few wait, and answers none."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        way = LogPort("127.0.0.1", deaf.getsockname()[1], seconds=0.2)
        tries = [asyncio.create_task(way.write(LINE)) for _ in range(4)]
        await asyncio.wait(tries, timeout=5)
        assert {str(each.exception()).partition(": ")[2] for each in tries} == {"did not take the line within 0.2 s"}


@pytest.mark.parametrize("line", ["!log two\nlines", "!log " + "x" * LONGEST_LINE_BYTES])
async def test_what_the_bot_would_cut_is_a_mistake_of_ours(bot: LogBot, line: str) -> None:
    with pytest.raises(AssertionError):
        await port(bot).write(line)
    assert bot.connections == 0


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        SAID,
        f"<tr><td>02:14</td><td>tocsin</td><td>{SAID}</td></tr>",
        "<li>" + SAID.replace("T1234", '<a href="https://tasks.example.org/T1234">T1234</a>') + "</li>",
        "<li>" + SAID.replace("E17", "<b>E17</b>").replace(":9f", "&#58;9f") + "</li>",
        json.dumps([{"message": f"tocsin: {SAID}"}]),
        f"E17 done: an older one [record 8:aa]\n{SAID}",
        f"* {{{{safesubst:SAL entry|1=02:14 tocsin: {SAID}}}}}",
    ],
)
def test_the_line_is_found_whatever_the_page_makes_of_it(content: str) -> None:
    assert is_in(content.encode(), LINE)


@pytest.mark.parametrize(
    "content",
    [
        "",
        SAID.replace("E17", "E171"),
        SAID.replace("E17", "CE17"),
        SAID.replace("done", "rolled back"),
        SAID.replace("9:9f3a", "9:8f3a"),
        f"E17 done: {'x ' * 400} [record 9:9f3a61c27b08]",
        "record 9:9f3a61c27b08 E17 done:",
        "<html><body><h1>502 Bad Gateway",
        "<" * 10_000,
    ],
)
def test_what_is_not_that_very_line_is_not_taken_for_it(content: str) -> None:
    assert not is_in(content.encode(), LINE)


def test_the_start_is_not_taken_for_a_start_outside() -> None:
    assert not is_in(b"E17 started outside: x [record 9:ab]", "!log E17 started: x [record 9:ab]")


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_no_page_can_break_the_looking(content: bytes) -> None:
    is_in(content, LINE)
    assert is_in(content + b"> \n" + SAID.encode(), LINE)


def test_a_page_full_of_what_is_hard_to_read_keeps_nobody_waiting() -> None:
    hard = ("<", "E17 done: ", "E17<b> ", "&#", "9f3a61c27b08", "E17" + " " * 500)
    began = time.process_time()
    for each in hard:
        assert not is_in((each * (LARGEST_ANSWER_BYTES // len(each))).encode(), LINE)
    assert time.process_time() - began < HARD_SECONDS


def test_without_a_head_a_line_is_found_by_its_beginning() -> None:
    assert is_in(f"E17 started: x {'. ' * 9000} {SAID}".encode(), "!log E17 done: disable")
    assert not is_in(b"E17 started: x", "!log E17 done: disable")


async def test_a_page_is_read_from_its_site(sal: Site) -> None:
    sal.answers["/production"] = Answer(f"<td>{SAID}</td>".encode())
    page = LogWebPage(f"{sal.address}/production")
    assert await page.shows(LINE)
    sal.answers["/production"] = Answer(b"\xff\xfe not text at all \x00")
    assert not await page.shows(LINE)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(b"", 500), "answered 500"),
        (Answer(b"", 404), "there is no such page for us"),
        (Answer(b"", 302, (("Location", "https://elsewhere.example.org/"),)), "leads elsewhere"),
        (Answer(b"x" * (LARGEST_ANSWER_BYTES + 1)), "longer than 4 MiB"),
        (Answer(SAID.encode(), seconds=3), "did not answer within 0.3 s"),
    ],
)
async def test_a_page_that_cannot_be_read_says_nothing_of_the_line(sal: Site, answer: Answer, why: str) -> None:
    sal.answers["/production"] = answer
    with pytest.raises(Unreachable, match=why):
        await LogWebPage(f"{sal.address}/production", 0.3).shows(LINE)
