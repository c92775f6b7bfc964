"""Debian's Chromium, driven as people use it: in windows of a telephone's or a desk's size, light or dark."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize, async_playwright

from tests.web.house import House
from tocsin.web.visitors import cookie_name

CHROMIUM = Path("/usr/bin/chromium")
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=800)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass
class Window:
    """One window of somebody, and everything in it that should not have been."""

    page: Page
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    async def flaws(self) -> str:
        """Return what keeps people from using the page, by axe-core's rules; empty when nothing does."""
        found = await Axe().run(self.page, options={"runOnly": list(RULES)})
        return "" if not found.violations_count else found.generate_report()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run one browser for as long as the block lasts."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def window(
    browser: Browser,
    house: House,
    person: str | None = None,
    size: ViewportSize = PHONE,
    colours: Literal["light", "dark"] = "light",
) -> AsyncIterator[Window]:
    """Open a window, signed in as somebody where one is named; no script may complain, nothing may leave the house."""
    context = await browser.new_context(viewport=size, color_scheme=colours, base_url=house.settings.public_url)
    if person:
        secret = house.session_of(person)
        await context.add_cookies(
            [{"name": cookie_name(house.office), "value": secret, "url": house.settings.public_url}]
        )
    page = await context.new_page()
    opened = Window(page, context)
    page.on("console", lambda message: _heard(opened, message))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("request", lambda request: _asked(opened, house, request))
    try:
        yield opened
    finally:
        await context.close()


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is in focus bears this name, or text."""
    named = """() => {
        const at = document.activeElement;
        if (at === document.body) return "";  // the whole page bears every name
        const label = at.labels?.[0]?.textContent ?? "";
        return `${label} ${at.textContent}`;
    }"""
    for _ in range(100):
        await page.keyboard.press("Tab")
        if name in await page.evaluate(named):
            return
    raise AssertionError(f"Tab never came to {name}")


def _heard(opened: Window, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        opened.complaints.append(message.text)


def _asked(opened: Window, house: House, request: Request) -> None:
    if urlsplit(request.url).netloc != urlsplit(house.settings.public_url).netloc:
        opened.complaints.append(f"asked for {request.url}")
