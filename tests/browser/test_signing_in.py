"""Signing in as people do it in a browser: by a provider on another site and back, and by the address of a code."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser

from tests.browser.browsers import window
from tests.web.house import House, open_house
from tests.web.provided import Provider, know, serving
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.domain.people import PersonId

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running() -> Iterator[int]:
    """The provider, on 127.0.0.1, which is another site than the page's localhost."""
    with serving() as port:
        yield port


@pytest.fixture
async def house(running: int) -> AsyncIterator[House]:
    """A page with a provider."""
    provider = Provider(running)
    await provider.tell()
    async with open_house(ways={"oidc": provider.settings}) as house:
        know(house, ada=("ada@example.org",))
        yield house


async def test_a_provider_on_another_site_signs_in_and_leads_back(house: House, browser: Browser) -> None:
    async with window(browser, house) as somebody:
        page = somebody.page
        await page.goto("/")
        await page.get_by_role("link", name="Sign in").click()
        assert await somebody.flaws() == ""
        assert somebody.complaints == []
        await page.get_by_role("button", name="Sign in by Example").click()
        await page.get_by_role("button", name="ada@example.org").click()
        await page.get_by_role("link", name="ada").wait_for()
        assert page.url == f"{house.settings.public_url}/"
        await page.get_by_role("link", name="ada").click()
        await page.get_by_text("By OpenID Connect, Example").wait_for()
        assert await somebody.flaws() == ""
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_role("link", name="Sign in").wait_for()


async def test_who_opens_a_pagers_link_to_what_is_hidden_signs_in_and_is_there(house: House, browser: Browser) -> None:
    await house.world.ready()
    await house.world.says("ada", MakePrivate())
    async with window(browser, house) as somebody:
        page = somebody.page
        await page.goto("/E1")
        await page.get_by_role("button", name="Sign in to look").click()
        await page.get_by_text("led back to /E1").wait_for()
        assert await somebody.flaws() == ""
        await page.get_by_role("button", name="Sign in by Example").click()
        await page.get_by_role("button", name="ada@example.org").click()
        await page.get_by_role("link", name="ada").wait_for()
        assert page.url == f"{house.settings.public_url}/E1"
        assert await page.locator("#head h1").inner_text() == "E1 ready"
        assert {each["name"] for each in await page.context.cookies()} & {"tocsin-back"} == set()


async def test_whom_the_directory_does_not_know_can_read_what_to_add(house: House, browser: Browser) -> None:
    async with window(browser, house) as somebody:
        page = somebody.page
        await page.goto("/sign-in")
        await page.get_by_role("button", name="Sign in by Example").click()
        await page.get_by_role("button", name="nobody@example.org").click()
        await page.get_by_text('sign_in = ["nobody@example.org"]').wait_for()
        assert await somebody.flaws() == ""
        assert [each["name"] for each in await page.context.cookies() if each["name"].startswith("tocsin")] == []


async def test_the_address_of_a_code_fills_it_in_and_leaves_nothing_in_the_address_bar(
    house: House, browser: Browser
) -> None:
    code = house.office.codes.issue(PersonId("ada"), house.world.clock.now())
    async with window(browser, house) as ada:
        page = ada.page
        await page.goto(f"/sign-in#{code}")
        await page.wait_for_function("location.hash === ''")
        assert await page.input_value("#code") == code
        assert page.url == f"{house.settings.public_url}/sign-in"
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.get_by_role("link", name="ada").wait_for()
        assert ada.complaints == []
