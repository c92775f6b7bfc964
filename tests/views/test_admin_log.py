"""The server admin log: a line when a deployment starts and when it ends; who asked, who confirmed, what and why."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.night import FETCH, WISH
from tests.views.telling import Told
from tests.views.test_every_line_fits import HIDDEN
from tocsin.domain import events as e
from tocsin.domain.commands import Close, Go, MakePrivate, RollBack, Take
from tocsin.domain.deployment import Fate
from tocsin.domain.people import PersonId
from tocsin.domain.plan import Step
from tocsin.domain.recorded import Recorded
from tocsin.domain.wish import Wish
from tocsin.views.admin_log import by_hand, log_line, marks_of

HEAD = "1234:9f3a61c27b08" + "0" * 52
WHO = (
    "disable on mediawiki-config, 1234/3 (T1234) data, for ada,"
    " confirmed by kim-releng (Release Engineering) bo-sre (SRE)"
)
LOG_BOT_BYTES = 425


def done() -> Told:
    night = Told().verifying()
    night.seen(live=True)
    return night


def closed(what: str) -> Told:
    night = Told().deploying()
    night.runs(3, Fate.ENDED)
    night.says("kim-releng", Close(what))
    night.says("bo-sre", Close(what))
    return night


def last_turn(night: Told) -> Recorded:
    return night.recorded[-1]


def test_the_start_and_the_end_are_logged_once_each() -> None:
    assert Told().asked().logged == []
    assert Told().verifying().logged == [f"!log E17 started: {WHO}"]
    assert done().logged == [f"!log E17 started: {WHO}", f"!log E17 done: {WHO}"]


def test_the_records_head_is_put_beside_it_when_it_is_known() -> None:
    night = done()
    line = log_line(night.request, (last_turn(night),), HEAD)
    assert line == f"!log E17 done: {WHO} [record 1234:9f3a61c27b08]"


def test_a_line_that_comes_late_says_when_it_happened() -> None:
    night = done()
    at = f"{last_turn(night).at:%H:%M:%S} UTC"
    assert log_line(night.request, (last_turn(night),), late=True) == f"!log E17 done: {WHO}, at {at}"


def test_a_rollback_after_the_end_is_logged_as_well() -> None:
    night = done()
    night.says("ada", RollBack())
    night.runs()
    night.runs()
    night.seen(live=False)
    assert [line.partition(":")[0] for line in night.logged] == [
        "!log E17 started",
        "!log E17 done",
        "!log E17 rolled back",
    ]


def test_closed_by_hand_it_is_said_what_people_say_is_true_now() -> None:
    assert closed("canaries run 1234/3").logged[-1] == f"!log E17 closed by hand: {WHO}; canaries run 1234/3"


def test_what_was_started_outside_is_never_called_confirmed() -> None:
    night = Told(proofs=FETCH).confirmed()
    night.seen(live=False)
    night.seen(live=True)
    started = "!log E17 started outside: disable on mediawiki-config, 1234/3 (T1234) data, for ada, never confirmed"
    assert night.logged == [started]


def test_a_private_request_is_logged_by_its_id_and_turn_alone() -> None:
    night = Told().confirmed()
    night.says("ada", MakePrivate())
    night.says("kim-releng", Take())
    night.says("kim-releng", Go())
    night.finishes()
    night.seen(live=True)
    assert night.logged == ["!log E17 started (private)", "!log E17 done (private)"]
    line = log_line(night.request, (last_turn(night),), HEAD, late=True)
    assert line == "!log E17 done (private) [record 1234:9f3a61c27b08]"


def test_without_a_change_the_recipe_is_named() -> None:
    night = Told(
        steps=(Step("everywhere", ("deploy",), undo=("undeploy",)),), change=None, wish=_by_recipe()
    ).verifying()
    assert night.logged[0].startswith(
        "!log E17 started: disable on mediawiki-config, recipe config (T1234) data, for ada"
    )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=900), st.text(max_size=200), st.text(max_size=300), st.booleans())
def test_whatever_is_in_it_a_line_is_one_line_that_the_log_bot_takes(
    what: str, name: str, task: str, late: bool
) -> None:
    night = closed(f"x{what}")
    request = replace(night.request, requester=PersonId(name * 3 or "ada"), wish=replace(night.request.wish, task=task))
    line = log_line(request, (last_turn(night),), HEAD, late=late)
    assert len(f"{line}\n".encode()) <= LOG_BOT_BYTES
    assert not set(line) & HIDDEN
    assert line.startswith("!log E17 closed by hand: ")
    assert line.endswith("[record 1234:9f3a61c27b08]")


# --- known again, and by hand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "begins", "mark"),
    [
        ("!log E17 done: this (T1) [record 9:ab]", "E17 done:", "record 9:ab"),
        ("!log E17 closed by hand: x: y", "E17 closed by hand:", ""),
        ("!log E17 started (private) [record 9:ab]", "E17 started (", "record 9:ab"),
        ("!log something else", "something else", ""),
    ],
)
def test_a_line_is_known_again_by_how_it_begins_and_by_its_head(line: str, begins: str, mark: str) -> None:
    assert marks_of(line) == (begins, mark)


def test_by_hand_the_head_is_left_out_and_nothing_that_has_become_private_is_typed() -> None:
    night = done()
    text = f"!log E17 done: {WHO} [record 9:ab]"
    told = e.OutsideTold(e.Outside.ADMIN_LOG, "done", text, e.Arrival.MISSING)
    assert by_hand(told, night.request) == f"!log E17 done: {WHO}"
    night.says("ada", MakePrivate())
    assert by_hand(told, night.request) == "!log E17 done (private)"


def _by_recipe() -> Wish:
    return replace(WISH, named="", recipe="config")
