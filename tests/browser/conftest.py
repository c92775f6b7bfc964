"""What the tests in a real browser share."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.browsers import CHROMIUM, chromium
from tests.conftest import Require
from tests.web.house import House, open_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A page that listens."""
    async with open_house() as house:
        yield house


@pytest.fixture
async def browser(require: Require) -> AsyncIterator[Browser]:
    """A browser without any window yet."""
    require("chromium", CHROMIUM.exists())
    async with chromium() as browser:
        yield browser
