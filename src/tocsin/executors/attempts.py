"""The folder of one attempt as it is seen from outside its shim: claimed or not, alive or not, ended and how."""

import hashlib
import json
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tocsin.domain.deployment import Fate
from tocsin.domain.errors import StepFailed
from tocsin.executors.shim import start_time
from tocsin.service.ports import Outcome

LAST_LINE_CHARACTERS = 200
BEGINNING_SECONDS = 10.0
_TAIL_BYTES = 4096
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt by its folder."""

    folder: Path

    @property
    def claimed(self) -> bool:
        """Say whether a shim has taken it on."""
        return (self.folder / "claim").exists()

    @property
    def alive(self) -> bool:
        """Say whether its shim still runs: the same process, not another one with its number."""
        return _running(self.folder / "shim") is not None

    @property
    def beginning(self) -> bool:
        """Say whether it was claimed only now, and its shim has not yet said which process it is."""
        try:
            age = time.time() - (self.folder / "claim").stat().st_mtime
        except FileNotFoundError:
            return False
        return age < BEGINNING_SECONDS and not (self.folder / "shim").exists()

    @property
    def command(self) -> int | None:
        """Return the process of its command, the leader of a group of its own, while it runs, shim or no shim."""
        return _running(self.folder / "pid")

    @property
    def orphaned(self) -> bool:
        """Say whether its command is to be ended, still runs, and has no shim any more to do it."""
        return (self.folder / "kill").exists() and not (self.beginning or self.alive) and self.command is not None

    @property
    def ended(self) -> bool:
        """Say whether its outcome is written down."""
        return (self.folder / "rc").exists()

    def output(self, start: int, most: int) -> bytes:
        """Return what was printed from a byte on; empty when there is nothing (yet)."""
        try:
            with (self.folder / "output").open("rb") as file:
                file.seek(start)
                return file.read(most)
        except FileNotFoundError:
            return b""

    def outcome(self) -> Outcome:
        """Return what was written down; raises `StepFailed` when the command certainly did not start."""
        ended: dict[str, Any] = json.loads((self.folder / "rc").read_text())
        if ended["fate"] == "not started":
            raise StepFailed(f"{ended['why']}; it did not run.")
        fate = Fate(ended["fate"])
        code = ended["exit_code"] if fate is Fate.ENDED else None
        return self._with_output(fate, code, timedelta(seconds=ended["seconds"]))

    def unknown(self) -> Outcome:
        """Return that nobody knows what became of it."""
        return self._with_output(Fate.UNKNOWN, None, timedelta())

    def _with_output(self, fate: Fate, code: int | None, took: timedelta) -> Outcome:
        path = self.folder / "output"
        size = path.stat().st_size if path.exists() else 0
        hashed = hashlib.sha256()
        if size:
            with path.open("rb") as file:
                hashed = hashlib.file_digest(file, "sha256")
        return Outcome(
            fate, code, took, hashed.hexdigest(), size, last_line(self.output(max(0, size - _TAIL_BYTES), _TAIL_BYTES))
        )


def last_line(tail: bytes) -> str:
    """Return the last line with anything in it, as harmless text."""
    lines = tail.decode("utf-8", "replace").replace("\r", "\n").splitlines()
    plain = (_ESCAPES.sub("", each) for each in reversed(lines))
    shown = ("".join(c if c.isprintable() else " " for c in each).strip() for each in plain)
    return next((each for each in shown if each), "")[:LAST_LINE_CHARACTERS]


def _running(path: Path) -> int | None:
    try:
        pid, began = path.read_text().split(" ", 1)
    except (OSError, ValueError):
        return None
    runs = began != "" and start_time(int(pid)) == began and not _is_zombie(int(pid))
    return int(pid) if runs else None


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
