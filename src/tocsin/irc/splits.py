"""Batches, and networks that fall apart; what a line inside one is worth is for authority.

Law: from the first sign of a split until some time after the first sign of its end nothing that is said counts.
"""

import re
from datetime import datetime, timedelta

from tocsin.irc.events import Event, SplitBegan, SplitHealed
from tocsin.irc.message import Message

BATCHES_AT_MOST = 64
NESTED_AT_MOST = 8
LOST_AT_MOST = 10_000
GIVEN_UP_AFTER = timedelta(minutes=10)  # a server that is not back by then was taken down; its people come as new ones
UNKNOWN = "unknown"

_SERVERS = re.compile(r"\S+\.\S+ \S+\.\S+", re.ASCII)


class Batches:
    """The batches that are open; of too many the oldest is forgotten, and its lines are then of unknown kind."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[str, str | None]] = {}

    def heard(self, message: Message) -> None:
        """Open or close one."""
        reference = message.param(0)
        if reference.startswith("+"):
            if len(self._open) >= BATCHES_AT_MOST:
                del self._open[next(iter(self._open))]
            self._open[reference[1:]] = (message.param(1).lower(), message.tag("batch"))
        else:
            self._open.pop(reference[1:], None)

    def kinds(self, message: Message) -> tuple[str, ...]:
        """Return the kinds of the batches around a line, the innermost first; nothing for a line by itself."""
        kinds: list[str] = []
        reference = message.tag("batch")
        while reference is not None and len(kinds) < NESTED_AT_MOST:
            kind, reference = self._open.get(reference, (UNKNOWN, None))
            kinds.append(kind)
        return tuple(kinds)


class SplitWatch:
    """One split at a time: who was lost, since when, and since when they are coming back."""

    def __init__(self, quarantine: timedelta) -> None:
        self._quarantine = quarantine
        self._lost: set[str] = set()
        self._lost_at: datetime | None = None
        self._healed_at: datetime | None = None

    @property
    def quarantined(self) -> bool:
        """Between the first sign of a split and some time after its end."""
        return self._lost_at is not None

    @property
    def healed(self) -> bool:
        """The split is over, and the time after it runs."""
        return self._healed_at is not None

    def began(self, between: str, now: datetime) -> list[Event]:
        """Servers were said to have lost each other."""
        fresh = self._lost_at is None or self._healed_at is not None
        self._lost_at, self._healed_at = now, None
        return [SplitBegan(between)] if fresh else []

    def lost(self, *names: str | None) -> None:
        """Remember somebody who was lost, by folded nick and account."""
        if len(self._lost) < LOST_AT_MOST:
            self._lost.update(name for name in names if name)

    def returned(self, *names: str | None, netjoin: bool, now: datetime) -> list[Event]:
        """Somebody came: one of the lost perhaps."""
        if self._lost_at is None or not (netjoin or any(name in self._lost for name in names)):
            return []
        fresh = self._healed_at is None
        self._healed_at = now
        return [SplitHealed()] if fresh else []

    def tick(self, now: datetime) -> list[Event]:
        """End the quarantine, or give up those who never came back."""
        if self._healed_at and now - self._healed_at > self._quarantine:
            self._lost_at = self._healed_at = None
            self._lost.clear()
        elif self._lost_at and not self._healed_at and now - self._lost_at > GIVEN_UP_AFTER:
            self._healed_at = now
            return [SplitHealed()]
        return []


def is_split(quit_text: str) -> bool:
    """Tell whether a QUIT reads like the names of two servers; servers put a word before what people type there."""
    return _SERVERS.fullmatch(quit_text) is not None
