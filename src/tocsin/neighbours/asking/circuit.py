"""Leaving a system alone that does not answer: after a few failures in a row it is asked only now and then.

Law: while it rests, whoever asks is told so at once; one question at a time finds out whether it is back.
"""

from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

from tocsin.domain.errors import Unreachable

FAILURES: Final = 3
PATIENT: Final = 2.0
"""Seconds after which somebody's giving up tells that the system was slow, not that they were in a hurry."""
FIRST_REST: Final = timedelta(seconds=5)
LONGEST_REST: Final = timedelta(seconds=60)
"""Short enough that a system that is back is heard of before anybody would ask for it again."""


@dataclass(slots=True)
class Circuit:
    """What is remembered of one system: failures in a row, and until when it is left alone."""

    system: str
    failures: int = 0
    silent_since: datetime | None = None
    _until: float = field(default=0.0, repr=False)
    _asking: bool = field(default=False, repr=False)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask within this; an `Unreachable` counts as a failure, and while it rests one is raised at once."""
        self._refuse_while_resting()
        self._asking, began = True, monotonic()
        try:
            yield
        except Unreachable:
            self._failed()
            raise
        except CancelledError:
            if monotonic() - began >= PATIENT:
                self._failed()
            raise
        else:
            self.failures, self.silent_since = 0, None
        finally:
            self._asking = False

    def _refuse_while_resting(self) -> None:
        if self.failures < FAILURES or self.silent_since is None:
            return
        left = self._until - monotonic()
        if left > 0 or self._asking:
            since = f"it has not answered since {self.silent_since:%H:%M:%S} UTC"
            again = f"asked again in {max(1, round(left))} s" if left > 0 else "being asked again just now"
            raise Unreachable(self.system, f"{since}, and is {again}")

    def _failed(self) -> None:
        self.failures += 1
        self.silent_since = self.silent_since or datetime.now(UTC)
        rests = min(FIRST_REST * 2 ** max(0, min(self.failures - FAILURES, 8)), LONGEST_REST)
        self._until = monotonic() + rests.total_seconds()
