"""One server for one data folder: two that write beside each other would both believe that they are alone."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tocsin.domain.errors import TocsinError


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Keep a second server off the data folder; the lock ends with the process, however that ends."""
    data.mkdir(parents=True, exist_ok=True, mode=0o711)
    descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as taken:
        raise TocsinError(f"Another tocsin serves {data}: stop it first.") from taken
    finally:
        os.close(descriptor)
