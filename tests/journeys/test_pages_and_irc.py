"""Two people in two browsers and one on IRC take a request from asking to done, while somebody watches.

Everything is real: IRC with its services, the server, its page in Chromium, the command line that lets one of them in,
a repository and a site. In the middle the server is killed and comes back.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, TimeoutError

from tests.browser.browsers import CHROMIUM, PHONE, chromium
from tests.conftest import Require
from tests.journeys.scene import Scene, scene
from tests.networks.inspircd import free_ports
from tocsin.demo.site import FIX
from tocsin.domain.people import Surface
from tocsin.domain.request import Status

pytestmark = pytest.mark.browser

SOON = 40_000
HEADER = "X-Remote-User"


@pytest.fixture
async def played(place: Path, require: Require) -> AsyncIterator[tuple[Scene, str]]:
    """A served installation with a page, and the page's address."""
    require("chromium", CHROMIUM.exists())
    async with AsyncExitStack() as stack:
        running = await asyncio.to_thread(stack.enter_context, scene(place, served=False))
        address = f"http://localhost:{(port := free_ports(1)[0])}"
        page = f'\n[web]\nport = {port}\n\n[web.proxy]\nheader = "{HEADER}"\nonly_from = ["127.0.0.1"]\n'
        top, people = running.home / "tocsin.toml", running.home / "directory.toml"
        top.write_text(top.read_text().replace('name = "Paint"', f'name = "Paint"\npublic_url = "{address}"') + page)
        people.write_text(re.sub(r'nicks = \["(.+?)"\]', r'nicks = ["\1"]\nsign_in = ["\1"]', people.read_text()))
        await asyncio.to_thread(running.serve)
        yield running, address


@asynccontextmanager
async def window(browser: Browser, address: str, by_proxy: str = "") -> AsyncIterator[Page]:
    headers = {HEADER: by_proxy} if by_proxy else {}
    context = await browser.new_context(viewport=PHONE, base_url=address, extra_http_headers=headers)
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def signs_in(page: Page, scene: Scene) -> None:
    """Let ada in by the command line, as whose login this runs."""
    said = await asyncio.to_thread(scene.command, "sign-in")
    found = re.search(r"http://\S+", said)
    assert found is not None, said
    await page.goto(found[0])
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_selector("text=Sign out")


async def asks(page: Page) -> None:
    await page.goto("/ask")
    await page.get_by_label("Change", exact=True).fill(str(FIX.number))
    await page.get_by_label("Task", exact=True).fill("T1234")
    await page.get_by_role("radio", name=re.compile("^data")).check()
    await page.get_by_label("What is broken, and for whom?").fill("painted pages are cached corrupted")
    await page.get_by_role("radio", name=re.compile("^fix")).check()
    await page.get_by_label("why not roll back?").fill("it would lose today's paints")
    await page.get_by_role("radio", name="yes").check()
    await page.get_by_role("button", name="Ask, and call people").click()
    await page.wait_for_url("**/E1")


async def presses(page: Page, name: str) -> None:
    try:
        await page.get_by_role("button", name=re.compile(name)).first.click(timeout=SOON)
    except TimeoutError as late:
        shown = await page.inner_text("body")
        raise AssertionError(f"there is no button {name} on {page.url}, which shows: {shown}") from late


async def test_browsers_and_irc_take_a_request_from_asking_to_done(played: tuple[Scene, str]) -> None:
    running, address = played
    async with (
        chromium() as browser,
        window(browser, address) as ada,
        window(browser, address, "kim-releng") as kim,
        window(browser, address) as watching,
    ):
        await signs_in(ada, running)
        await asyncio.to_thread(running.enter, "bo-sre", "bo-sre")
        await asks(ada)
        for page in (kim, watching):
            await page.goto("/E1")
        word = await asyncio.to_thread(running.hears, r"!confirm E1 (\S+)", "bo-sre")
        await presses(kim, f"Confirm {word}")
        await asyncio.to_thread(running.hears, "E1: kim-releng confirms", "bo-sre")
        await asyncio.to_thread(running.says, "bo-sre", f"!confirm E1 {word}")
        await watching.wait_for_selector("#head .status >> text=ready", timeout=SOON)
        await presses(kim, "Become the deployer")
        await presses(kim, "Go: start it")
        await asyncio.to_thread(running.hears, "Look at it, then !good E1", "bo-sre")
        await asyncio.to_thread(running.kill_server)
        await watching.wait_for_selector("#stale >> text=Not live", timeout=SOON)
        await asyncio.to_thread(running.serve)
        await watching.wait_for_selector("#stale", state="hidden", timeout=SOON)
        for page in (ada, kim):
            await presses(page, "Good: test server looks right")
        await watching.wait_for_selector("#head .status >> text=done", timeout=SOON)
    assert running.request.status is Status.DONE
    assert running.confirmers == {"kim-releng", "bo-sre"}
    assert Surface.PAGE in running.surfaces
    assert Surface.IRC in running.surfaces
