"""The socket loop against the demonstration's server in this very process, and against servers that misbehave."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.irc.talking import SETTINGS
from tocsin.demo.irc_server.network import Account
from tocsin.demo.irc_server.server import IrcServer
from tocsin.irc.connection import Connection, Surroundings
from tocsin.irc.events import Connected, Degraded, Disconnected, Event, LineHeard, Recovered, RegistrationTold
from tocsin.irc.session import Session
from tocsin.irc.settings import IrcSettings, Mechanism, Server, SignIn

SINCE = datetime(2024, 11, 20, tzinfo=UTC)
ACCOUNTS = [Account("tocsin", "open-sesame", "AAAAAAAAB", SINCE), Account("bo-sre", "pw", "AAAAAAAAC", SINCE)]
PATIENCE_SECONDS = 10.0

pytestmark = pytest.mark.anyio


class Listener:
    """Keeps every event, and lets a test wait for one."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.trouble: Exception | None = None
        self._news = asyncio.Condition()

    async def __call__(self, event: Event) -> None:
        async with self._news:
            self.events.append(event)
            self._news.notify_all()
        if self.trouble:
            raise self.trouble

    async def wait_for(self, wanted: Callable[[list[Event]], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(lambda: wanted(self.events))

    async def wait_for_a(self, kind: type[Event]) -> None:
        await self.wait_for(lambda events: any(isinstance(event, kind) for event in events))


@asynccontextmanager
async def running(
    settings: IrcSettings, listener: Listener, surroundings: Surroundings | None = None
) -> AsyncIterator[Connection]:
    """Run a connection for as long as the block lasts, and see that it ends."""
    around = surroundings or Surroundings(jitter=lambda _: 0.05)
    connection = Connection(settings, Session(settings, datetime.now(UTC)), listener, around)
    task = asyncio.create_task(connection.run())
    try:
        yield connection
    finally:
        connection.close("the test is over")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await task


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
    return replace(SETTINGS, servers=(door,), services_host=None)


class Person:
    """Somebody who talks to the server by hand, over a plain connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def wait_for(self, text: str) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while text not in (line := (await self._reader.readline()).decode()):
                assert line, f"closed before {text}"
        return line

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


@asynccontextmanager
async def person(server: IrcServer, nick: str, *before: str) -> AsyncIterator[Person]:
    """Be in the channel under a nick."""
    somebody = Person(*await asyncio.open_connection("127.0.0.1", server.port))
    try:
        somebody.send(*before, f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        await somebody.wait_for(" 422 ")
        somebody.send("JOIN #ops")
        await somebody.wait_for(" 366 ")
        yield somebody
    finally:
        await somebody.close()


def heard(events: Sequence[Event]) -> list[LineHeard]:
    return [event for event in events if isinstance(event, LineHeard)]


async def test_it_signs_in_over_tls_joins_hears_and_answers(settings: IrcSettings, server: IrcServer) -> None:
    listener = Listener()
    async with running(settings, listener) as connection:
        await listener.wait_for(lambda events: Recovered() in events)
        async with person(server, "bo") as bo:
            bo.send("PRIVMSG NickServ :IDENTIFY bo-sre pw", "PRIVMSG #ops :!confirm E17 plum-otter")
            await listener.wait_for(lambda events: len(heard(events)) == 1)
            (line,) = heard(listener.events)
            assert (line.verified, line.doubt, line.account, line.nick) == (True, "", "bo-sre", "bo")
            connection.say("#ops", "E17: bo-sre confirms for SRE.", urgent=True)
            assert "tocsin" in await bo.wait_for("confirms for SRE")
            connection.ask_registration("bo")
            told = RegistrationTold("bo-sre", "AAAAAAAAC", None)
            await listener.wait_for(lambda events: told in events)


async def test_somebody_who_is_not_logged_in_is_told_so(settings: IrcSettings, server: IrcServer) -> None:
    listener = Listener()
    async with running(settings, listener):
        await listener.wait_for(lambda events: Recovered() in events)
        async with person(server, "bo-sre") as mallory:
            mallory.send("@account=bo-sre;+account=bo-sre PRIVMSG #ops :!confirm E17 plum-otter")
            await listener.wait_for(lambda events: len(heard(events)) == 1)
    (line,) = heard(listener.events)
    assert (line.verified, line.account) == (False, None)
    assert "log in to services" in line.doubt


async def test_a_listener_that_fails_ends_nothing(settings: IrcSettings, server: IrcServer) -> None:
    listener = Listener()
    async with running(settings, listener):
        await listener.wait_for(lambda events: Recovered() in events)
        listener.trouble = RuntimeError("a mistake of ours")
        async with person(server, "bo") as bo:
            bo.send("PRIVMSG #ops :one", "PRIVMSG #ops :two")
            await listener.wait_for(lambda events: len(heard(events)) == 2)
        listener.trouble = None
    assert [line.text for line in heard(listener.events)] == ["one", "two"]


async def test_with_a_wrong_password_it_never_joins(settings: IrcSettings, server: IrcServer) -> None:
    wrong = replace(settings, sign_in=SignIn(Mechanism.PLAIN, "tocsin", "wrong"))
    listener = Listener()
    async with running(wrong, listener):
        await listener.wait_for_a(Disconnected)
    assert not any(isinstance(event, Connected | Recovered) for event in listener.events)
    assert "services refused the account or its password" in str(listener.events[0])


async def test_a_certificate_that_is_not_trusted_is_not_talked_to(settings: IrcSettings) -> None:
    (door,) = settings.servers
    listener = Listener()
    async with running(replace(settings, servers=(replace(door, ca_file=None),)), listener):
        await listener.wait_for_a(Disconnected)
    assert "cannot be reached" in str(listener.events[0])


async def test_a_certificate_for_another_name_is_not_talked_to(settings: IrcSettings) -> None:
    (door,) = settings.servers
    listener = Listener()
    async with running(replace(settings, servers=(replace(door, host="ip6-localhost"),)), listener):
        await listener.wait_for_a(Disconnected)
    assert not any(isinstance(event, Connected) for event in listener.events)


async def test_the_next_server_is_tried_when_one_is_gone(settings: IrcSettings) -> None:
    nobody_there = Server("127.0.0.1", 1, tls=False)
    listener = Listener()
    async with running(replace(settings, servers=(nobody_there, *settings.servers)), listener):
        await listener.wait_for(lambda events: Recovered() in events)
    assert "127.0.0.1 cannot be reached" in str(listener.events[0])


async def test_a_server_that_went_away_is_found_again(settings: IrcSettings, server: IrcServer) -> None:
    listener = Listener()
    async with running(settings, listener):
        await listener.wait_for(lambda events: Recovered() in events)
        (door,) = settings.servers
        await server.stop()
        await listener.wait_for_a(Disconnected)
        assert isinstance(listener.events[-1], Disconnected | Degraded)
        await server.start(tls_port=door.port)
        await listener.wait_for(lambda events: events.count(Recovered()) == 2)


async def test_closing_says_goodbye(settings: IrcSettings, server: IrcServer) -> None:
    listener = Listener()
    async with running(settings, listener) as connection:
        await listener.wait_for(lambda events: Recovered() in events)
        async with person(server, "bo") as bo:
            connection.close("going home")
            assert "QUIT" in await bo.wait_for("going home")


async def test_closing_while_it_waits_for_another_attempt_ends_it_at_once() -> None:
    nowhere = replace(SETTINGS, servers=(Server("127.0.0.1", 1, tls=False),))
    listener = Listener()
    async with running(nowhere, listener, Surroundings(jitter=lambda _: 3600.0)):
        await listener.wait_for_a(Disconnected)


async def test_the_waits_between_attempts_grow() -> None:
    waits: list[float] = []
    enough = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 5:
            enough.set()
        await asyncio.sleep(0 if len(waits) < 5 else 3600)

    nowhere = replace(SETTINGS, servers=(Server("127.0.0.1", 1, tls=False),))
    around = Surroundings(jitter=lambda bound: bound, sleep=sleep, monotonic=lambda: 100.0 * len(waits))
    async with running(nowhere, Listener(), around):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await enough.wait()
    assert waits == [5, 10, 20, 40, 80]


async def test_a_server_of_nothing_but_noise_is_survived() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\xff\xfe\r\n:\r\n@=;\r\nPRIVMSG\r\n" + b"z" * 300_000 + b"\n:s 904 x :no\r\n")
        await writer.drain()
        writer.close()

    noise = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = noise.sockets[0].getsockname()[1]
    listener = Listener()
    async with noise, running(replace(SETTINGS, servers=(Server("127.0.0.1", port, tls=False),)), listener):
        await listener.wait_for_a(Disconnected)
    assert [type(event) for event in listener.events] == [Disconnected]
