"""What is measured, and how it is shown: a median with its spread, beside what is asked for and beside a floor."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured several times; `goal` is what is asked for, or what the figure stands beside.

    What could not be measured has no values, and its goal says why.
    """

    what: str
    values: tuple[float, ...]
    unit: str
    goal: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the figure as the cells of one line."""
        spread = (median, min, max)
        told = (_rounded(of(self.values)) if self.values else "-" for of in spread)
        return (self.what, *told, self.unit, str(len(self.values)), self.goal)


HEADS = ("what", "median", "min", "max", "unit", "times", "goal, or what it stands beside")
RIGHT = frozenset({1, 2, 3, 5})


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as one table, which reads as Markdown too."""
    rows = [HEADS, *(figure.cells for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    rule = [f"{'-' * (width - 1)}:" if place in RIGHT else "-" * width for place, width in enumerate(widths)]
    return "\n".join(_line(row, widths) for row in (rows[0], rule, *rows[1:]))


def milliseconds(act: Callable[[], object], times: int, *, warm: int = 3) -> tuple[float, ...]:
    """Return how long something took, each time; the first few times are not counted."""
    for _ in range(warm):
        act()
    return tuple(_once(act) for _ in range(times))


def a_second(act: Callable[[], object], in_it: int, times: int, *, warm: int = 1) -> tuple[float, ...]:
    """Return how many of the things that one call does were done a second."""
    return tuple(1000 * in_it / each for each in milliseconds(act, times, warm=warm))


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def halves_and_tails(what: str, rounds: Sequence[Sequence[float]], unit: str, goal: str = "") -> Iterator[Figure]:
    """Yield the median and the 99th percentile of each of several rounds; the goal is that of the 99th."""
    yield Figure(f"{what}: p50", tuple(map(median, rounds)), unit)
    yield Figure(f"{what}: p99", tuple(percentile(each, 99) for each in rounds), unit, goal)


def _once(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _line(row: Iterable[str], widths: list[int]) -> str:
    cells = (
        f"{cell:>{width}}" if place in RIGHT else f"{cell:<{width}}"
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {' | '.join(cells)} |"


def _rounded(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"
