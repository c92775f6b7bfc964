"""Events of every class with every field filled at will, for hypothesis."""

import types
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from tocsin.domain.events import Event
from tocsin.storage.codec.shapes import Hint

EVENT_CLASSES: tuple[type, ...] = get_args(Event)
MANY = 3
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=20),
    int: st.integers(),
    bool: st.booleans(),
    types.NoneType: st.none(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    timedelta: st.timedeltas(),
}


@cache
def any_of(hint: Hint) -> st.SearchStrategy[Any]:
    """Return values of a type with no field left at its default, as `st.from_type` would leave them."""
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, NewType):
        return any_of(hint.__supertype__)
    origin: Hint = get_origin(hint)
    inside = get_args(hint)
    if origin in (types.UnionType, Union):
        return st.one_of([any_of(each) for each in inside])
    if origin is tuple and inside[-1] is not ...:
        return st.tuples(*[any_of(each) for each in inside])
    if origin is tuple:
        return st.lists(any_of(inside[0]), max_size=MANY).map(tuple)
    if origin is frozenset:
        return st.frozensets(any_of(inside[0]), max_size=MANY)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    assert isinstance(hint, type), hint
    known = get_type_hints(hint)
    return st.builds(hint, **{field.name: any_of(known[field.name]) for field in fields(hint)})


any_event: st.SearchStrategy[Event] = st.one_of([any_of(cls) for cls in EVENT_CLASSES])
