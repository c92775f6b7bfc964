"""The bot: what was heard on IRC becomes an act or an answer; which lines count, and whose they are, is for others."""

import asyncio
from datetime import datetime

import structlog

from tocsin.domain.errors import TocsinError
from tocsin.irc import events as heard
from tocsin.irc.acting import Acting, Answer, Said
from tocsin.irc.desk import Desk
from tocsin.irc.grammar import Asked, Line, Nothing, Plain, Unclear, Wanted
from tocsin.irc.identities import Identities
from tocsin.irc.message import UnsafeLine
from tocsin.irc.obstacles import NOT_CONNECTED
from tocsin.irc.overhearing import Overhearing
from tocsin.irc.patience import Left
from tocsin.irc.presence import IrcPresence
from tocsin.irc.replies import BROKEN, lines, reply_to
from tocsin.irc.speakers import Speakers, is_towards_safety
from tocsin.service.handler import Handler
from tocsin.service.ports import Clock

log = structlog.get_logger()
MOST_AT_ONCE = 200
MOST_OF_ONE = 20
"""Lines of one nick that wait, for services or for each other."""
LAST_ACTS_SECONDS = 2.0
TOO_MUCH = "that is a lot at once; I answer again in 10 s."
STANDING = "standing"


class Bot:
    """Listens to one session's events; every line that asks for something is answered."""

    def __init__(
        self, handler: Handler, desk: Desk, identities: Identities, presence: IrcPresence, clock: Clock
    ) -> None:
        """Take what it needs to act, to answer, and to know people."""
        self._acting = Acting(handler, desk)
        self._overhearing = Overhearing(handler, desk)
        self._speakers = Speakers(identities)
        self._desk = desk
        self._identities = identities
        self._presence = presence
        self._clock = clock
        self._queues: dict[str, list[asyncio.Task[None]]] = {}
        self._said_degraded = False
        self._counted = False

    async def on_event(self, event: heard.Event) -> None:
        """Take in what the session tells, in order; what may take time goes on beside."""
        match event:
            case heard.LineHeard():
                self._line_heard(event)
            case heard.RegistrationTold():
                self._identities.told(event)
            case heard.Arrived():
                self._identities.forget(event.account)
            case heard.Departed():
                self._identities.forget(event.account)
                self._presence.left(event, self._clock.now())
            case heard.WentAway():
                self._presence.left(event, self._clock.now())
            case heard.AccountChanged():
                self._identities.forget(event.old)
                self._identities.forget(event.new)
                self._presence.left(event, self._clock.now())
            case heard.SplitBegan() | heard.Disconnected():
                self._identities.forget_all()
                self._presence.all_unsure(self._clock.now())
            case heard.Degraded():
                self._degraded(event)
            case heard.Recovered():
                self._recovered()
            case heard.Echoed():
                self._echoed(event)
            case heard.VoiceMissing():
                self._desk.say(event.channel, f"Take care: {event.why}.", urgent=True)
            case heard.ChannelLost():
                log.warning("irc", seen=event)
                self._presence.lost_sight(self._clock.now())
            case heard.Undelivered() | heard.TopicRefused():
                log.warning("irc", seen=event)
            case _:
                pass

    async def finish(self) -> None:
        """Let what is being answered come to its end, for a moment; then drop it."""
        busy = [task for queue in self._queues.values() for task in queue]
        if busy:
            _, late = await asyncio.wait(busy, timeout=LAST_ACTS_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _degraded(self, event: heard.Degraded) -> None:
        """Say once that something is wrong, so that nobody waits for an answer that cannot come."""
        log.warning("irc_degraded", reason=event.reason, nothing_counts=event.nothing_counts)
        starting = not self._counted and (event.reason == NOT_CONNECTED or not event.nothing_counts)
        if self._said_degraded or starting:
            return
        text = f"Nothing said here counts until I say so: {event.reason}."
        self._desk.say_everywhere(text if event.nothing_counts else f"Take care: {event.reason}.", STANDING)
        self._said_degraded = True

    def _recovered(self) -> None:
        if self._said_degraded:
            self._desk.say_everywhere(
                "I hear everybody again. What was said meanwhile did not count: say it again.", STANDING
            )
        self._said_degraded, self._counted = False, True

    def _echoed(self, echo: heard.Echoed) -> None:
        """A line of ours that the network cut is ended in a second one."""
        if echo.intact:
            return
        log.warning("irc_line_changed_by_the_network", target=echo.target, sent=echo.sent, seen=echo.seen)
        if echo.seen and echo.sent.startswith(echo.seen) and not echo.sent.startswith("… "):
            self._desk.say(echo.target, f"… {echo.sent[len(echo.seen) :].strip()}", urgent=True)

    def _line_heard(self, line: heard.LineHeard) -> None:
        """Read a line, and put it after others of the same nick: what one person says is done in that order.

        What it means is looked at first, for of most lines nobody needs to know whether they count.
        """
        match self._desk.parse(line.text, in_private=line.channel is None):
            case Nothing():
                pass
            case Plain(is_talk=True) as talk:
                self._talked(line, talk)
            case Plain() as words:
                if self._speakers.may_be_known(line) and line.answerable:
                    self._queue(line, words)
            case wanted:
                if line.answerable:
                    self._wanted(line, wanted)

    def _wanted(self, line: heard.LineHeard, wanted: Line) -> None:
        left = Left.ENOUGH
        if not is_towards_safety(wanted):
            left = self._desk.patience(line, self._clock.now())
        if left is Left.LAST:
            self._say(line, Answer(TOO_MUCH))
        elif left is Left.ENOUGH:
            self._queue(line, wanted)

    def _talked(self, line: heard.LineHeard, talk: Plain) -> None:
        """Talk asks for nothing, and shows that somebody is here; only when services must be asked it has to wait."""
        person = self._identities.person_of_account(line.account)
        if not person or not line.account or not line.verified:
            return
        doubt = self._identities.doubt_now(line.account)
        if doubt is None:
            self._queue(line, talk)
        elif not doubt:
            self._presence.spoke(person.id, self._clock.now())

    def _queue(self, line: heard.LineHeard, wanted: Line) -> None:
        waiting = self._queues.get(line.nick, [])
        crowded = len(waiting) >= MOST_OF_ONE or sum(map(len, self._queues.values())) >= MOST_AT_ONCE
        if crowded and not is_towards_safety(wanted):
            log.error("too many lines at once; one is not answered", nick=line.nick)
            return
        after, now = waiting[-1] if waiting else None, self._clock.now()
        task = asyncio.create_task(self._handle_after(after, line, wanted, now))
        self._queues.setdefault(line.nick, []).append(task)
        task.add_done_callback(lambda done: self._dequeue(line.nick, done))

    def _dequeue(self, nick: str, done: asyncio.Task[None]) -> None:
        self._queues[nick].remove(done)
        if not self._queues[nick]:
            del self._queues[nick]

    async def _handle_after(
        self, before: asyncio.Task[None] | None, line: heard.LineHeard, wanted: Line, heard_at: datetime
    ) -> None:
        if before:
            await asyncio.wait([before])
        await self._handle(line, wanted, heard_at)

    async def _handle(self, line: heard.LineHeard, wanted: Line, heard_at: datetime) -> None:
        """The top of one line's handling: whatever happens in it, the bot goes on."""
        try:
            for answer in await self._answers(line, wanted, heard_at):
                self._say(line, answer, urgent=isinstance(wanted, Wanted))
        except TocsinError as error:
            self._say(line, Answer(reply_to(error)), urgent=True)
        except Exception:
            log.exception("a line could not be handled", channel=line.channel)
            self._say(line, Answer(BROKEN), urgent=True)

    async def _answers(self, line: heard.LineHeard, wanted: Line, heard_at: datetime) -> list[Answer]:
        speaker, now = await self._speakers.speaker(line, wanted), self._clock.now()
        if speaker.person:
            self._presence.spoke(speaker.person, heard_at)
        match wanted:
            case Wanted():
                return [await self._acting.act(Said(speaker, line.channel, now), wanted)]
            case Asked():
                return [Answer(text) for text in await self._desk.tell(wanted, speaker, line.channel)]
            case Unclear():
                return [Answer(wanted.sentence)]
            case Plain() if line.channel:
                said = await self._overhearing.answer(wanted, speaker, line.text, (line.channel, now))
                return [Answer(said)]
            case _:
                return []

    def _say(self, line: heard.LineHeard, answer: Answer, *, urgent: bool = False) -> None:
        """Answer where it was said; what strangers say is answered after the acts of people who are known."""
        target = line.nick if answer.alone or not line.channel else line.channel
        address = "" if target == line.nick else line.nick
        for text in lines(address, answer.text, self._desk.room(target)):
            spared = self._desk.spared(target, text, line.nick)
            try:
                self._desk.say(target, spared, urgent=urgent and self._speakers.may_be_known(line))
            except UnsafeLine:  # a nick that no line can be addressed to; nor could an excuse be
                log.exception("an answer cannot be said", target=target)
                return
