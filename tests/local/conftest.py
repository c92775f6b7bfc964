"""What the tests of the socket share."""

from collections.abc import AsyncIterator

import pytest

from tests.local.office import Office, open_office


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A server that listens."""
    async with open_office() as office:
        yield office
