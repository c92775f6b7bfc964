"""Looking, once, whether the bot can be on IRC as it is configured: connects, signs in, joins, asks services, leaves.

Laws: nothing is said to anybody but services; every wait has a bound; what went wrong is told in a sentence.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tocsin.domain.errors import Refused, Unreachable
from tocsin.irc.capabilities import REQUIRED
from tocsin.irc.connection import GOODBYE_SECONDS, Connection
from tocsin.irc.events import ChannelLost, Connected, Disconnected, Event, RegistrationTold, ServiceReplied
from tocsin.irc.identities import spelled
from tocsin.irc.session import Session
from tocsin.irc.settings import IrcSettings, Server

WELCOME_SECONDS = 60.0
JOIN_SECONDS = 20.0
VOICE_SECONDS = 3.0
"""How long a channel's services may take to give a voice to who has just joined."""
ANSWER_SECONDS = 10.0
POLL_SECONDS = 0.05
LOUD_MODES = "voqahy"
SILENT = "services did not answer; is services_nick right, and services_host, where that is given?"
NO_TLS = "That port does not speak TLS: 6697 mostly does."
OUT_OF_TIME = "the time was over before that was looked at"
_UNREGISTERED = re.compile(r"(\S+) is not registered\b.*")
_REMEDIES = (
    ("CERTIFICATE_VERIFY_FAILED", "Where the network has an authority of its own, name its file with ca_file."),
    ("WRONG_VERSION_NUMBER", NO_TLS),
    ("RECORD_LAYER_FAILURE", NO_TLS),
    ("refused the account", "Look at account and password_file, or at the certificate that services know."),
    ("sign-in, only", "Change sasl to what the network takes."),
    ("without signing in", "Look at sasl and account, or allow join_without_accounts."),
    ("does not offer", "Ask the network for it, or name another server."),
    ("said nothing", "Services may be down: try again in a moment."),
    ("is free", "Give the bot another nick, or have its old connection ended."),
)


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """One server of the network; `why` says what kept the bot out, and what to do."""

    host: str
    port: int
    why: str = ""
    nick: str = ""
    account: str = ""
    capabilities: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """One channel: whether the bot came in and was given a voice; `why` says what kept it out."""

    name: str
    joined: bool
    voiced: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """What services told of one account; `why` says what they told instead."""

    name: str
    told: RegistrationTold | None = None
    why: str = ""

    @property
    def registration(self) -> str:
        """Return the registration as it is pinned in the directory."""
        return spelled(self.told) if self.told else ""


@dataclass(slots=True)
class Seen:
    """All that was found; what is missing at the end was not looked at in time."""

    doors: list[DoorSeen] = field(default_factory=list)
    channels: list[ChannelSeen] = field(default_factory=list)
    accounts: list[AccountSeen] = field(default_factory=list)
    in_time: bool = True

    @property
    def open_door(self) -> DoorSeen | None:
        """Return the first server that let the bot in."""
        return next((door for door in self.doors if not door.why), None)


async def look(settings: IrcSettings, accounts: Sequence[str], limit_seconds: float) -> Seen:
    """Try every server; through the first that opens look at all channels, and ask services for accounts."""
    seen = Seen()
    try:
        async with asyncio.timeout(limit_seconds):
            for server in settings.servers:
                await _through(server, settings, accounts, seen)
    except TimeoutError:
        seen.in_time = False
    tried = len(seen.doors)
    seen.doors += [DoorSeen(each.host, each.port, OUT_OF_TIME) for each in settings.servers[tried:]]
    if seen.open_door:
        known = {each.name for each in seen.channels}
        late = [each.name for each in settings.channels if each.name not in known]
        seen.channels += [ChannelSeen(name, joined=False, why=OUT_OF_TIME) for name in late]
        seen.accounts += [AccountSeen(name, why=OUT_OF_TIME) for name in accounts[len(seen.accounts) :]]
    return seen


async def registration_of(settings: IrcSettings, account: str, limit_seconds: float) -> AccountSeen:
    """Ask services for one account, signed in as the bot; raises `Unreachable`, or `Refused` when there is none."""
    seen = await look(replace(settings, channels=()), [account], limit_seconds)
    if seen.open_door is None:
        raise Unreachable("IRC", "; ".join(f"{door.host}: {door.why}" for door in seen.doors))
    (asked,) = seen.accounts
    if asked.why in (SILENT, OUT_OF_TIME):
        raise Unreachable("services", asked.why)
    if not asked.registration:
        raise Refused([f"Services know of no registration for {account}: {asked.why or 'they hide it'}."])
    return asked


async def _through(server: Server, settings: IrcSettings, accounts: Sequence[str], seen: Seen) -> None:
    """Go in by one server; the rest is looked at through the first that opens."""
    first = seen.open_door is None
    alone = replace(settings, servers=(server,), channels=settings.channels if first else ())
    async with _visiting(alone) as visit:
        await visit.until(lambda: visit.welcomed, WELCOME_SECONDS)
        seen.doors.append(visit.door(server))
        if not first or not visit.welcomed:
            return
        seen.channels += await _channels(visit, alone)
        for account in accounts:
            seen.accounts.append(await _asked(visit, account, silent=_is_silent(seen.accounts)))


async def _channels(visit: "_Visit", settings: IrcSettings) -> list[ChannelSeen]:
    names = [each.name for each in settings.channels]
    await visit.until(lambda: all(visit.is_in(each) or visit.refusal(each) for each in names), JOIN_SECONDS)
    inside = [each for each in names if visit.is_in(each)]
    await visit.until(lambda: all(visit.has_voice(each) for each in inside), VOICE_SECONDS)
    return [_channel(visit, each) for each in names]


def _channel(visit: "_Visit", name: str) -> ChannelSeen:
    if visit.is_in(name):
        return ChannelSeen(name, joined=True, voiced=visit.has_voice(name))
    return ChannelSeen(name, joined=False, why=visit.refusal(name) or visit.ended or "the network did not answer")


async def _asked(visit: "_Visit", account: str, *, silent: bool) -> AccountSeen:
    """Ask for one account; services that did not answer once are not waited for again."""
    if silent:
        return AccountSeen(account, why=SILENT)
    visit.connection.ask_account(account)
    await visit.until(lambda: visit.answer(account) is not None, ANSWER_SECONDS)
    return visit.answer(account) or AccountSeen(account, why=visit.ended or SILENT)


def _is_silent(accounts: Sequence[AccountSeen]) -> bool:
    return bool(accounts) and accounts[-1].why == SILENT


class _Visit:
    """One connection, and what it told."""

    def __init__(self, settings: IrcSettings) -> None:
        self.session = Session(settings, datetime.now(UTC))
        self.connection = Connection(settings, self.session, self._take)
        self.welcomed = False
        self.ended = ""
        self._refusals: dict[str, str] = {}
        self._answers: dict[str, AccountSeen] = {}

    async def until(self, reached: Callable[[], bool], seconds: float) -> None:
        """Wait until something is so, until the connection ends, or until the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not reached() and not self.ended:
                    await asyncio.sleep(POLL_SECONDS)

    def door(self, server: Server) -> DoorSeen:
        """Return how the server let us in, or why it did not."""
        if not self.welcomed:
            return DoorSeen(server.host, server.port, _with_remedy(self.ended or "no welcome in time"))
        session, on = self.session, self.session.capabilities
        missing = tuple(name for name in REQUIRED if name not in on)
        return DoorSeen(server.host, server.port, "", session.nick, session.account or "", on, missing)

    def is_in(self, name: str) -> bool:
        """Say whether we are in a channel."""
        return self.session.network.channel(name) is not None

    def has_voice(self, name: str) -> bool:
        """Say whether we are heard in a channel, whatever its modes."""
        channel = self.session.network.channel(name)
        return channel is not None and not channel.own_modes.isdisjoint(LOUD_MODES)

    def refusal(self, channel: str) -> str:
        """Return why a channel did not let us in, if it said so."""
        return self._refusals.get(self.session.fold(channel), "")

    def answer(self, account: str) -> AccountSeen | None:
        """Return what services told of an account, if they did."""
        return self._answers.get(self.session.fold(account))

    async def _take(self, event: Event) -> None:
        match event:
            case Connected():
                self.welcomed = True
            case Disconnected():
                self.ended = self.ended or event.why
            case ChannelLost():
                self._refusals[self.session.fold(event.channel)] = event.why
            case RegistrationTold():
                self._answers[self.session.fold(event.account)] = AccountSeen(event.account, event)
            case ServiceReplied() if unknown := _UNREGISTERED.fullmatch(event.text):
                seen = AccountSeen(unknown[1], why="services know no such account")
                self._answers.setdefault(self.session.fold(unknown[1]), seen)


@asynccontextmanager
async def _visiting(settings: IrcSettings) -> AsyncIterator[_Visit]:
    """Be connected for as long as the block lasts; a connection that ended is not made again."""
    visit = _Visit(settings)
    running = asyncio.create_task(visit.connection.run())
    try:
        yield visit
    finally:
        visit.connection.close("the configuration was checked")
        await asyncio.wait([running], timeout=GOODBYE_SECONDS)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _with_remedy(why: str) -> str:
    remedy = next((sentence for sign, sentence in _REMEDIES if sign in why), "")
    return f"{why}. {remedy}" if remedy else why
