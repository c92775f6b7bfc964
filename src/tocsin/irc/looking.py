"""A look at the network without a server: whether the bot gets in and is heard, and what services say of accounts."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from tocsin.irc.connection import Connection, Surroundings
from tocsin.irc.events import Event, RegistrationTold
from tocsin.irc.identities import spelled
from tocsin.irc.session import Session, never_seen
from tocsin.irc.settings import IrcSettings
from tocsin.irc.status import IrcStatus, status_of

ARRIVAL_SECONDS = 30.0
ANSWER_SECONDS = 5.0
STEP_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: how the bot stood once it was in, and the registration of each account; empty when not told."""

    status: IrcStatus
    registrations: tuple[tuple[str, str], ...] = ()

    def registration(self, account: str) -> str:
        """Return what services told of an account, as the directory pins it; empty when nothing."""
        return next((told for name, told in self.registrations if name == account), "")


async def look(settings: IrcSettings, accounts: Iterable[str] = (), around: Surroundings | None = None) -> Look:
    """Sign in, join, ask services about accounts, and leave again; every wait has a bound."""
    visit = _Visit(settings, around)
    running = asyncio.create_task(visit.connection.run())
    try:
        await visit.until(lambda: visit.arrived or bool(visit.connection.trouble), ARRIVAL_SECONDS)
        status = status_of(settings, visit.session, visit.connection)
        told = [(account, await visit.registration(account)) for account in accounts] if status.server else []
        return Look(status, tuple(told))
    finally:
        visit.connection.close("had a look")
        await asyncio.gather(running, return_exceptions=True)


class _Visit:
    def __init__(self, settings: IrcSettings, around: Surroundings | None) -> None:
        self.session = Session(settings, datetime.now(UTC), never_seen)
        self.connection = Connection(settings, self.session, self._heard, around)
        self._channels = settings.channels
        self._told: dict[str, str] = {}

    @property
    def arrived(self) -> bool:
        """Welcomed, and in every channel."""
        network = self.session.network
        welcomed = self.session.closed is None and bool(self.session.account or network.channels)
        return welcomed and all(network.channel(channel.name) for channel in self._channels)

    async def registration(self, account: str) -> str:
        self.connection.ask_account(account)
        await self.until(lambda: self.session.fold(account) in self._told, ANSWER_SECONDS)
        return self._told.get(self.session.fold(account), "")

    async def until(self, seen: Callable[[], bool], seconds: float) -> None:
        """Wait until something is so, or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not seen():
                    await asyncio.sleep(STEP_SECONDS)

    async def _heard(self, event: Event) -> None:
        if isinstance(event, RegistrationTold):
            self._told[self.session.fold(event.account)] = spelled(event)
