"""Carries out a step as a real command, exactly its argument list, through a shim that outlives this process.

Law: an attempt is started at most once. Whoever comes later follows it, or finds out that nobody knows.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog

from tocsin.domain.errors import StepFailed
from tocsin.domain.plan import Step
from tocsin.executors.attempts import Attempt
from tocsin.service.ports import Outcome

log = structlog.get_logger()
SHIM = Path(__file__).with_name("shim.py")
LOOK_SECONDS = 0.1
CLAIM_SECONDS = 10.0
"""How long a shim may take to claim its attempt before it counts as never started."""
BATCH_BYTES = 64 * 1024
KEPT = ("PATH", "HOME", "LANG")
_NAME = re.compile(r"[A-Za-z0-9-]{1,100}")

OnOutput = Callable[[str, bytes], Awaitable[None]]


async def unheard(_: str, __: bytes) -> None:
    """Let output lie in its file."""


@dataclass(frozen=True, slots=True)
class ShellExecutor:
    """Starts and follows attempts; each has a folder of its own under `attempts`."""

    attempts: Path
    on_output: OnOutput = unheard
    output_limit_bytes: int = 64 * 1024 * 1024
    grace: timedelta = timedelta(seconds=5)
    python: str = sys.executable
    inherited: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _shims: "list[tuple[str, subprocess.Popen[bytes]]]" = field(default_factory=list, init=False, repr=False)

    async def carry(self, attempt: str, step: Step) -> Outcome:
        """Start the attempt, or follow it when it was started before, until its outcome is known or is *unknown*."""
        at = self._attempt(attempt)
        if not at.claimed:
            await asyncio.to_thread(self._start, at, step)
            await self._wait_for_claim(at, attempt)
        return await self._follow(at, attempt)

    async def kill(self, attempt: str) -> None:
        """End the attempt's whole process group; the shim does it, and writes down that it did."""
        at = self._attempt(attempt)
        if at.claimed and not at.ended:
            (at.folder / "kill").touch()

    def _attempt(self, name: str) -> Attempt:
        assert _NAME.fullmatch(name), "attempts are named by us"
        return Attempt(self.attempts / name)

    def _start(self, at: Attempt, step: Step) -> None:
        wish = {
            "arguments": list(step.arguments),
            "folder": step.folder,
            "environment": {key: self.inherited[key] for key in KEPT if key in self.inherited} | dict(step.environment),
            "limit_seconds": step.limit.total_seconds(),
            "grace_seconds": self.grace.total_seconds(),
            "output_limit_bytes": self.output_limit_bytes,
        }
        try:
            at.folder.mkdir(parents=True, exist_ok=True)
            (at.folder / "wish.json").write_text(json.dumps(wish))
            shim = subprocess.Popen(
                [self.python, "-I", "-S", str(SHIM), str(at.folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._shims.append((at.folder.name, shim))
        except OSError as error:
            raise StepFailed(f"{at.folder.name} could not be prepared: {error.strerror}; it did not run.") from error

    async def _wait_for_claim(self, at: Attempt, attempt: str) -> None:
        for _ in range(int(CLAIM_SECONDS / LOOK_SECONDS)):
            if at.claimed:
                return
            await asyncio.sleep(LOOK_SECONDS)
        self._keep_unclaimed(at)
        raise StepFailed(f"{attempt} was not taken on within {CLAIM_SECONDS:.0f} s; it did not run.")

    def _keep_unclaimed(self, at: Attempt) -> None:
        """Claim it ourselves, so that a shim that wakes up late finds it taken."""
        try:
            os.close(os.open(at.folder / "claim", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            log.warning("an attempt was claimed at the last moment", attempt=at.folder.name, why=str(error))

    async def _follow(self, at: Attempt, attempt: str) -> Outcome:
        told = 0
        while True:
            over = at.ended or not (at.alive or at.command_alive or at.beginning)
            told = await self._tell(at, attempt, told)
            if at.ended or over:
                await asyncio.to_thread(self._reap, attempt)
            if at.ended:
                return await asyncio.to_thread(at.outcome)
            if over:
                log.error("nobody knows what became of an attempt", attempt=attempt)
                return await asyncio.to_thread(at.unknown)
            await asyncio.sleep(LOOK_SECONDS)

    def _reap(self, attempt: str) -> None:
        """Take leave of a shim that is a child of ours, so that it does not stay behind as a zombie."""
        for started, shim in [each for each in self._shims if each[0] == attempt]:
            shim.wait()
            self._shims.remove((started, shim))

    async def _tell(self, at: Attempt, attempt: str, told: int) -> int:
        while data := at.output(told, BATCH_BYTES):
            await self.on_output(attempt, data)
            told += len(data)
        return told
