"""The answer of a review system to something that names no change of its own: it says where it would have looked."""

from collections.abc import Iterable, Sequence
from typing import Final

from tocsin.domain.errors import Refused

MOST_NAMED: Final = 4
LONGEST_SHOWN: Final = 60


class Elsewhere(Refused):
    """What was typed is no change of this system, whose `places` people may have meant."""

    def __init__(self, named: str, places: Iterable[str], instead: str) -> None:
        """Say it with what to type instead."""
        self.named, self.places = named, tuple(places)
        super().__init__([f"{shown(named)} is no change of {either(self.places)}: say {instead}."])


def nowhere(missed: Sequence[Elsewhere]) -> Refused:
    """Return the one answer of several systems, none of which has a change of that name."""
    places = dict.fromkeys(place for each in missed for place in each.places)
    named = shown(missed[0].named)
    return Refused([f"{named} is no change of {either(tuple(places))}: say the address of one there, or its number."])


def either(names: Sequence[str]) -> str:
    """Join names as in a sentence, the first few of many."""
    few = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        few.append(f"{len(names) - MOST_NAMED} more")
    return " or ".join([", ".join(few[:-1]), few[-1]] if len(few) > 1 else few)


def shown(named: str) -> str:
    """Repeat what was typed only as far as a line can bear it."""
    plain = "".join(each if each.isprintable() else " " for each in named[: LONGEST_SHOWN + 1])
    return f"{plain[:LONGEST_SHOWN]}..." if len(plain) > LONGEST_SHOWN else plain or "Nothing"
