"""Every edge of the system on one page: what the service asks of the rooms that touch the outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tocsin.domain.change import Change, Task
from tocsin.domain.deployment import Fate as Fate
from tocsin.domain.events import Event, WakeOutcome
from tocsin.domain.people import OnCall, PersonId, Presence, RequestId, TeamId
from tocsin.domain.plan import Proof, Step
from tocsin.domain.recorded import Origin, Recorded, StreamId
from tocsin.domain.schedule import Calendar
from tocsin.views.waking import Message


class Clock(Protocol):
    """The time, aware and in UTC."""

    def now(self) -> datetime:
        """Return this moment."""
        ...


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be appended: events of one stream, decided on the version `expected` of it."""

    stream: StreamId
    expected: int
    at: datetime
    origin: Origin
    events: tuple[Event, ...]


class Store(Protocol):
    """The append-only record. Its methods block; callers run them in a thread of their own."""

    def append(self, draft: Draft, carry: RequestId | None = None) -> tuple[Recorded, ...]:
        """Append all events or none, and with them, in the same transaction, start carrying out `carry`.

        Raises `Conflict` when the stream has moved on, `AlreadyActed` when the origin's act is in the record
        already, `RecordUnavailable` when nothing could be written.
        """
        ...

    def read(self, stream: StreamId) -> tuple[Recorded, ...]:
        """Return a whole stream, oldest first; empty when there is none."""
        ...

    def since(self, position: int, limit: int) -> tuple[Recorded, ...]:
        """Return at most `limit` events of all streams after a position, oldest first."""
        ...

    def has_act(self, act: str) -> bool:
        """Say whether a message of this id was recorded before."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Journal(Protocol):
    """A file beside the record that keeps stops which the record could not take."""

    def keep(self, draft: Draft) -> None:
        """Write a draft down; a journal that cannot be written keeps nobody from stopping."""
        ...

    def settle(self, draft: Draft) -> None:
        """Note that the record holds a draft now."""
        ...

    def pending(self) -> tuple[Draft, ...]:
        """Return the drafts of this and earlier processes that were kept and not settled, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended; `exit_code` is known only for `ENDED`; the hash is SHA-256 of the whole output."""

    fate: Fate
    exit_code: int | None
    took: timedelta
    output_sha256: str
    output_bytes: int
    last_line: str


class Executor(Protocol):
    """A way to carry out one step, at most once for each attempt's name."""

    async def carry(self, attempt: str, step: Step) -> Outcome:
        """Start the attempt, or follow it when it was started before, until its outcome is known or is *unknown*.

        Raises `StepFailed` when the step certainly did not start.
        """
        ...

    async def kill(self, attempt: str) -> None:
        """End the attempt's whole process group; quietly, when there is none."""
        ...


class StepOutputs(Protocol):
    """What steps printed, while they run and after. Its methods block."""

    def size(self, attempt: str) -> int:
        """Return how many bytes an attempt has printed up to now; 0 where there is none of that name."""
        ...

    def read(self, attempt: str, start: int, most: int) -> bytes:
        """Return at most so many bytes of what an attempt printed, from a byte on; empty when there is no more yet."""
        ...


class Reviews(Protocol):
    """The code review system."""

    async def change(self, named: str) -> Change:
        """Return a change as it is now, by number or address as people write it; raises `Unreachable` or `Refused`."""
        ...


class Tasks(Protocol):
    """The bug tracker."""

    async def task(self, named: str) -> Task:
        """Return what is known of a task; raises `Unreachable`."""
        ...


class Calendars(Protocol):
    """Where windows and freezes come from."""

    async def around(self, now: datetime) -> Calendar:
        """Return the windows and freezes of the days around now."""
        ...


class Rota(Protocol):
    """Who is on call, and who conducts the train."""

    async def on_call(self, now: datetime) -> OnCall:
        """Return the shifts of this moment."""
        ...


class Memberships(Protocol):
    """A system that says who is in teams, beside the directory."""

    async def members(self) -> Mapping[TeamId, frozenset[str]]:
        """Return, for each team that it is asked about, its members' names there; raises `Unreachable`."""
        ...


@dataclass(frozen=True, slots=True)
class Membership:
    """What such a system said last, when, and which of its groups it was asked about for each team."""

    at: datetime
    groups: Mapping[TeamId, str]
    members: Mapping[TeamId, frozenset[str]]


class KeptMembership(Protocol):
    """Where the last answer about members is kept over restarts. Its methods block."""

    def last(self) -> Membership | None:
        """Return what was kept last, or nothing."""
        ...

    def keep(self, answer: Membership) -> None:
        """Keep an answer in place of the one before."""
        ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What a proof saw: live, not live, or (None) nothing that says either."""

    live: bool | None
    saw: str


class Prover(Protocol):
    """Looks from outside whether a change is live."""

    async def look(self, proof: Proof) -> Sight:
        """Look once, now; an unreachable site is a sight that says neither."""
        ...


class Presences(Protocol):
    """What the surfaces saw of people lately."""

    def presence(self) -> Presence:
        """Return the presence of everybody seen."""
        ...


@dataclass(frozen=True, slots=True)
class Woken:
    """What came of waking one person: by which kinds of services, and in words what others did instead."""

    outcome: WakeOutcome
    via: tuple[str, ...] = ()
    detail: str = ""


class Notifier(Protocol):
    """A way to wake people."""

    @property
    def most(self) -> int:
        """Return how many people of one call are woken; none, where nobody can be reached in this way."""
        ...

    async def wake(self, people: Sequence[PersonId], team: TeamId | None, message: Message) -> Mapping[PersonId, Woken]:
        """Send a message to people who are called, for a team perhaps; return what came of it for each of them."""
        ...


class AdminLog(Protocol):
    """A way into the server admin log."""

    async def write(self, line: str) -> None:
        """Send one line, which begins with `!log`; raises `Unreachable`. That it is on its way is no receipt."""
        ...


class LogPage(Protocol):
    """Where the server admin log can be read."""

    async def shows(self, line: str) -> bool:
        """Say whether a line that was sent is there; raises `Unreachable`."""
        ...


class TaskComments(Protocol):
    """A way to comment on tasks."""

    async def comment(self, task: str, text: str) -> str:
        """Comment, and return where it can be read, if that is known; raises `Unreachable` or `Refused`."""
        ...


class Cursor(Protocol):
    """How far a follower has come, kept over restarts."""

    def position(self) -> int:
        """Return the last position that was handed on; 0 at the very first."""
        ...

    def move(self, position: int) -> None:
        """Keep a new position."""
        ...
