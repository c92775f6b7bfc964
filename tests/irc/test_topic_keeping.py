"""When topics are set: at news, not too often, against nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.irc.talking import SETTINGS, Talk
from tocsin.irc.events import Event, TopicRefused
from tocsin.irc.settings import ChannelToJoin

ON_CALL = "on call: bo-sre"  # the topic that is found on joining
NO_RIGHTS = ":irc.example.org 482 tocsin #ops :You do not have access to change the topic on this channel"


@pytest.fixture
def talk() -> Talk:
    return Talk().ready()


def topics(talk: Talk, seconds: float = 0) -> list[str]:
    """Let time pass and return what was set, each confirmed by the server."""
    seen = []
    for _ in range(int(seconds) + 1):
        talk.pass_time(1)
        for line in talk.out():
            if line.startswith("TOPIC"):
                seen.append(line)
                confirm(talk, line)
    return seen


def confirm(talk: Talk, line: str) -> list[Event]:
    return talk.server(f":tocsin!bot@host.example.org {line}")


def sent(talk: Talk) -> list[str]:
    talk.pass_time(1)
    return [line for line in talk.out() if line.startswith("TOPIC")]


def test_the_piece_is_set_once_and_changed_at_news(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    assert topics(talk, 60) == [f"TOPIC #ops :{ON_CALL} | E17 confirming"]
    talk.session.topics.want("#ops", "E17 confirming")
    assert topics(talk, 60) == []
    talk.session.topics.want("#ops", "E17 ready")
    assert topics(talk, 60) == [f"TOPIC #ops :{ON_CALL} | E17 ready"]
    talk.session.topics.want("#ops", "")
    assert topics(talk, 60) == [f"TOPIC #ops :{ON_CALL}"]


def test_where_no_piece_is_wanted_nothing_is_set(talk: Talk) -> None:
    assert topics(talk, 30) == []
    talk.session.topics.want("#ops", "")
    assert topics(talk, 30) == []


def test_much_news_is_set_not_too_often_and_the_newest_wins(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 asked")
    assert len(topics(talk)) == 1
    for state in ("confirming", "ready", "deploying"):
        talk.session.topics.want("#ops", f"E17 {state}")
        assert topics(talk) == []
    assert topics(talk, 60) == [f"TOPIC #ops :{ON_CALL} | E17 deploying"]


def test_what_is_over_before_it_was_set_is_not_set(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 asked")
    talk.session.topics.want("#ops", "")
    assert topics(talk, 30) == []


def test_the_piece_that_somebody_takes_out_comes_back_only_with_news(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    topics(talk)
    talk.server(":ada!a@h TOPIC #ops :up")
    talk.session.topics.want("#ops", "E17 confirming")
    assert topics(talk, 3600) == []
    talk.session.topics.want("#ops", "E17 ready")
    assert topics(talk, 60) == ["TOPIC #ops :up | E17 ready"]


def test_a_topic_that_was_not_told_is_asked_for_once_and_left_alone_until_then() -> None:
    talk = Talk()
    talk.sign_on()
    talk.server(":tocsin!b@h JOIN #ops tocsin :x", ":s 366 tocsin #ops :End")
    talk.out()
    talk.session.topics.want("#ops", "")
    assert sent(talk) == []
    talk.session.topics.want("#ops", "E17 confirming")
    assert sent(talk) == ["TOPIC #ops"]
    assert topics(talk, 60) == []
    talk.server(":s 331 tocsin #ops :No topic is set")
    assert topics(talk, 60) == ["TOPIC #ops :E17 confirming"]


def test_what_somebody_says_in_the_topic_while_ours_is_on_its_way_comes_back(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    (ours,) = sent(talk)
    talk.server(":ada!a@h TOPIC #ops :down, see T12")
    confirm(talk, ours)
    assert topics(talk, 60) == ["TOPIC #ops :down, see T12 | E17 confirming"]


def test_what_somebody_says_in_the_topic_after_ours_stays(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    (ours,) = sent(talk)
    confirm(talk, ours)
    talk.server(":ada!a@h TOPIC #ops :down, see T12")
    assert topics(talk, 60) == []


def test_a_refusal_is_told_once_and_taken_for_an_answer(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    assert len(sent(talk)) == 1
    (refused,) = talk.server(NO_RIGHTS)
    assert isinstance(refused, TopicRefused)
    assert refused.channel == "#ops"
    assert topics(talk, 3600) == []
    talk.session.topics.want("#ops", "E17 ready")
    assert len(sent(talk)) == 1
    assert talk.server(NO_RIGHTS) == []
    assert topics(talk, 3600) == []


def test_a_refusal_of_something_else_is_none_of_ours(talk: Talk) -> None:
    assert talk.server(NO_RIGHTS) == []
    talk.session.topics.want("#ops", "E17 confirming")
    assert len(topics(talk)) == 1


def test_made_an_operator_it_tries_once_more_what_was_refused(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    sent(talk)
    talk.server(NO_RIGHTS, ":ada!a@h MODE #ops -v+o tocsin tocsin")
    assert topics(talk, 60) == [f"TOPIC #ops :{ON_CALL} | E17 confirming"]
    talk.server(":ada!a@h MODE #ops -o+o tocsin tocsin")
    assert topics(talk, 60) == []


def test_a_topic_that_the_server_never_confirms_is_not_sent_again_and_again(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    assert len(sent(talk)) == 1
    assert [line for _ in range(300) for line in sent(talk)] == []
    talk.session.topics.want("#ops", "E17 ready")
    assert len(sent(talk)) == 1


def reconnect(talk: Talk, topic: str) -> None:
    talk.session.lost("the connection broke")
    talk.session.start(talk.now)
    talk.sign_on()
    talk.server(":tocsin!b@h JOIN #ops tocsin :x", f":s 332 tocsin #ops :{topic}", ":s 366 tocsin #ops :End")
    talk.out()


def test_after_a_new_connection_the_news_of_meanwhile_are_set_and_nothing_else(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    topics(talk)
    reconnect(talk, "up")
    assert topics(talk, 60) == []
    talk.session.lost("the connection broke")
    talk.session.topics.want("#ops", "E17 ready")
    reconnect(talk, "up | E17 confirming")
    assert topics(talk, 60) == ["TOPIC #ops :up | E17 ready"]


def test_what_was_on_its_way_into_a_broken_connection_is_set_again(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    assert len(sent(talk)) == 1
    reconnect(talk, ON_CALL)
    assert topics(talk, 60) == [f"TOPIC #ops :{ON_CALL} | E17 confirming"]


def test_after_a_restart_a_piece_of_before_is_brought_up_to_date(talk: Talk) -> None:
    talk.server(":ada!a@h TOPIC #ops :E17 confirming | up")
    talk.session.topics.want("#ops", "")
    assert topics(talk, 60) == ["TOPIC #ops up"]


def test_nothing_is_set_while_the_network_is_split(talk: Talk) -> None:
    talk.server(":ada!a@h QUIT :a.example.org b.example.org")
    talk.session.topics.want("#ops", "E17 confirming")
    assert topics(talk, 60) == []
    talk.server(":ada!a@h JOIN #ops ada :Ada")
    assert len(topics(talk, 70)) == 1


def test_outside_the_channel_nothing_is_set(talk: Talk) -> None:
    talk.server(":ada!a@h KICK #ops tocsin :out")
    talk.session.topics.want("#ops", "E17 confirming")
    assert topics(talk, 20) == []


def test_topiclen_is_kept_to_and_without_it_the_length_of_a_line(talk: Talk) -> None:
    talk.server(f":s 005 tocsin TOPICLEN={len(ON_CALL) + 20} :are supported")
    talk.session.topics.want("#ops", "E17 confirming, E18 private")
    assert topics(talk, 60) == []
    talk.session.topics.want("#ops", "E17 confirming")
    assert topics(talk, 60) == [f"TOPIC #ops :{ON_CALL} | E17 confirming"]
    talk.server(":s 005 tocsin TOPICLEN=1000 :are supported", f":ada!a@h TOPIC #ops :{'x' * 460}")
    talk.session.topics.want("#ops", "E17 ready")
    assert topics(talk, 60) == []


@pytest.mark.parametrize("topic", [b"caf\xe9 is down", b"up\rQUIT :gone", b"up\0"])
def test_a_topic_that_could_not_be_given_back_as_it_was_is_left_alone(talk: Talk, topic: bytes) -> None:
    talk.session.receive(b":ada!a@h TOPIC #ops :" + topic + b"\r\n", talk.now)
    talk.session.topics.want("#ops", "E17 confirming")
    assert topics(talk, 60) == []


def test_several_channels_are_set_one_after_the_other() -> None:
    names = [f"#ops{number}" for number in range(4)]
    talk = Talk(replace(SETTINGS, channels=tuple(map(ChannelToJoin, names))))
    talk.sign_on()
    for name in names:
        talk.join(name)
        talk.session.topics.want(name, "E17 confirming")
    talk.out()
    talk.session.tick(talk.now)
    talk.session.tick(talk.now)
    assert len([line for line in talk.out() if line.startswith("TOPIC")]) == 1
    assert len(topics(talk, 5)) == 3


def test_a_clock_that_is_set_back_does_not_keep_news_out(talk: Talk) -> None:
    talk.session.topics.want("#ops", "E17 confirming")
    topics(talk)
    talk.now -= timedelta(hours=1)
    talk.session.topics.want("#ops", "E17 ready")
    assert len(topics(talk)) == 1
