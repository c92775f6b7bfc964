"""How the bot stands on IRC: what the command line shows of it, and what is wrong, in sentences."""

from dataclasses import dataclass

from tocsin.irc.capabilities import REQUIRED
from tocsin.irc.connection import Connection
from tocsin.irc.obstacles import VOICED
from tocsin.irc.session import Session
from tocsin.irc.settings import IrcSettings
from tocsin.irc.troubles import Troubles


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """One channel of ours: whether we are in it, and whether we have a voice there."""

    name: str
    joined: bool
    voiced: bool


@dataclass(frozen=True, slots=True)
class IrcStatus:
    """Where the bot is and as whom; `degraded` says why not all of it counts, `trouble` why it is nowhere.

    `troubles` is what somebody should mend all the same.
    """

    server: str
    nick: str
    account: str
    capabilities: tuple[str, ...]
    channels: tuple[ChannelStatus, ...]
    degraded: str
    trouble: str = ""
    troubles: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The capabilities without which nothing counts."""
        return tuple(name for name in REQUIRED if name not in self.capabilities)

    def sentences(self) -> list[str]:
        """Return the status as people read it, one line for each matter."""
        if not self.server:
            why = f": {self.trouble}" if self.trouble else ""
            return [f"Not connected{why}."]
        account = f"signed in as {self.account}" if self.account else "not signed in"
        told = [f"Connected to {self.server} as {self.nick}, {account}."]
        told.append(f"Capabilities: {', '.join(self.capabilities) or 'none'}.")
        if self.missing:
            told.append(f"Missing, so that nothing counts: {', '.join(self.missing)}.")
        told += [_sentence(channel) for channel in self.channels]
        told += [f"Not all of it counts: {self.degraded}."] if self.degraded else []
        return [*told, *(f"Take care: {each}." for each in self.troubles)]


def status_of(settings: IrcSettings, session: Session, connection: Connection, troubles: Troubles) -> IrcStatus:
    """Return how a bot stands now."""
    server = connection.server
    return IrcStatus(
        server=f"{server.host}:{server.port}" if server and session.closed is None else "",
        nick=session.nick,
        account=session.account or "",
        capabilities=session.capabilities,
        channels=tuple(_channel(session, channel.name) for channel in settings.channels),
        degraded=session.degraded or "",
        trouble=connection.trouble,
        troubles=troubles.sentences(),
    )


def _channel(session: Session, name: str) -> ChannelStatus:
    channel = session.network.channel(name)
    return ChannelStatus(name, channel is not None, channel is not None and bool(channel.own_modes & VOICED))


def _sentence(channel: ChannelStatus) -> str:
    if not channel.joined:
        return f"{channel.name}: not in it."
    return f"{channel.name}: in it, {'with' if channel.voiced else 'without'} a voice (+v)."
