"""What steps printed: files beside the record, a folder for each request and a file for each attempt.

The record holds the hash and the length of each. Whoever runs a step appends; everybody else reads.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tocsin.domain.errors import RecordUnavailable, TocsinError
from tocsin.domain.people import RequestId

LARGEST_BYTES = 256 * 1024 * 1024
"""Of one attempt: a step that prints without end must not fill the disk that the record is on."""
READ_AT_ONCE_BYTES = 1024 * 1024

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)


class NoSuchOutput(TocsinError):
    """No attempt of this name has printed anything, or it is no name at all."""


class OutputTooLong(TocsinError):
    """An attempt has printed more than is kept."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The folder that all outputs are in; names that could lead elsewhere are refused."""

    folder: Path

    def path(self, request: RequestId, attempt: str) -> Path:
        """Return where an attempt's output is, or would be; raises `NoSuchOutput` for what is no name."""
        for name in (request, attempt):
            if not _NAME.fullmatch(name):
                raise NoSuchOutput(f"{name!r} is not the name of a request or of an attempt.")
        return self.folder / request / f"{attempt}.out"

    def append(self, request: RequestId, attempt: str, printed: bytes) -> int:
        """Add what was printed and return how long the output is now; raises `OutputTooLong`."""
        path = self.path(request, attempt)
        with _in_words(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                if file.tell() + len(printed) > LARGEST_BYTES:
                    raise OutputTooLong(f"{attempt} has printed more than {LARGEST_BYTES} bytes.")
                file.write(printed)
                return file.tell()

    def read(self, request: RequestId, attempt: str, start: int, limit: int = READ_AT_ONCE_BYTES) -> bytes:
        """Return at most `limit` bytes from `start`; empty when there is no more yet; raises `NoSuchOutput`."""
        assert start >= 0, "an output is read from within"
        path = self.path(request, attempt)
        with _in_words(path), path.open("rb") as file:
            file.seek(start)
            return file.read(min(limit, READ_AT_ONCE_BYTES))

    def size(self, request: RequestId, attempt: str) -> int:
        """Return how many bytes were printed; 0 when nothing was."""
        try:
            return self.path(request, attempt).stat().st_size
        except FileNotFoundError:
            return 0

    def sha256(self, request: RequestId, attempt: str) -> str:
        """Return the hash of the whole output, as the record has it; that of nothing when nothing was printed."""
        path, found = self.path(request, attempt), sha256()
        try:
            with path.open("rb") as file:
                while part := file.read(READ_AT_ONCE_BYTES):
                    found.update(part)
        except FileNotFoundError:
            pass
        return found.hexdigest()


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as missing:
        raise NoSuchOutput(f"{path.stem} has printed nothing.") from missing
    except OSError as error:
        raise RecordUnavailable(f"The output {path} cannot be kept: {error.strerror}.") from error
