"""Programs of this machine, asked without a shell: each in a group of its own that never outlives its time."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

GRACE_SECONDS: Final = 2.0
"""What a program has to put its files in order, after it was asked to end and before it is killed."""
PART_BYTES: Final = 64 * 1024
COMPLAINT_BYTES: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and the first that it said; `cut` tells that it said more."""

    code: int
    printed: bytes = b""
    complaint: bytes = b""
    cut: bool = False


async def run(  # noqa: PLR0913 - all but two by name, and seldom given
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    seconds: float,
    folder: str = "",
    heard_bytes: int = 0,
    told: bytes = b"",
) -> Ran:
    """Run a program to its end; raises `TimeoutError` when that is late, and `OSError` when it cannot be started.

    It is told something on its input, if there is something to tell. Its output is read up to `heard_bytes`, and not at
    all at 0; what is beyond that is dropped, never piled up.
    """
    pipe = PIPE if heard_bytes else DEVNULL
    process = await asyncio.create_subprocess_exec(
        *arguments,
        cwd=folder or None,
        env=environment,
        stdin=PIPE if told else DEVNULL,
        stdout=pipe,
        stderr=pipe,
        start_new_session=True,
    )
    ending = asyncio.ensure_future(_heard(process, heard_bytes, told))
    try:
        await asyncio.wait([ending], timeout=seconds)
        if not ending.done():
            raise TimeoutError
        return await ending
    finally:
        await end(process, ending)


async def end(process: Process, ending: "asyncio.Future[Any]") -> None:
    """End whatever of the group is left, even while we are cancelled ourselves, and again in the middle of this."""
    work = asyncio.ensure_future(_end(process, ending))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await work
        raise


async def _end(process: Process, ending: "asyncio.Future[Any]") -> None:
    if not ending.done():
        _signal(process, signal.SIGTERM)
        await asyncio.wait([ending], timeout=GRACE_SECONDS)
    _signal(process, signal.SIGKILL)
    await asyncio.wait([ending], timeout=GRACE_SECONDS)
    ending.cancel()


async def _heard(process: Process, most_bytes: int, told: bytes) -> Ran:
    (printed, cut), (complaint, _), code, _ = await asyncio.gather(
        _first(process.stdout, most_bytes),
        _first(process.stderr, COMPLAINT_BYTES),
        process.wait(),
        _tell(process.stdin, told),
    )
    return Ran(code, printed, complaint, cut)


async def _tell(stream: asyncio.StreamWriter | None, told: bytes) -> None:
    """A program that ends without having listened to the end has ended all the same."""
    if stream is None:
        return
    with contextlib.suppress(ConnectionError):
        stream.write(told)
        await stream.drain()
    stream.close()


async def _first(stream: asyncio.StreamReader | None, most_bytes: int) -> tuple[bytes, bool]:
    kept, cut = bytearray(), False
    while stream and (part := await stream.read(PART_BYTES)):
        cut = cut or len(kept) + len(part) > most_bytes
        kept += part[: most_bytes - len(kept)]
    return bytes(kept), cut


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
