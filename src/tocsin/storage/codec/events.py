"""Events as the record stores them: a kind, the version of its shape, and canonical JSON; what they mean is elsewhere.

Law: what was stored once is read for ever. The name of a class and of its fields are its stored form; a class whose
meaning must change gets a new name, one whose form must change gets a line in `UPGRADES`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast, get_args

from tocsin.domain.events import Event
from tocsin.record.canonical import canonical
from tocsin.storage.codec.shapes import Shape, Shapes, Unreadable, Value

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
UPGRADES: Mapping[tuple[str, int], Upgrade] = {}
"""From a kind and the shape that is left behind, to what makes of it the next shape. A field added with a default
needs no line here."""

FIRST_SHAPE = 1
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Stored:
    """One event as it is stored."""

    kind: str
    shape: int
    body: bytes


class Codec:
    """Writes and reads the events of these classes."""

    def __init__(self, classes: Iterable[type], upgrades: Mapping[tuple[str, int], Upgrade] = UPGRADES) -> None:
        """Work out every shape at once, so that a class that cannot be stored is known at the start."""
        shapes = Shapes()
        self._by_kind: dict[str, Shape] = {cls.__name__: shapes.of(cls) for cls in classes}
        self._upgrades = upgrades
        self._newest = {kind: max((n + 1 for k, n in upgrades if k == kind), default=1) for kind in self._by_kind}

    def encode(self, event: object) -> Stored:
        """Write an event in the newest shape of its kind."""
        kind = type(event).__name__
        return Stored(kind, self._newest[kind], canonical(self._by_kind[kind].write(event)))

    def decode(self, stored: Stored) -> Event:
        """Read an event of any shape there has ever been; raises `Unreadable`."""
        return self.read(stored.kind, stored.shape, stored.body)

    def read(self, kind: str, shape: int, body: bytes) -> Event:
        """Read one from the parts of what is stored; raises `Unreadable`."""
        known = self._by_kind.get(kind)
        if known is None:
            raise Unreadable(f"{kind} is no event that this version knows.")
        try:
            value = _read_json(body.decode())
        except (ValueError, RecursionError) as broken:
            raise Unreadable(f"The body of a {kind} is not JSON: {broken}") from broken
        if shape != self._newest[kind]:
            value = self._upgraded(kind, shape, value)
        return cast(Event, known.read(value))

    def _upgraded(self, kind: str, shape: int, value: Value) -> Value:
        newest = self._newest[kind]
        if not FIRST_SHAPE <= shape <= newest:
            raise Unreadable(f"A {kind} of shape {shape}: this version knows up to {newest}.")
        for each in range(shape, newest):
            value = self._upgrades[kind, each](value)
        return value


def _read_json(text: str) -> Value:
    """Read what `canonical` wrote: without the search for space around it, which would take most of the time."""
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError(f"more follows after {end} characters")
    return value


@cache
def event_codec() -> Codec:
    """Return the codec of all events there are."""
    return Codec(get_args(Event))
