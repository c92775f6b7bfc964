"""The Gerrit that all tests share which say `pytest_plugins = ["tests.gerrit.fixture"]`: a start takes long."""

from collections.abc import Iterator

import pytest

from tests.conftest import go_without
from tests.gerrit.parts import missing
from tests.gerrit.server import Gerrit
from tests.gerrit.site import gerrit_site


@pytest.fixture(scope="session")
def gerrit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gerrit]:
    """One running Gerrit; each test makes a project of its own there."""
    if absent := missing():
        go_without(f"No Gerrit without {absent}")
    with gerrit_site(tmp_path_factory.mktemp("gerrit")) as gerrit:
        yield gerrit
