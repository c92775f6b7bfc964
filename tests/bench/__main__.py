"""Measure, and print one table: everything, or the subjects named: `python -m tests.bench deciding starting`."""

import os
import platform
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator

from tests.bench import (
    answering,
    appending,
    deciding,
    hearing,
    listing,
    memory,
    opening,
    pages,
    reading,
    replaying,
    room,
    round_trips,
    starting,
)
from tests.bench.figures import Figure, table

SUBJECTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "deciding": deciding.measure,
    "reading": reading.measure,
    "replaying": replaying.measure,
    "appending": appending.measure,
    "starting": starting.measure,
    "listing": listing.measure,
    "hearing": hearing.measure,
    "answering": answering.measure,
    "opening": opening.measure,
    "room": room.measure,
    "pages": pages.measure,
    "round-trips": round_trips.measure,
    "memory": memory.measure,
}


def main(named: list[str]) -> int:
    """Measure and print; 2 when a subject is not known."""
    if unknown := [name for name in named if name not in SUBJECTS]:
        print(f"There is no {' or '.join(unknown)} to measure; there are {', '.join(SUBJECTS)}.", file=sys.stderr)
        return 2
    began, figures = time.monotonic(), list[Figure]()
    for name in named or SUBJECTS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        figures += SUBJECTS[name]()
    print(f"{_machine()}\n\n{table(figures)}\n\nMeasured in {time.monotonic() - began:.0f} s.")
    return 0


def _machine() -> str:
    """Say what the figures depend on."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f} at the end, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
