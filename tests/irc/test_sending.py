from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.irc.talking import Talk
from tocsin.irc.events import Echoed, Undelivered
from tocsin.irc.message import UnsafeLine
from tocsin.irc.sending import LIFETIME, OVERTAKEN_AFTER, WAITING_LINES, About, SendingQueue, Waiting
from tocsin.irc.settings import Pace

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FAST = Pace(burst=1000, seconds_per_line=0.001)


def put(queue: SendingQueue, text: str, *, urgent: bool = False, merge_key: str | None = None) -> None:
    queue.put(Waiting("#ops", text, merge_key, NOW), urgent=urgent)


def taken(queue: SendingQueue, now: datetime = NOW) -> list[str]:
    return [waiting.text for waiting in queue.take(now, lambda _: True)]


def test_a_burst_goes_at_once_and_then_one_line_each_1_2_seconds() -> None:
    queue = SendingQueue(Pace())
    for number in range(7):
        put(queue, str(number))
    assert taken(queue) == ["0", "1", "2", "3"]
    assert taken(queue, NOW + timedelta(seconds=1.1)) == []
    assert taken(queue, NOW + timedelta(seconds=1.3)) == ["4"]
    assert taken(queue, NOW + timedelta(seconds=3.7)) == ["5", "6"]


def test_where_a_line_takes_no_time_every_line_goes_at_once() -> None:
    queue = SendingQueue(Pace(burst=1, seconds_per_line=0))
    put(queue, "first")
    put(queue, "second")
    assert taken(queue) == ["first", "second"]


def test_a_clock_that_is_set_back_delays_nothing_for_longer_than_a_line_takes() -> None:
    queue = SendingQueue(Pace(burst=1))
    put(queue, "first")
    put(queue, "second")
    assert taken(queue) == ["first"]
    assert taken(queue, NOW - timedelta(hours=1)) == []
    assert taken(queue, NOW - timedelta(hours=1) + timedelta(seconds=1.3)) == ["second"]


def test_acknowledgements_go_first_and_order_is_kept_among_equals() -> None:
    queue = SendingQueue(FAST)
    for text, urgent in [("a", False), ("B", True), ("c", False), ("D", True)]:
        put(queue, text, urgent=urgent)
    assert taken(queue) == ["B", "D", "a", "c"]


def test_of_lines_with_one_merge_key_only_the_newest_is_said_and_in_its_own_place() -> None:
    queue = SendingQueue(FAST)
    put(queue, "step 1 runs", merge_key="E17")
    put(queue, "E18 is on hold")
    put(queue, "step 1 is done", merge_key="E17")
    assert taken(queue) == ["E18 is on hold", "step 1 is done"]
    assert queue.dropped == 0


def test_of_too_many_lines_the_oldest_unimportant_is_dropped_and_counted() -> None:
    queue = SendingQueue(FAST)
    put(queue, "urgent", urgent=True)
    for number in range(WAITING_LINES):
        put(queue, str(number))
    assert len(queue) == WAITING_LINES
    assert queue.dropped == 1
    assert taken(queue)[:2] == ["urgent", "1"]


def test_a_line_that_has_waited_too_long_is_never_said() -> None:
    queue = SendingQueue(FAST)
    put(queue, "E17 is on hold")
    assert taken(queue, NOW + LIFETIME + timedelta(seconds=1)) == []
    assert queue.dropped == 1


def test_lines_to_a_place_that_cannot_be_reached_do_not_block_the_others() -> None:
    queue = SendingQueue(Pace(burst=1))
    put(queue, "to the channel")
    queue.put(Waiting("ada", "to ada", None, NOW), urgent=False)
    assert [line.text for line in queue.take(NOW, lambda target: target == "ada")] == ["to ada"]
    assert len(queue) == 1


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([None, "a", "b"])), max_size=300))
def test_the_queue_never_grows_beyond_its_bound(lines: list[tuple[bool, str | None]]) -> None:
    queue = SendingQueue(Pace())
    for urgent, merge_key in lines:
        put(queue, "x", urgent=urgent, merge_key=merge_key)
        assert len(queue) <= WAITING_LINES


def test_nothing_is_said_to_a_channel_before_we_are_in_it() -> None:
    talk = Talk()
    talk.session.say("#ops", "hello")
    talk.sign_on()
    assert not [line for line in talk.out() if line.startswith("PRIVMSG")]
    talk.join()
    assert "PRIVMSG #ops hello" in talk.out()


def test_what_waits_survives_a_connection_that_breaks() -> None:
    talk = Talk().ready()
    talk.session.lost("the connection broke")
    talk.session.say("#ops", "E17: bo-sre confirms for SRE", urgent=True)
    talk.session.start(talk.now)
    assert not [line for line in talk.out() if line.startswith("PRIVMSG")]
    talk.sign_on()
    talk.join()
    assert "PRIVMSG #ops :E17: bo-sre confirms for SRE" in talk.out()


@pytest.mark.parametrize(
    ("target", "text"),
    [("#ops", "a\r\nQUIT"), ("#ops", "a\rb"), ("#ops", "a\0b"), ("#o ps", "a"), ("", "a"), (":x", "a"),
     ("#" + "x" * 450, "a"), ("#ops\n", "a")],
)  # fmt: skip
def test_what_would_be_another_line_is_refused_when_it_is_said(target: str, text: str) -> None:
    talk = Talk().ready()
    with pytest.raises(UnsafeLine):
        talk.session.say(target, text)
    assert talk.out() == []


def test_a_line_that_is_too_long_is_cut_and_shows_it() -> None:
    talk = Talk().ready()
    talk.session.say("#ops", "E17 " + "very " * 100)
    (line,) = talk.out()
    assert line.endswith("very…")
    assert len(line.encode()) <= len("PRIVMSG #ops :") + 380


@pytest.mark.parametrize("change", [
    ":tocsin!bot@host CHGHOST bot {host}",
    ":irc.example.org 396 tocsin {host} :is now your displayed host",
])  # fmt: skip
def test_a_longer_host_of_ours_leaves_less_room(change: str) -> None:
    talk = Talk().ready()
    talk.server(change.format(host="h" * 200))
    talk.session.say("#ops", "x" * 400)
    (line,) = talk.out()
    assert 505 < len(f":tocsin!bot@{'h' * 200} {line}\r\n".encode()) <= 512


def test_an_echo_that_the_network_cut_is_told_as_not_intact() -> None:
    talk = Talk().ready()
    talk.session.say("#ops", "E17 is NOT confirmed")
    talk.out()
    (echo,) = talk.server(":tocsin!bot@host PRIVMSG #ops :E17 is NOT conf")
    assert echo == Echoed("#ops", "E17 is NOT confirmed", "E17 is NOT conf", False)


def test_a_line_that_the_server_refused_is_told() -> None:
    talk = Talk().ready()
    events = talk.server(":irc.example.org 404 tocsin #ops :Cannot send to channel (+m)")
    assert events == [Undelivered("#ops", "Cannot send to channel (+m)")]


def test_a_line_said_while_we_are_gone_is_as_old_as_it_is_and_not_as_the_outage() -> None:
    talk = Talk().ready()
    talk.session.lost("the connection broke")
    talk.now += LIFETIME
    talk.session.note_time(talk.now)
    talk.session.say("#ops", "E17 is done")
    talk.now += timedelta(seconds=10)
    talk.session.start(talk.now)
    talk.sign_on()
    talk.join()
    assert "PRIVMSG #ops :E17 is done" in talk.out()


# ----------------------------------------------------------------------------------- what is said however late it is


def about(queue: SendingQueue, text: str, moment: int, *, thing: str = "E17", urgent: bool = False) -> None:
    queue.put(Waiting("#ops", text, None, NOW, About(thing, moment)), urgent=urgent)


def test_how_something_stands_is_said_however_late() -> None:
    queue = SendingQueue(FAST)
    about(queue, "E17 is confirmed", 1)
    assert taken(queue, NOW + 10 * LIFETIME) == ["E17 is confirmed"]


def test_of_lines_that_wait_long_the_last_of_each_request_suffices() -> None:
    queue = SendingQueue(FAST)
    about(queue, "E17: bo-sre confirms", 1)
    about(queue, "E18 is asked", 2, thing="E18")
    about(queue, "E17 is confirmed", 3)
    about(queue, "E17: kim-releng, please go", 3)
    assert taken(queue, NOW + OVERTAKEN_AFTER + timedelta(seconds=1)) == [
        "E18 is asked",
        "E17 is confirmed",
        "E17: kim-releng, please go",
    ]
    assert queue.dropped == 1


def test_an_act_is_acknowledged_though_another_follows_at_once() -> None:
    queue = SendingQueue(FAST)
    about(queue, "E17: bo-sre confirms", 1, urgent=True)
    about(queue, "E17 is confirmed", 2, urgent=True)
    assert taken(queue) == ["E17: bo-sre confirms", "E17 is confirmed"]


def test_a_line_that_was_sent_into_a_dead_connection_is_said_again() -> None:
    talk = Talk().ready()
    for text in ("E17 heard", "E17 lost", "E17 lost too"):
        talk.session.say("#ops", text)
    talk.out()
    talk.server(f"@time={talk.stamp()} :tocsin!bot@host.example.org PRIVMSG #ops :E17 heard")
    talk.session.lost("the connection broke")
    talk.session.start(talk.now)
    talk.sign_on()
    talk.join()
    talk.pass_time(3)
    assert [line for line in talk.out() if line.startswith("PRIVMSG #ops")] == [
        "PRIVMSG #ops :E17 lost",
        "PRIVMSG #ops :E17 lost too",
    ]


def test_a_line_that_the_network_refused_is_not_said_again_once_a_later_one_was_heard() -> None:
    talk = Talk().ready()
    talk.session.say("#ops", "E17 refused")
    talk.session.say("#ops", "E17 heard")
    talk.out()
    talk.server(f"@time={talk.stamp()} :tocsin!bot@host.example.org PRIVMSG #ops :E17 heard")
    talk.session.lost("the connection broke")
    talk.session.start(talk.now)
    talk.sign_on()
    talk.join()
    assert not [line for line in talk.out() if "E17" in line]
