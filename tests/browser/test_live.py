"""A page in a real browser stays right: it takes nothing from those who type, and says so while it is not right."""

import asyncio
import time

import pytest
from playwright.async_api import Browser

from tests.browser.browsers import window
from tests.browser.relay import relay
from tests.service.world import until
from tests.web.house import House
from tests.web.test_room import asks
from tocsin.domain.commands import Confirm
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.domain.commands.opening import Note
from tocsin.domain.people import PersonId
from tocsin.domain.request import Status

pytestmark = pytest.mark.browser

SOON = 5_000
RIGHT_AGAIN_SECONDS = 2.0
NEWS = "#timeline >> text=users in Asia see it too"


async def test_what_happens_is_seen_without_a_reload(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with window(browser, house) as nobody:
        await nobody.page.goto("/E1")
        await house.world.says("ada", Note("users in Asia see it too"))
        await nobody.page.wait_for_selector(NEWS, timeout=SOON)
        assert nobody.complaints == []


async def test_news_takes_nothing_from_who_types(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with window(browser, house, "ada") as ada:
        page = ada.page
        await page.goto("/E1")
        await page.click("summary >> text=What else you can do")
        field = page.get_by_label("What must be known first?")
        await field.fill("who is wat")
        await field.focus()
        await page.evaluate("window.scrollTo(0, 300)")
        scrolled = await page.evaluate("window.scrollY")
        await house.world.says("bo-sre", Note("users in Asia see it too"))
        await page.wait_for_selector(NEWS, timeout=SOON)
        assert await field.input_value() == "who is wat"
        assert await field.evaluate("each => each === document.activeElement")
        assert await page.evaluate("window.scrollY") == scrolled
        await page.keyboard.type("ching?")
        assert await field.input_value() == "who is watching?"
        assert ada.complaints == []


async def test_a_server_that_restarts_is_told_and_right_again_at_once(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with window(browser, house) as nobody:
        await nobody.page.goto("/E1")
        await nobody.page.wait_for_function("document.getElementById('stale').hidden")
        await house.stop_serving()
        await nobody.page.wait_for_selector("#stale >> text=Not live", timeout=SOON)
        await house.world.says("ada", Note("users in Asia see it too"))
        await house.start()
        began = time.monotonic()
        await nobody.page.wait_for_selector(NEWS, timeout=SOON)
        assert time.monotonic() - began < RIGHT_AGAIN_SECONDS
        await nobody.page.wait_for_selector("#stale", state="hidden", timeout=SOON)


async def test_a_network_that_is_lost_is_told_and_right_again_at_once(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with relay(house.settings.port) as wire, window(browser, house) as nobody:
        await nobody.page.goto(f"{wire.address}/E1")
        await asyncio.sleep(1.5)
        wire.die()
        await nobody.page.wait_for_selector("#stale >> text=Not live", timeout=2 * SOON)
        await house.world.says("ada", Note("users in Asia see it too"))
        wire.come_back()
        began = time.monotonic()
        await nobody.page.wait_for_selector(NEWS, timeout=2 * SOON)
        assert time.monotonic() - began < RIGHT_AGAIN_SECONDS


async def test_a_private_room_is_taken_from_who_may_see_no_more(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with window(browser, house) as nobody:
        await nobody.page.goto("/E1")
        await house.world.says("ada", MakePrivate())
        await nobody.page.wait_for_selector("h1 >> text=no such page", timeout=SOON)


async def test_two_people_take_a_request_through_and_a_third_watches(house: House, browser: Browser) -> None:
    await house.world.ready()
    house.world.later(1)
    async with (
        window(browser, house, "kim-releng") as kim,
        window(browser, house, "ada") as ada,
        window(browser, house) as watching,
    ):
        for each in (kim, ada, watching):
            await each.page.goto("/E1")
        await kim.page.get_by_role("button", name="Go: start it").click()
        for each in (ada, watching):
            await each.page.wait_for_selector("#head .status >> text=deploying", timeout=SOON)
        await ada.page.click("summary >> text=What else you can do")
        await ada.page.get_by_role("button", name="Stop after the running step").click()
        for each in (kim, watching):
            await each.page.wait_for_selector("#head .status-troubled >> text=paused", timeout=SOON)
        assert house.request.status is Status.PAUSED
        assert (kim.complaints, ada.complaints, watching.complaints) == ([], [], [])


async def test_a_page_works_without_scripts(house: House, browser: Browser) -> None:
    await house.world.ready()
    context = await browser.new_context(java_script_enabled=False, base_url=house.settings.public_url)
    page = await context.new_page()
    await page.goto("/E1")
    assert "reload it" in await page.inner_text("main")
    await page.click("text=Sign in to act")
    await page.fill("#code", house.office.codes.issue(PersonId("ada"), house.world.clock.now()))
    await page.click("main button")
    assert page.url == f"{house.settings.public_url}/E1"
    await page.click("summary >> text=What else you can do")
    await page.get_by_label("Your remark").fill("users in Asia see it too")
    await page.get_by_role("button", name="Add a remark").click()
    assert "users in Asia see it too" in await page.inner_text("#timeline")
    await context.close()


async def test_who_has_a_room_in_front_of_them_is_here(house: House, browser: Browser) -> None:
    await house.world.ready()
    house.world.later(11 * 60)
    async with window(browser, house, "ada") as ada:
        await ada.page.goto("/E1")
        await ada.page.bring_to_front()
        await ada.page.wait_for_selector("#confirming >> text=ada (here)", timeout=SOON)


async def test_a_browser_that_goes_offline_says_so_and_is_right_again_at_once(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with window(browser, house) as nobody:
        await nobody.page.goto("/E1")
        await nobody.page.wait_for_function("document.getElementById('stale').hidden")
        await nobody.context.set_offline(True)
        await nobody.page.evaluate("document.getElementById('live')._htmx.sse.reader.cancel()")  # as the network does
        await nobody.page.wait_for_selector("#stale >> text=Not live. Last right at", timeout=SOON)
        await house.world.says("ada", Note("users in Asia see it too"))
        await nobody.context.set_offline(False)
        began = time.monotonic()
        await nobody.page.wait_for_selector(NEWS, timeout=SOON)
        assert time.monotonic() - began < RIGHT_AGAIN_SECONDS
        await nobody.page.wait_for_selector("#stale", state="hidden", timeout=SOON)


async def test_who_wakes_their_telephone_counts_as_away_until_they_tap(house: House, browser: Browser) -> None:
    await house.world.ready()
    house.world.later(11 * 60)
    async with window(browser, house, "ada") as ada:
        await ada.page.clock.install()
        await ada.page.goto("/E1")
        await ada.page.wait_for_selector("#confirming >> text=ada (here)", timeout=SOON)
        house.world.later(61)
        await ada.page.clock.fast_forward(61_000)
        await ada.page.wait_for_selector("#away >> text=You count as away", timeout=SOON)
        assert not shown(house)
        await ada.page.click("text=I am here")
        await ada.page.wait_for_selector("#away", state="hidden", timeout=SOON)
        await until(lambda: shown(house))


async def test_who_closes_the_page_is_gone_at_once(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with window(browser, house, "ada") as ada:
        await ada.page.goto("/E1")
        await until(lambda: shown(house))
        await ada.page.goto("about:blank")
        await until(lambda: not shown(house))


async def test_news_closes_nothing_that_was_opened_and_keeps_its_times_in_words(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with window(browser, house, "ada") as ada:
        await ada.page.goto("/E1")
        await ada.page.click("summary >> text=What else you can do")
        for words in ("one of them", "two of them"):
            await house.world.says("bo-sre", Note(words))
            await ada.page.wait_for_selector(f"#timeline-entries li:first-child >> text={words}", timeout=SOON)
        assert await ada.page.locator("#timeline-entries li >> text=one of them").count() == 1
        assert await ada.page.locator("details[open]").count() == 1
        left = await ada.page.eval_on_selector_all(
            "time", "all => all.filter(each => /^\\d{4}-/.test(each.textContent)).length"
        )
        assert left == 0
        assert ada.complaints == []


def shown(house: House) -> bool:
    """Say whether a page has shown ada lately."""
    presence = house.office.presence.presence()
    return presence.seen_at(PersonId("ada")) is not None and presence.gone_since(PersonId("ada")) is None


PRESSED_AT_ONCE = """() => new Promise((done) => new MutationObserver((_, watch) => {
  const button = document.querySelector("#acts .first button");
  if (!button.textContent.startsWith("Go")) return;
  watch.disconnect();
  setTimeout(() => { button.click(); done(button.getAttribute("aria-disabled")); }, 50);
}).observe(document.body, { subtree: true, childList: true, characterData: true }))"""


async def test_nobody_presses_a_button_that_has_just_taken_the_place_of_another(house: House, browser: Browser) -> None:
    await asks(house)
    assert house.request.proposal is not None
    for person in ("bo-sre", "kim-releng"):
        await house.world.says(person, Confirm(house.request.proposal.check_word))
    async with window(browser, house, "kim-releng") as kim:
        await kim.page.goto("/E1")
        await kim.page.wait_for_selector("#acts .first >> text=Become the deployer")
        pressed = asyncio.create_task(kim.page.evaluate(PRESSED_AT_ONCE))
        await asyncio.sleep(0.5)
        house.world.later(15)
        assert await pressed == "true"
        await kim.page.wait_for_selector("#acts .first button[aria-disabled=false]")
        assert house.request.status is Status.READY
        await kim.page.get_by_role("button", name="Go: start it").click()
        await until(lambda: house.request.status is Status.DEPLOYING)
