"""Hearing at once that something happened to a change: a command that prints Gerrit's events, followed line by line.

Laws: what is heard is a hint and never a fact, the change itself is asked for as ever; the command is started again for
as long as we run, and nothing of it outlives us; whatever it prints is read to a bound.
"""

import asyncio
import json
import os
import random
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import structlog

from tocsin.neighbours.asking.running import PART_BYTES, end
from tocsin.neighbours.reviews.gerrit import GerritSettings

log = structlog.get_logger()
TOLD_OF: Final = frozenset(
    {
        "patchset-created",
        "change-merged",
        "change-abandoned",
        "change-restored",
        "change-deleted",
        "comment-added",  # a vote comes with one, and CI's verdict too
        "private-state-changed",
        "wip-state-changed",
    }
)
"""Events that may have changed what a confirmer was shown."""

LONGEST_LINE_BYTES: Final = 1024 * 1024
"""An event holds the message of its commit or a comment; what is longer than this is not read."""
LARGEST_NUMBER: Final = 2**31
FIRST_WAIT_SECONDS: Final = 1.0
LONGEST_WAIT_SECONDS: Final = 60.0
STEADY_SECONDS: Final = 30.0
"""A command that ran this long had its connection: its end is no reason to be patient with the next one."""
PARTING_SECONDS: Final = 1.0
"""How long one that printed its last may take to say why."""
KEPT: Final = ("PATH", "HOME", "LANG", "SSH_AUTH_SOCK")
"""The home is for ssh's keys and for the hosts that it knows."""
LONGEST_COMPLAINT: Final = 200

Tell = Callable[[int], None]


def listening(gerrits: Iterable[GerritSettings], tell: Tell) -> Iterator[Coroutine[Any, Any, None]]:
    """Yield what runs for ever, one for each Gerrit with a command for its events; each tells numbers of changes."""
    return (GerritEvents(each.system, each.events).run(tell) for each in gerrits if each.events)


@dataclass(slots=True)
class GerritEvents:
    """Follows one command; `unread` counts the lines that it printed and that were no events."""

    system: str
    command: tuple[str, ...]
    first_wait: float = FIRST_WAIT_SECONDS
    unread: int = 0
    _wait: float = field(default=0.0, init=False)

    async def run(self, tell: Tell) -> None:
        """Tell the number of each change that something happened to, until cancelled; nothing else ends it."""
        while True:
            began = monotonic()
            why = await self._follow(tell)
            steady = monotonic() - began >= STEADY_SECONDS
            self._wait = self.first_wait if steady or not self._wait else min(2 * self._wait, LONGEST_WAIT_SECONDS)
            seconds = self._wait * random.uniform(0.5, 1.0)
            log.warning(
                "no events of changes until the command is started again: changes are asked for as ever",
                system=self.system,
                why=why,
                unread=self.unread,
                again_in_seconds=round(seconds, 1),
            )
            await asyncio.sleep(seconds)

    async def _follow(self, tell: Tell) -> str:
        """Run the command to its end and return why it ended; the top of the loop, where nothing gets through."""
        try:
            return await self._once(tell)
        except OSError as error:
            return f"{self.command[0]} cannot be run: {error.strerror}"
        except Exception:
            log.exception("an event could not be heard", system=self.system)
            return "a mistake of ours"

    async def _once(self, tell: Tell) -> str:
        process = await asyncio.create_subprocess_exec(
            *self.command,
            env={key: os.environ[key] for key in KEPT if key in os.environ},
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        complaint = asyncio.ensure_future(_last_line(process.stderr))
        log.info("listening for events of changes", system=self.system)
        try:
            async for line in lines_of(process.stdout):
                self._hear(line, tell)
            return await self._ended(process, complaint)
        finally:
            await end(process, asyncio.ensure_future(_over(process)))
            complaint.cancel()

    def _hear(self, line: bytes | None, tell: Tell) -> None:
        event = None if line is None else _read(line)
        if event is None:
            self.unread += 1
        elif (number := changed_by(event)) is not None:
            tell(number)

    async def _ended(self, process: Process, complaint: "asyncio.Future[str]") -> str:
        """It has said its last; one that only closed its output is ended by whoever started it."""
        ending = asyncio.gather(complaint, process.wait(), return_exceptions=True)
        await asyncio.wait([ending], timeout=PARTING_SECONDS)
        said = complaint.result() if complaint.done() else ""
        return said or ("it printed no more" if process.returncode is None else f"it ended with {process.returncode}")


def changed_by(event: dict[str, Any]) -> int | None:
    """Return the number of the change that an event tells of, or nothing when it may leave alone what was shown."""
    kind, change = event.get("type"), event.get("change")
    if not isinstance(kind, str) or kind not in TOLD_OF or not isinstance(change, dict):
        return None
    number = change.get("number")
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) <= len(str(LARGEST_NUMBER)):
        number = int(number)  # as older ones wrote it
    return number if isinstance(number, int) and 0 < number < LARGEST_NUMBER else None


async def lines_of(stream: asyncio.StreamReader | None) -> AsyncIterator[bytes | None]:
    """Yield each line that ended; nothing in the place of one that was too long to be read."""
    kept, too_long = bytearray(), False
    while stream and (part := await stream.read(PART_BYTES)):
        *ended, rest = part.split(b"\n")
        for each in ended:
            kept += each
            yield None if too_long or len(kept) > LONGEST_LINE_BYTES else bytes(kept)
            kept.clear()
            too_long = False
        kept += rest
        if len(kept) > LONGEST_LINE_BYTES:
            kept.clear()
            too_long = True


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


async def _over(process: Process) -> None:
    """Wait for the end of a process; what it still prints is dropped, or it could not end for being unread."""
    while process.stdout and await process.stdout.read(PART_BYTES):
        pass
    await process.wait()


async def _last_line(stream: asyncio.StreamReader | None) -> str:
    last = ""
    async for line in lines_of(stream):
        text = "".join(each if each.isprintable() else " " for each in (line or b"").decode("utf-8", "replace"))
        last = text.strip()[:LONGEST_COMPLAINT] or last
    return last
