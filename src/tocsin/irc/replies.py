"""What the bot answers to the one who spoke: refusals with every reason, and errors as they concern a person."""

import re
from typing import Final

from tocsin.domain.errors import AlreadyActed, Conflict, RecordUnavailable, Refused, TocsinError, UnknownRequest
from tocsin.irc.names import cut
from tocsin.views.lines import harmless

BUDGET_BYTES: Final = 380
MOST_LINES: Final = 8
"""Of one answer: more would be a flood."""
BROKEN: Final = "Something went wrong on my side, and nothing was done. Say it again; it is in my log."
ELSEWHERE: Final = "the command line tells all of it, see: tocsin request --help"
BY_HAND: Final = "Say it again; if it stays so, do as the source says by hand."
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z!])")
_BEFORE_A_COMMAND: Final = re.compile(r"\s+(?=!\w)")


def reply_to(error: TocsinError) -> str:
    """Return the answer to an act that came to nothing; empty when silence is the answer."""
    match error:
        case AlreadyActed():
            return ""
        case Refused():
            return " ".join(error.reasons)
        case Conflict() | UnknownRequest():
            return str(error)
        case RecordUnavailable():
            return f"Nothing was done: the record cannot be written ({error}). {BY_HAND}"
        case _:
            return f"Nothing was done: {error}"


def lines(nick: str, text: str, budget: int = BUDGET_BYTES) -> list[str]:
    """Return an answer in lines within the budget, each addressed to the one who spoke; without a nick to nobody."""
    address = f"{nick}: " if nick else ""
    found = [f"{address}{each}" for each in wrapped(visible(text), budget - len(address.encode()))]
    return [*found[: MOST_LINES - 1], f"{address}and more: {ELSEWHERE}"] if len(found) > MOST_LINES else found


def wrapped(text: str, budget: int) -> list[str]:
    """Return a text in lines: parted where sentences end, else before what is to be typed, else between words."""
    if len(text.encode()) <= budget:
        return [text] if text else []
    place = _parting(text, budget)
    if place is None:
        head = cut(text, budget)
        return [head, *wrapped(text[len(head) - 1 :].strip(), budget)] if len(head) > 1 else [head]
    return [text[:place].rstrip(), *wrapped(text[place:].lstrip(), budget)]


def visible(text: str) -> str:
    """Return a text that can be said as one line, with every character that nobody could see made visible."""
    return text if text.isprintable() else harmless(text)


def _parting(text: str, budget: int) -> int | None:
    """Return the last good place at which the text before it fits."""
    for pattern in (_SENTENCE_ENDS, _BEFORE_A_COMMAND):
        places = [found.start() for found in pattern.finditer(text)]
        fitting = [place for place in places if 0 < len(text[:place].rstrip().encode()) <= budget]
        if fitting:
            return fitting[-1]
    return None
