"""Starting the command line, as whole processes, turn by turn with what Python itself takes."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure, milliseconds

TIMES = 15
LIMIT_SECONDS = 30
GOAL = "< 150 ms"
TOCSIN = str(Path(sys.executable).with_name("tocsin"))
COMMANDS: tuple[tuple[str, Sequence[str], int, str], ...] = (
    ("start: tocsin --version", (TOCSIN, "--version"), 0, GOAL),
    ("start: tocsin request --help", (TOCSIN, "request", "--help"), 0, GOAL),
    ("start: tocsin request list, no server", (TOCSIN, "request", "list"), 3, GOAL),
    ("  python -c pass", (sys.executable, "-c", "pass"), 0, "the floor"),
    ('  python -c "import click"', (sys.executable, "-c", "import click"), 0, "the floor with click"),
)


def measure() -> Iterator[Figure]:
    """Yield how long each command takes from its start to its end."""
    took: dict[str, list[float]] = {what: [] for what, *_ in COMMANDS}
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        for turn in range(TIMES + 1):
            for what, words, code, _ in COMMANDS:
                [one] = milliseconds(partial(_run, words, code, folder), 1, warm=0)
                if turn:  # the first turn warms the caches
                    took[what].append(one)
    for what, _, _, goal in COMMANDS:
        yield Figure(what, tuple(took[what]), "ms", goal)


def _run(words: Sequence[str], code: int, folder: str) -> None:
    """Run one command where no server is."""
    surroundings = {**os.environ, "TOCSIN_SOCKET": str(Path(folder) / "none.sock")}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    ended = subprocess.run(words, env=surroundings, cwd=folder, capture_output=True, timeout=LIMIT_SECONDS, check=False)
    assert ended.returncode == code, ended.stderr.decode()
