"""Asking ChanServ for a voice on InspIRCd with Atheme: refused, granted, and what does not get through meanwhile."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.irc.talking import SETTINGS
from tests.irc.test_connection_on_a_real_network import ACCOUNTS, bot_on, client_in_ops
from tests.networks.inspircd import inspircd_network, missing
from tocsin.irc.events import Degraded, Echoed, Event, Recovered, Undelivered, VoiceMissing

REQUIRED = replace(SETTINGS, voice_required=True)
SHORT = (timedelta(seconds=1), timedelta(seconds=1), timedelta(seconds=2))

pytestmark = pytest.mark.hostile


@pytest.fixture(autouse=True)
def needs_the_network(require: Require) -> None:
    package = missing()
    require(package or "inspircd", package is None)


@pytest.mark.parametrize("flags", ["+V", "+v"])
def test_what_the_sentence_tells_to_type_gives_the_bot_its_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str
) -> None:
    monkeypatch.setattr("tocsin.irc.voicing.WAITS", SHORT)
    with (
        inspircd_network(tmp_path, ACCOUNTS) as network,
        client_in_ops(network.plain_port, "ada", "ada") as ada,
    ):
        ada.ask("ChanServ", "REGISTER #ops", "now registered")
        ada.send("MODE #ops +m")
        with bot_on(network, REQUIRED, ready=False) as bot:
            missing_voice = bot.wait_for_a(VoiceMissing)
            assert isinstance(missing_voice, VoiceMissing)
            bot.wait_for(Degraded(missing_voice.why))
            bot.do(lambda connection: connection.say("#ops", "E17 is confirmed"))
            refused = bot.wait_for(lambda event: isinstance(event, Undelivered) and event.target == "#ops")
            assert isinstance(refused, Undelivered)
            assert "send" in refused.why

            ada.say(*missing_voice.why.partition("/msg ")[2].replace("+V", flags).split(" ", 1))
            ada.wait_for(r"MODE #ops \+v :?tocsin")
            bot.wait_for(Recovered())
            bot.do(lambda connection: connection.say("#ops", "E17 is confirmed"))
            bot.wait_for(said)


def test_with_the_right_to_it_the_bot_has_its_voice_at_once(tmp_path: Path) -> None:
    with (
        inspircd_network(tmp_path, ACCOUNTS) as network,
        client_in_ops(network.plain_port, "ada", "ada") as ada,
    ):
        ada.ask("ChanServ", "REGISTER #ops", "now registered")
        ada.ask("ChanServ", "FLAGS #ops tocsin +v", "Flags")
        with bot_on(network, REQUIRED) as bot:
            ada.wait_for(r"MODE #ops \+v :?tocsin")
            assert not any(isinstance(event, VoiceMissing) for event in bot.events)


def said(event: Event) -> bool:
    return isinstance(event, Echoed) and event.target == "#ops"
