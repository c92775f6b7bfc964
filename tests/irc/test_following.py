from dataclasses import replace
from datetime import timedelta

import pytest

from tests.irc.talking import SETTINGS, Talk
from tocsin.irc.events import (
    AccountChanged,
    Arrived,
    ChannelJoined,
    ChannelLost,
    Degraded,
    Departed,
    Departure,
    NickChanged,
    Recovered,
    SplitBegan,
    SplitHealed,
    TopicChanged,
    WentAway,
)
from tocsin.irc.network_state import Member
from tocsin.irc.settings import ChannelToJoin

REFUSED = {
    "437": "not available",
    "471": "full",
    "473": "invited",
    "474": "banned",
    "475": "key",
    "477": "accounts",
}


@pytest.fixture
def talk() -> Talk:
    return Talk().ready()


def joins(talk: Talk) -> int:
    return sum(line.startswith("JOIN") for line in talk.out())


def test_joining_tells_the_channel_and_its_topic() -> None:
    talk = Talk()
    talk.sign_on()
    events = talk.server(
        ":tocsin!b@h JOIN #ops tocsin :x", ":s 332 tocsin #ops :on call: bo-sre", ":s 366 tocsin #ops :End"
    )
    assert events == [ChannelJoined("#ops"), Recovered(), TopicChanged("#ops", "on call: bo-sre", None)]
    assert talk.session.network.topic("#OPS") == "on call: bo-sre"
    assert talk.session.network.topic("#other") is None


def test_a_new_topic_is_told_with_who_set_it(talk: Talk) -> None:
    assert talk.server(":ada!a@h TOPIC #ops :on call: lin") == [TopicChanged("#ops", "on call: lin", "ada")]


def test_members_are_known_from_names_and_from_whox(talk: Talk) -> None:
    assert {member.nick for member in talk.session.network.members("#ops")} == {"ada", "tocsin", "bo-sre"}
    talk.server(
        ":s 354 tocsin 42 #ops ~bo sre.example.org bo-sre G bo", ":s 354 tocsin 42 #ops ~ada a.example.org ada H@ 0"
    )
    members = {member.nick: member for member in talk.session.network.members("#ops")}
    assert members["bo-sre"] == Member("bo-sre", "~bo", "sre.example.org", "bo", away=True)
    assert (members["ada"].account, members["ada"].away) == (None, False)


def test_somebody_who_comes_is_told_with_the_account_of_extended_join(talk: Talk) -> None:
    assert talk.server(":lin!l@h JOIN #ops lin-account :Lin") == [Arrived("lin", "lin-account", "#ops")]
    assert talk.server(":rei!r@h JOIN #ops * :Rei") == [Arrived("rei", None, "#ops")]
    (lin,) = [member for member in talk.session.network.members("#ops") if member.nick == "lin"]
    assert lin.joined_at == talk.now


@pytest.mark.parametrize(("line", "channel", "how"), [
    ("PART #ops :bye", "#ops", Departure.PART),
    ("QUIT :Quit: bye", None, Departure.QUIT),
    ("QUIT :Quit: a.example.org b.example.org", None, Departure.QUIT),
    ("QUIT :Ping timeout: 240 seconds", None, Departure.QUIT),
])  # fmt: skip
def test_somebody_who_goes_is_told(talk: Talk, line: str, channel: str | None, how: Departure) -> None:
    talk.server(":lin!l@h JOIN #ops lin :Lin")
    assert talk.server(f":lin!l@h {line}") == [Departed("lin", "lin", channel, how)]
    assert talk.server(f":lin!l@h {line}") == []


def test_somebody_who_is_kicked_is_told(talk: Talk) -> None:
    talk.server(":lin!l@h JOIN #ops lin :Lin")
    assert talk.server(":ada!a@h KICK #ops LIN :no") == [Departed("LIN", "lin", "#ops", Departure.KICK)]


def test_a_new_nick_is_told_and_the_account_goes_with_it(talk: Talk) -> None:
    talk.server(":lin!l@h JOIN #ops lin :Lin")
    assert talk.server(":lin!l@h NICK lin-away") == [NickChanged("lin", "lin-away", "lin")]
    assert talk.server(":lin-away!l@h PART #ops") == [Departed("lin-away", "lin", "#ops", Departure.PART)]


def test_signing_in_and_out_is_told(talk: Talk) -> None:
    assert talk.server(":ada!a@h ACCOUNT ada") == [AccountChanged("ada", None, "ada")]
    assert talk.server(":ada!a@h ACCOUNT ada") == []
    assert talk.server(":ada!a@h ACCOUNT *") == [
        AccountChanged("ada", "ada", None),
        Departed("ada", "ada", None, Departure.LOGOUT),
    ]


def test_an_account_shown_by_a_line_is_known_when_its_owner_goes(talk: Talk) -> None:
    talk.line("good evening")
    assert talk.server(":ada!a@h KICK #ops bo-sre :out") == [Departed("bo-sre", "bo-sre", "#ops", Departure.KICK)]


def test_an_account_that_is_in_doubt_is_not_learned(talk: Talk) -> None:
    talk.line("good evening", batch="unknown")
    assert talk.server(":ada!a@h KICK #ops bo-sre :out") == [Departed("bo-sre", None, "#ops", Departure.KICK)]


def test_somebody_who_goes_away_is_told_and_their_coming_back_is_not(talk: Talk) -> None:
    talk.server(":lin!l@h JOIN #ops lin :Lin")
    assert talk.server(":lin!l@h AWAY :lunch") == [WentAway("lin", "lin")]
    assert talk.server(":lin!l@h AWAY") == []
    assert talk.server(":lin!l@h AWAY :") == []
    assert talk.server("@account=lin :nobody!n@h AWAY :lunch") == []


def test_being_away_and_another_host_are_kept(talk: Talk) -> None:
    talk.server(":ada!a@h AWAY :lunch", ":ada!a@h CHGHOST ops ops.example.org")
    (ada,) = [member for member in talk.session.network.members("#ops") if member.nick == "ada"]
    assert (ada.away, ada.user, ada.host) == (True, "ops", "ops.example.org")
    talk.server(":ada!a@h AWAY")
    assert not any(member.away for member in talk.session.network.members("#ops"))


def test_history_that_is_played_back_changes_nothing(talk: Talk) -> None:
    before = talk.session.network.members("#ops")
    events = talk.server(
        ":s BATCH +h chathistory #ops",
        "@batch=h :ada!a@h QUIT :irc1.example.org irc2.example.org",
        "@batch=h :ada!a@h KICK #ops tocsin :out",
        "@batch=h :lin!l@h JOIN #ops lin :Lin",
        "@batch=h :ada!a@h TOPIC #ops :old",
        ":s BATCH -h",
    )
    assert events == []
    assert talk.session.network.members("#ops") == before
    assert talk.session.degraded is None


@pytest.mark.parametrize(("numeric", "why"), REFUSED.items())
def test_a_channel_that_lets_us_not_in_is_tried_again_later_and_later(numeric: str, why: str) -> None:
    talk = Talk()
    talk.sign_on()
    talk.out()
    waits = []
    for _ in range(8):
        (lost, *_) = talk.server(f":s {numeric} tocsin #ops :Cannot join channel")
        assert isinstance(lost, ChannelLost)
        assert why in lost.why
        waited = 0
        while not joins(talk) and waited < 1000:
            talk.pass_time(1)
            waited += 1
        waits.append(waited)
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300]


def test_a_clock_that_is_set_back_does_not_keep_the_bot_out(talk: Talk) -> None:
    talk.server(":ada!a@h KICK #ops tocsin :out")
    talk.now -= timedelta(hours=1)
    talk.pass_time(1)
    assert joins(talk) == 1


def test_a_join_without_an_answer_is_tried_again() -> None:
    talk = Talk()
    talk.sign_on()
    talk.out()
    talk.pass_time(31)
    assert joins(talk) == 1


def test_after_three_kicks_the_bot_comes_back_only_now_and_then() -> None:
    talk = Talk().ready()
    waits = []
    for _ in range(5):
        talk.server(":ada!a@h KICK #ops tocsin :out")
        waited = 0
        while not joins(talk) and waited < 1000:
            talk.pass_time(1)
            waited += 1
        waits.append(waited)
        talk.join()
    assert waits == [5, 10, 20, 300, 300]


def test_kicks_are_forgotten_after_five_quiet_minutes(talk: Talk) -> None:
    for _ in range(3):
        talk.server(":ada!a@h KICK #ops tocsin :out")
        talk.pass_time(20)
        talk.join()
        talk.pass_time(310)
        talk.out()
    talk.server(":ada!a@h KICK #ops tocsin :out")
    talk.pass_time(5)
    assert joins(talk) == 1


@pytest.mark.parametrize("line", [":ada!a@h KICK #OPS Tocsin :out", ":tocsin!b@h PART #ops :removed"])
def test_out_of_the_channel_nothing_is_known_of_it(talk: Talk, line: str) -> None:
    lost, degraded = talk.server(line)
    assert isinstance(lost, ChannelLost)
    assert degraded == Degraded("the bot is not in #ops")
    assert talk.session.network.members("#ops") == ()
    assert not talk.line().verified


def test_a_channel_that_is_not_ours_is_left_again(talk: Talk) -> None:
    assert talk.server(":tocsin!b@h JOIN ##overflow tocsin :x") == []
    assert talk.out() == ["PART ##overflow"]
    assert not talk.line(target="##overflow").verified


def test_each_of_several_channels_is_looked_after() -> None:
    talk = Talk(replace(SETTINGS, channels=(ChannelToJoin("#ops"), ChannelToJoin("#ops-private"))))
    talk.sign_on()
    talk.join("#ops")
    assert talk.session.degraded == "the bot is not in #ops-private"
    talk.join("#ops-private")
    assert talk.line(target="#ops-private").channel == "#ops-private"


def test_a_nick_that_services_gave_us_is_ours(talk: Talk) -> None:
    talk.server(":tocsin!b@h NICK 043AAAAAB")
    assert talk.session.nick == "043AAAAAB"
    assert talk.line(target="043AAAAAB").verified
    assert not talk.heard(f"@account=x;time={talk.stamp()} :043aaaaab!x@y PRIVMSG #ops :!go").verified


def test_a_split_is_told_with_those_who_are_lost_and_its_end() -> None:
    talk = Talk().ready()
    talk.server(":lin!l@h JOIN #ops lin :Lin", ":rei!r@h JOIN #ops rei :Rei")
    events = talk.server(
        ":lin!l@h QUIT :irc1.example.org irc2.example.org", ":rei!r@h QUIT :irc1.example.org irc2.example.org"
    )
    assert [type(event) for event in events] == [SplitBegan, Departed, Degraded, Departed]
    assert events[1] == Departed("lin", "lin", None, Departure.SPLIT)
    assert talk.server(":mo!m@h JOIN #ops mo :Mo") == [Arrived("mo", "mo", "#ops")]
    assert talk.server(":042AAAAAB!l@h JOIN #ops lin :Lin")[0] == SplitHealed()
    assert talk.pass_time(59) == []
    assert talk.pass_time(3) == [Recovered()]


def test_a_split_told_by_batches_alone_heals_with_the_netjoin() -> None:
    talk = Talk().ready()
    talk.server(":s BATCH +a netsplit irc1.example.org irc2.example.org", ":s BATCH -a")
    assert talk.session.degraded
    events = talk.server(
        ":s BATCH +b netjoin irc1.example.org irc2.example.org", "@batch=b :lin!l@h JOIN #ops lin :Lin", ":s BATCH -b"
    )
    assert events == [SplitHealed(), Arrived("lin", "lin", "#ops")]


def test_another_split_before_the_end_of_the_first_starts_the_wait_anew(talk: Talk) -> None:
    talk.server(":ada!a@h QUIT :a.example.org b.example.org", ":ada!a@h JOIN #ops ada :Ada")
    talk.pass_time(50)
    talk.server(":ada!a@h QUIT :a.example.org b.example.org", ":ada!a@h JOIN #ops ada :Ada")
    talk.pass_time(50)
    assert talk.session.degraded
    talk.pass_time(12)
    assert talk.session.degraded is None


def test_a_server_that_never_comes_back_is_given_up_after_ten_minutes(talk: Talk) -> None:
    talk.server(":ada!a@h QUIT :a.example.org b.example.org")
    assert talk.pass_time(600) == []
    assert talk.pass_time(2) == [SplitHealed()]
    assert talk.pass_time(62) == [Recovered()]


def test_another_casemapping_files_everything_anew(talk: Talk) -> None:
    talk.server(":lin[x]!l@h JOIN #ops lin :Lin", ":s 005 tocsin CASEMAPPING=ascii :are supported")
    assert talk.server(":lin{x}!l@h PART #ops") == []
    assert talk.server(":LIN[x]!l@h PART #ops") == [Departed("LIN[x]", "lin", "#ops", Departure.PART)]


def test_a_server_that_makes_no_sense_about_itself_is_not_believed(talk: Talk) -> None:
    talk.server(":s 005 tocsin PREFIX=(ov)@ PREFIX=x CHANMODES=b NICKLEN=many CHANTYPES= CASEMAPPING STATUSMSG= :x")
    assert talk.line().verified
    assert not talk.line(target="@#ops").verified


def test_members_beyond_the_bound_are_not_remembered(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.irc.network_state.MEMBERS_AT_MOST", 50)
    for number in range(100):
        talk.server(f":n{number}!u@h JOIN #ops * :x")
    assert len(talk.session.network.members("#ops")) == 50
