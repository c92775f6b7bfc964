"""Distinguished names: two ways of writing one are the same here; the form is that of RFC 4514."""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

LONGEST: Final = 2000
_ATTRIBUTE: Final = r"(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)"
_VALUE: Final = r'(?:\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f]|[^\\,+"<>;])*'
_PAIR: Final = re.compile(rf"\s*({_ATTRIBUTE})\s*=({_VALUE})", re.DOTALL)
_ESCAPED: Final = re.compile(rb"\\([0-9A-Fa-f]{2})|\\(.)", re.DOTALL)

Rdn: TypeAlias = tuple[tuple[str, str], ...]
"""The attributes that name an entry among its neighbours, mostly one, with their values as they are."""
Dn: TypeAlias = tuple[Rdn, ...]


def parsed(dn: str) -> Dn:
    """Return the parts of a name, the entry's own first; nothing for what is no such name."""
    if len(dn) > LONGEST:
        return ()
    parts = list(_parts(dn))
    return tuple(parts) if all(parts) else ()


def same(dn: Dn) -> Dn:
    """Return a name so that all ways of writing it are equal: capitals and the number of spaces mean nothing."""
    return tuple(tuple(sorted((key.lower(), " ".join(value.casefold().split())) for key, value in rdn)) for rdn in dn)


def _parts(dn: str) -> Iterator[Rdn]:
    """Yield each part, and an empty one where the text goes on otherwise than a name does."""
    at, pairs, more = 0, list[tuple[str, str]](), True
    while more:
        found = _PAIR.match(dn, at)
        if found is None:
            yield ()
            return
        pairs.append((found[1], _plain(found[2])))
        sign, at = dn[found.end() : found.end() + 1], found.end() + 1
        more = sign in (",", "+")
        if sign != "+":
            yield tuple(pairs) if more or not sign else ()
            pairs = []


def _plain(value: str) -> str:
    """Spaces around a value are no part of it, unless they are escaped."""
    text = re.sub(r"(?<!\\) +$", "", value.lstrip(" "))
    content = _ESCAPED.sub(lambda each: bytes.fromhex(each[1].decode()) if each[1] else each[2], text.encode())
    return content.decode(errors="replace")
