"""Runs the fuzzer on one law for a time, and tells what came of it; what must hold is for the laws."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import corpus

TOP = Path(__file__).parents[2]
SECONDS = int(os.environ.get("FUZZ_SECONDS", "0"))
"""For each law, with inputs that nobody tried before: whoever wants to find what is old gives it a night."""
RUNS = {"line": 25_000, "words": 60_000, "talk": 7_000}
"""Without that, so many inputs, the same each time: a change is judged by what it does, not by luck. Some 45 s each."""
SEED = 20_260_000
RUNS_AT_MOST_SECONDS = 300
HANGS_AFTER_SECONDS = 10
MEMORY_MEGABYTES = 512
START_SECONDS = 60
LONGEST_INPUT = 9000


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What the fuzzer printed, how often it tried, and the input that broke the law, where one did."""

    code: int
    printed: str
    breaking: Path | None

    @property
    def tried(self) -> int:
        """How many inputs were tried."""
        found = re.search(r"stat::number_of_executed_units: (\d+)", self.printed)
        return int(found[1]) if found else 0

    @property
    def failure(self) -> str:
        """Everything that helps: what was broken, by what, and how to do it again."""
        if self.breaking is None:
            return self.printed[-4000:]
        law = self.breaking.name.partition("-")[0]
        again = f"{sys.executable} -m tests.fuzz {law} {self.breaking}"
        told = self.printed[self.printed.find(" ===") :][:4000] if " ===" in self.printed else self.printed[-4000:]
        return f"{told}\nThe input: {self.breaking.read_bytes()!r}\nAgain: {again}"


def fuzz(law: str, folder: Path, seconds: int = SECONDS, hangs_after: int = HANGS_AFTER_SECONDS) -> Fuzzed:
    """Fuzz for some seconds, or the law's own number of inputs; what breaks the law is kept in the folder."""
    corpus.write(folder / "corpus", law)
    corpus.write_dictionary(folder / "words")
    options = {
        **({"max_total_time": seconds} if seconds else {"runs": RUNS[law]}),
        "seed": 0 if SECONDS else SEED,  # 0: another one each time
        "timeout": hangs_after,
        "rss_limit_mb": MEMORY_MEGABYTES,
        "max_len": LONGEST_INPUT,
        "dict": folder / "words",
        "artifact_prefix": f"{folder}/{law}-",
        "print_final_stats": 1,
    }
    words = [f"-{name}={value}" for name, value in options.items()]
    return _run(law, [*words, str(folder / "corpus")], folder, (seconds or RUNS_AT_MOST_SECONDS) + hangs_after)


def again(law: str, breaking: Path) -> Fuzzed:
    """Try one input again."""
    return _run(law, [str(breaking)], breaking.parent, HANGS_AFTER_SECONDS)


def _run(law: str, words: list[str], folder: Path, seconds: int) -> Fuzzed:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", law, *words],
        cwd=TOP,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds + START_SECONDS,
        check=False,
    )
    breaking = next(iter(sorted(folder.glob(f"{law}-*"))), None)
    return Fuzzed(done.returncode, done.stdout.decode("utf-8", "replace"), breaking)
