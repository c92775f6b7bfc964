"""Waking people through whatever apprise reaches: mail, telephones, on-call systems, chats.

Laws: an address is a secret, and stands in no log, error or event, only its kind of service does; nobody waits for a
service that hangs, and none of them keeps the others from being rung.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog

from tocsin.domain.errors import Unreachable
from tocsin.domain.events import WakeOutcome
from tocsin.domain.people import PersonId, TeamId
from tocsin.neighbours.asking.running import run
from tocsin.service.ports import Woken
from tocsin.views.waking import Message

log = structlog.get_logger()
RINGING: Final = [sys.executable, "-I", str(Path(__file__).with_name("ringing.py"))]
SERVICE_SECONDS: Final = 10.0
START_SECONDS: Final = 20.0
"""What a loaded machine may take to start the process, before any service is rung."""
MOST_AT_ONCE: Final = 4
"""Processes side by side, of some 50 MB each: more calls than that at one moment wait for each other."""
MOST_ANSWERED_BYTES: Final = 1024 * 1024
SYSTEM: Final = "paging"


@dataclass(frozen=True, slots=True)
class Pager:
    """One way to reach somebody: the kind of service as people call it, and its address."""

    kind: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PagingSettings:
    """How people and teams are reached, how many of a call are woken, and where people are paged by hand."""

    people: Mapping[PersonId, tuple[Pager, ...]] = field(default_factory=dict)
    teams: Mapping[TeamId, tuple[Pager, ...]] = field(default_factory=dict)
    most: int = 5
    klaxon: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """Rings people's own pagers; for those who have none, once for all of them, the pagers of the team called."""

    settings: PagingSettings
    seconds: float = SERVICE_SECONDS
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE), repr=False, compare=False)

    @property
    def most(self) -> int:
        """Return how many people of one call are woken; nobody, where there is no pager at all."""
        return self.settings.most if self.settings.people or self.settings.teams else 0

    async def wake(self, people: Sequence[PersonId], team: TeamId | None, message: Message) -> Mapping[PersonId, Woken]:
        """Send a message to people who are called, for a team perhaps; return what came of it for each of them."""
        pagers = {person: self._pagers_of(person, team) for person in people}
        distinct = tuple(dict.fromkeys(pager for theirs in pagers.values() for pager in theirs))
        rung = await self._ring(distinct, message)
        return {person: self._woken(theirs, rung) for person, theirs in pagers.items()}

    def _pagers_of(self, person: PersonId, team: TeamId | None) -> tuple[Pager, ...]:
        return self.settings.people.get(person) or (self.settings.teams.get(team, ()) if team else ())

    async def _ring(self, pagers: tuple[Pager, ...], message: Message) -> Mapping[Pager, bool]:
        """Return who took the message, and who did not; who did not answer is left out."""
        if not pagers:
            return {}
        question = {
            "ring": [pager.address for pager in pagers],
            "subject": message.subject,
            "body": message.body,
            "seconds": self.seconds,
        }
        async with self._few:
            answers = await _asked(question, self.seconds + START_SECONDS)
        return {pagers[place]: sent for place, sent in answers}

    def _woken(self, pagers: tuple[Pager, ...], rung: Mapping[Pager, bool]) -> Woken:
        if not pagers:
            return Woken(WakeOutcome.NOBODY)
        took = tuple(dict.fromkeys(pager.kind for pager in pagers if rung.get(pager)))
        others = dict.fromkeys(self._complaint(pager, rung) for pager in pagers if not rung.get(pager))
        return Woken(WakeOutcome.SENT if took else WakeOutcome.FAILED, took, ", ".join(others))

    def _complaint(self, pager: Pager, rung: Mapping[Pager, bool]) -> str:
        return f"{pager.kind} did not {'take it' if pager in rung else f'answer within {self.seconds:g} s'}"


def kinds(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return of each address what people call its service, empty where apprise cannot read it; raises `Unreachable`."""
    question = json.dumps({"look": list(addresses)}).encode()
    try:
        ran = subprocess.run(RINGING, input=question, capture_output=True, timeout=START_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise Unreachable(SYSTEM, f"apprise did not look at the addresses ({type(error).__name__})") from None
    return tuple(json.loads(line) for line in ran.stdout.splitlines())


async def _asked(question: Mapping[str, Any], seconds: float) -> list[Any]:
    """Ask a process of its own, which tells each service's answer as it comes and ends by itself in time."""
    told = json.dumps(question).encode()
    try:
        ran = await run(RINGING, os.environ, seconds=seconds, heard_bytes=MOST_ANSWERED_BYTES, told=told)
    except OSError as error:
        log.error("nobody can be paged: no process could be started", why=error.strerror)
        return []
    except TimeoutError:
        log.error("paging did not end by itself", seconds=seconds)
        return []
    return [json.loads(line) for line in ran.printed.splitlines()]
