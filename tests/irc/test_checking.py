"""Looking once whether the bot can be on IRC: what is found, and a clear sentence for everything that goes wrong."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.conftest import Require
from tests.irc.scripted import Scripted, scripted
from tests.irc.talking import SETTINGS
from tests.networks.client import Client
from tests.networks.demo import DemoNetwork, demo_network
from tests.networks.inspircd import Network, inspircd_network, missing
from tocsin.domain.errors import Refused, Unreachable
from tocsin.irc import checking
from tocsin.irc.capabilities import REQUIRED
from tocsin.irc.checking import OUT_OF_TIME, SILENT, AccountSeen, ChannelSeen, Seen, look, registration_of
from tocsin.irc.settings import ChannelToJoin, IrcSettings, Server

LIMIT_SECONDS = 30.0
ACCOUNTS = {"tocsin": "open-sesame", "ada": "ada-word", "bo-sre": "bo-word"}


async def looked_at(network: Scripted, *accounts: str) -> Seen:
    async with scripted(network):
        return await look(network.settings, accounts, LIMIT_SECONDS)


def why_not(seen: Seen) -> str:
    (door,) = seen.doors
    return door.why


async def test_all_is_well_where_all_is_well() -> None:
    seen = await looked_at(Scripted(accounts={"ada": "AAAAAAAAB", "lin": ""}), "ada", "lin", "zoe")
    (door,) = seen.doors
    assert (door.why, door.nick, door.account, door.missing) == ("", "tocsin", "tocsin", ())
    assert set(REQUIRED) <= set(door.capabilities)
    assert seen.channels == [
        ChannelSeen("#ops", joined=True, voiced=True),
        ChannelSeen("#quiet", joined=True, voiced=True),
    ]
    assert [(each.name, each.registration, each.why) for each in seen.accounts] == [
        ("ada", "AAAAAAAAB", ""),
        ("lin", "2020-01-02T03:04:05Z", ""),
        ("zoe", "", "services know no such account"),
    ]
    assert seen.in_time


async def test_nothing_is_said_to_anybody_but_services() -> None:
    network = Scripted(accounts={"ada": "A"})
    await looked_at(network, "ada")
    said = [line for line in network.heard if line.startswith(("PRIVMSG", "NOTICE"))]
    assert said
    assert all(line.startswith("PRIVMSG NickServ :") for line in said)
    assert network.heard[-1].startswith("QUIT")


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (Scripted(login="904"), "cannot sign in: services refused the account or its password."
                                " Look at account and password_file, or at the certificate that services know."),
        (Scripted(offer="sasl=EXTERNAL account-tag server-time message-tags batch"),
         "the network takes no PLAIN sign-in, only EXTERNAL. Change sasl to what the network takes."),
        (Scripted(offer="sasl=PLAIN server-time message-tags batch"),
         "the network does not offer account-tag, without which nobody can be known."
         " Ask the network for it, or name another server."),
    ],
)  # fmt: skip
async def test_what_keeps_the_bot_out_is_said_with_a_remedy(network: Scripted, sentence: str) -> None:
    seen = await looked_at(network)
    assert why_not(seen) == sentence
    assert seen.channels == []


async def test_services_that_do_not_answer_the_sign_in_are_not_waited_for_without_end() -> None:
    async with scripted(Scripted(login="")) as network:
        seen = await look(network.settings, (), 0.3)
    assert not seen.in_time
    assert why_not(seen) == OUT_OF_TIME


async def test_a_nick_that_is_taken_keeps_nobody_out() -> None:
    (door,) = (await looked_at(Scripted(taken={"tocsin"}))).doors
    assert door.why == ""


@pytest.mark.parametrize(
    ("numeric", "why"),
    [
        ("473", "the channel takes only the invited (+i)"),
        ("474", "the bot is banned there"),
        ("475", "the channel has another key"),
        ("403", "there is no such channel"),
    ],
)
async def test_a_channel_that_lets_nobody_in_is_named_and_the_others_joined(numeric: str, why: str) -> None:
    seen = await looked_at(Scripted(refused={"#ops": numeric}))
    assert seen.channels == [
        ChannelSeen("#ops", joined=False, why=why),
        ChannelSeen("#quiet", joined=True, voiced=True),
    ]


async def test_a_channel_without_voice_is_told_from_one_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "VOICE_SECONDS", 0.1)
    seen = await looked_at(Scripted(voice=False))
    assert [each.voiced for each in seen.channels] == [False, False]


async def test_silent_services_are_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ANSWER_SECONDS", 0.1)
    network = Scripted(silent_services=True)
    seen = await looked_at(network, "ada", "lin", "bo-sre")
    assert seen.accounts == [AccountSeen(name, why=SILENT) for name in ("ada", "lin", "bo-sre")]
    assert sum("INFO" in line for line in network.heard) == 1


async def test_what_was_not_looked_at_in_time_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(Scripted(silent_services=True)) as network:
        seen = await look(network.settings, ("ada", "lin"), 1.0)
    assert not seen.in_time
    assert seen.accounts == [AccountSeen("ada", why=OUT_OF_TIME), AccountSeen("lin", why=OUT_OF_TIME)]


async def test_every_server_is_tried_and_the_first_that_opens_is_looked_through() -> None:
    async with scripted(Scripted(accounts={"ada": "A"})) as network, scripted(Scripted()) as spare:
        servers = (Server("127.0.0.1", 1, tls=False), network.server, spare.server)
        seen = await look(replace(network.settings, servers=servers), ["ada"], LIMIT_SECONDS)
    assert ["cannot be reached" in door.why for door in seen.doors] == [True, False, False]
    assert [each.joined for each in seen.channels] == [True, True]
    assert not any(line.startswith("JOIN") for line in spare.heard)


async def test_a_server_that_hangs_up_is_one_sentence() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    listening = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        nowhere = replace(SETTINGS, servers=(Server("127.0.0.1", port, tls=False),))
        seen = await look(nowhere, (), LIMIT_SECONDS)
    assert why_not(seen).startswith(("the server closed the connection", "the connection broke"))


async def test_a_port_that_does_not_speak_tls_is_said_to_be_none() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b":irc.example.org NOTICE * :Looking up your host\r\n")
        await reader.read(1000)
        writer.close()

    listening = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with listening:
        over_tls = replace(SETTINGS, servers=(Server("127.0.0.1", listening.sockets[0].getsockname()[1]),))
        seen = await look(over_tls, (), LIMIT_SECONDS)
    assert why_not(seen).endswith("That port does not speak TLS: 6697 mostly does.")


async def test_the_registration_of_an_account_is_asked_without_joining_anything() -> None:
    async with scripted(Scripted(accounts={"ada": "AAAAAAAAB"})) as network:
        asked = await registration_of(network.settings, "ada", LIMIT_SECONDS)
    assert asked.registration == "AAAAAAAAB"
    assert not any(line.startswith("JOIN") for line in network.heard)


async def test_an_account_that_services_do_not_know_is_refused() -> None:
    async with scripted(Scripted()) as network:
        with pytest.raises(Refused, match="Services know of no registration for zoe: services know no such account"):
            await registration_of(network.settings, "zoe", LIMIT_SECONDS)


async def test_services_that_do_not_answer_are_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ANSWER_SECONDS", 0.1)
    async with scripted(Scripted(silent_services=True)) as network:
        with pytest.raises(Unreachable, match="services: services did not answer"):
            await registration_of(network.settings, "ada", LIMIT_SECONDS)


async def test_a_network_that_refuses_the_sign_in_is_unreachable() -> None:
    async with scripted(Scripted(login="904")) as network:
        with pytest.raises(Unreachable, match=r"IRC: 127\.0\.0\.1: cannot sign in: services refused"):
            await registration_of(network.settings, "ada", LIMIT_SECONDS)


# --- real networks ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["our own", "inspircd and atheme"])
def network(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, require: Require
) -> Iterator[Network | DemoNetwork]:
    folder = tmp_path_factory.mktemp("network")
    if request.param == "our own":
        with demo_network(folder, ACCOUNTS) as own:
            yield own
        return
    require(missing() or "", missing() is None)
    with inspircd_network(folder, ACCOUNTS) as real:
        yield real


def settings_for(network: Network | DemoNetwork, *channels: str) -> IrcSettings:
    door = Server("localhost", network.tls_port, ca_file=network.ca_file)
    joined = tuple(ChannelToJoin(name) for name in channels)
    return replace(SETTINGS, servers=(door,), channels=joined, services_host=None)


@pytest.mark.network
async def test_on_a_real_network_everything_is_found(network: Network | DemoNetwork) -> None:
    seen = await look(settings_for(network, "#mine"), ["ada", "zoe"], LIMIT_SECONDS)
    (door,) = seen.doors
    assert (door.why, door.nick, door.account, door.missing) == ("", "tocsin", "tocsin", ())
    assert seen.channels == [ChannelSeen("#mine", joined=True, voiced=True)]
    ada, zoe = seen.accounts
    assert ada.registration == network.entity_ids["ada"]
    assert zoe.why == "services know no such account"


@pytest.mark.network
async def test_on_a_real_network_one_who_is_there_is_found_as_one_who_is_not(network: Network | DemoNetwork) -> None:
    away = await registration_of(settings_for(network), "bo-sre", LIMIT_SECONDS)
    with Client(network.tls_port, "bo-sre", "bo-sre", ACCOUNTS["bo-sre"], network.ca_file):
        there = await registration_of(settings_for(network), "bo-sre", LIMIT_SECONDS)
    assert away.registration == there.registration == network.entity_ids["bo-sre"]


@pytest.mark.network
async def test_on_a_real_network_a_channel_of_others_gives_no_voice(network: Network | DemoNetwork) -> None:
    with Client(network.tls_port, "ada", "ada", ACCOUNTS["ada"], network.ca_file) as ada:
        ada.join("#theirs")
        seen = await look(settings_for(network, "#theirs"), (), LIMIT_SECONDS)
    assert seen.channels == [ChannelSeen("#theirs", joined=True, voiced=False)]


@pytest.mark.network
async def test_on_a_real_network_a_wrong_password_is_said_to_be_one(network: Network | DemoNetwork) -> None:
    settings = settings_for(network)
    assert settings.sign_in is not None
    seen = await look(replace(settings, sign_in=replace(settings.sign_in, password="wrong")), (), LIMIT_SECONDS)
    assert why_not(seen).startswith("cannot sign in: services refused the account or its password.")


@pytest.mark.network
async def test_on_a_real_network_a_certificate_of_nobody_known_is_refused(network: Network | DemoNetwork) -> None:
    stranger = replace(settings_for(network), servers=(Server("localhost", network.tls_port),))
    why = why_not(await look(stranger, (), LIMIT_SECONDS))
    assert "CERTIFICATE_VERIFY_FAILED" in why
    assert why.endswith("Where the network has an authority of its own, name its file with ca_file.")
