"""Carries out a step as a real command, exactly its argument list, through a shim that outlives this process.

Law: an attempt is started at most once. Whoever comes later follows it, or finds out that nobody knows.
"""

import asyncio
import json
import os
import re
import secrets
import signal
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
from tocsin.executors.shim import end, write_whole
from tocsin.service.ports import Outcome

log = structlog.get_logger()
SHIM = Path(__file__).with_name("shim.py")
LOOK_SECONDS = 0.1
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
    claim_limit: timedelta = timedelta(seconds=10)
    """How long a shim may take to claim its attempt before it counts as never started."""
    python: str = sys.executable
    inherited: Mapping[str, str] = field(default_factory=lambda: os.environ)

    async def carry(self, attempt: str, step: Step) -> Outcome:
        """Start the attempt, or follow it when it was started before, until its outcome is known or is *unknown*."""
        at = self._attempt(attempt)
        if not at.claimed:
            await asyncio.to_thread(self._start, at, step)
            await self._wait_for_claim(at)
        return await self._follow(at, attempt)

    async def kill(self, attempt: str) -> None:
        """End the attempt's whole process group; the shim does it, and writes down that it did.

        The wish to end it lies there before the shim, too: one that is only about to start finds it at once.
        """
        at = self._attempt(attempt)
        if at.ended:
            return
        try:
            at.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (at.folder / "kill").touch()
        except OSError as error:  # a full disk keeps nobody from ending a command
            log.warning("a kill cannot be written down", attempt=attempt, why=str(error))
            await self._kill_ourselves(at)

    def _attempt(self, name: str) -> Attempt:
        assert _NAME.fullmatch(name), "attempts are named by us"
        return Attempt(self.attempts / name)

    def _start(self, at: Attempt, step: Step) -> None:
        wish = {
            "arguments": list(step.arguments),
            "folder": step.folder,
            "environment": self._surroundings(at.folder.name) | dict(step.environment),
            "limit_seconds": step.limit.total_seconds(),
            "grace_seconds": self.grace.total_seconds(),
            "output_limit_bytes": self.output_limit_bytes,
        }
        try:
            at.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(at.folder / "wish.json", json.dumps(wish))
            subprocess.run(
                [self.python, "-I", "-S", str(SHIM), str(at.folder)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                timeout=self.claim_limit.total_seconds(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            log.warning("a shim is slow to start", attempt=at.folder.name)
        except OSError as error:
            raise StepFailed(f"{at.folder.name} could not be prepared: {error.strerror}; it did not run.") from error

    def _surroundings(self, attempt: str) -> dict[str, str]:
        """A command may say for which request it runs: an attempt's name begins with the request's."""
        kept = {key: self.inherited[key] for key in KEPT if key in self.inherited}
        return kept | {"TOCSIN_REQUEST": attempt.partition("-")[0]}

    async def _kill_ourselves(self, at: Attempt) -> None:
        """End a command that has no shim any more, or one that cannot be told."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            if (pid := at.command) is None:
                return
            end(pid, how)
            for _ in range(max(1, int(self.grace.total_seconds() / LOOK_SECONDS))):
                if at.command is None:
                    return
                await asyncio.sleep(LOOK_SECONDS)

    async def _wait_for_claim(self, at: Attempt) -> None:
        for _ in range(int(self.claim_limit.total_seconds() / LOOK_SECONDS)):
            if at.claimed:
                return
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(self._give_up, at)

    def _give_up(self, at: Attempt) -> None:
        """Claim it ourselves, so that a shim that wakes up late finds it taken; one that was faster is followed."""
        why = f"no process took it on within {self.claim_limit.total_seconds():.0f} s"
        try:
            os.close(os.open(at.folder / "claim", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            write_whole(at.folder / "rc", json.dumps({"fate": "not started", "why": why, "seconds": 0}))
        except FileExistsError:
            log.warning("an attempt was claimed at the last moment", attempt=at.folder.name)
        except OSError as error:
            raise StepFailed(f"{at.folder.name} could not be prepared: {error.strerror}; it did not run.") from error

    async def _follow(self, at: Attempt, attempt: str) -> Outcome:
        told = 0
        while True:
            ended = at.ended
            # In the order in which these come about, so that none can begin between two questions; it may end just now.
            lost = not (ended or at.beginning or at.alive or at.command or at.ended)
            told = await self._tell(at, attempt, told)
            if at.orphaned:
                await self._kill_ourselves(at)
            if ended:
                return await asyncio.to_thread(at.outcome)
            if lost:
                log.error("nobody knows what became of an attempt", attempt=attempt)
                return await asyncio.to_thread(at.unknown)
            await asyncio.sleep(LOOK_SECONDS)

    async def _tell(self, at: Attempt, attempt: str, told: int) -> int:
        while data := at.output(told, BATCH_BYTES):
            await self.on_output(attempt, data)
            told += len(data)
        return told


def _write_once(path: Path, text: str) -> None:
    """Write a file whole: of two who start the same attempt, neither shows a shim half of a wish."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fresh.write_text(text)
    fresh.replace(path)
