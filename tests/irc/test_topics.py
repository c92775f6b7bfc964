"""The piece in a topic: what it tells, where it stands, and that nothing of others is changed for it."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.irc.night_shift import LOG, OPS, PRIVATE, NightShift
from tocsin.domain.request import Status
from tocsin.irc.topics import piece, updated

OTHERS = "Status: up | train: 1.45 | https://deploy.example.org"
ROOM = 390


@pytest.mark.parametrize(("topic", "wanted", "after"), [
    (OTHERS, "E17 confirming", f"{OTHERS} | E17 confirming"),
    ("", "E17 confirming", "E17 confirming"),
    ("up | E17 asked | on call: lin", "E17 confirming", "up | E17 confirming | on call: lin"),
    ("E17 asked | up", "E17 confirming, E18 private", "E17 confirming, E18 private | up"),
    ("up|E17 asked|down", "E17 ready", "up|E17 ready|down"),
    ("up | E17 rolling back, E18 private", "E17 rolled back", "up | E17 rolled back"),
    ("E17 asked | up | E17 asked", "E17 ready", "E17 ready | up"),
    ("up | see E17 confirming", "E17 ready", "up | see E17 confirming | E17 ready"),
    ("up | E17 is nice", "E17 ready", "up | E17 is nice | E17 ready"),
])  # fmt: skip
def test_the_piece_stands_where_it_stood_or_else_at_the_end(topic: str, wanted: str, after: str) -> None:
    assert updated(topic, wanted, ROOM) == after


@pytest.mark.parametrize(("topic", "after"), [
    (f"{OTHERS} | E17 confirming", OTHERS),
    ("E17 confirming", ""),
    ("E17 confirming | up", "up"),
    ("up | E17 confirming, E18 paused | down", "up | down"),
    ("up  ||  down |", "up  ||  down |"),
    ("", ""),
])  # fmt: skip
def test_the_piece_is_taken_out_when_nothing_is_open(topic: str, after: str) -> None:
    assert updated(topic, "", ROOM) == after


@given(
    st.text(st.sampled_from("ab |E17é\x02,"), max_size=30),
    st.lists(st.sampled_from(Status), min_size=1, max_size=4),
)
@example("up  ", [Status.ASKED])
@example("  ", [Status.ASKED])
@example("|", [Status.ASKED])
def test_what_others_wrote_is_as_it_was_once_the_piece_is_gone(topic: str, states: list[Status]) -> None:
    wanted = ", ".join(f"E{number} {state}" for number, state in enumerate(states, start=1))
    with_piece = updated(topic, wanted, ROOM)
    assert with_piece != topic
    assert updated(with_piece, wanted, ROOM) == with_piece
    assert updated(with_piece, "", ROOM) == topic


def test_where_there_is_no_room_the_piece_is_left_out_and_nothing_is_cut() -> None:
    room = len(f"{OTHERS} | E17 asked")
    assert updated(OTHERS, "E17 asked", room) == f"{OTHERS} | E17 asked"
    assert updated(OTHERS, "E17 asked", room - 1) == OTHERS
    assert updated(f"{OTHERS} | E17 asked", "E17 confirming", room) == OTHERS
    assert updated("é" * 10, "E17 asked", 10 + len(" | E17 asked")) == "é" * 10


async def test_a_channel_tells_what_is_open_there_and_in_which_state() -> None:
    shift = NightShift()
    await shift.asked()
    await shift.says("lin", "!emergency 2001 T1235")
    assert told(shift, OPS) == "E1 confirming, E2 asked"
    assert (told(shift, PRIVATE), told(shift, LOG)) == ("", "")
    await shift.says("ada", "!withdraw E1")
    assert told(shift, "#OPS") == "E2 asked"


async def test_of_a_private_request_the_public_reads_that_there_is_one_and_nothing_else() -> None:
    shift = NightShift()
    await shift.asked()
    private = replace(shift.request(), private=True)
    assert piece(OPS, [private], shift.where) == "E1 private"
    assert piece(PRIVATE, [private], shift.where) == "E1 confirming"
    assert piece(LOG, [private], shift.where) == ""


def told(shift: NightShift, channel: str) -> str:
    return piece(channel, shift.requests.open(), shift.where)
