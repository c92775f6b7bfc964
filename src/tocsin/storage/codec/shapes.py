"""How a value of a type is written as JSON and read back, worked out once from the type's own fields.

Laws: what was written reads back equal, or reading fails; nothing is guessed, and no field is left out for having its
default, for defaults may change. Durations are whole microseconds, sets are sorted, one of several classes is written
as `{"ItsName": {...}}`.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NewType, TypeAlias, Union, get_args, get_origin, get_type_hints

from tocsin.domain.errors import TocsinError
from tocsin.record.canonical import NotCanonical, canonical, read_time, spell_time

Hint: TypeAlias = Any
"""A type hint: what `get_type_hints` returns has no common type."""
Value: TypeAlias = Any
"""JSON on one side and, on the other, what the type hint says."""

_MICROSECOND = timedelta(microseconds=1)


class Unreadable(TocsinError):
    """Stored JSON that is not of the type that it should be."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The two directions of one type; a value that is exactly a `plain` one needs no reading, which saves time."""

    write: Callable[[Value], Value]
    read: Callable[[Value], Value]
    plain: type | None = None


class Shapes:
    """The shapes of all types met so far."""

    def __init__(self) -> None:
        """Begin with the plain ones."""
        self._known: dict[Hint, Shape] = {
            str: _plain(str),
            int: _plain(int),
            bool: _plain(bool),
            types.NoneType: _plain(types.NoneType),
            datetime: Shape(spell_time, _read_time),
            timedelta: Shape(lambda value: value // _MICROSECOND, _read_duration),
        }

    def of(self, hint: Hint) -> Shape:
        """Return the shape of a type; raises `TypeError` for a type that an event must not have."""
        if hint not in self._known:
            self._known[hint] = self._work_out(hint)
        return self._known[hint]

    def _work_out(self, hint: Hint) -> Shape:
        if isinstance(hint, NewType):
            return self.of(hint.__supertype__)
        origin: Hint = get_origin(hint)
        inside = get_args(hint)
        if origin is tuple and inside[1:] == (...,):
            return _many(self.of(inside[0]), tuple)
        if origin is frozenset:
            return _set(self.of(inside[0]))
        if origin is tuple:
            return _row([self.of(each) for each in inside])
        if origin in (types.UnionType, Union):
            return self._either(inside)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return _one_of(hint)
        if isinstance(hint, type) and is_dataclass(hint):
            return self._record(hint)
        raise TypeError(f"An event cannot hold {hint}: it has no shape.")

    def _either(self, hints: tuple[Hint, ...]) -> Shape:
        present = tuple(hint for hint in hints if hint is not types.NoneType)
        inner = self.of(present[0]) if len(present) == 1 else _tagged({cls: self.of(cls) for cls in present})
        return _optional(inner) if len(present) < len(hints) else inner

    def _record(self, cls: type) -> Shape:
        hints = get_type_hints(cls)
        return _object(cls, {field.name: self.of(hints[field.name]) for field in fields(cls)})


def _plain(cls: type) -> Shape:
    """A value that JSON holds as it is; a bool is no int here."""

    def check(value: Value) -> Value:
        if type(value) is not cls:
            raise Unreadable(f"{value!r} is not a {cls.__name__}.")
        return value

    return Shape(check, check, cls)


def _one_of(cls: type[Enum]) -> Shape:
    by_value = {member.value: member for member in cls}

    def read(value: Value) -> Enum:
        try:
            return by_value[value]
        except (KeyError, TypeError) as unknown:
            raise Unreadable(f"{value!r} is no {cls.__name__} that this version knows.") from unknown

    return Shape(lambda member: cls(member).value, read)


def _optional(inner: Shape) -> Shape:
    write, read = inner.write, inner.read
    return Shape(
        lambda value: None if value is None else write(value),
        lambda value: None if value is None else read(value),
        inner.plain,
    )


def _many(inner: Shape, made: Callable[[Value], Value]) -> Shape:
    write, read, plain = inner.write, inner.read, inner.plain
    return Shape(
        lambda values: [write(each) for each in values],
        lambda values: made([each if type(each) is plain else read(each) for each in _list(values)]),
    )


def _set(inner: Shape) -> Shape:
    write = inner.write
    return Shape(
        lambda values: sorted((write(each) for each in values), key=canonical),
        _many(inner, frozenset).read,
    )


def _row(inside: list[Shape]) -> Shape:
    writes, reads = [each.write for each in inside], [each.read for each in inside]

    def read(values: Value) -> tuple[Value, ...]:
        if len(_list(values)) != len(reads):
            raise Unreadable(f"{len(values)} values stand where {len(reads)} belong.")
        return tuple([each(value) for each, value in zip(reads, values, strict=True)])

    return Shape(lambda values: [each(value) for each, value in zip(writes, values, strict=True)], read)


def _tagged(classes: Mapping[type, Shape]) -> Shape:
    """One of several classes, told apart by name: some have the same fields, or none."""
    by_name = {cls.__name__: shape.read for cls, shape in classes.items()}
    if len(by_name) < len(classes) or not all(is_dataclass(cls) for cls in classes):
        raise TypeError(f"{classes.keys()} cannot be told apart by their names.")

    def write(value: Value) -> dict[str, Value]:
        return {type(value).__name__: classes[type(value)].write(value)}

    def read(value: Value) -> Value:
        [name] = value if isinstance(value, dict) and len(value) == 1 else [""]
        if name not in by_name:
            raise Unreadable(f"{value!r} is none of {', '.join(by_name)}.")
        return by_name[name](value[name])

    return Shape(write, read)


def _object(cls: type, shapes: Mapping[str, Shape]) -> Shape:
    """A dataclass; a field that older events lack takes its default, and one that we do not know is refused."""
    known = [(name, shape.plain, shape.read) for name, shape in shapes.items()]
    writes = [(name, shape.write) for name, shape in shapes.items()]
    names = shapes.keys()
    needed = {field.name for field in fields(cls) if field.default is MISSING and field.default_factory is MISSING}

    def write(value: Value) -> dict[str, Value]:
        if type(value) is not cls:  # a subclass would lose its own fields
            raise Unreadable(f"{value!r} is not a {cls.__name__}.")
        return {name: each(getattr(value, name)) for name, each in writes}

    def read(value: Value) -> Value:
        if not isinstance(value, dict):
            raise Unreadable(f"{value!r} is not a {cls.__name__}.")
        if value.keys() == names:
            return cls(*[at if type(at := value[name]) is plain else each(at) for name, plain, each in known])
        if not needed <= value.keys() <= names:
            wrong = ", ".join(sorted((value.keys() - names) | (needed - value.keys())))
            raise Unreadable(f"A {cls.__name__} lacks, or has too much of: {wrong}.")
        return cls(**{name: each(value[name]) for name, _, each in known if name in value})

    return Shape(write, read)


def _list(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise Unreadable(f"{value!r} is not a list.")
    return value


def _read_time(value: Value) -> datetime:
    try:
        return read_time(value)
    except (NotCanonical, TypeError) as broken:
        raise Unreadable(f"{value!r} is not a time.") from broken


def _read_duration(value: Value) -> timedelta:
    if type(value) is not int:
        raise Unreadable(f"{value!r} is not a duration.")
    try:
        return timedelta(microseconds=value)
    except OverflowError as broken:
        raise Unreadable(f"{value!r} is too long a duration.") from broken
