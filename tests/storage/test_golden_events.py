"""What was stored once is read for ever: stored names only become more."""

import json
from typing import Any

import pytest

from tests.storage.golden import ALWAYS, FILE, live, spelled

GOLDEN: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
LIVE = live()


def test_the_list_of_stored_names_is_up_to_date() -> None:
    assert spelled(LIVE) == FILE.read_text(encoding="utf-8"), "python -m tests.storage.regenerate_golden"


def test_no_event_is_ever_removed_or_renamed() -> None:
    assert set(GOLDEN["events"]) <= set(LIVE["events"])


@pytest.mark.parametrize("words", GOLDEN["words"])
def test_no_word_of_a_closed_set_is_ever_removed_or_renamed(words: str) -> None:
    assert set(GOLDEN["words"][words]) <= set(LIVE["words"][words])


@pytest.mark.parametrize("name", GOLDEN["classes"])
def test_no_field_is_ever_removed_renamed_or_given_another_type(name: str) -> None:
    golden, now = GOLDEN["classes"][name], LIVE["classes"][name]
    assert {field: kind.removesuffix(ALWAYS) for field, kind in golden.items()}.items() <= {
        field: kind.removesuffix(ALWAYS) for field, kind in now.items()
    }.items()


@pytest.mark.parametrize("name", GOLDEN["classes"])
def test_a_field_that_older_events_lack_has_a_default(name: str) -> None:
    golden, now = GOLDEN["classes"][name], LIVE["classes"][name]
    assert not [field for field in now if now[field].endswith(ALWAYS) and not golden.get(field, "").endswith(ALWAYS)]
