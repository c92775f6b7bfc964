"""The whole of IRC put together from its settings and the service: what wiring starts, and the server talks through."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.domain.people import Directory, PersonId
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation
from tocsin.irc.announcing import Announcer
from tocsin.irc.bot import Bot
from tocsin.irc.calling import Names
from tocsin.irc.connection import GOODBYE_SECONDS, Connection, Surroundings
from tocsin.irc.desk import Desk
from tocsin.irc.events import Event, TopicChanged
from tocsin.irc.identities import Identities
from tocsin.irc.log_channel import LogChannel
from tocsin.irc.network_state import Member
from tocsin.irc.obstacles import NOT_CONNECTED
from tocsin.irc.presence import IrcPresence
from tocsin.irc.session import Session
from tocsin.irc.settings import IrcSettings
from tocsin.irc.status import IrcStatus, status_of
from tocsin.irc.topics import piece, updated
from tocsin.irc.troubles import Troubles
from tocsin.irc.where import Where
from tocsin.service.handler import Handler
from tocsin.service.ports import Clock, Presences
from tocsin.service.questions import Questions
from tocsin.service.requests import Happening, Requests
from tocsin.service.situating import Configuration

LOOK_AGAIN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Office:
    """What the bot works with: the service, the configuration as it is now, and what it needs to speak."""

    handler: Handler
    requests: Requests
    questions: Questions
    configuration: Callable[[], Configuration]
    clock: Clock
    situation_of: Callable[[Request], Situation | None]
    public_url: str = ""
    log_channel: str = ""
    topic_changed: Callable[[], object] = lambda: None

    def directory(self) -> Directory:
        """Return the people as they are configured now."""
        return self.configuration().directory


class Irc:
    """One bot on one network."""

    def __init__(self, settings: IrcSettings, office: Office, surroundings: Surroundings | None = None) -> None:
        """Put it together; it is on IRC once it runs."""
        self._office = office
        self._settings = settings
        self._session = Session(settings, office.clock.now())
        self._connection = Connection(settings, self._session, self._heard, surroundings)
        self._identities = Identities(office.directory, self._connection.ask_registration, self._session.fold)
        self._presence = IrcPresence(self._person_of, self._still_here, self._joined_lately)
        self._joined: frozenset[PersonId] = frozenset()
        self._joined_at: datetime | None = None
        self._where = Where(lambda: office.configuration().catalogue, self._are_equal)
        self._troubles = Troubles(settings, self._session.fold, lambda nick: self._session.network.is_own(nick))
        self._desk = Desk(office.requests, office.questions, self._where, office.directory, self._connection)
        self._desk.nick = lambda: self._session.nick
        self._desk.names_in = self._names_in
        self._bot = Bot(office.handler, self._desk, self._identities, self._presence, office.clock)
        self._announcer = Announcer(
            self._where, self._connection, self._names_in, office.situation_of, office.public_url
        )
        self.admin_log = LogChannel(office.log_channel, self._session, self._connection)

    @property
    def presences(self) -> Presences:
        """Who showed signs of life on IRC; nobody yet before it runs."""
        return self._presence

    @property
    def degraded(self) -> str:
        """Why not all that is said on IRC counts just now; empty when it does."""
        why, trouble = self._session.degraded or "", self._connection.trouble
        return f"{why} ({trouble})" if why == NOT_CONNECTED and trouble else why

    @property
    def status(self) -> IrcStatus:
        """Where the bot is, as whom, and what is wrong."""
        return status_of(self._settings, self._session, self._connection, self._troubles)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why not all that is said on IRC counts just now, and what somebody should mend."""
        return tuple(each for each in (self.degraded, *self._troubles.sentences()) if each)

    def sentences(self) -> list[str]:
        """Say all of that."""
        return self.status.sentences()

    async def run(self) -> None:
        """Be on IRC until cancelled; then end what is being answered, and take leave."""
        self._keep_topics()
        talking = asyncio.create_task(self._connection.run())
        try:
            await asyncio.shield(talking)
        finally:
            await self._bot.finish()
            self._connection.close()
            await asyncio.wait([talking], timeout=2 * GOODBYE_SECONDS)
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)

    async def announce(self, happening: Happening) -> None:
        """Say what the record tells."""
        self._keep_topics()
        await self._announcer.announce(happening)

    def topic(self, channel: str) -> str | None:
        """Return what others wrote into a channel's topic, as far as it is known now."""
        told = None if self._session.closed else self._session.network.topic(channel)
        return None if told is None else updated(told, "", 0)

    def say_everywhere(self, text: str) -> None:
        """Say a line in every channel where requests are handled, in place of an older such line that still waits."""
        self._desk.say_everywhere(text, "everybody")

    def _keep_topics(self) -> None:
        """Have each channel's topic tell what is open there now, where that is wanted at all."""
        if not self._settings.topic:
            return
        open_now, topics = self._office.requests.open(), self._session.topics
        for channel in dict.fromkeys((*self._where.channels(), *topics.channels)):
            topics.want(channel, piece(channel, open_now, self._where))

    async def _heard(self, event: Event) -> None:
        self._troubles.heard(event)
        if isinstance(event, TopicChanged):
            self._office.topic_changed()
        await self._bot.on_event(event)

    def _person_of(self, account: str | None) -> PersonId | None:
        found = self._identities.person_of_account(account)
        return found.id if found else None

    def _still_here(self, person: PersonId) -> bool:
        """Say whether somebody is where requests are handled, by any connection at which they are not away."""
        members = (member for name in self._where.channels() for member in self._connections_of(person, name))
        return any(not member.away for member in members)

    def _joined_lately(self) -> frozenset[PersonId]:
        """Return who is signed in where requests are handled, and not away; channels are large, so not at each act."""
        now = self._office.clock.now()
        if self._joined_at is None or not timedelta() <= now - self._joined_at < LOOK_AGAIN:
            self._joined_at, self._joined = now, frozenset(self._signed_in())
        return self._joined

    def _signed_in(self) -> Iterator[PersonId]:
        for channel in self._where.channels() if self._session.closed is None else ():
            for member in self._session.network.members(channel):
                if not member.away and (person := self._person_of(member.account)):
                    yield person

    def _names_in(self, channel: str) -> Names:
        members = self._session.network.members(channel)
        others = frozenset(member.nick for member in members if not self._session.network.is_own(member.nick))
        return Names(others, lambda person: self._nick_of(person, channel), self._session.fold)

    def _nick_of(self, person: PersonId, channel: str) -> str:
        """Return a nick under which a person is signed in there now, or one that the directory has, or their id."""
        known = self._office.directory().person(person)
        otherwise = known.nicks[0] if known and known.nicks else str(person)
        return next((member.nick for member in self._connections_of(person, channel)), otherwise)

    def _connections_of(self, person: PersonId, channel: str) -> Iterator[Member]:
        known = self._office.directory().person(person)
        accounts = {self._session.fold(account.name) for account in known.accounts} if known else set()
        for member in self._session.network.members(channel):
            if member.account and self._session.fold(member.account) in accounts:
                yield member

    def _are_equal(self, one: str, other: str) -> bool:
        return self._session.fold(one) == self._session.fold(other)
