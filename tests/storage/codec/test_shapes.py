"""What an event may hold, and how each kind of value is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.domain.people import PersonId
from tocsin.domain.plan import CommandProof, FetchProof, Proof, Reason, WordProof
from tocsin.domain.schedule import Freeze, Window
from tocsin.storage.codec.shapes import Hint, Shapes, Unreadable

SHAPES = Shapes()
NOW = datetime(2026, 11, 21, 2, 14, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hint", "value", "written"),
    [
        (str, "é", "é"),
        (PersonId, "ada", "ada"),
        (int, 10**30, 10**30),
        (bool | None, None, None),
        (bool | None, False, False),
        (Reason, Reason.DATA, "data"),
        (datetime, NOW, "2026-11-21T02:14:07.000005Z"),
        (timedelta, timedelta(days=-1, microseconds=1), -86_399_999_999),
        (timedelta, timedelta.max, 86_399_999_999_999_999_999),
        (tuple[str, ...], ("b", "a"), ["b", "a"]),
        (tuple[str, int], ("a", 1), ["a", 1]),
        (frozenset[str], frozenset({"b", "a"}), ["a", "b"]),
        (frozenset[tuple[int, str]], frozenset({(2, "a"), (1, "b")}), [[1, "b"], [2, "a"]]),
        (FetchProof, FetchProof("u", "t"), {"url": "u", "text": "t", "present": True}),
        (Proof, WordProof(), {"WordProof": {}}),
        (Proof, CommandProof(("a",)), {"CommandProof": {"arguments": ["a"], "folder": "", "limit": 30_000_000}}),
        (tuple[Proof, ...], (WordProof(),), [{"WordProof": {}}]),
        (Proof | None, None, None),
    ],
)
def test_each_kind_of_value_is_written_and_read_back(hint: Hint, value: object, written: object) -> None:
    shape = SHAPES.of(hint)
    assert shape.write(value) == written
    assert shape.read(written) == value


@pytest.mark.parametrize(
    ("hint", "written"),
    [
        (str, 1),
        (int, True),
        (bool, 1),
        (Reason, "boredom"),
        (datetime, "2026-11-21T02:14:07Z"),
        (datetime, 5),
        (timedelta, "PT5S"),
        (timedelta, True),
        (timedelta, 10**30),
        (tuple[str, ...], "ab"),
        (frozenset[str], {"a": 1}),
        (Proof, {}),
        (Proof, {"OtherProof": {}}),
        (Proof, {"WordProof": {}, "FetchProof": {}}),
        (Proof, "WordProof"),
        (WordProof, {"more": 1}),
        (WordProof, []),
    ],
)
def test_what_was_not_written_so_is_refused(hint: Hint, written: object) -> None:
    with pytest.raises(Unreadable):
        SHAPES.of(hint).read(written)


def test_a_subclass_is_not_passed_off_as_its_parent() -> None:
    freeze = Freeze("feast", NOW, NOW, why="holidays")
    with pytest.raises(Unreadable):
        SHAPES.of(Window).write(freeze)


@dataclass(frozen=True, slots=True)
class Odd:
    """Holds what has no shape."""

    values: Mapping[str, str]


@pytest.mark.parametrize("hint", [float, bytes, list[str], dict[str, str], Mapping[str, str], Odd, str | int, object])
def test_a_type_without_a_shape_is_refused_at_the_start(hint: Hint) -> None:
    with pytest.raises(TypeError):
        SHAPES.of(hint)
