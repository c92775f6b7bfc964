"""Signs of life on InspIRCd with Atheme: what begins presence, what keeps it, what ends it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import Require
from tests.irc.night_shift import LOG, OPS, PRIVATE, NightShift
from tests.irc.talking import SETTINGS
from tests.irc.test_building import on_irc, until
from tests.networks.client import Client
from tests.networks.inspircd import Network, inspircd_network, missing
from tocsin.domain.people import Account, PersonId
from tocsin.irc.building import Irc
from tocsin.irc.settings import ChannelToJoin, Server

ACCOUNTS = {"tocsin": "open-sesame", "ada": "ada-pw", "bo-sre": "bo-pw", "lin": "lin-pw"}

pytestmark = [pytest.mark.hostile, pytest.mark.anyio]


@pytest.fixture(autouse=True)
def needs_the_network(require: Require) -> None:
    package = missing()
    require(package or "inspircd", package is None)


class There(NamedTuple):
    """A bot that is on the network."""

    irc: Irc

    def gone_since(self, person: str) -> datetime | None:
        return self.irc.presences.presence().gone_since(PersonId(person))

    async def is_seen(self, client: Client, person: str) -> None:
        """Let somebody speak, and wait until the bot takes that for a sign of life."""
        client.say(OPS, "!list")
        await until(lambda: self.irc.presences.presence().seen_at(PersonId(person)) is not None)
        assert self.gone_since(person) is None

    async def has_heard(self, client: Client) -> None:
        """Wait until the bot has heard everything that the network told before this."""
        client.say(OPS, "!list")
        await asyncio.to_thread(client.wait_for, rf":tocsin\S* PRIVMSG {OPS} :{client.nick}: ")


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with inspircd_network(tmp_path, ACCOUNTS) as network:
        yield network


@asynccontextmanager
async def there(network: Network) -> AsyncIterator[There]:
    """Run a bot whose people are pinned to the registrations that this network's services have of them."""
    door = Server("localhost", network.tls_port, ca_file=network.ca_file)
    channels = tuple(ChannelToJoin(name) for name in (OPS, PRIVATE, LOG))
    settings = replace(SETTINGS, servers=(door,), services_host=None, channels=channels)
    async with on_irc(settings, pinned(network)) as irc:
        yield There(irc)


def pinned(network: Network) -> NightShift:
    shift, ids = NightShift(), network.entity_ids
    directory = shift.configuration.directory
    people = [
        replace(person, accounts=(Account(person.id, ids[person.id]),)) if person.id in ids else person
        for person in directory.people
    ]
    shift.configuration = replace(shift.configuration, directory=replace(directory, people=tuple(people)))
    return shift


@asynccontextmanager
async def somebody(network: Network, nick: str, account: str, *channels: str) -> AsyncIterator[Client]:
    client = await asyncio.to_thread(Client, network.plain_port, nick, account, ACCOUNTS[account])
    try:
        for channel in channels or (OPS,):
            await asyncio.to_thread(client.join, channel)
        yield client
    finally:
        client.close()


async def test_one_of_two_connections_keeps_a_person_there_and_the_last_takes_them_along(network: Network) -> None:
    async with there(network) as here, somebody(network, "lin", "lin") as lin:
        async with somebody(network, "bo", "bo-sre") as laptop, somebody(network, "bo-phone", "bo-sre") as phone:
            await here.is_seen(laptop, "bo-sre")
            laptop.send("QUIT :off")
            await asyncio.to_thread(lin.wait_for, r":bo!\S+ QUIT")
            await here.has_heard(lin)
            assert here.gone_since("bo-sre") is None
            phone.send("QUIT :off")
            await until(lambda: here.gone_since("bo-sre") is not None)
        async with somebody(network, "bo", "bo-sre"):
            await here.has_heard(lin)
            assert here.gone_since("bo-sre") is not None


async def test_away_ends_presence_and_coming_back_begins_none(network: Network) -> None:
    async with there(network) as here, somebody(network, "bo", "bo-sre") as bo, somebody(network, "lin", "lin") as lin:
        await here.is_seen(bo, "bo-sre")
        bo.send("AWAY :lunch")
        await until(lambda: here.gone_since("bo-sre") is not None)
        bo.send("AWAY")
        await asyncio.to_thread(bo.wait_for, " 305 ")
        await here.has_heard(lin)
        assert here.gone_since("bo-sre") is not None
        bo.say(OPS, "!list")
        await until(lambda: here.gone_since("bo-sre") is None)


async def test_a_connection_that_is_away_keeps_nobody_there(network: Network) -> None:
    async with (
        there(network) as here,
        somebody(network, "bo", "bo-sre") as laptop,
        somebody(network, "bo-phone", "bo-sre") as phone,
    ):
        phone.send("AWAY :asleep")
        await asyncio.to_thread(phone.wait_for, " 306 ")
        await here.is_seen(laptop, "bo-sre")
        laptop.send(f"PART {OPS}")
        await until(lambda: here.gone_since("bo-sre") is not None)


async def test_the_channel_of_the_log_is_no_place_to_be_present_in(network: Network) -> None:
    async with there(network) as here, somebody(network, "bo", "bo-sre", OPS, LOG) as bo:
        await here.is_seen(bo, "bo-sre")
        bo.send(f"PART {OPS}")
        await until(lambda: here.gone_since("bo-sre") is not None)


async def test_whoever_was_there_before_the_bot_is_gone_when_kicked_or_signed_out(network: Network) -> None:
    async with (
        somebody(network, "ada", "ada") as ada,
        somebody(network, "bo", "bo-sre") as bo,
        somebody(network, "lin", "lin") as lin,
        there(network) as here,
    ):
        await here.is_seen(bo, "bo-sre")
        await here.is_seen(lin, "lin")
        ada.send(f"KICK {OPS} bo :out")
        await until(lambda: here.gone_since("bo-sre") is not None)
        lin.say("NickServ", "LOGOUT")
        await until(lambda: here.gone_since("lin") is not None)


async def test_thrown_out_of_the_channel_the_bot_is_sure_of_nobody_there(network: Network) -> None:
    async with (
        somebody(network, "ada", "ada") as ada,
        somebody(network, "bo", "bo-sre") as bo,
        there(network) as here,
    ):
        await here.is_seen(bo, "bo-sre")
        ada.send(f"KICK {OPS} tocsin :out")
        await until(lambda: here.gone_since("bo-sre") is not None)
