"""The journal of stops: it survives what a record does not, and whatever is wrong with it makes things safer only."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contracts.test_stores import ADA, E1, NOW
from tocsin.domain import events as e
from tocsin.domain.deployment import Cause, CauseKind
from tocsin.domain.people import PersonId
from tocsin.service.ports import Draft
from tocsin.storage.journal import StopJournal

PAUSED = e.Paused(Cause(CauseKind.STOP, NOW, PersonId("ada"), "wait"))
ABORTED = e.AbortAsked(PersonId("ada"))


def stop(minute: int = 0, *events: e.RequestEvent) -> Draft:
    return Draft(E1, 7, NOW + timedelta(minutes=minute), ADA, events or (PAUSED,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stops.jsonl"


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def test_there_is_no_file_before_something_is_kept(path: Path) -> None:
    assert StopJournal(path).pending() == ()
    assert not path.exists()


def test_what_was_kept_is_there_after_the_next_start_oldest_first(path: Path) -> None:
    journal = StopJournal(path)
    journal.keep(stop())
    journal.keep(stop(1, ABORTED, PAUSED))
    assert StopJournal(path).pending() == (stop(), stop(1, ABORTED, PAUSED))


def test_what_was_settled_is_not_there_any_more(path: Path) -> None:
    journal = StopJournal(path)
    journal.keep(stop())
    journal.keep(stop(1))
    journal.settle(stop())
    assert StopJournal(path).pending() == (stop(1),)


def test_each_line_is_bound_to_the_one_before_over_several_starts(path: Path) -> None:
    for minute in range(3):
        StopJournal(path).keep(stop(minute))
    written = lines(path)
    before = ["", *(hashlib.sha256(line.encode()).hexdigest() for line in written)]
    assert [json.loads(line)["after"] for line in written] == before[:-1]


def test_only_its_owner_reads_it(path: Path) -> None:
    StopJournal(path).keep(stop())
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_full_disk_tore_is_passed_over_and_the_next_one_is_whole(path: Path) -> None:
    StopJournal(path).keep(stop())
    whole = path.read_text()
    path.write_text(whole + whole[:30])
    StopJournal(path).keep(stop(1))
    assert StopJournal(path).pending() == (stop(), stop(1))


def test_a_torn_first_line_costs_nothing_but_itself(path: Path) -> None:
    path.write_text('{"kept": "E1 ')
    StopJournal(path).keep(stop())
    assert StopJournal(path).pending() == (stop(),)


def test_after_a_write_that_failed_the_next_one_is_readable(path: Path) -> None:
    journal = StopJournal(path)
    path.mkdir()
    journal.keep(stop())
    path.rmdir()
    journal.keep(stop(1))
    assert StopJournal(path).pending() == (stop(1),)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\n", b"null\n", b"[]\n", b"{}\n", b'{"kept": 7, "after": ""}\n', b"\n\n"]
)
def test_a_file_of_something_else_holds_no_stop_and_is_written_on(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    journal = StopJournal(path)
    assert journal.pending() == ()
    journal.keep(stop())
    assert StopJournal(path).pending() == (stop(),)


def test_a_settling_that_somebody_wrote_into_it_does_not_count(path: Path) -> None:
    StopJournal(path).keep(stop())
    forged = {"settled": json.loads(path.read_text())["kept"], "after": ""}
    with path.open("a") as file:
        file.write(json.dumps(forged) + "\n")
    assert StopJournal(path).pending() == (stop(),)


def test_a_stop_counts_though_the_line_before_it_was_taken_out(path: Path) -> None:
    journal = StopJournal(path)
    journal.keep(stop())
    journal.keep(stop(1))
    path.write_text(lines(path)[1] + "\n")
    assert StopJournal(path).pending() == (stop(1),)


def test_nothing_but_stops_comes_out_of_it(path: Path) -> None:
    StopJournal(path).keep(stop(0, PAUSED, e.CheckpointPassed(0)))
    assert StopJournal(path).pending() == ()


def test_two_people_who_stop_at_one_moment_are_both_kept(path: Path) -> None:
    journal = StopJournal(path)
    other = replace(stop(), origin=replace(ADA, name="lin", person=PersonId("lin")))
    journal.keep(stop())
    journal.keep(other)
    assert StopJournal(path).pending() == (stop(), other)
