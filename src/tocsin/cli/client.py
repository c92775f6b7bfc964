"""Talking to the server over this machine's socket; imports nothing of the server, so that it starts at once."""

import json
import os
import socket
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 20.0
LONGEST_LINE = 64 * 1024
"""What the server takes; a test compares."""
LONGEST_ANSWER = 16 * 1024 * 1024
WAS_IT_DONE = "What is so now: tocsin request list"


class ServerUnreachable(Exception):
    """Nobody answers on the socket; the sentence says what to try."""


class TooLong(Exception):
    """More than the server takes in one line; nothing was sent."""


def ask(path: Path, asking: dict[str, Any], patience_seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
    """Send one line and return the answer; raises `ServerUnreachable` or `TooLong`."""
    sent = json.dumps(asking).encode() + b"\n"
    if len(sent) > LONGEST_LINE:
        raise TooLong(f"That is {len(sent)} bytes, and the server takes {LONGEST_LINE}: say it shorter.")
    with socket.socket(socket.AF_UNIX) as talking:
        talking.settimeout(patience_seconds)
        _connect(talking, path)
        try:
            talking.sendall(sent)
            return _answer(_line(talking), path)
        except TimeoutError as error:
            sentence = f"The server did not answer within {patience_seconds:.0f} s. {WAS_IT_DONE}"
            raise ServerUnreachable(sentence) from error
        except OSError as error:
            raise ServerUnreachable(f"The server went away before it answered. {WAS_IT_DONE}") from error


def _connect(talking: socket.socket, path: Path) -> None:
    try:
        talking.connect(os.fspath(path))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ServerUnreachable(f"There is no server here ({path} is missing). Start it: tocsin serve") from error
    except ConnectionRefusedError as error:
        sentence = f"The server does not answer on {path}; it may have died. Start it: tocsin serve"
        raise ServerUnreachable(sentence) from error
    except PermissionError as error:
        raise ServerUnreachable(f"You may not reach {path}: ask for x on the folders that lead there.") from error
    except (OSError, TimeoutError) as error:
        raise ServerUnreachable(f"The server cannot be reached on {path}: {error}.") from error


def _line(talking: socket.socket) -> bytes:
    data = bytearray()
    while not data.endswith(b"\n"):
        more = talking.recv(65536)
        if not more or len(data) > LONGEST_ANSWER:
            raise ConnectionError("the answer broke off")
        data += more
    return bytes(data)


def _answer(line: bytes, path: Path) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ServerUnreachable(f"What answers on {path} is not tocsin, or one of another version.")
    return answer
