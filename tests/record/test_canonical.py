"""One value has one spelling."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.record.canonical import Json, NotCanonical, canonical, read_time, spell_time

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_keys_are_sorted_and_no_space_is_wasted() -> None:
    assert canonical({"b": [1, True, None], "a": {"é": "\n"}}) == '{"a":{"é":"\\n"},"b":[1,true,null]}'.encode()


@given(values)
def test_what_was_spelled_reads_back_and_is_spelled_the_same_again(value: Json) -> None:
    spelled = canonical(value)
    assert json.loads(spelled) == value
    assert canonical(json.loads(spelled)) == spelled


@pytest.mark.parametrize("value", [1.0, [0.5], {"a": {"b": float("nan")}}, {1: "a"}, {"a": b"bytes"}, {"a": {1, 2}}])
def test_what_has_two_spellings_or_none_is_refused(value: Json) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}])
def test_broken_text_is_refused(value: Json) -> None:
    with pytest.raises(NotCanonical, match="not Unicode"):
        canonical(value)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_reads_back(at: datetime) -> None:
    assert read_time(spell_time(at)) == at


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_times_sort_as_their_spellings_do(one: datetime, other: datetime) -> None:
    assert (one < other) == (spell_time(one) < spell_time(other))


def test_the_same_moment_in_another_zone_is_spelled_in_utc() -> None:
    there = datetime(2026, 11, 21, 4, 14, 7, tzinfo=timezone(timedelta(hours=2)))
    assert spell_time(there) == "2026-11-21T02:14:07.000000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NotCanonical):
        spell_time(datetime(2026, 11, 21, 2, 14, 7))  # noqa: DTZ001 - this is what is refused


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-11-21",
        "2026-11-21T02:14:07Z",
        "2026-11-21T02:14:07.000000",
        "2026-11-21T02:14:07.000000+00:00",
        "2026-11-21T04:14:07.000000+02:00",
        "2026-11-21 02:14:07.000000Z",
        "2026-13-21T02:14:07.000000Z",
        "2026-11-21T24:00:00.000000Z",
        "2026-W47-6T02:14:07.000000Z",
        "2026-11-21T02:14:07,000000Z",
        "2026-11-21T02:14:07.000000Z\n",
    ],
)
def test_another_spelling_of_a_time_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        read_time(text)
