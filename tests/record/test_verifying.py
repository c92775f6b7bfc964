"""Whoever writes to the record behind our back is found out."""

from dataclasses import fields, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.record.records import KEY, NAME, PUBLIC, head_of, record
from tests.record.test_entry import CHANGES
from tocsin.record.checkpoint import Head, sign_head
from tocsin.record.entry import Entry, redact
from tocsin.record.verifying import Verdict, verify

ENTRIES = record(12)
HEADS = tuple(head_of(ENTRIES[:size]) for size in range(1, 13))


def judge(entries: tuple[Entry, ...], heads: tuple[str, ...] = HEADS) -> Verdict:
    return verify(entries, heads, [PUBLIC])


def resealed(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Make every hash right again, as somebody can who has the database and not the key."""
    fixed: list[Entry] = []
    versions: dict[str, int] = {}
    for position, entry in enumerate(entries, start=1):
        versions[entry.stream] = versions.get(entry.stream, 0) + 1
        previous = fixed[-1].hash if fixed else bytes(32)
        moved = replace(entry, position=position, version=versions[entry.stream], previous=previous)
        fixed.append(replace(moved, hash=moved.hash_of_content()))
    return tuple(fixed)


def test_an_honest_record_holds() -> None:
    assert judge(ENTRIES) == Verdict(12, 0, 12, ())
    assert verify((), (), [PUBLIC]).holds


def test_an_honest_record_holds_against_few_heads_and_in_any_order() -> None:
    assert judge(ENTRIES, (HEADS[11], HEADS[3])).holds


def test_a_redacted_record_holds_and_says_how_much_is_missing() -> None:
    entries = (*ENTRIES[:4], redact(ENTRIES[4]), *ENTRIES[5:])
    assert judge(entries) == Verdict(12, 1, 12, ())


@pytest.mark.parametrize("field", [field.name for field in fields(Entry)])
@given(place=st.integers(0, 11))
def test_a_changed_row_is_named(field: str, place: int) -> None:
    changed = replace(ENTRIES[place], **{field: CHANGES[field]})  # type: ignore[arg-type] # one field, whichever
    if changed == ENTRIES[place]:
        return
    verdict = judge((*ENTRIES[:place], changed, *ENTRIES[place + 1 :]))
    assert {changed.position, place + 1} & {problem.position for problem in verdict.problems}


@given(st.integers(0, 11))
def test_a_dropped_row_shows(place: int) -> None:
    assert not judge(ENTRIES[:place] + ENTRIES[place + 1 :]).holds


@given(st.integers(0, 12))
def test_an_inserted_row_shows(place: int) -> None:
    assert not judge((*ENTRIES[:place], ENTRIES[5], *ENTRIES[place:])).holds


@given(st.integers(0, 11), st.integers(0, 11))
def test_swapped_rows_show(one: int, other: int) -> None:
    entries = list(ENTRIES)
    entries[one], entries[other] = entries[other], entries[one]
    assert judge(tuple(entries)).holds == (one == other)


@given(st.integers(0, 11))
def test_a_dropped_row_shows_though_all_hashes_were_made_anew(place: int) -> None:
    forged = resealed(ENTRIES[:place] + ENTRIES[place + 1 :])
    assert not judge(forged).holds
    assert not judge(forged, HEADS[place:]).holds


@given(st.integers(0, 11))
def test_a_redated_row_shows_though_all_hashes_were_made_anew(place: int) -> None:
    redated = replace(ENTRIES[place], at="2026-11-20T00:00:00.000000Z")
    forged = resealed((*ENTRIES[:place], redated, *ENTRIES[place + 1 :]))
    [problem] = judge(forged).problems
    assert problem.position == place + 1
    assert "not those of the head" in problem.sentence


def test_a_cut_end_shows_against_a_head_held_elsewhere() -> None:
    [problem] = judge(ENTRIES[:9], (*HEADS[:9], HEADS[11])).problems
    assert problem.position == 10
    assert "those after 9 are missing" in problem.sentence


def test_rows_added_without_the_key_show() -> None:
    [problem] = judge(ENTRIES, HEADS[:10]).problems
    assert problem.position == 11
    assert problem.sentence == "Nobody signed the entries from 11 to 12."


def test_a_record_that_nobody_signed_does_not_hold() -> None:
    assert [problem.position for problem in judge(ENTRIES, ()).problems] == [1]


def test_a_head_signed_with_another_key_counts_for_nothing() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    forged = sign_head(Head(NAME, 12, bytes(32)), stranger)
    verdict = judge(ENTRIES, (*HEADS, forged))
    assert verdict.signed_heads == 12
    assert [problem.position for problem in verdict.problems] == [0]


def test_a_signed_head_over_something_else_shows() -> None:
    wrong = sign_head(Head(NAME, 7, bytes(32)), KEY)
    [problem] = judge(ENTRIES, (*HEADS, wrong)).problems
    assert problem.position == 7


def test_trouble_is_told_once_and_counted() -> None:
    forged = resealed((replace(ENTRIES[0], name="mo"), *ENTRIES[1:]))
    [problem] = judge(forged).problems
    assert problem.sentence.endswith("signed for them, nor 11 after it.")
