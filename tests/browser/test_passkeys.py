"""Passkeys as a browser has them: a virtual authenticator in a real Chromium, driven by the page's own script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, CDPSession, Route

from tests.browser.browsers import DESK, PHONE, Window, window
from tests.domain.night import verified
from tests.web.house import House
from tests.web.test_acting import asked
from tests.web.test_means import made
from tests.web.test_passkeys import BO, ask_for
from tocsin.domain import events as e
from tocsin.domain.commands import Restore, Suspend
from tocsin.domain.policy import Fresh
from tocsin.record.passkeys import answer_in, flaws
from tocsin.service.handler import Act

pytestmark = pytest.mark.browser

SOON = 5_000


@dataclass
class Device:
    """The authenticator of one window."""

    wire: CDPSession
    id: str

    async def is_held_by(self, *, owner: bool) -> None:
        """Say whether whoever holds it is its owner; of anybody else it makes nothing."""
        await self.wire.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": owner})

    async def is_touched(self, *, touched: bool) -> None:
        """Say whether a finger is on it whenever it asks."""
        await self.wire.send(
            "WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": touched}
        )

    async def credentials(self) -> list[Any]:
        found = await self.wire.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        credentials: list[Any] = found["credentials"]
        return credentials


@asynccontextmanager
async def holding(browser: Browser, house: House, person: str) -> AsyncIterator[tuple[Window, Device]]:
    """Open a window of somebody whose device has a finger on it."""
    async with window(browser, house, person) as opened:
        wire = await opened.context.new_cdp_session(opened.page)
        await wire.send("WebAuthn.enable")
        yield opened, await device(wire, "internal")


async def device(wire: CDPSession, transport: str) -> Device:
    """Put a device within reach of a window."""
    options = {
        "protocol": "ctap2",
        "transport": transport,
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = await wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Device(wire, made["authenticatorId"])


async def enrol(opened: Window, name: str) -> None:
    await opened.page.goto("/me/passkeys")
    await opened.page.fill("#name", name)
    await opened.page.get_by_role("button", name="Enrol").click()
    await opened.page.wait_for_selector(f".flash >> text=The passkey {name} is enrolled", timeout=SOON)


async def test_a_yes_is_given_with_a_passkey_on_the_page(house: House, browser: Browser) -> None:
    ask_for(house, Fresh.PASSKEY)
    await asked(house)
    async with holding(browser, house, "bo-sre") as (bo, device):
        await enrol(bo, "telephone")
        assert len(await device.credentials()) == 1
        await bo.page.goto("/E1")
        await bo.page.get_by_role("button", name="Confirm").click()
        await bo.page.wait_for_selector(".flash >> text=bo-sre confirms for SRE", timeout=SOON)
        assert bo.complaints == []
    assert house.request.confirmers == (BO,)
    whole = list(house.store.since(0, 1000))
    [given] = [each for each in whole if isinstance(each.event, e.ConfirmationGiven)]
    assert answer_in(given.origin.proof) is not None
    assert list(flaws(whole, house.settings.origin)) == []


async def test_a_second_passkey_is_enrolled_with_the_first_and_one_is_removed(house: House, browser: Browser) -> None:
    async with holding(browser, house, "bo-sre") as (bo, first):
        await enrol(bo, "telephone")
        second = await device(first.wire, "usb")
        await first.is_touched(touched=False)

        async def reach_for_the_first(route: Route) -> None:
            """It is asked when the new one is made."""
            await second.is_touched(touched=False)
            await first.is_touched(touched=True)
            await route.continue_()

        await bo.page.route("**/question", reach_for_the_first)
        await bo.page.fill("#name", "blue key")
        await bo.page.get_by_role("button", name="Enrol").click()
        await bo.page.wait_for_selector(".flash >> text=The passkey blue key is enrolled", timeout=SOON)
        assert len(await second.credentials()) == 1
        await bo.page.get_by_role("button", name="Remove telephone").click()
        await bo.page.wait_for_selector(".flash >> text=The passkey is removed", timeout=SOON)
        assert bo.complaints == []
    assert [each.name for each in house.office.requests.house.passkeys_of(BO)] == ["blue key"]
    assert list(flaws(house.store.since(0, 1000), house.settings.origin)) == []


async def test_who_is_suspended_comes_back_with_a_passkey_and_one_member(house: House, browser: Browser) -> None:
    await asked(house)
    async with holding(browser, house, "bo-sre") as (bo, _):
        await enrol(bo, "telephone")
        await house.world.handler.handle(Act(verified("kim-releng"), Suspend(BO, "a stolen laptop")))
        await bo.page.goto("/E1")
        await bo.page.get_by_role("link", name="How to come back").click()
        assert await bo.flaws() == ""
        await bo.page.get_by_role("button", name="It is mine: use my passkey").click()
        await bo.page.wait_for_selector("text=You used your passkey. Now call one member", timeout=SOON)
        assert await bo.flaws() == ""
        await house.world.handler.handle(Act(verified("mo-sre"), Restore(BO)))
        await bo.page.goto("/me")
        assert "suspended" not in await bo.page.inner_text("main")
        assert bo.complaints == []
    assert list(flaws(house.store.since(0, 1000), house.settings.origin)) == []


async def test_a_device_that_does_not_know_who_holds_it_confirms_nothing_and_says_so_in_one_line(
    house: House, browser: Browser
) -> None:
    ask_for(house, Fresh.PASSKEY_OR_CODE)
    await asked(house)
    async with holding(browser, house, "bo-sre") as (bo, device):
        await enrol(bo, "telephone")
        await device.is_held_by(owner=False)
        await bo.page.goto("/E1")
        await bo.page.get_by_role("button", name="Confirm").click()
        told = bo.page.locator("[data-told] >> text=No passkey answered")
        await told.wait_for(timeout=SOON)
        assert "Or type a one-time code." in await told.inner_text()
        assert house.request.confirmers == ()
        await device.is_held_by(owner=True)
        await bo.page.get_by_role("button", name="Confirm").click()
        await bo.page.wait_for_selector(".flash >> text=bo-sre confirms for SRE", timeout=SOON)


async def test_a_code_in_its_field_goes_without_asking_a_device(house: House, browser: Browser) -> None:
    ask_for(house, Fresh.PASSKEY_OR_CODE)
    await asked(house)
    async with window(browser, house, "bo-sre") as bo:
        await bo.page.goto("/me/codes")
        await bo.page.get_by_role("button", name="Begin").click()
        key = (await bo.page.locator("dd code").first.inner_text()).replace(" ", "")
        await bo.page.fill("#first", made(house, key))
        await bo.page.get_by_role("button", name="Let it count").click()
        await bo.page.wait_for_selector(".flash >> text=Your one-time codes count", timeout=SOON)
        house.world.later(60)
        await bo.page.goto("/E1")
        await bo.page.get_by_label("One-time code").fill(made(house, key))
        await bo.page.get_by_role("button", name="Confirm").click()
        await bo.page.wait_for_selector(".flash >> text=bo-sre confirms for SRE", timeout=SOON)
        assert bo.complaints == []


async def test_who_has_no_passkey_is_told_in_one_line_where_to_get_one(house: House, browser: Browser) -> None:
    ask_for(house, Fresh.PASSKEY)
    await asked(house)
    async with holding(browser, house, "bo-sre") as (bo, _):
        await bo.page.goto("/E1")
        await bo.page.get_by_role("button", name="Confirm").click()
        await bo.page.wait_for_selector("[data-told] >> text=You have no passkey here yet", timeout=SOON)


async def test_a_colleague_vouches_with_their_passkey(house: House, browser: Browser) -> None:
    async with holding(browser, house, "mo-sre") as (mo, _):
        await enrol(mo, "telephone")
        await mo.page.goto("/me/vouch")
        await mo.page.select_option("#whom", "bo-sre")
        await mo.page.fill("#reason", "lost their telephone, we spoke")
        await mo.page.get_by_role("button", name="Give my word").click()
        await mo.page.wait_for_selector(".flash >> text=bo-sre can enrol a passkey anew", timeout=SOON)
        assert mo.complaints == []
    async with holding(browser, house, "bo-sre") as (bo, _):
        await enrol(bo, "new telephone")
    assert list(flaws(house.store.since(0, 1000), house.settings.origin)) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_no_own_page_has_a_flaw(house: House, browser: Browser, colours: Literal["light", "dark"]) -> None:
    ask_for(house, Fresh.PASSKEY_OR_CODE)
    await asked(house)
    async with holding(browser, house, "bo-sre") as (bo, _):
        await enrol(bo, "telephone")
    for size in (PHONE, DESK):
        async with window(browser, house, "bo-sre", size, colours) as bo:
            for address in ("/me/passkeys", "/me/codes", "/me/tokens", "/me/vouch", "/E1"):
                await bo.page.goto(address)
                assert await bo.flaws() == "", address
            assert bo.complaints == []
        async with window(browser, house, "mo-sre", size, colours) as mo:
            await mo.page.goto("/me/codes")
            await mo.page.get_by_role("button", name="Begin").click()
            await mo.page.wait_for_selector("#first")
            assert await mo.flaws() == ""


async def test_a_token_is_made_with_the_passkey_and_shown_once(house: House, browser: Browser) -> None:
    async with holding(browser, house, "bo-sre") as (bo, phone):
        await enrol(bo, "telephone")
        await bo.page.goto("/me/tokens")
        await bo.page.get_by_label("What it is for").fill("dashboard")
        await phone.is_held_by(owner=False)
        await bo.page.get_by_role("button", name="Make it").click()
        await bo.page.wait_for_selector("text=No passkey answered")
        assert house.tokens.of(BO) == ()
        await phone.is_held_by(owner=True)
        await bo.page.get_by_role("button", name="Make it").click()
        shown = await bo.page.wait_for_selector(".flash >> text=/tcsn_/")
        assert shown is not None
        made = house.tokens.known(await shown.inner_text())
        assert made is not None
        assert (made.person, made.name, made.listed) == (BO, "dashboard", "read")
        await bo.page.reload()
        assert "tcsn_" not in await bo.page.inner_text("main .flash, main h1")
        await bo.page.get_by_role("button", name="Revoke dashboard").click()
        await bo.page.wait_for_selector("text=Token dashboard is revoked.")
        assert bo.complaints == []
    assert house.tokens.of(BO) == ()
