"""What is measured, and how it is shown: a median with its spread, beside what is asked for and beside a floor."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured several times; `goal` is what is asked for, or what the figure stands beside."""

    what: str
    values: tuple[float, ...]
    unit: str
    goal: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the figure as the cells of one line."""
        spread = (median(self.values), min(self.values), max(self.values))
        return (self.what, *map(_rounded, spread), self.unit, str(len(self.values)), self.goal)


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
