"""The whole of IRC on a real socket: the demonstration's server, real people's lines, the real office behind."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.irc.night_shift import LOG, OPS, PRIVATE, NightShift
from tests.irc.talking import SETTINGS
from tests.irc.test_connection import SINCE, Person, person
from tocsin.demo.irc_server.network import Account
from tocsin.demo.irc_server.server import IrcServer
from tocsin.domain import events as e
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import PersonId
from tocsin.domain.request import Status
from tocsin.irc.building import Irc
from tocsin.irc.connection import Surroundings
from tocsin.irc.settings import ChannelToJoin, IrcSettings, Pace, Server
from tocsin.service.follower import Follower
from tocsin.service.lately import Lately
from tocsin.service.noting import Noting, Paces
from tocsin.service.telling import Telling, Ways

NAMES = ("ada", "bo-sre", "kim-releng", "lin")
ACCOUNTS = [Account(name, "pw", f"id-of-{name}", SINCE) for name in NAMES]
ACCOUNTS += [Account("tocsin", "open-sesame", "id-of-tocsin", SINCE)]
AROUND = Surroundings(jitter=lambda _: 0.05)
PATIENCE_SECONDS = 10.0
CRY = "help! I'd like to do an emergency deploy for 1234 -- context is T1234"

pytestmark = pytest.mark.anyio


class Cursor:
    """A position in memory."""

    def __init__(self) -> None:
        self._position = 0

    def position(self) -> int:
        return self._position

    def move(self, position: int) -> None:
        self._position = position


@pytest.fixture
async def server() -> AsyncIterator[IrcServer]:
    server = IrcServer(ACCOUNTS)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@pytest.fixture
def settings(server: IrcServer, tmp_path: Path) -> IrcSettings:
    trusted = tmp_path / "certificate.pem"
    trusted.write_text(server.certificate_pem)
    door = Server("localhost", server.tls_port, ca_file=str(trusted))
    channels = tuple(ChannelToJoin(name) for name in (OPS, PRIVATE, LOG))
    pace = Pace(burst=20, seconds_per_line=0.01)
    return replace(SETTINGS, servers=(door,), services_host=None, channels=channels, pace=pace)


@asynccontextmanager
async def on_irc(settings: IrcSettings, shift: NightShift, *, ready: bool = True) -> AsyncIterator[Irc]:
    """Run the bot and what follows the record, and see that they end."""
    irc = Irc(settings, shift.office(), AROUND)
    follower = Follower("irc", shift.store, Cursor(), irc.announce)
    shift.handler.tell(follower.grown)
    shift.situations.neighbours = replace(shift.situations.neighbours, presences=irc.presences)
    tasks = [asyncio.create_task(work) for work in (irc.run(), follower.run())]
    try:
        if ready:
            await until(lambda: not irc.degraded)
        yield irc
    finally:
        for task in tasks:
            task.cancel()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def signed_in(server: IrcServer, *names: str) -> AsyncIterator[dict[str, Person]]:
    """People in the channel, each signed in."""
    async with contextlib.AsyncExitStack() as stack:
        people = {}
        for name in names:
            people[name] = await stack.enter_async_context(person(server, name))
            people[name].send(f"PRIVMSG NickServ :IDENTIFY {name} pw")
            await people[name].wait_for("NOTICE")
        yield people


async def until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not seen():
            await asyncio.sleep(0.01)


def say(somebody: Person, text: str) -> None:
    somebody.send(f"PRIVMSG {OPS} :{text}")


async def test_a_cry_on_a_real_network_is_confirmed_by_two_who_are_who_they_are(
    settings: IrcSettings, server: IrcServer
) -> None:
    shift = NightShift()
    async with on_irc(settings, shift) as irc, signed_in(server, "ada", "bo-sre", "kim-releng") as people:
        ada = people["ada"]
        say(ada, CRY)
        assert 'E1 for ada: 1234/3 "Stop caching' in (await ada.wait_for("E1 for")).replace("\u2060", "")
        say(ada, "!E1 data disable -- pages are lost; a rollback costs more; going back is safe")
        await ada.wait_for("!confirm E1")
        say(people["bo-sre"], f"!confirm e1 {shift.word}")
        await ada.wait_for("confirms for SRE")
        say(people["kim-releng"], f"tocsin: confirm E1 {shift.word}")
        await ada.wait_for("E1 is confirmed by")
        assert shift.request().status is Status.READY
        assert irc.presences.presence().seen_at(PersonId("bo-sre"))


async def test_somebody_with_the_nick_alone_is_seen_and_not_counted(settings: IrcSettings, server: IrcServer) -> None:
    shift = NightShift()
    await shift.asked()
    async with on_irc(settings, shift), person(server, "bo-sre") as impostor:
        say(impostor, f"!confirm E1 {shift.word}")
        await impostor.wait_for("seen, not counted: log in to services")
    assert shift.request().confirmations == ()


async def test_people_who_are_called_are_called_by_the_nick_that_they_have_now(
    settings: IrcSettings, server: IrcServer
) -> None:
    shift = NightShift()
    async with on_irc(settings, shift), signed_in(server, "kim-releng", "ada") as people:
        people["kim-releng"].send("NICK kim|night")
        await people["ada"].wait_for("NICK")
        say(people["ada"], CRY)
        heard = await people["ada"].wait_for("E1 for")
        assert "Asking kim|night (Release Engineering)" in heard
        assert "for a\u2060da" in heard or "for ada" in heard


async def test_what_happened_before_the_channel_was_joined_is_said_after_it(
    settings: IrcSettings, server: IrcServer
) -> None:
    shift = NightShift()
    await shift.asked()
    async with person(server, "passerby") as passerby, on_irc(settings, shift, ready=False):
        assert "E1 for" in await passerby.wait_for("E1 for")


async def test_after_a_broken_connection_what_happened_meanwhile_is_said(
    settings: IrcSettings, server: IrcServer
) -> None:
    shift = NightShift()
    await shift.asked()
    async with on_irc(settings, shift) as irc:
        port, tls_port = server.port, server.tls_port
        await server.stop()
        await until(lambda: bool(irc.degraded))
        assert irc.status.sentences()[0].startswith("Not connected")
        await shift.says("ada", "!withdraw E1")
        await server.start(port=port, tls_port=tls_port)
        async with person(server, "passerby") as passerby:
            await passerby.wait_for("E1 is withdrawn")
            await until(lambda: not irc.degraded)


@asynccontextmanager
async def telling(irc: Irc, shift: NightShift) -> AsyncIterator[None]:
    """Have the channel of the log told what the record tells."""
    lately, paces = Lately(shift.requests, shift.store, shift), Paces(timedelta(seconds=0.05))
    made = Telling(lately, Noting(shift.handler, paces), Ways(irc.admin_log), paces=paces)
    shift.handler.tell(made.grown)
    running = asyncio.create_task(made.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_start_and_end_are_logged_in_the_channel_of_the_log(settings: IrcSettings, server: IrcServer) -> None:
    shift = NightShift()
    await shift.deploying()
    async with on_irc(settings, shift) as irc, signed_in(server, "bo-sre", "kim-releng") as people:
        people["bo-sre"].send(f"JOIN {LOG}")
        await people["bo-sre"].wait_for(" 366 ")
        async with telling(irc, shift):
            assert f"PRIVMSG {LOG} :!log E1 started: " in await people["bo-sre"].wait_for("!log")
            say(people["bo-sre"], "!stop")
            await people["kim-releng"].wait_for("is paused")
            say(people["kim-releng"], "!close E1 canaries run 1234/3")
            await people["kim-releng"].wait_for("E1")
            say(people["bo-sre"], "!close E1 canaries run 1234/3")
            assert f"PRIVMSG {LOG} :!log E1 closed by hand: " in await people["bo-sre"].wait_for("!log E1 closed")
            await until(lambda: len(shift.request().outside) == 2)
    assert {each.outcome for each, _ in shift.request().outside} == {e.Arrival.SENT}


async def test_a_bot_that_is_not_there_logs_nothing_and_does_so_when_it_is_back(
    settings: IrcSettings, server: IrcServer
) -> None:
    shift = NightShift()
    await shift.deploying()
    port, tls_port = server.port, server.tls_port
    async with on_irc(settings, shift) as irc:
        await server.stop()
        await until(lambda: bool(irc.degraded))
        async with telling(irc, shift):
            await until(lambda: bool(shift.request().outside))
            failed = shift.request().outside[0][0]
            assert (failed.outcome, failed.detail) == (e.Arrival.FAILED, f"IRC: the bot is not in {LOG}")
            await server.start(port=port, tls_port=tls_port)
            async with person(server, "passerby") as passerby:
                passerby.send(f"JOIN {LOG}")
                assert "!log E1 started: " in await passerby.wait_for("!log")
                await until(lambda: shift.request().outside[0][0].outcome is e.Arrival.SENT)


async def test_a_line_that_the_network_does_not_show_in_time_was_not_said(
    settings: IrcSettings, server: IrcServer
) -> None:
    slow = replace(settings, pace=Pace(burst=1, seconds_per_line=30))
    async with on_irc(slow, NightShift()) as irc:
        irc.say_everywhere("first")
        with pytest.raises(Unreachable, match=f"IRC: {LOG} did not hear it within 0.1 s"):
            await replace(irc.admin_log, seconds=0.1).write("!log E1 done")


async def test_a_line_is_said_everywhere_on_demand(settings: IrcSettings, server: IrcServer) -> None:
    async with on_irc(settings, NightShift()) as irc, person(server, "ada") as ada:
        irc.say_everywhere("I am going down for a minute.")
        await ada.wait_for("I am going down for a minute.")


async def test_somebody_who_left_is_gone_and_somebody_with_a_second_connection_is_not(
    settings: IrcSettings, server: IrcServer
) -> None:
    async with on_irc(settings, NightShift()) as irc, signed_in(server, "bo-sre", "lin") as people:
        for each in people.values():
            say(each, "!list")
        await until(lambda: len(irc.presences.presence().seen) == 2)
        async with person(server, "lin-phone") as phone:
            phone.send("PRIVMSG NickServ :IDENTIFY lin pw")
            await phone.wait_for("NOTICE")
            await people["lin"].close()
            await people["bo-sre"].close()
            await until(lambda: irc.presences.presence().gone_since(PersonId("bo-sre")) is not None)
            assert irc.presences.presence().gone_since(PersonId("lin")) is None


async def test_presence_and_status_are_there_before_it_runs(settings: IrcSettings) -> None:
    irc = Irc(settings, NightShift().office())
    assert irc.presences.presence().seen == ()
    assert irc.status.sentences() == ["Not connected."]
    assert irc.degraded == "the bot is not connected to IRC"


async def test_an_end_says_goodbye(settings: IrcSettings, server: IrcServer) -> None:
    async with person(server, "ada") as ada:
        async with on_irc(settings, NightShift()):
            await ada.wait_for(":tocsin!")
        assert ":tocsin!" in await ada.wait_for("QUIT")
