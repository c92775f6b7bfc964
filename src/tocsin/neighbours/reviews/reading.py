"""What all review systems have in common when they are read: foreign JSON, who wrote what, what a change depends on."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from tocsin.domain.people import PersonId

Json = Mapping[str, Any]
PersonOf = Callable[[str], PersonId | None]
"""Knows people by their address, or by the name that another system has for them."""

LONGEST_SUBJECT: Final = 300
SHA_SHOWN: Final = 10
_SHA: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DEPENDS_ON: Final = re.compile(r"^Depends-On:\s*(\S{1,200})\s*$", re.MULTILINE | re.IGNORECASE)
_WRITTEN_BY: Final = re.compile(r"^Co-authored-by:[^<\n]{0,200}<([^<>\s]{1,200})>\s*$", re.MULTILINE | re.IGNORECASE)
_HIDDEN_ADDRESS: Final = re.compile(r"(?:[0-9]+[+-])?([^@\s]+)@users\.noreply\.[^@\s]+", re.IGNORECASE)
"""A forge writes this for people who show no address: it still says their login."""


class Unfamiliar(Exception):
    """JSON of another shape than is documented."""


@contextmanager
def familiar() -> Iterator[None]:
    """Read foreign JSON within this: whatever does not fit becomes `Unfamiliar`."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as other:
        raise Unfamiliar(f"{type(other).__name__}: {other}") from other


def sha_of(told: object) -> str:
    """Return a commit's whole name; anything else could be taken for a path, or for another word of a step."""
    if not isinstance(told, str) or not _SHA.fullmatch(told):
        raise Unfamiliar("no commit")
    return told


def depends_on(*texts: str) -> tuple[str, ...]:
    """Return what messages say that a change depends on, each once."""
    return tuple(dict.fromkeys(each for text in texts for each in _DEPENDS_ON.findall(text)))


def co_authors(message: str) -> list[str]:
    """Return the addresses of those who wrote a commit beside its author."""
    return _WRITTEN_BY.findall(message)


def people(names: Iterable[str | None], person_of: PersonOf) -> frozenset[PersonId]:
    """Return who is meant by addresses and logins, as far as the directory knows them."""
    found = (person_of(each) for name in names if name for each in (name, *_HIDDEN_ADDRESS.findall(name)))
    return frozenset(person for person in found if person)


def by_others(authors: Iterable[str], own: str) -> tuple[str, ...]:
    """Tell how many commits of a change are whose, save those of the one whose change it is."""
    counts: dict[str, int] = {}
    for each in authors:
        counts[each] = counts.get(each, 0) + 1
    others = {each: count for each, count in counts.items() if each.casefold() != own.casefold()}
    return tuple(f"{count} commit{'s' if count > 1 else ''} by {each}" for each, count in others.items())
