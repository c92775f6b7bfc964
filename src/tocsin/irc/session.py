"""Being on IRC without a socket: bytes and the time go in, events and bytes come out; what words mean is for others.

Laws: it never stays signed out where one can sign in; nothing that a server sends raises; every wait has a bound.
One session lives as long as the program; `start` begins a connection, `lost` ends it. What waits to be said survives.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tocsin.irc.events import Connected, Degraded, Disconnected, Echoed, Event, Recovered, Undelivered
from tocsin.irc.following import Following
from tocsin.irc.hearing import Hearing, RawLine, Standing
from tocsin.irc.keepalive import Keepalive
from tocsin.irc.login import SignOnFailed
from tocsin.irc.message import LineSplitter, Message, UnsafeLine, build, parse, require_safe
from tocsin.irc.names import budget, cut, split_source
from tocsin.irc.network_state import NetworkState
from tocsin.irc.obstacles import NOT_CONNECTED, absence, obstacle
from tocsin.irc.registrations import Registrations
from tocsin.irc.sending import About, SendingQueue, Waiting
from tocsin.irc.settings import IrcSettings
from tocsin.irc.signing_on import SigningOn
from tocsin.irc.topic_keeping import Topics

LOGIN_COMMANDS = ("AUTHENTICATE", "900", "901", "902", "903", "904", "905", "906", "907", "908")
NICK_REFUSALS = ("432", "433", "436", "437")
NOT_DELIVERED = ("401", "403", "404", "412", "417", "486", "531", "716")
ROOM = "." * 100  # what must fit beside the longest target

Handler = Callable[[Message, datetime], list[Event]]


class Session:
    """Our side of IRC. `closed` says why a connection has to be given up; the socket loop then closes it."""

    def __init__(self, settings: IrcSettings, now: datetime) -> None:
        self.closed: str | None = NOT_CONNECTED
        self.topics = Topics()
        self._settings = settings
        self._queue = SendingQueue(settings.pace)
        self._hearing = Hearing(settings)
        self._degraded: str | None = NOT_CONNECTED
        self._outgoing: list[bytes] = []
        self._told_lost = False
        self._prepare(now)
        self._handlers: dict[str, Handler] = {
            "PING": self._ping,
            "NOTICE": self._notice,
            "CAP": self._capabilities,
            "421": self._capabilities,
            "001": self._welcome,
            "ERROR": self._error,
            **dict.fromkeys(LOGIN_COMMANDS, self._login),
            **dict.fromkeys(NICK_REFUSALS, self._nick_refused),
            **dict.fromkeys(NOT_DELIVERED, self._undelivered),
        }

    @property
    def nick(self) -> str:
        """Our nick as it is now."""
        return self._following.network.nick

    @property
    def degraded(self) -> str | None:
        """Why nothing that is said counts just now, or None when it does."""
        return self._degraded

    @property
    def dropped(self) -> int:
        """How many lines were never said, for there were too many or they were too old."""
        return self._queue.dropped

    @property
    def network(self) -> NetworkState:
        """Who is where, as far as the server has told."""
        return self._following.network

    @property
    def capabilities(self) -> tuple[str, ...]:
        """The capabilities that are on."""
        return self._signing_on.capabilities.on

    @property
    def account(self) -> str | None:
        """Our own services account, while we are signed in."""
        return self._signing_on.account

    def fold(self, name: str) -> str:
        """Spell a nick, account or channel so that those equal to this network are equal."""
        return self._following.network.fold(name)

    def start(self, now: datetime) -> None:
        """Begin a connection: everything known of the last one is forgotten."""
        self._prepare(now)
        self.closed = None
        self._signing_on.begin(now)

    def lost(self, why: str) -> list[Event]:
        """End a connection, whoever wanted it; tell it once."""
        if self._told_lost:
            return []
        self._told_lost = True
        self._queue.put_back()
        self.closed = why if self.closed in (None, NOT_CONNECTED) else self.closed
        self._outgoing.clear()
        return [Disconnected(self.closed), *self._standing_changed()]

    def receive(self, data: bytes, now: datetime) -> list[Event]:
        """Take bytes from the server and return what they tell."""
        return [event for line in self.lines(data) for event in self.hear(line, now)]

    def lines(self, data: bytes) -> list[bytes]:
        """Take bytes from the server and return the lines that they complete, for `hear`."""
        if data:
            self._keepalive.heard()
        return self._splitter.feed(data)

    def still_there(self) -> None:
        """Take note that bytes have come which were not read yet."""
        self._keepalive.heard()

    def hear(self, line: bytes, now: datetime) -> list[Event]:
        """Take one line and return what it tells."""
        self._now = now
        if (message := parse(line)) is None or self.closed is not None:
            return []
        if message.command == "PRIVMSG":
            return self._said(message, line, now)
        try:
            events = self._dispatch(message, now)
        except SignOnFailed as failure:
            events = self.lost(str(failure))
        except UnsafeLine:  # a server wants something repeated that cannot be said: it is not said
            events = []
        return [*events, *self._standing_changed()]

    def tick(self, now: datetime) -> list[Event]:
        """Let time pass: ask, wait, try again, give up. To be called several times a second."""
        self._now = now
        if self.closed is not None:
            return []
        try:
            events = self._let_time_pass(now)
        except SignOnFailed as failure:
            events = self.lost(str(failure))
        return [*events, *self._standing_changed()]

    @property
    def has_outgoing(self) -> bool:
        """Tell whether anything is to be sent, now or when its turn comes."""
        return bool(self._outgoing) or len(self._queue) > 0

    def take_outgoing(self, now: datetime) -> list[bytes]:
        """Return the lines to be sent now, those of the protocol first."""
        lines, self._outgoing = self._outgoing, []
        if self.closed is None and self._signing_on.welcomed:
            for waiting in self._queue.take(now, self._can_reach):
                lines.append(self._spoken(waiting))
        return lines

    def note_time(self, now: datetime) -> None:
        """Take note of the time before a `say` or `ask_registration` that comes from nothing heard."""
        self._now = now

    def room(self, target: str) -> int:
        """Return how many bytes of text a line to the target may have."""
        return budget(self._following.network.prefix_bytes, target)

    def say(
        self, target: str, text: str, *, urgent: bool = False, merge_key: str | None = None, about: About | None = None
    ) -> None:
        """Let a line wait for its turn; raises UnsafeLine. One that is too long is cut, and shows it."""
        require_safe(text)
        build("PRIVMSG", target, ROOM)
        self._queue.put(Waiting(target, text, merge_key, self._now, about), urgent=urgent)

    def is_unsaid(self, target: str, text: str) -> bool:
        """Say whether a line still waits, or was sent and not seen again."""
        return self._queue.holds(target, text)

    def ask_account(self, account: str) -> None:
        """Ask services about an account by its name, whether or not its owner is there."""
        build("PRIVMSG", self._settings.services_nick, f"INFO {account}")
        self._registrations.ask_account(account, self._now)

    def ask_registration(self, nick: str) -> None:
        """Ask services whose account a nick is signed in to; the answer comes as RegistrationTold."""
        build("PRIVMSG", self._settings.services_nick, f"ACC {nick} *")
        self._registrations.ask(nick, self._now)

    def quit(self, reason: str) -> None:
        """Say goodbye; the server then closes the connection."""
        self._send("QUIT", cut(reason, 200))

    def _prepare(self, now: datetime) -> None:
        self._now = now
        self._outgoing = []
        self._splitter: LineSplitter = LineSplitter()
        self._keepalive: Keepalive = Keepalive(now)
        self._following: Following = Following(self._settings, self._send, self.topics)
        self._signing_on: SigningOn = SigningOn(self._settings, self._send)
        network = self._following.network
        self._registrations: Registrations = Registrations(self._settings, network, self._say_at_once)
        self._welcomed_at: datetime | None = None
        self._told_lost = False

    def _send(self, command: str, *params: str) -> None:
        self._outgoing.append(build(command, *params))

    def _say_at_once(self, target: str, text: str) -> None:
        self.say(target, text, urgent=True)

    def _can_reach(self, target: str) -> bool:
        network = self._following.network
        return not network.supported.is_channel(target) or network.channel(target) is not None

    def _spoken(self, waiting: Waiting) -> bytes:
        text = cut(waiting.text, self.room(waiting.target))
        to_services = waiting.target == self._settings.services_nick
        if self._signing_on.capabilities.has("echo-message") and not to_services:
            self._hearing.sent(waiting.target, text)
            self._queue.expect_echo(replace(waiting, text=text))
        return build("PRIVMSG", waiting.target, text)

    def _said(self, message: Message, line: bytes, now: datetime) -> list[Event]:
        if not self._signing_on.welcomed or len(message.params) < 2:
            return []
        tag_bytes = line.find(b" ") + 1 if line.startswith(b"@") else 0
        raw = RawLine(message, len(line) - tag_bytes + 2, now)
        standing = Standing(self._signing_on.account, self._obstacle(), self._welcomed_at)
        events = self._hearing.heard(raw, self._following.network, standing)
        for event in events:
            if isinstance(event, Echoed):
                self._queue.echoed(event.target, event.sent)
        return events

    def _dispatch(self, message: Message, now: datetime) -> list[Event]:
        handler = self._handlers.get(message.command)
        events = handler(message, now) if handler else []
        return [*events, *self._following.heard(message, now)]

    def _let_time_pass(self, now: datetime) -> list[Event]:
        if self._keepalive.is_dead(now):
            return self.lost("the server fell silent")
        self._signing_on.tick(self.nick, now)
        if not self._signing_on.welcomed:
            return []
        if self._keepalive.is_due(now):
            self._send("PING", "tocsin")
        return self._following.tick(now, signed_in=self._signing_on.signed_in)

    def _ping(self, message: Message, _: datetime) -> list[Event]:
        self._send("PONG", message.param(-1))
        return []

    def _notice(self, message: Message, now: datetime) -> list[Event]:
        source, in_batch = split_source(message.source), message.tag("batch") is not None
        return [] if in_batch else self._registrations.heard(source, message.param(1), now)

    def _capabilities(self, message: Message, now: datetime) -> list[Event]:
        self._signing_on.heard_capabilities(message, now)
        return []

    def _login(self, message: Message, now: datetime) -> list[Event]:
        self._signing_on.heard_login(message, now)
        return []

    def _nick_refused(self, message: Message, now: datetime) -> list[Event]:
        if not self._following.network.supported.is_channel(message.param(1)):
            self._signing_on.nick_refused(message.param(1), now)
        return []

    def _welcome(self, message: Message, now: datetime) -> list[Event]:
        if self._signing_on.welcomed:
            return []
        self._signing_on.heard_welcome()
        self._welcomed_at = now
        nick = message.param(0) or self._signing_on.tried_nick
        self._following.begin(nick, now, extended_join=self._signing_on.capabilities.has("extended-join"))
        if self._signing_on.account:
            self._registrations.learn_host(nick, self._signing_on.account, now)
        return [Connected(nick)]

    def _error(self, message: Message, _: datetime) -> list[Event]:
        return self.lost(f"the server ended the connection: {message.param(0)}")

    def _undelivered(self, message: Message, _: datetime) -> list[Event]:
        return [Undelivered(message.param(1), message.param(-1))] if self._signing_on.welcomed else []

    def _standing_changed(self) -> list[Event]:
        stands_in_the_way = self._obstacle()
        reason = stands_in_the_way or absence(self._settings, self._following.network) or None
        if reason == self._degraded:
            return []
        self._degraded = reason
        return [Degraded(reason, nothing_counts=bool(stands_in_the_way))] if reason else [Recovered()]

    def _obstacle(self) -> str:
        return NOT_CONNECTED if self.closed is not None else obstacle(self._signing_on, self._following.splits)
