"""Every way in which a value can be different in one part: for rules that must notice any difference."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import TypeVar, cast

T = TypeVar("T")


def others(value: T, but: frozenset[str] = frozenset()) -> Iterator[T]:
    """Yield the value with one part of it different, for each part that can be, however deep, save the named fields."""
    assert is_dataclass(value) and not isinstance(value, type)
    for each in fields(value):
        if each.name not in but:
            for other in _different(getattr(value, each.name)):
                yield cast(T, replace(value, **{each.name: other}))


def _different(value: object) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case Enum():
            yield from (each for each in type(value) if each is not value)
        case str():
            yield f"{value}x"
        case int():
            yield value + 1
        case timedelta():
            yield value + timedelta(seconds=1)
        case frozenset():
            yield value | {"more"}
        case tuple():
            yield from _different_tuples(value)
        case None:
            return
        case _:
            yield from others(value)


def _different_tuples(value: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    """A tuple can be shorter, longer or different in one place; a pair within it stays a pair."""
    for n, each in enumerate(value):
        yield (*value[:n], *value[n + 1 :])
        yield (*value, each)
        parts = _one_other(each) if isinstance(each, tuple) else _different(each)
        yield from ((*value[:n], other, *value[n + 1 :]) for other in parts)


def _one_other(value: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    for n, each in enumerate(value):
        yield from ((*value[:n], other, *value[n + 1 :]) for other in _different(each))
