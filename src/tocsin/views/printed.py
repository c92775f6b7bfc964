"""What a step printed, as lines of coloured text: the colours of a terminal are kept, whatever else it obeys is not.

A terminal's control sequences can move, hide and rewrite what a person reads; here they do nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tocsin.views.lines import visible

MOST_LINES = 1000
LONGEST_LINE = 2000
TAB = 8
COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")

_SEQUENCE = re.compile(
    r"\x1b\[(?P<colours>[0-9;]*)m"  # what colours text
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # any other control sequence
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # strings for the terminal itself: titles, links, clipboards
    r"|\x1b[ -/]*[0-~]?"  # what is left of them
)


@dataclass(frozen=True, slots=True)
class Segment:
    """Text in one look; `colour` is one of `COLOURS`, or nothing."""

    text: str
    colour: str = ""
    bold: bool = False
    underlined: bool = False

    @property
    def classes(self) -> str:
        """Return the names by which the stylesheet knows the look."""
        looks = (f"ansi-{self.colour}" if self.colour else "", "ansi-bold" if self.bold else "")
        return " ".join(filter(None, (*looks, "ansi-underlined" if self.underlined else "")))


@dataclass(frozen=True, slots=True)
class Printed:
    """The last lines that were printed, and how many bytes came before them."""

    lines: tuple[tuple[Segment, ...], ...]
    left_out: int = 0


def printed(data: bytes, start: int = 0) -> Printed:
    """Return the last lines of an output; `data` is what was printed from byte `start` to its end."""
    text = data.decode("utf-8", "replace")
    rows = text.split("\n")
    if rows[-1] == "":
        rows.pop()
    shown = rows[-MOST_LINES:]
    if start and len(shown) == len(rows) and len(shown) > 1:
        shown = shown[1:]  # its beginning was cut off
    left_out = start + len(data) - len("\n".join(shown).encode()) if len(shown) < len(rows) else start
    return Printed(tuple(_lines(shown)), left_out)


def _lines(rows: list[str]) -> Iterator[tuple[Segment, ...]]:
    look = Segment("")
    for row in rows:
        segments = list(_segments(_overwritten(row.expandtabs(TAB)), look))
        look = segments[-1]
        yield _bounded([each for each in segments if each.text])


def _segments(row: str, look: Segment) -> Iterator[Segment]:
    """Yield the pieces of a line, each in the look that holds then; the last one carries it on to the next line."""
    end = 0
    for found in _SEQUENCE.finditer(row):
        yield replace(look, text=visible(row[end : found.start()]))
        if found["colours"] is not None:
            look = _coloured(look, found["colours"])
        end = found.end()
    yield replace(look, text=visible(row[end:]))


def _overwritten(row: str) -> str:
    """A carriage return begins the line anew, as progress bars do: what is read last is what stands there."""
    return next((part for part in reversed(row.split("\r")) if part), "")


def _coloured(look: Segment, codes: str) -> Segment:
    numbers = iter([int(each[:4] or 0) for each in codes.split(";")])
    for code in numbers:
        if code in (38, 48):  # one of 256 colours, or of many more: its numbers are no codes of their own
            for _ in range({5: 1, 2: 3}.get(next(numbers, 0), 0)):
                next(numbers, 0)
        else:
            look = _changed(look, code)
    return look


def _changed(look: Segment, code: int) -> Segment:
    match code:
        case 0:
            return Segment("")
        case 1 | 22:
            return replace(look, bold=code == 1)
        case 4 | 24:
            return replace(look, underlined=code == 4)
        case 39:
            return replace(look, colour="")
        case _ if 30 <= code <= 37 or 90 <= code <= 97:
            return replace(look, colour=COLOURS[code % 10])
        case _:
            return look


def _bounded(segments: list[Segment]) -> tuple[Segment, ...]:
    """A line without end is cut, and shows it."""
    left = LONGEST_LINE
    kept: list[Segment] = []
    for each in segments:
        if len(each.text) > left:
            return (*kept, replace(each, text=f"{each.text[:left]}\u2026"))
        kept.append(each)
        left -= len(each.text)
    return tuple(kept)
