"""Carries one person's act to where it is decided; what follows is told from the record, a no by the answer here."""

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tocsin.domain.commands import Note, RequestCommand, Suspend
from tocsin.domain.commands.opening import Ask, SeeUncounted
from tocsin.domain.commands.pausing import Abort, Stop
from tocsin.domain.commands.suspending import Restore
from tocsin.domain.errors import Refused, TocsinError
from tocsin.domain.people import RequestId, Speaker
from tocsin.irc.desk import Desk
from tocsin.irc.grammar import Wanted
from tocsin.irc.replies import reply_to
from tocsin.irc.speakers import TOWARDS_SAFETY
from tocsin.service.handler import Act, Handler
from tocsin.service.requests import Happening

BY_ANYBODY = (Note,)
UNCOUNTED_A_MINUTE = 20
"""So many acts of unverified voices are kept; the record is not theirs to fill."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the speaker hears, where they spoke or alone; empty when the record's own line says it all."""

    text: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """Where and when an act was said; no channel is a private message."""

    speaker: Speaker
    channel: str | None
    at: datetime


@dataclass(slots=True)
class Acting:
    """Acts for whoever speaks; raises what the handler raises."""

    handler: Handler
    desk: Desk
    _uncounted: deque[datetime] = field(default_factory=lambda: deque(maxlen=UNCOUNTED_A_MINUTE))

    async def act(self, said: Said, wanted: Wanted) -> Answer:
        """Do it, and return what to answer."""
        match wanted.command:
            case Ask():
                return await self._ask(said, wanted.command)
            case Suspend() | Restore():
                await self.handler.handle(Act(said.speaker, wanted.command))
                return Answer()
            case _:
                return await self._act_on_each(said, wanted, wanted.command)

    async def _ask(self, said: Said, cry: Ask) -> Answer:
        """A cry is heard from anybody; one in a private message opens a private request."""
        private = cry.private or said.channel is None or self.desk.where.is_private(said.channel)
        heard = replace(cry, channel=said.channel or "", private=private)
        opened = (await self.handler.handle(Act(said.speaker, heard))).after
        if opened is None or self.desk.where.is_home(opened, said.channel):
            return Answer()
        text = f"{opened.id} is open; it is handled in {self.desk.where.home(opened)}: say the rest there."
        return Answer(text, alone=opened.private)

    async def _act_on_each(self, said: Said, wanted: Wanted, command: RequestCommand) -> Answer:
        """A stop without an id is about all that runs here; where it works for one, the others' no is not told."""
        answers: list[str] = []
        refusals: list[TocsinError] = []
        speaker = said.speaker
        for request in self.desk.which(wanted, said.channel):
            try:
                answers.append(await self._act_on(replace(said, speaker=speaker), wanted.verb, command, request))
            except TocsinError as error:
                refusals.append(error)
            else:  # one line is one act of the record; of several, the first bears its plain id
                speaker = replace(said.speaker, act=f"{said.speaker.act} {request}" if said.speaker.act else "")
        if not answers:
            if len(refusals) == 1:
                raise refusals[0]
            return Answer(" ".join(reply_to(error) for error in refusals))
        return Answer(" ".join(filter(None, answers)))

    async def _act_on(self, said: Said, verb: str, command: RequestCommand, request: RequestId) -> str:
        """Act where everybody of the request sees it; a verified stop or hold counts wherever it is said."""
        elsewhere = self.desk.elsewhere(request, said.channel)
        safer = isinstance(command, TOWARDS_SAFETY)
        if elsewhere and not (safer and said.speaker.verified):
            return elsewhere
        if not said.speaker.verified and not (safer and said.speaker.claimed) and not isinstance(command, BY_ANYBODY):
            return await self._not_counted(said, verb, request)
        try:
            happening = await self.handler.handle(Act(said.speaker, command, request))
        except Refused:
            if elsewhere:  # why not is told where it is at home
                return elsewhere
            raise
        if elsewhere:
            return f"{request}: it counts; what follows is said where {request} is handled."
        return _without_the_record(command, request, happening)

    async def _not_counted(self, said: Said, verb: str, request: RequestId) -> str:
        """Show it as seen; a flood of such is answered, and not kept."""
        full = len(self._uncounted) == UNCOUNTED_A_MINUTE and said.at - self._uncounted[0] < MINUTE
        if not full:
            self._uncounted.append(said.at)
            await self.handler.handle(Act(said.speaker, SeeUncounted(verb), request))
        return f"{request}: seen, not counted: {said.speaker.doubt}"


def _without_the_record(command: RequestCommand, request: RequestId, happening: Happening) -> str:
    """A stop that the record did not take works all the same, and nothing else tells it."""
    if happening.events or not isinstance(command, Stop | Abort):
        return ""
    what = "the running step is killed" if isinstance(command, Abort) else "no further step starts"
    return f"{request}: {what}. The record cannot be written just now; it is told there as soon as it can be."
