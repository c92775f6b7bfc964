"""What a step printed, as lines of coloured text: the colours of a terminal are kept, whatever else it obeys is not.

A terminal's control sequences can move, hide and rewrite what a person reads; here they do nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tocsin.views.lines import visible

MOST_LINES = 1000
LONGEST_LINE = 2000
MOST_RETURNS = 20
"""How often a line may be begun anew; what a progress bar showed before that is covered long since."""
TAB = 8
COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")

ESCAPED, ESCAPE_BYTES = "<>&\"'", 4
SPAN_BYTES = 40
"""What markup adds to a letter that means something to it, and to a piece that has a look."""

_ERASES = re.compile(r"\x1b\[[02]?K")
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


def printed(data: bytes, start: int = 0, most: int = 2**20) -> Printed:
    """Return the last lines of an output; `data` is what was printed from byte `start` to its end.

    Shown on a page they weigh at most about `most` bytes: what is coloured weighs more than what is plain.
    """
    rows = data.split(b"\n")
    if rows[-1] == b"":
        rows.pop()
    begun_before = bool(start) and len(rows) > 1  # its beginning was cut off
    shown = rows[begun_before:][-MOST_LINES:]
    lines = _affordable(tuple(_lines(row.decode("utf-8", "replace") for row in shown)), most)
    before = rows[: len(rows) - len(lines)]
    return Printed(lines, start + sum(len(row) + 1 for row in before))


def _affordable(lines: tuple[tuple[Segment, ...], ...], most: int) -> tuple[tuple[Segment, ...], ...]:
    """Keep the last lines that a page can bear, and always one."""
    weight = 0
    for kept, line in enumerate(reversed(lines)):
        weight += 1 + sum(map(_weight, line))
        if weight > most and kept:
            return lines[-kept:]
    return lines


def _weight(segment: Segment) -> int:
    escaped = sum(map(segment.text.count, ESCAPED))
    return len(segment.text.encode()) + ESCAPE_BYTES * escaped + (SPAN_BYTES if segment.classes else 0)


def _lines(rows: Iterable[str]) -> Iterator[tuple[Segment, ...]]:
    look = Segment("")
    for row in rows:
        segments, look = _overwritten(row.rstrip("\r").expandtabs(TAB), look)
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


def _overwritten(row: str, look: Segment) -> tuple[list[Segment], Segment]:
    """Return the pieces of a line, and the look that is carried on; a carriage return begins the line anew."""
    first, *later = row.split("\r")[-MOST_RETURNS:]
    pieces = list(_segments(first, look))
    look = replace(pieces[-1], text="")
    for part in later:
        over = list(_segments(part, look))
        look = replace(over[-1], text="")
        pieces = over if _ERASES.search(part) else _laid_over(pieces, over)
    return pieces, look


def _laid_over(under: list[Segment], over: list[Segment]) -> list[Segment]:
    """What was there shows only where it is longer, as on a terminal."""
    covered = sum(len(each.text) for each in over)
    rest = []
    for each in under:
        rest.append(replace(each, text=each.text[covered:]))
        covered = max(0, covered - len(each.text))
    return over + [each for each in rest if each.text]


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
