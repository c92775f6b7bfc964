"""Somebody who uploads, a project of the test's own, and a first change: what every test on Gerrit begins with."""

from itertools import count
from pathlib import Path

import pytest

from tests.gerrit.asking import PROJECT
from tests.gerrit.checkout import Checkout, Uploaded
from tests.gerrit.server import Account, Gerrit

numbers = count(1)


@pytest.fixture(scope="session")
def ada(gerrit: Gerrit) -> Account:
    return gerrit.add_account("ada", "Ada")


@pytest.fixture(scope="session")
def config(gerrit: Gerrit) -> str:
    """A project for requests."""
    gerrit.add_project(PROJECT)
    return PROJECT


@pytest.fixture
def project(gerrit: Gerrit) -> str:
    name = f"tools/mending-{next(numbers)}"
    gerrit.add_project(name)
    return name


@pytest.fixture
def clone(gerrit: Gerrit, ada: Account, project: str, tmp_path: Path) -> Checkout:
    return Checkout(gerrit, project, ada, tmp_path / "work")


@pytest.fixture
def uploaded(clone: Checkout) -> Uploaded:
    return clone.upload("Mend the page", {"page": "one\ntwo\n"})
