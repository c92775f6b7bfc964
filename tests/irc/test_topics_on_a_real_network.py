"""The piece in a topic on InspIRCd with Atheme: refused, allowed, kept up to date, taken out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.irc.night_shift import LOG, OPS, PRIVATE, NightShift
from tests.irc.talking import SETTINGS
from tests.irc.test_building import on_irc, until
from tests.networks.client import Client
from tests.networks.inspircd import Network, inspircd_network, missing
from tocsin.irc.settings import ChannelToJoin, IrcSettings, Server

ACCOUNTS = {"tocsin": "open-sesame", "ada": "ada-pw"}
OTHERS = "Status: up | train: 1.45 | https://deploy.example.org"

pytestmark = [pytest.mark.hostile, pytest.mark.anyio]


@pytest.fixture(autouse=True)
def needs_the_network(require: Require) -> None:
    package = missing()
    require(package or "inspircd", package is None)


def settings(network: Network) -> IrcSettings:
    door = Server("localhost", network.tls_port, ca_file=network.ca_file)
    channels = tuple(ChannelToJoin(name) for name in (OPS, PRIVATE, LOG))
    return replace(SETTINGS, servers=(door,), services_host=None, channels=channels, topic=True)


@asynccontextmanager
async def somebody(network: Network, nick: str) -> AsyncIterator[Client]:
    client = await asyncio.to_thread(Client, network.plain_port, nick)
    try:
        await asyncio.to_thread(client.join, OPS)
        yield client
    finally:
        client.close()


async def topic_of(client: Client, pattern: str) -> str:
    line = await asyncio.to_thread(client.wait_for, rf":tocsin\S* TOPIC {OPS} .*{pattern}")
    return line.partition(f" {OPS} :")[2]


async def test_what_is_open_stands_in_the_topic_and_the_words_of_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.irc.topic_keeping.PAUSE", timedelta(seconds=1))
    shift = NightShift()
    with inspircd_network(tmp_path, ACCOUNTS) as network:
        async with somebody(network, "ada") as ada:
            ada.send(f"TOPIC {OPS} :{OTHERS}")
            async with on_irc(settings(network), shift) as irc:
                await shift.asked()
                await until(lambda: "may not set the topic of #ops" in " ".join(irc.status.sentences()))
                ada.send(f"MODE {OPS} +o tocsin")
                assert await topic_of(ada, "E1") == f"{OTHERS} | E1 confirming"
                await until(lambda: not any("topic" in each for each in irc.status.sentences()))
                await shift.says("bo-sre", f"!confirm E1 {shift.word}")
                await shift.says("kim-releng", f"!confirm E1 {shift.word}")
                assert await topic_of(ada, "ready") == f"{OTHERS} | E1 ready"
            await asyncio.to_thread(ada.wait_for, ":tocsin.* QUIT")
            await shift.says("ada", "!withdraw E1")
            ada.send(f"MODE {OPS} -t")
            async with on_irc(settings(network), shift):
                assert await topic_of(ada, "") == OTHERS
