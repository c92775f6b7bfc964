"""Board, ask, history and calendar in a real browser: by keyboard alone, in the reader's zone, and calling people."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser

from tests.browser.browsers import DESK, PHONE, tab_to, window
from tests.web.house import House
from tests.web.test_other_pages import asked_and_withdrawn, knows
from tests.web.test_room import asks
from tocsin.domain.commands.confirming import Confirm
from tocsin.domain.commands.opening import Note
from tocsin.domain.commands.staffing import Take
from tocsin.domain.schedule import Calendar, Freeze, Window

pytestmark = pytest.mark.browser

SOON = 5_000
HEARD = """
window.noticed = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.noticed.push("a tone"); return start.apply(this, when); };
window.Notification = class extends Notification {
  constructor(title, more) { super(title, more); window.noticed.push(title); }
};
const show = ServiceWorkerRegistration.prototype.showNotification;
ServiceWorkerRegistration.prototype.showNotification = async function (title, more) {
  await show.call(this, title, more);
  window.noticed.push(title);
};
"""
CALLED = "() => noticed.includes('You are needed')"
WORKERS = "() => navigator.serviceWorker.getRegistrations().then(all => all.map(each => new URL(each.scope).pathname))"
DISMISSED = "() => navigator.serviceWorker.getRegistrations().then(all => all.length === 0)"
EMPLOYED = """() => navigator.serviceWorker.getRegistration("/notify/")
  .then(one => one?.active?.state === "activated")"""
# Asked while one is only on its way, Chromium forgets it: wait until it is noticed.
NOTIFIED = """() => navigator.serviceWorker.getRegistration("/notify/")
  .then(one => one.getNotifications()).then(all => all.map(each => each.title))"""
TOUCHED = """async () => {
  const led = [], clients = Object.getPrototypeOf(self.clients);
  WindowClient.prototype.focus = function () { led.push(`focus ${new URL(this.url).pathname}`); };
  clients.openWindow = (address) => { led.push(`open ${address}`); };
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  const done = [];
  event.waitUntil = (what) => done.push(what);  // a browser waits itself only for a real finger
  self.dispatchEvent(event);
  await Promise.all(done);
  return [...led, (await self.registration.getNotifications()).length];
}"""
HOUR = timedelta(hours=1)


async def test_somebody_asks_by_keyboard_alone_and_is_led_to_the_room(house: House, browser: Browser) -> None:
    await house.world.handler.start()
    async with window(browser, house, "ada") as ada:
        page = ada.page
        await page.goto("/")
        await tab_to(page, "Ask")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/ask")
        for label, typed in (("Change", "1234"), ("Task", "T1234")):
            await tab_to(page, label)
            await page.keyboard.type(typed)
        await tab_to(page, "security")
        await page.keyboard.press("ArrowDown")
        await tab_to(page, "What is broken, and for whom?")
        await page.keyboard.type("painted pages are cached corrupted")
        await tab_to(page, "rollback")
        await page.keyboard.press("Space")
        await tab_to(page, "yes")
        await page.keyboard.press("Space")
        await tab_to(page, "Ask, and call people")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/E1")
        assert ada.complaints == []
    wish = house.request.wish
    assert (wish.named, wish.task, wish.reason, wish.remedy, wish.going_back) == (
        "1234", "T1234", "data", "rollback", "yes",
    )  # fmt: skip


async def test_history_is_searched_and_turned_over_by_keyboard_alone(house: House, browser: Browser) -> None:
    await asked_and_withdrawn(house, 26)
    async with window(browser, house) as nobody:
        page = nobody.page
        await page.goto("/")
        await tab_to(page, "History")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/history")
        await tab_to(page, "Words")
        await page.keyboard.type("painted pages")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("h2 >> text=26 found, page 1 of 2")
        await tab_to(page, "Older")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("h2 >> text=26 found, page 2 of 2")
        assert await page.input_value("#text") == "painted pages"
        await tab_to(page, "E1")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/E1")
        assert nobody.complaints == []


async def test_a_full_calendar_has_no_flaw_and_no_page_is_wider_than_its_window(house: House, browser: Browser) -> None:
    now = house.world.clock.now()
    windows = tuple(
        Window(name, now + start * HOUR, now + (start + 1) * HOUR, "https://example.org/" + "x" * 90, ("ada",))
        for start, name in enumerate(("backport", "train", "a-name-that-is-long-and-has-no-place-to-break-it" * 3))
    )
    await knows(house, Calendar(windows, (Freeze("switch-over", now + 2 * HOUR, now + 9 * HOUR, "traffic moves"),)))
    await asked_and_withdrawn(house, 2)
    for colours in ("light", "dark"):
        for size in (PHONE, DESK):
            async with window(browser, house, "ada", size, colours) as ada:
                await ada.page.goto("/calendar")
                assert await ada.flaws() == ""
                for address in ("/", "/ask", "/history", "/calendar", "/E1"):
                    await ada.page.goto(address)
                    wide = await ada.page.evaluate("document.documentElement.scrollWidth")
                    assert wide <= size["width"], address


async def test_times_are_those_of_the_readers_zone_with_utc_beside_them(house: House, browser: Browser) -> None:
    house.world.clock.at = datetime.now(UTC).replace(hour=1, minute=30) - timedelta(days=3)
    await asked_and_withdrawn(house, 1)
    context = await browser.new_context(timezone_id="Asia/Kolkata", base_url=house.settings.public_url)
    page = await context.new_page()
    await page.goto("/history")
    await page.wait_for_selector("time >> text=07:00 (01:30 UTC)")
    await page.goto("/")
    await page.wait_for_selector("time >> text=/^\\d days? .*ago.*07:00 .01:30 UTC/")
    await context.close()


@pytest.mark.parametrize("address", ["/", "/E1"])
async def test_who_switched_it_on_is_called_once_when_they_come_to_be_needed(
    house: House, browser: Browser, address: str
) -> None:
    word = await waits_for_a_yes(house)
    async with window(browser, house, "kim-releng") as kim, window(browser, house, "kim-releng") as quiet:
        for each in (kim, quiet):
            await each.context.grant_permissions(["notifications"])
            await each.page.add_init_script(HEARD)
            await each.page.goto(address)
        await kim.page.click("text=Call me when I am needed")
        await kim.page.wait_for_selector("#call-how >> text=On, by a sound and a notification")
        await kim.page.wait_for_function(EMPLOYED)
        await kim.page.evaluate("noticed.length = 0")  # that it was switched on can be heard
        assert await kim.page.title() in ("Example", "E1 confirming")
        await house.world.says("bo-sre", Confirm(word))
        house.world.later(15)
        for each in (kim, quiet):
            await each.page.wait_for_selector("#icon[href*=needed]", state="attached", timeout=SOON)
            assert (await each.page.title()).startswith("\u25cf")
        await kim.page.wait_for_function(CALLED, timeout=SOON)
        assert await kim.page.evaluate("noticed") == ["a tone"] * 3 + ["You are needed"]
        assert await kim.page.evaluate(NOTIFIED) == ["You are needed"]
        await house.world.says("ada", Note("users in Asia see it too"))
        await kim.page.wait_for_timeout(1500)
        assert len(await kim.page.evaluate("noticed")) == 4
        assert await kim.page.evaluate(NOTIFIED) == ["You are needed"]
        assert await quiet.page.evaluate("noticed") == []
        assert await quiet.page.evaluate(WORKERS) == []
        await kim.page.reload()
        await kim.page.wait_for_selector("#call-me[aria-pressed=true]")
        assert await kim.page.evaluate("noticed") == []
        assert (kim.complaints, quiet.complaints) == ([], [])


async def waits_for_a_yes(house: House) -> str:
    """Let kim-releng be the deployer of what a yes of bo-sre makes ready, and return its check word."""
    await asks(house)
    assert house.request.proposal is not None
    word = house.request.proposal.check_word
    await house.world.says("kim-releng", Confirm(word))
    await house.world.says("kim-releng", Take())
    return word


async def test_a_worker_is_there_only_while_somebody_wants_to_be_called(house: House, browser: Browser) -> None:
    await asks(house)
    async with window(browser, house, "kim-releng") as kim:
        await kim.context.grant_permissions(["notifications"])
        await kim.page.goto("/E1")
        assert await kim.page.evaluate(WORKERS) == []
        await kim.page.click("text=Call me when I am needed")
        await kim.page.wait_for_function(EMPLOYED)
        assert await kim.page.evaluate(WORKERS) == ["/notify/"]
        await kim.page.reload()
        await kim.page.wait_for_selector("#call-me[aria-pressed=true]")
        assert await kim.page.evaluate("navigator.serviceWorker.controller") is None
        await kim.page.click("text=Call me when I am needed")
        await kim.page.wait_for_function(DISMISSED)
        assert kim.complaints == []


async def test_who_allows_no_notifications_gets_no_worker(house: House, browser: Browser) -> None:
    await asks(house)
    async with window(browser, house, "kim-releng") as kim:
        await kim.page.goto("/E1")
        await kim.page.click("text=Call me when I am needed")
        await kim.page.wait_for_selector("#call-how >> text=On, by a sound, while this page is open")
        assert await kim.page.evaluate(WORKERS) == []


@pytest.mark.parametrize(("elsewhere", "led"), [("/E1", "focus /E1"), ("/", "open /E1")])
async def test_who_touches_a_notification_is_led_to_its_room(
    house: House, browser: Browser, elsewhere: str, led: str
) -> None:
    word = await waits_for_a_yes(house)
    async with window(browser, house, "kim-releng") as kim:
        await kim.context.grant_permissions(["notifications"])
        await kim.page.add_init_script(HEARD)
        await kim.page.goto("/E1")
        await kim.page.click("text=Call me when I am needed")
        await kim.page.wait_for_function(EMPLOYED)
        await house.world.says("bo-sre", Confirm(word))
        house.world.later(15)
        await kim.page.wait_for_function(CALLED, timeout=SOON)
        await kim.page.goto(elsewhere)
        [worker] = kim.context.service_workers
        assert await worker.evaluate(TOUCHED) == [led, 0]
        assert kim.complaints == []


async def test_a_browser_without_workers_notifies_by_itself(house: House, browser: Browser) -> None:
    word = await waits_for_a_yes(house)
    async with window(browser, house, "kim-releng") as kim:
        await kim.context.grant_permissions(["notifications"])
        await kim.page.add_init_script(f"{HEARD} delete Navigator.prototype.serviceWorker;")
        await kim.page.goto("/E1")
        await kim.page.click("text=Call me when I am needed")
        await kim.page.wait_for_selector("#call-how >> text=On, by a sound and a notification")
        await house.world.says("bo-sre", Confirm(word))
        house.world.later(15)
        await kim.page.wait_for_function(CALLED, timeout=SOON)
        assert kim.complaints == []
