"""The commands of recipes, argument by argument: what is confirmed is what runs, so nothing may hide in them."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path as FilePath
from typing import Annotated

from pydantic import BeforeValidator

from tocsin.config.checking import did_you_mean
from tocsin.config.names import is_printable
from tocsin.domain.plan import PLACES, place_name

MOST_ARGUMENTS = 200
OPTIONS = ("-", "-x", "--x", "-1", "--help", "-rf")
"""Values that a command would take for an option."""

# `@{upstream}` is how git names a branch, and nothing to fill in.
_PLACE_WITHIN = re.compile(r"(?<!@)\{[a-z][a-z0-9_]*\}")


def place_within(text: str) -> str:
    """Return what looks like a place in a text that is more than that place; else an empty string."""
    match = _PLACE_WITHIN.search(text)
    return match[0] if match and not place_name(text) else ""


def unknown_places(arguments: Iterable[str], values: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield number and sentence of every argument that is to be filled in and that nothing fills."""
    known = sorted({*PLACES, *values})
    for number, argument in enumerate(arguments):
        name = place_name(argument)
        if name and name not in known:
            yield number, f"Nothing fills {argument}: {did_you_mean(name, known)}"


def _checked(given: object) -> object:
    """Say of one command all that is wrong with it; that each argument is a text is checked elsewhere."""
    if isinstance(given, str):
        raise ValueError(
            'is a list of arguments, such as ["git", "fetch"]: no shell splits a text, so that what is confirmed '
            "is exactly what runs"
        )
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        return given
    if sentence := _fault(given):
        raise ValueError(sentence)
    return given


def _fault(arguments: list[str]) -> str:
    if not arguments:
        return "is an empty list: name the program and its arguments, or leave the key out"
    if len(arguments) > MOST_ARGUMENTS:
        return f"has more than {MOST_ARGUMENTS} arguments, which nobody can read before saying yes"
    if not arguments[0].strip() or place_name(arguments[0]) or place_within(arguments[0]):
        return f"must begin with the program itself, written out: {arguments[0]!r} could become any program"
    for argument in arguments:
        if part := place_within(argument):
            return f'holds {part} inside {argument!r}: a place fills one whole argument, such as ["--to", "{part}"]'
        if not is_printable(argument):
            return f"holds a line break or a character that cannot be seen, in {argument!r}"
    return ""


def _no_place(given: object) -> object:
    if isinstance(given, str) and _PLACE_WITHIN.search(given):
        raise ValueError("is used as it stands: places are filled in the arguments of a command only")
    return given


def _absolute(given: object) -> object:
    if isinstance(given, str) and not FilePath(given).is_absolute():
        raise ValueError(f"must begin with /, as nobody knows where {given!r} would be")
    return given


AsItStands = BeforeValidator(_no_place)
Arguments = Annotated[list[str], BeforeValidator(_checked)]
Folder = Annotated[str, BeforeValidator(_absolute), AsItStands]
