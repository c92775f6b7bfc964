"""Asking for a voice: where one is required, as somebody whom services know, and nobody too often."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.irc.night_shift import NightShift
from tests.irc.talking import SETTINGS, Talk
from tocsin.irc.events import Event, VoiceMissing
from tocsin.irc.settings import IrcSettings

REQUIRED = replace(SETTINGS, voice_required=True)
ASKED = "PRIVMSG ChanServ :VOICE #ops"


def voiceless(settings: IrcSettings = REQUIRED) -> Talk:
    talk = Talk(settings)
    talk.sign_on()
    join(talk)
    return talk


def join(talk: Talk) -> None:
    talk.server(":tocsin!b@h JOIN #ops tocsin :x", ":s 353 tocsin = #ops :@ada tocsin", ":s 366 tocsin #ops :End")
    talk.out()


def asked(talk: Talk, seconds: int) -> tuple[list[int], list[Event]]:
    """Let time pass; return after how many seconds a voice was asked for, and what was told."""
    events, at = [], []
    for second in range(1, seconds + 1):
        events += talk.pass_time(1)
        at += [second for line in talk.out() if line == ASKED]
    return at, events


@pytest.fixture
def talk() -> Talk:
    return voiceless()


def test_it_is_asked_for_after_joining_then_after_a_minute_then_every_ten(talk: Talk) -> None:
    at, events = asked(talk, 2000)
    assert at == [4, 64, 664, 1264, 1864]
    (missing,) = events
    assert isinstance(missing, VoiceMissing)
    assert missing.why == talk.session.degraded


def test_a_voice_that_comes_unasked_is_not_asked_for() -> None:
    talk = voiceless()
    talk.server(":ChanServ!s@services.example.org MODE #ops +v tocsin")
    assert asked(talk, 2000) == ([], [])


def test_a_voice_that_comes_for_the_asking_ends_it(talk: Talk) -> None:
    assert asked(talk, 10) == ([4], [])
    talk.server(":ChanServ!s@services.example.org MODE #ops +v tocsin")
    assert asked(talk, 2000) == ([], [])
    assert talk.session.degraded is None


def test_whoever_takes_the_voice_is_not_fought_with(talk: Talk) -> None:
    talk.server(":ada!a@h MODE #ops +v tocsin")
    talk.pass_time(1)
    talk.server(":ada!a@h MODE #ops -v tocsin")
    assert asked(talk, 1300) == ([600, 1200], [])


def test_a_new_stay_in_the_channel_begins_anew(talk: Talk) -> None:
    talk.pass_time(100)
    talk.out()
    talk.server(":ada!a@h KICK #ops tocsin :out")
    assert asked(talk, 3)[0] == []
    join(talk)
    assert asked(talk, 70)[0] == [4, 64]


def test_where_none_is_required_nothing_is_asked() -> None:
    assert asked(voiceless(SETTINGS), 2000) == ([], [])


def test_signed_out_it_asks_nothing(talk: Talk) -> None:
    talk.server(":s 901 tocsin tocsin!b@h :You are now logged out")
    assert asked(talk, 70)[0] == []
    talk.server("AUTHENTICATE +", ":s 900 tocsin tocsin!b@h tocsin :You are now logged in", ":s 903 tocsin :done")
    assert asked(talk, 5)[0] == [4]


def test_another_service_can_be_named() -> None:
    talk = voiceless(replace(REQUIRED, channel_services_nick="Q"))
    talk.pass_time(4)
    assert talk.out() == ["PRIVMSG Q :VOICE #ops"]
    assert "/msg Q FLAGS #ops tocsin" in str(talk.session.degraded)


def test_a_clock_that_is_set_back_does_not_end_the_asking(talk: Talk) -> None:
    talk.pass_time(5)
    talk.out()
    talk.now -= timedelta(hours=1)
    assert asked(talk, 1)[0] == [1]


async def test_what_helps_is_said_once_in_the_channel() -> None:
    shift = NightShift()
    await shift.bot.on_event(VoiceMissing("#ops", "the bot has no voice (+v) in #ops; ada types: ..."))
    assert [each[:2] for each in shift.mouth.said] == [
        ("#ops", "Take care: the bot has no voice (+v) in #ops; ada types: ....")
    ]
