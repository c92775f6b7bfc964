"""Carries out one attempt and outlives whoever started it: run by path, detached, with the standard library only.

    python3 shim.py FOLDER

FOLDER holds `wish.json` (arguments, folder, environment, limit_seconds, grace_seconds, output_limit_bytes).
The shim writes:

    claim    made with O_EXCL: an attempt is carried out at most once, whoever starts a shim for it
    shim     its own pid and start time, so that it is known again after the pid was given to another process
    pid      those of the command, which leads a session and process group of its own
    output   what the command printed on both streams, up to the limit
    kill     made by others: end the command's group now, or do not begin
    rc       the outcome as JSON, renamed into place, so that it is whole or not there
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LOOK_SECONDS = 0.05
READ_BYTES = 65536
CUT = b"\n[output cut here: it reached its limit; the command goes on]\n"
NOT_CLAIMED = 3
ROOM_SECONDS = 1.0
ROOM_TRIES = 3600
"""An hour: after that the outcome is unknown, as it would be at once without waiting."""


def main(folder: Path) -> int:
    """Claim the attempt, carry it out, write down what became of it."""
    try:
        os.close(os.open(folder / "claim", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return NOT_CLAIMED
    write_whole(folder / "shim", f"{os.getpid()} {start_time(os.getpid())}")
    wish = json.loads((folder / "wish.json").read_text())
    began = time.monotonic()
    try:
        outcome = carry_out(folder, wish)
    except NotStarted as not_started:
        outcome = {"fate": "not started", "why": str(not_started)}
    write_at_last(folder / "rc", json.dumps({**outcome, "seconds": time.monotonic() - began}))
    return 0


class NotStarted(Exception):
    """The command certainly did not run; the message says why."""


def carry_out(folder: Path, wish: dict[str, Any]) -> dict[str, Any]:
    """Start the command when everything that it needs is there, and follow it to its end."""
    try:
        output = Output(folder / "output", wish["output_limit_bytes"])
    except OSError as error:
        raise NotStarted(f"its output cannot be kept: {error.strerror}") from error
    with output:
        if (folder / "kill").exists():
            raise NotStarted("it was ended before it began")
        try:
            command = start(wish)
        except OSError as error:
            raise NotStarted(f"{wish['arguments'][0]}: {error.strerror}") from error
        with contextlib.suppress(OSError):  # known to us all the same, and we are here to end it
            write_whole(folder / "pid", f"{command.pid} {start_time(command.pid)}")
        return follow(folder, wish, command, output)


def start(wish: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """Start exactly the argument list, without a shell, in a session of its own."""
    return subprocess.Popen(
        wish["arguments"],
        cwd=wish["folder"] or None,
        env=wish["environment"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def follow(folder: Path, wish: dict[str, Any], command: "subprocess.Popen[bytes]", output: "Output") -> dict[str, Any]:
    """Keep the output and the limits until the command has ended and nobody of its group holds the output open."""
    deadline = time.monotonic() + wish["limit_seconds"]
    fate, ending_at = "ended", 0.0
    assert command.stdout is not None
    while not output.drain(command.stdout.fileno()) or command.poll() is None:
        now = time.monotonic()
        wanted = "killed" if (folder / "kill").exists() else "timed out" if now > deadline else ""
        if wanted and fate == "ended":
            fate, ending_at = wanted, now
            end(command.pid, signal.SIGTERM)
        if fate != "ended" and now - ending_at > wish["grace_seconds"]:
            end(command.pid, signal.SIGKILL)
            command.wait()
            break
        if command.poll() is not None and output.quiet_for(now, LOOK_SECONDS * 4):
            break
    return {"fate": fate, "exit_code": command.wait()}


class Output:
    """The file of what was printed: bounded, and never a reason for the command to wait or to fail."""

    def __init__(self, path: Path, limit: int) -> None:
        self._file = path.open("ab", buffering=0)
        self._left = limit
        self._selector = selectors.DefaultSelector()
        self._last = time.monotonic()
        self._watched = -1
        self._ended = False

    def __enter__(self) -> "Output":
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        self._file.close()

    def drain(self, pipe: int) -> bool:
        """Take what is there, waiting a moment for it; say whether the pipe has ended."""
        if self._ended:
            time.sleep(LOOK_SECONDS)
            return True
        if self._watched != pipe:
            self._selector.register(pipe, selectors.EVENT_READ)
            self._watched = pipe
        if self._selector.select(LOOK_SECONDS):
            data = os.read(pipe, READ_BYTES)
            self._ended = not data
            self._last = time.monotonic()
            self._keep(data)
        return self._ended

    def quiet_for(self, now: float, seconds: float) -> bool:
        """Say whether nothing came for a while: a grandchild that keeps the pipe open is not waited for."""
        return now - self._last > seconds

    def _keep(self, data: bytes) -> None:
        if not data or self._left <= 0:
            return
        kept, self._left = data[: self._left], self._left - len(data)
        with contextlib.suppress(OSError):  # a full disk costs output, not the command
            self._file.write(kept if self._left > 0 else kept + CUT)


def end(pid: int, how: signal.Signals) -> None:
    """Signal the command's whole group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, how)


def start_time(pid: int) -> str:
    """Return when a process started, in ticks since boot: field 22 of /proc/PID/stat (proc(5)); empty if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    fresh = path.with_suffix(".tmp")
    fresh.write_text(text)
    fresh.replace(path)


def write_at_last(path: Path, text: str) -> None:
    """Write a file whole, waiting for room on a full disk: an outcome that got lost would be for people to find out."""
    for _ in range(ROOM_TRIES):
        try:
            write_whole(path, text)
        except OSError:
            time.sleep(ROOM_SECONDS)
        else:
            return


if __name__ == "__main__":
    if os.fork():
        os._exit(0)  # whoever started us has no child to wait for, and leaves no zombie
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sys.exit(main(Path(sys.argv[1])))
