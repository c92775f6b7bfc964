"""Every stored name with its fields and their types, as text: what `golden_events.json` holds."""

import json
import types
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from tocsin.domain.events import Event
from tocsin.storage.codec.shapes import Hint

ALWAYS = ", always there"
FILE = Path(__file__).with_name("golden_events.json")


def events() -> tuple[type, ...]:
    return get_args(Event)


def live() -> dict[str, Any]:
    """Return all stored names of this very code: of events, of the classes within them, and of closed sets."""
    found: dict[type, Any] = {}
    _collect(events(), found)
    assert len({cls.__name__ for cls in found}) == len(found), "two classes of one name cannot be told apart"
    return {
        "events": sorted(cls.__name__ for cls in events()),
        "classes": {cls.__name__: what for cls, what in found.items() if is_dataclass(cls)},
        "words": {cls.__name__: what for cls, what in found.items() if not is_dataclass(cls)},
    }


def spelled(golden: dict[str, Any]) -> str:
    return json.dumps(golden, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _collect(hints: Iterable[Any], found: dict[type, Any]) -> None:
    for hint in hints:
        if isinstance(hint, NewType):
            _collect([hint.__supertype__], found)
        elif get_args(hint):
            _collect(get_args(hint), found)
        elif isinstance(hint, type) and issubclass(hint, Enum) and hint not in found:
            found[hint] = sorted(member.value for member in hint)
        elif isinstance(hint, type) and is_dataclass(hint) and hint not in found:
            known = get_type_hints(hint)
            found[hint] = {field.name: _field(known[field.name], field) for field in fields(hint)}
            _collect(known.values(), found)


def _field(hint: Hint, field: Field[Any]) -> str:
    needed = field.default is MISSING and field.default_factory is MISSING
    return _name(hint) + (ALWAYS if needed else "")


def _name(hint: Hint) -> str:
    if isinstance(hint, NewType):
        return _name(hint.__supertype__)
    origin: Hint = get_origin(hint)
    if origin in (types.UnionType, Union):
        return " | ".join(_name(each) for each in get_args(hint))
    if hint is ...:
        return "..."
    if get_args(hint):
        return f"{hint.__origin__.__name__}[{', '.join(_name(each) for each in get_args(hint))}]"
    return str(hint.__name__)
