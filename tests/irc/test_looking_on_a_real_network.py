"""A look at InspIRCd with Atheme: what real services tell of accounts is what the directory pins."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.irc.talking import SETTINGS
from tests.networks.inspircd import inspircd_network, missing
from tocsin.irc.connection import Surroundings
from tocsin.irc.looking import look
from tocsin.irc.settings import Server

ACCOUNTS = {"tocsin": "open-sesame", "ada": "ada-pw"}

pytestmark = pytest.mark.network


async def test_a_look_gets_in_and_learns_what_an_account_is_pinned_to(require: Require, tmp_path: Path) -> None:
    package = missing()
    require(package or "inspircd", package is None)
    with inspircd_network(tmp_path, ACCOUNTS) as network:
        door = Server("localhost", network.tls_port, ca_file=network.ca_file)
        settings = replace(SETTINGS, servers=(door,), services_host=None)
        seen = await look(settings, ["ada"], Surroundings(jitter=lambda _: 2.0))
        assert (seen.status.account, seen.status.missing, seen.status.degraded) == ("tocsin", (), "")
        assert seen.registration("ada") == network.entity_ids["ada"]
