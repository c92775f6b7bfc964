"""A sound configuration for every test that asks for one."""

from pathlib import Path

import pytest

from tests.config.folders import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return the starter's configuration in a new folder."""
    return Folder(tmp_path / "etc")
