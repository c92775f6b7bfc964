"""The one way in: every surface hands its acts here; what follows is recorded first, and only then is it so.

Law: what cannot be recorded is not done and not announced, except `stop` and `abort`, which only make things safer.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from tocsin.domain import events as e
from tocsin.domain.commands import Command, PasskeyCommand, RequestCommand
from tocsin.domain.commands.carrying_out import EndStep, Go, StartStep
from tocsin.domain.commands.configuring import NoteConfiguration
from tocsin.domain.commands.holding import Object
from tocsin.domain.commands.opening import Ask, Learn, SeeUncounted
from tocsin.domain.commands.pausing import Abort, Stop
from tocsin.domain.commands.proving import ReportSight
from tocsin.domain.commands.suspending import Restore, Suspend
from tocsin.domain.commands.telling import ReportTold
from tocsin.domain.commands.waking import ReportWaking
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.errors import AlreadyActed, ChangedSince, Conflict, RecordUnavailable, Refused, UnknownRequest
from tocsin.domain.people import RequestId, Speaker, Surface
from tocsin.domain.progress import Wait, next_step
from tocsin.domain.recorded import HOUSE, Origin, Recorded, StreamId
from tocsin.domain.request import Request
from tocsin.service.brake import Brake
from tocsin.service.looking_up import LookedUp
from tocsin.service.ports import Clock, Draft, Store
from tocsin.service.requests import Happening, Requests
from tocsin.service.situating import Situations

TRIES = 5
FIRST_ANSWER = timedelta(milliseconds=150)
"""How long the first answer to a cry waits for the systems around; people are named with or without them."""

SystemCommand = (
    Learn | LookAgain | StartStep | EndStep | ReportSight | ReportTold | ReportWaking | Object | SeeUncounted
)
AnyRequestCommand: TypeAlias = RequestCommand | SystemCommand
Follow = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody's command; `request` is empty for an opening and for what concerns the whole house.

    Where a position in the record is `expected`, a request that has changed since then refuses the act.
    """

    speaker: Speaker
    command: Command | SystemCommand | NoteConfiguration | PasskeyCommand
    request: RequestId | None = None
    expected: int | None = None


class Handler:
    """Looks up the situation, lets the command decide, and appends what follows to the record."""

    def __init__(self, store: Store, requests: Requests, situations: Situations, clock: Clock, brake: Brake) -> None:
        """Take the rooms that it needs; nothing happens yet."""
        self._store = store
        self._requests = requests
        self._situations = situations
        self._clock = clock
        self._brake = brake
        self._deciding = asyncio.Lock()
        self._followers: list[Follow] = []

    def tell(self, follow: Follow) -> None:
        """Have a follower told, by a call that carries nothing, whenever the record has grown."""
        self._followers.append(follow)

    async def handle(self, act: Act) -> Happening:
        """Decide and record one act; events may be none.

        Raises `Refused`, `UnknownRequest`, `AlreadyActed`, `ChangedSince`, `RecordUnavailable`, or `Conflict` when
        others kept being faster.
        """
        seen = await self._look_up(act)
        async with self._deciding:
            try:
                return await self._recorded(act, seen)
            except RecordUnavailable:
                if isinstance(act.command, Stop | Abort):
                    return self._without_the_record(act, seen)
                raise

    async def fill_gaps(self) -> None:
        """Append what stops decided without the record, oldest first; raises `RecordUnavailable` or `Conflict`."""
        async with self._deciding:
            await self._fill_gaps()

    async def start(self) -> None:
        """Fold the whole record, once, before the first act."""
        await self._catch_up()

    async def _recorded(self, act: Act, seen: LookedUp) -> Happening:
        if not isinstance(act.command, Stop | Abort):  # what was stopped comes first, but another stop does not wait
            await self._fill_gaps()
        for _ in range(TRIES):
            try:
                return await self._decide_and_append(act, seen)
            except Conflict:
                await self._catch_up()
            except (Refused, ChangedSince) as no:
                if await self._was_recorded(act):
                    raise AlreadyActed(f"{act.speaker.act} was recorded before.") from no
                raise
        raise Conflict("Others kept being faster. Read it again, then say it again.")

    async def _was_recorded(self, act: Act) -> bool:
        """A line that comes twice, to another process even, is told nothing anew, whatever the rules say by then."""
        try:
            return bool(act.speaker.act) and await asyncio.to_thread(self._store.has_act, act.speaker.act)
        except RecordUnavailable:
            return False

    async def _fill_gaps(self) -> None:
        for draft in self._brake.pending:
            await self._append_kept(draft)
            self._brake.recorded(draft)

    async def _append_kept(self, draft: Draft) -> None:
        """The gap between the time of a stop and its place in the record shows how long it was kept aside."""
        await self._catch_up()
        request = self._requests.find(RequestId(draft.stream))
        if request is None or not request.carrying or await asyncio.to_thread(self._holds, draft):
            return
        late = replace(draft, expected=self._requests.version(draft.stream))
        self._take_in(await asyncio.to_thread(self._store.append, late, None))

    def _holds(self, draft: Draft) -> bool:
        """Say whether it was appended already: by an earlier process, killed before it noted that, or said twice."""
        if self._store.has_act(draft.origin.act):
            return True
        kept = (draft.at, draft.origin, draft.events[0])
        return any((each.at, each.origin, each.event) == kept for each in self._store.read(draft.stream))

    async def _look_up(self, act: Act) -> LookedUp:
        """Only a cry, a go and news need the systems around; a cry does not wait for slow ones."""
        if isinstance(act.command, Ask):
            return await self._situations.look_first(act.command.wish, FIRST_ANSWER)
        if isinstance(act.command, Learn):
            return await self._situations.look_again(self._request(act).wish)
        if isinstance(act.command, Go):
            return await self._situations.look_now(self._request(act).wish)
        return LookedUp()

    async def _decide_and_append(self, act: Act, seen: LookedUp) -> Happening:
        now = self._clock.now()
        stream, before, events = self._decide(act, seen, now)
        if not events:
            return Happening(before, before, ())
        draft = Draft(stream, self._requests.version(stream), now, Origin.of(act.speaker), tuple(events))
        carry = self._to_carry(act, before, draft)
        recorded = await asyncio.to_thread(self._store.append, draft, carry)
        if recorded[0].position != self._requests.position + 1:
            await self._catch_up(recorded[0].position - 1)
        return self._take_in(recorded)

    def _take_in(self, recorded: tuple[Recorded, ...]) -> Happening:
        happening = self._requests.take_in(recorded)
        for follow in self._followers:
            follow()
        return happening

    def _decide(self, act: Act, seen: LookedUp, now: datetime) -> tuple[StreamId, Request | None, Sequence[e.Event]]:
        command = act.command
        if isinstance(command, Suspend | Restore | NoteConfiguration | PasskeyCommand):
            situation = self._situations.situation(now, act.speaker, None, seen)
            return HOUSE, None, command.decide(self._requests.house, situation)
        if isinstance(command, Ask):
            if seen.refusal:
                raise Refused(seen.refusal)
            situation = self._situations.situation(now, act.speaker, None, seen, command.wish)
            return StreamId(situation.id), None, command.decide(None, situation)
        request = self._request(act)
        self._is_as_expected(act, request)
        situation = self._situations.situation(now, act.speaker, request, seen)
        return StreamId(request.id), request, command.decide(request, situation)

    def _is_as_expected(self, act: Act, request: Request) -> None:
        changed = self._requests.changed(StreamId(request.id))
        if act.expected is not None and changed > act.expected:
            now = f"it is {request.status} now, at {changed}"
            sentence = f"{request.id} has changed since position {act.expected} ({now}), so nothing was done"
            raise ChangedSince(f"{sentence}: look, then say it again.")

    def _to_carry(self, act: Act, before: Request | None, draft: Draft) -> RequestId | None:
        """Start carrying out when there was nothing to do and now there is; the carrier itself just goes on."""
        if before is None or act.speaker.surface is Surface.RUNNER:
            return None
        after = self._requests.preview(before, draft)
        begins = isinstance(next_step(before), Wait) and not isinstance(next_step(after), Wait)
        return before.id if begins else None

    def _request(self, act: Act) -> Request:
        found = self._requests.find(act.request) if act.request else None
        if found is None:
            raise UnknownRequest(f"There is no request {act.request or 'named'}. Open ones: !list")
        return found

    async def _catch_up(self, until: int | None = None) -> None:
        await asyncio.to_thread(lambda: [None for _ in self._requests.catch_up(self._store, until)])

    def _without_the_record(self, act: Act, seen: LookedUp) -> Happening:
        """Authorise a stop or abort as ever, keep it aside, and let it work at once."""
        now = self._clock.now()
        stream, before, events = self._decide(act, seen, now)
        self._brake.pull(Draft(stream, self._requests.version(stream), now, Origin.of(act.speaker), tuple(events)))
        return Happening(before, before, ())
