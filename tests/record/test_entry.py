"""An entry is sealed once; whatever of it changes later, shows."""

from dataclasses import fields, replace

import pytest

from tests.record.records import content, record, salt
from tocsin.record.entry import BEFORE_THE_FIRST, Entry, flaws, redact, seal

FIRST, SECOND, THIRD = record(3)
CHANGES: dict[str, object] = {
    "position": 9,
    "stream": "E9",
    "version": 9,
    "at": "2026-11-21T02:05:09.000000Z",
    "name": "mo",
    "surface": "page",
    "person": None,
    "proof": "",
    "act": "",
    "kind": "Paused",
    "shape": 2,
    "commitment": bytes(32),
    "previous": bytes(32),
    "hash": bytes(32),
    "body": b"{}",
    "salt": bytes(16),
}


def test_an_honest_chain_has_no_flaws() -> None:
    assert not list(flaws(FIRST, None))
    assert not list(flaws(SECOND, FIRST))
    assert FIRST.previous == BEFORE_THE_FIRST


def test_every_field_of_an_entry_is_sealed() -> None:
    assert CHANGES.keys() == {field.name for field in fields(Entry)}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_is_a_flaw(field: str) -> None:
    changed = replace(SECOND, **{field: CHANGES[field]})  # type: ignore[arg-type] # one field, whichever
    assert list(flaws(changed, FIRST))


@pytest.mark.parametrize("half", [replace(SECOND, body=None), replace(SECOND, salt=None), replace(SECOND, salt=b"")])
def test_half_a_redaction_is_a_flaw(half: Entry) -> None:
    assert list(flaws(half, FIRST))


def test_a_redacted_entry_still_holds() -> None:
    redacted = redact(SECOND)
    assert redacted.redacted
    assert redacted.body is None
    assert not list(flaws(redacted, FIRST))
    assert not list(flaws(THIRD, redacted))


def test_the_same_body_with_another_salt_is_committed_to_otherwise() -> None:
    one = seal(content(1), salt(1), position=1, previous=BEFORE_THE_FIRST)
    other = seal(content(1), salt(2), position=1, previous=BEFORE_THE_FIRST)
    assert one.body == other.body
    assert one.commitment != other.commitment


def test_a_boundary_moved_between_salt_and_body_shows() -> None:
    assert SECOND.salt is not None
    assert SECOND.body is not None
    moved = replace(SECOND, salt=SECOND.salt + SECOND.body[:1], body=SECOND.body[1:])
    assert list(flaws(moved, FIRST))
