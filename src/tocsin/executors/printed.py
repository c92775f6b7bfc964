"""What attempts at steps printed, read from their folders; how an attempt stands is for `attempts`."""

import re
from dataclasses import dataclass
from pathlib import Path

from tocsin.executors.attempts import Attempt

_NAME = re.compile(r"[A-Za-z0-9-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PrintedOutputs:
    """The folder of all attempts; a name that could lead elsewhere is that of none."""

    attempts: Path

    def size(self, attempt: str) -> int:
        """Return how many bytes an attempt has printed up to now; 0 where there is none of that name."""
        try:
            return (self.attempts / attempt / "output").stat().st_size if _NAME.fullmatch(attempt) else 0
        except OSError:
            return 0

    def read(self, attempt: str, start: int, most: int) -> bytes:
        """Return at most so many bytes of what an attempt printed, from a byte on; empty when there is no more yet."""
        return Attempt(self.attempts / attempt).output(start, most) if _NAME.fullmatch(attempt) else b""
