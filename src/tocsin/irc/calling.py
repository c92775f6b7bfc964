"""Whom a line calls: people are named by the nicks that they have now, and all others in it are left in peace."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tocsin.domain.people import PersonId
from tocsin.views.lines import Line

JOINER: Final = "\u2060"
"""Inside a name it is not seen, and keeps the name from calling its owner."""
_NAME: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]*")
_KEPT: Final = re.compile(
    r"!\w(?:(?!\s--\s|\.\s|;\s|\s\(|,\sthen\b|\s{2}).)*(?:\s--\s.*)?"
    r"|\btocsin (?:config|directory|past|recipe|record|request)\b.*|https?://\S+|\bE[1-9][0-9]*\b"
)
"""From a verb to the end of what is to be typed, addresses and ids: nothing in there may be changed."""


@dataclass(frozen=True, slots=True)
class Names:
    """The nicks in a channel, our own left out; the one that each person has there now; how names are compared."""

    nicks: frozenset[str]
    nick_of: Callable[[PersonId], str]
    fold: Callable[[str], str] = str.casefold


NOBODY: Final = Names(frozenset(), str)


def addressed(line: Line, names: Names) -> str:
    """Return a line that calls the people it means to call, by the nicks that they have now, and nobody else."""
    called = _called(line, names)
    spared = {names.fold(nick) for nick in names.nicks} - {names.fold(nick) for nick in called.values()}

    def one(found: re.Match[str]) -> str:
        name = found[0]
        if name in called:
            return called[name]
        return f"{name[0]}{JOINER}{name[1:]}" if names.fold(name) in spared else name

    return _in_between(line.text, lambda text: _NAME.sub(one, text))


def only_named(line: Line, names: Names) -> str:
    """Return a line that calls whom it means to call, and perhaps others: shorter, where room is short."""
    called = _called(line, names)
    return _in_between(line.text, lambda text: _NAME.sub(lambda found: called.get(found[0], found[0]), text))


def _called(line: Line, names: Names) -> Mapping[str, str]:
    return {str(person): names.nick_of(person) for person in line.calls}


def _in_between(text: str, change: Callable[[str], str]) -> str:
    """Change what may be changed in a text, and keep the rest."""
    return "".join(_parts(text, change))


def _parts(text: str, change: Callable[[str], str]) -> Iterable[str]:
    position = 0
    for kept in _KEPT.finditer(text):
        yield change(text[position : kept.start()])
        yield kept[0]
        position = kept.end()
    yield change(text[position:])
