"""Lines that people read: each within a budget of bytes, with nothing hidden in it.

Laws: only text from outside (`Free`) is cut to make a line fit, at a character and with an ellipsis; where that does
not suffice the line becomes two, between sentences. No control, direction or line-break character reaches a reader as
such.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tocsin.domain.people import PersonId, RequestId

BUDGET_BYTES: Final = 380
LEAST_BYTES: Final = 30
"""A free text shorter than this tells nothing: rather than that, the line becomes two."""
HEAD_BYTES: Final = 200
"""How much is kept of the beginning of a sentence that does not fit whatever is cut; the rest is of its end."""
ELLIPSIS: Final = "\u2026"
ENDS_OF_SENTENCES: Final = (".", "!", "?", ELLIPSIS)
BEGINNINGS: Final = frozenset(
    "a all asking confirmed every no nobody not nothing paused somebody still the two waking what".split()
)
"""Words of ours with which a sentence may begin: written small after the id, and large after another sentence."""
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be said; `calls` are the people whom it highlights on purpose."""

    text: str
    calls: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Free:
    """Text from outside, harmless already: the only kind that is cut when a line would be too long."""

    text: str


Words: TypeAlias = tuple[str | Free, ...]
"""Pieces of a line, joined without anything between them."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about a request: `E17: ...`, or `E17 is ...` when `is_of` the request itself; alone if `apart`."""

    words: Words
    is_of: bool = False
    calls: tuple[PersonId, ...] = ()
    apart: bool = False


def harmless(text: str) -> str:
    """Return outside text on one line, with every character that hides or turns what follows made visible."""
    return " ".join(visible(text).split())


def free(text: str) -> Free:
    """Take outside text as it may be said."""
    return Free(harmless(text))


def quoted(text: str) -> Words:
    """Take outside text as a quotation that it cannot end by itself."""
    return '"', Free(harmless(text).replace('"', "'")), '"'


def line(*words: str | Free, calls: Iterable[PersonId] = ()) -> Line:
    """Put words together in one line."""
    return Line(fitted(words), tuple(dict.fromkeys(calls)))


def told(request: RequestId, sentences: Iterable[Said]) -> tuple[Line, ...]:
    """Return the sentences about a request in as few lines as they fit in, each beginning with its id."""
    groups: list[list[Said]] = [[]]
    for said in sentences:
        last = groups[-1]
        alone = said.apart or (last and last[-1].apart)
        if alone or not _fits(_joined(request, [*last, said])):
            groups.append([said])
        else:
            last.append(said)
    return tuple(_told(request, group) for group in groups if group)


def whole(request: RequestId, said: Said) -> str:
    """Return a sentence about a request uncut, for where a line may be as long as it is."""
    return uncut(_joined(request, [said]))


def uncut(words: Words) -> str:
    """Return words as they are, for where a line may be as long as it is."""
    return "".join(_text(part) if isinstance(part, Free) else visible(part) for part in words)


def fitted(words: Words) -> str:
    """Return words as text within the budget: what is free is cut evenly, what is not only if nothing else helps."""
    lengths = [len(part.text.encode()) for part in words if isinstance(part, Free)]
    share = _share(lengths, max(BUDGET_BYTES - _fixed_bytes(words), _least(words)))
    parts = (cut(part.text, share) if isinstance(part, Free) else visible(part) for part in words)
    return _middle_cut("".join(parts).replace(f"{ELLIPSIS}.", ELLIPSIS))


def cut(text: str, limit_bytes: int) -> str:
    """Shorten a text to that many bytes of UTF-8, at a character, with an ellipsis to show it."""
    encoded = text.encode()
    if len(encoded) <= limit_bytes:
        return text
    kept = encoded[: max(0, limit_bytes - len(ELLIPSIS.encode()))].decode("utf-8", "ignore")
    return kept.rstrip() + ELLIPSIS


def _told(request: RequestId, group: Sequence[Said]) -> Line:
    return line(*_joined(request, group), calls=(person for said in group for person in said.calls))


def _joined(request: RequestId, group: Sequence[Said]) -> Words:
    """Put sentences together: the first names the request, those after it do not name it again."""
    words: list[str | Free] = []
    for said in group:
        if not words:
            words += (f"{request} " if said.is_of else f"{request}: ", *said.words)
        else:
            stop = "" if _text(words[-1] or words[-2]).endswith(ENDS_OF_SENTENCES) else "."
            words += (f"{stop} It ", *said.words) if said.is_of else (f"{stop} ", *_begun(said.words))
    return tuple(words)


def _begun(words: Words) -> Words:
    """Begin a sentence with a capital, unless it begins with somebody's name or something else of its own."""
    first = _text(words[0])
    if first.partition(" ")[0] not in BEGINNINGS:
        return words
    large = first[:1].upper() + first[1:]
    return (large if isinstance(words[0], str) else Free(large), *words[1:])


def _text(part: str | Free) -> str:
    return part.text if isinstance(part, Free) else part


def _fits(words: Words) -> bool:
    return _fixed_bytes(words) + _least(words) <= BUDGET_BYTES


def _least(words: Words) -> int:
    """Return how many bytes the free texts take when each is as short as it may become."""
    return sum(min(LEAST_BYTES, len(part.text.encode())) for part in words if isinstance(part, Free))


def _fixed_bytes(words: Words) -> int:
    return sum(len(visible(part).encode()) for part in words if isinstance(part, str))


def _share(lengths: Sequence[int], room: int) -> int:
    """Return how many bytes each free text may have: what short ones leave over goes to the long ones."""
    left, waiting = room, sorted(lengths)
    while waiting and waiting[0] <= left // len(waiting):
        left -= waiting.pop(0)
    return left // len(waiting) if waiting else room


def _middle_cut(text: str) -> str:
    """Keep the beginning (what it is about) and the end (what to type) of a text that is too long as it is."""
    encoded = text.encode()
    if len(encoded) <= BUDGET_BYTES:
        return text
    head = cut(text, HEAD_BYTES)
    return head + encoded[len(encoded) - (BUDGET_BYTES - len(head.encode())) :].decode("utf-8", "ignore")


def visible(text: str) -> str:
    """Return text with every character that hides or turns what follows made visible."""
    return text if text.isascii() and text.isprintable() else "".join(_shown(each) for each in text)


def _shown(character: str) -> str:
    if character in "\t\n\r\v\f":
        return " "
    if unicodedata.category(character) in _HIDDEN:
        return f"<U+{ord(character):04X}>"
    return character
