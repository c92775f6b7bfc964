"""A copy of a value with some of its fields changed: what every event does to a request."""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from dataclasses import replace as altered
else:
    Value = TypeVar("Value")

    def altered(value: Value, /, **changes: object) -> Value:
        """Return a copy with these fields changed, as `dataclasses.replace` does, for a class without slots.

        `replace` sets every field again, one by one: most of the time that reading a long request would take.
        """
        known = vars(value)
        fields = known | changes
        assert len(fields) == len(known), f"{type(value).__name__} has no {changes.keys() - known}"
        copy = object.__new__(type(value))
        object.__setattr__(copy, "__dict__", fields)
        return copy


__all__ = ["altered"]
