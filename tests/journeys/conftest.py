"""The real network for whole stories: InspIRCd and Atheme on loopback, with an account for everybody in them."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.networks.inspircd import Network as RealNetwork
from tests.networks.inspircd import inspircd_network, missing
from tocsin.demo.installation import ACCOUNTS
from tocsin.demo.people import Network


@pytest.fixture
def real_network(require: Require, tmp_path: Path) -> Iterator[RealNetwork]:
    absent = missing()
    require(absent or "inspircd", absent is None)
    passwords = {name: secrets.token_urlsafe(9) for name in ACCOUNTS}
    with inspircd_network(tmp_path / "network", passwords) as network:
        yield network


@pytest.fixture
def network(real_network: RealNetwork) -> Network:
    return Network(real_network.tls_port, real_network.ca_file, dict(real_network.passwords))


@pytest.fixture
def place(require: Require, tmp_path: Path) -> Path:
    """Give a folder for a network of the test's own, where one can be run."""
    absent = missing()
    require(absent or "inspircd", absent is None)
    return tmp_path
