"""What the tests of the page share."""

from collections.abc import AsyncIterator

import pytest

from tests.web.house import House, open_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A page that listens."""
    async with open_house() as house:
        yield house
