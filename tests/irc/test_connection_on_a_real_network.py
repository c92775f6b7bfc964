"""The whole protocol half on InspIRCd with Atheme: what the demonstration's server is believed to do, these do."""

import asyncio
import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.irc.talking import SETTINGS
from tests.networks.client import Client
from tests.networks.inspircd import Network, inspircd_network, missing
from tocsin.demo.irc_server.certificate import self_signed
from tocsin.irc.connection import Connection, Surroundings
from tocsin.irc.events import (
    ChannelJoined,
    ChannelLost,
    Connected,
    Degraded,
    Departed,
    Departure,
    Disconnected,
    Echoed,
    Event,
    LineHeard,
    Recovered,
    RegistrationTold,
    SplitBegan,
    SplitHealed,
)
from tocsin.irc.session import Session
from tocsin.irc.settings import ClientCertificate, IrcSettings, Mechanism, Server, SignIn

ACCOUNTS = {"tocsin": "open-sesame", "ada": "ada-pw", "bo-sre": "bo-pw"}
PATIENCE_SECONDS = 25.0

pytestmark = [pytest.mark.network, pytest.mark.hostile]


@pytest.fixture(autouse=True)
def needs_the_network(require: Require) -> None:
    package = missing()
    require(package or "inspircd", package is None)


class Bot:
    """A connection in a thread of its own, so that the test can use blocking clients; keeps every event."""

    def __init__(self, settings: IrcSettings) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()
        self.session = Session(settings, datetime.now(UTC))
        self._around = Surroundings(jitter=lambda _: 2.0)
        self._connection = Connection(settings, self.session, self._take, self._around)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def wait_for(self, wanted: Callable[[Event], bool] | Event, after: int = 0) -> Event:
        """Return the first event that is wanted, of those after a mark."""
        fits = wanted if callable(wanted) else (lambda event: event == wanted)
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._news:
            while True:
                for event in self.events[after:]:
                    if fits(event):
                        return event
                left = deadline - time.monotonic()
                assert left > 0, f"not told; told was {self.events[after:]}"
                self._news.wait(left)

    def wait_for_a(self, kind: type[Event], after: int = 0) -> Event:
        return self.wait_for(lambda event: isinstance(event, kind), after)

    def line(self, text: str) -> LineHeard:
        """Return the line with that text."""
        event = self.wait_for(lambda event: isinstance(event, LineHeard) and text in event.text)
        assert isinstance(event, LineHeard)
        return event

    def do(self, action: Callable[[Connection], None]) -> None:
        """Do something with the connection, in its own thread."""
        self._loop.call_soon_threadsafe(action, self._connection)

    @property
    def mark(self) -> int:
        return len(self.events)

    def end(self) -> None:
        self.do(lambda connection: connection.close("the test is over"))
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()

    async def _take(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def _live(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._connection.run())


@contextmanager
def bot_on(network: Network, settings: IrcSettings = SETTINGS, *, ready: bool = True) -> Iterator[Bot]:
    door = Server("localhost", network.tls_port, ca_file=network.ca_file)
    bot = Bot(replace(settings, servers=(door,), services_host=None))
    try:
        if ready:
            bot.wait_for(Recovered())
        yield bot
    finally:
        bot.end()


@contextmanager
def client_in_ops(port: int, nick: str, account: str | None = None) -> Iterator[Client]:
    with Client(port, nick, account, ACCOUNTS.get(account or "")) as client:
        client.join("#ops")
        yield client


def test_people_are_known_by_their_account_and_by_nothing_else(tmp_path: Path) -> None:
    with (
        inspircd_network(tmp_path, ACCOUNTS) as network,
        bot_on(network) as bot,
        client_in_ops(network.plain_port, "bo", "bo-sre") as bo,
        client_in_ops(network.plain_port, "bo-sre") as mallory,
    ):
        bo.say("#ops", "!confirm E17 plum-otter")
        mallory.send("@account=bo-sre;+account=bo-sre PRIVMSG #ops :!confirm E18 plum-otter")
        bo.say("tocsin", "!status")
        bo.say("#ops", "!confirm E19 " + "x" * 600)
        bo.send("PRIVMSG #ops :!con\x02firm E20")
        bo.send(b"PRIVMSG #ops :\xff\xfe E21")
        bo.say("#ops", "\x01ACTION confirms E22\x01")
        bo.send("NOTICE #ops :!confirm E23")
        bo.say("#ops", "the last one")
        assert bot.line("the last one").verified

        good = bot.line("E17")
        assert (good.verified, good.doubt, good.nick, good.account) == (True, "", "bo", "bo-sre")
        assert good.message_id
        assert (bot.line("E18").verified, bot.line("E18").account) == (False, None)
        assert "log in to services" in bot.line("E18").doubt
        assert (bot.line("!status").verified, bot.line("!status").channel) == (True, None)
        assert "cut by the network" in bot.line("E19").doubt
        assert "control characters" in bot.line("E20").doubt
        assert bot.line("E21").verified  # what it says is for the grammar
        assert "plain line" in bot.line("E22").doubt
        assert not [event for event in bot.events if isinstance(event, LineHeard) and "E23" in event.text]

        bot.do(lambda connection: connection.ask_registration("bo"))
        bot.wait_for(RegistrationTold("bo-sre", network.entity_ids["bo-sre"], None))

        long = "E17 " + "words and " * 60
        bot.do(lambda connection: connection.say("#ops", long, urgent=True))
        echo = bot.wait_for_a(Echoed)
        assert isinstance(echo, Echoed)
        assert echo.intact
        assert echo.seen in bo.wait_for("words and")

        bo.send("QUIT :a.example.org b.example.org")
        bot.wait_for(Departed("bo", "bo-sre", None, Departure.QUIT))


def test_with_a_certificate_it_signs_in_without_a_password(tmp_path: Path) -> None:
    made = self_signed()
    (tmp_path / "bot.pem").write_text(made.key_pem + made.certificate_pem)
    fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(made.certificate_pem)).hexdigest()
    settings = replace(
        SETTINGS,
        sign_in=SignIn(Mechanism.EXTERNAL, "tocsin"),
        certificate=ClientCertificate(str(tmp_path / "bot.pem")),
    )
    with inspircd_network(tmp_path / "network", ACCOUNTS) as network:
        with bot_on(network, settings, ready=False) as stranger:
            gone = stranger.wait_for_a(Disconnected)
            assert isinstance(gone, Disconnected)
            assert "cannot sign in" in gone.why
        with Client(network.plain_port, "owner", "tocsin", ACCOUNTS["tocsin"]) as owner:
            owner.ask("NickServ", f"CERT ADD {fingerprint}", "Added")
        with bot_on(network, settings) as bot:
            assert bot.session.degraded is None


def test_history_is_not_said_now(tmp_path: Path) -> None:
    with inspircd_network(tmp_path, ACCOUNTS) as network, client_in_ops(network.plain_port, "ada", "ada") as ada:
        ada.send("MODE #ops +H 20:1h")
        ada.wait_for(r" MODE #ops \+H")
        ada.say("#ops", "!confirm E17 plum-otter")
        ada.settle()
        with bot_on(network) as bot:
            old = bot.line("E17")
            assert (old.verified, old.answerable) == (False, False)
            ada.say("#ops", "!confirm E18 plum-otter")
            assert bot.line("E18").verified


def test_kicked_it_comes_back_and_killed_too(tmp_path: Path) -> None:
    with (
        inspircd_network(tmp_path, ACCOUNTS) as network,
        client_in_ops(network.plain_port, "ada", "ada") as ada,
        bot_on(network) as bot,
    ):
        mark = bot.mark
        ada.send("KICK #ops tocsin :try again")
        bot.wait_for(ChannelLost("#ops", "ada kicked the bot: try again"))
        bot.wait_for(ChannelJoined("#ops"), after=mark)
        mark = bot.mark
        ada.send("OPER operator operator-password")
        ada.wait_for(" 381 ")
        ada.send("KILL tocsin :try again")
        bot.wait_for_a(Disconnected, after=mark)
        bot.wait_for(Recovered(), after=mark)


def test_while_services_are_down_it_does_not_come_and_then_it_does(tmp_path: Path) -> None:
    with inspircd_network(tmp_path, ACCOUNTS) as network:
        network.kill("services")
        with bot_on(network, ready=False) as bot:
            gone = bot.wait_for_a(Disconnected)
            assert isinstance(gone, Disconnected)
            assert "sasl" in gone.why
            assert not any(isinstance(event, Connected) for event in bot.events)
            network.start("services")
            bot.wait_for(Recovered())


def test_services_that_hang_are_not_waited_for_and_nobody_is_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.irc.login.PATIENCE", timedelta(seconds=1))
    with inspircd_network(tmp_path, ACCOUNTS) as network:
        network.freeze("services")
        with bot_on(network, ready=False) as bot:
            gone = bot.wait_for_a(Disconnected)
            assert isinstance(gone, Disconnected)
            assert "services said nothing" in gone.why
            network.thaw("services")
            bot.wait_for(Recovered())
            assert [event for event in bot.events if isinstance(event, Connected)] == [Connected("tocsin")]


def test_those_signed_in_before_services_went_still_count(tmp_path: Path) -> None:
    with (
        inspircd_network(tmp_path, ACCOUNTS) as network,
        bot_on(network) as bot,
        client_in_ops(network.plain_port, "bo", "bo-sre") as bo,
    ):
        network.kill("services")
        bo.settle()
        bo.say("#ops", "!confirm E17 plum-otter")
        assert bot.line("E17").account == "bo-sre"


def test_a_split_is_noticed_and_what_is_said_counts_again_after_it(tmp_path: Path) -> None:
    settings = replace(SETTINGS, split_quarantine=timedelta(seconds=2))
    with (
        inspircd_network(tmp_path, ACCOUNTS, servers=2) as network,
        bot_on(network, settings) as bot,
        client_in_ops(network.plain_ports[0], "ada", "ada") as ada,
        client_in_ops(network.plain_ports[1], "bo", "bo-sre") as bo,
    ):
        bo.say("#ops", "!confirm E17 plum-otter")
        assert bot.line("E17").verified
        mark = bot.mark
        network.split()
        bot.wait_for_a(SplitBegan)
        bot.wait_for(Departed("bo", "bo-sre", None, Departure.SPLIT))
        bot.wait_for_a(Degraded, after=mark)
        ada.say("#ops", "!confirm E18 plum-otter")
        assert "split" in bot.line("E18").doubt
        network.heal()
        bot.wait_for(SplitHealed())
        bot.wait_for(Recovered(), after=mark)
        bo.say("#ops", "!confirm E19 plum-otter")
        assert bot.line("E19").verified
