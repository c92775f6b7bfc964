"""What the tests of the command line share."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.local.office import Office, open_office
from tocsin.config.starter import Answers, write_starter


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be in an empty folder, with nothing in the environment that leads to a server; logs are as before afterwards."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("TOCSIN_CONFIG", raising=False)
    for name in ("TOCSIN_SOCKET", "TOCSIN_SERVER", "TOCSIN_TOKEN", "TOCSIN_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    yield
    structlog.reset_defaults()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A server that listens."""
    async with open_office() as office:
        yield office


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """The folder of a sound configuration."""
    folder = tmp_path / "etc"
    write_starter(folder, Answers(password="not-a-secret"))
    return folder
