"""Every page can be used by everybody: no flaw by axe-core's rules, on a telephone and a desk, light and dark."""

from typing import Literal

import pytest
from playwright.async_api import Browser, ViewportSize

from tests.browser.browsers import DESK, PHONE, tab_to, window
from tests.domain.night import verified
from tests.web.house import House
from tocsin.domain.commands.holding import PutOnHold
from tocsin.domain.commands.opening import Note
from tocsin.domain.commands.suspending import Suspend
from tocsin.domain.people import PersonId
from tocsin.service.handler import Act

pytestmark = pytest.mark.browser

LOOKS = [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]


@pytest.mark.parametrize(("size", "colours"), LOOKS)
async def test_no_page_has_a_flaw(
    house: House, browser: Browser, size: ViewportSize, colours: Literal["light", "dark"]
) -> None:
    async with window(browser, house, size=size, colours=colours) as nobody:
        for address in ("/", "/sign-in", "/ask", "/history", "/calendar", "/api/docs"):
            await nobody.page.goto(address)
            assert await nobody.flaws() == "", address
        await house.world.ready()
        await house.world.says("bo-sre", PutOnHold("who is watching the caches?"))
        await house.world.says("ada", Note("users in Asia see it too"))
        for address in ("/", "/E1", "/history", "/calendar"):
            await nobody.page.goto(address)
            assert await nobody.flaws() == "", address
        assert nobody.complaints == []
    async with window(browser, house, "kim-releng", size, colours) as kim:
        await kim.page.goto("/E1")
        for summary in await kim.page.locator("summary").all():
            await summary.click()
        assert await kim.flaws() == ""
        await house.world.handler.handle(Act(verified("bo-sre"), Suspend(PersonId("lin"), "their laptop was stolen")))
        for address in ("/me", "/me/suspend"):
            await kim.page.goto(address)
            assert await kim.flaws() == "", address
        await kim.page.goto("/ask")
        await kim.page.click("summary")
        await kim.page.get_by_role("button", name="Ask, and call people").click()
        await kim.page.wait_for_selector(".refusal")
        assert await kim.flaws() == ""
        assert [each for each in kim.complaints if "422" not in each] == []


async def test_a_page_that_is_not_there_says_so_without_a_flaw(house: House, browser: Browser) -> None:
    async with window(browser, house) as nobody:
        await nobody.page.goto("/E99")
        assert await nobody.flaws() == ""
        assert "no such page" in await nobody.page.inner_text("h1")


async def test_a_room_works_by_keyboard_alone(house: House, browser: Browser) -> None:
    await house.world.ready()
    async with window(browser, house, "ada") as ada:
        await ada.page.goto("/E1")
        await tab_to(ada.page, "What else you can do")
        await ada.page.keyboard.press("Enter")
        await tab_to(ada.page, "What must be known first?")
        await ada.page.keyboard.type("who is watching the caches?")
        await ada.page.keyboard.press("Enter")
        await ada.page.wait_for_selector(".hold >> text=who is watching the caches?")
    assert [each.reason for each in house.request.holds] == ["who is watching the caches?"]
