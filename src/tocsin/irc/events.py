"""Everything that the session can tell, on one page; what follows from it is for whoever listens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from tocsin.irc.authority import Doubt


class Departure(StrEnum):
    """How somebody left."""

    PART = "part"
    QUIT = "quit"
    KICK = "kick"
    SPLIT = "split"
    LOGOUT = "logout"


class LineHeard(NamedTuple):  # and not a dataclass, as in message: it is made for every line, and this is quicker
    """Somebody said something; `channel` is None when it was said to the bot alone.

    `find_doubt` judges the line by how everything stood when it was heard, whenever it is asked; of most lines, which
    mean nothing to us, nobody asks.
    """

    channel: str | None
    nick: str
    user: str
    host: str
    account: str | None
    text: str
    message_id: str | None
    find_doubt: Callable[[], Doubt | None]

    @property
    def verified(self) -> bool:
        """Every rule about the connection and the line holds, so `account` is who said it.

        Whether that account is still the same person's is asked with `ask_registration`.
        """
        return self.find_doubt() is None

    @property
    def doubt(self) -> str:
        """What tells the person why the line does not count, and what to do; empty when it does."""
        doubt = self.find_doubt()
        return doubt.sentence if doubt else ""

    @property
    def answerable(self) -> bool:
        """False for what no person has just said: history, repetitions, other bots."""
        doubt = self.find_doubt()
        return doubt is None or doubt.answerable


@dataclass(frozen=True, slots=True)
class Connected:
    """The network has welcomed us under this nick; no channel is joined yet."""

    nick: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection is over, or is being given up."""

    why: str


@dataclass(frozen=True, slots=True)
class Degraded:
    """From now on we are not fully there, for this one reason; a new reason comes as a new event.

    `nothing_counts`: no line at all does; else only those of the channel in question cannot be heard, or we there.
    """

    reason: str
    nothing_counts: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Recovered:
    """We are everywhere, and what is said counts again."""


@dataclass(frozen=True, slots=True)
class ChannelJoined:
    """We are in the channel."""

    channel: str


@dataclass(frozen=True, slots=True)
class ChannelLost:
    """We are not in the channel: thrown out, or not let in. It is tried again."""

    channel: str
    why: str


@dataclass(frozen=True, slots=True)
class TopicChanged:
    """The channel's topic is this now; `nick` is None for the topic found on joining."""

    channel: str
    topic: str
    nick: str | None


@dataclass(frozen=True, slots=True)
class TopicRefused:
    """The channel does not let us set its topic."""

    channel: str
    why: str


@dataclass(frozen=True, slots=True)
class VoiceMissing:
    """We have no voice in the channel, though we asked for it; `why` says what to do about it."""

    channel: str
    why: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody joined a channel. An account told here is information, never authority."""

    nick: str
    account: str | None
    channel: str


@dataclass(frozen=True, slots=True)
class Departed:
    """Somebody left one channel, or all of them where `channel` is None."""

    nick: str
    account: str | None
    channel: str | None
    how: Departure


@dataclass(frozen=True, slots=True)
class NickChanged:
    """Somebody goes by another nick."""

    old: str
    new: str
    account: str | None


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Somebody signed in or out; None is no account, or none that was known."""

    nick: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class WentAway:
    """Somebody said of this connection that nobody sits at it; coming back is not told, for clients do it unasked."""

    nick: str
    account: str | None


@dataclass(frozen=True, slots=True)
class SplitBegan:
    """Servers lost each other; what is said beyond is not heard here."""

    between: str


@dataclass(frozen=True, slots=True)
class SplitHealed:
    """The first of those who were split off are back, or were given up; the quarantine of a minute starts here."""


@dataclass(frozen=True, slots=True)
class Echoed:
    """A line of ours as everybody else sees it; not intact when the network cut or changed it."""

    target: str
    sent: str
    seen: str
    intact: bool


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The server refused a line of ours, or had nobody to give it to."""

    target: str
    why: str


@dataclass(frozen=True, slots=True)
class ServiceReplied:
    """Services told us something, from the very host that services have."""

    nick: str
    text: str


@dataclass(frozen=True, slots=True)
class RegistrationTold:
    """Which registration an account name belongs to now: compare it with the one pinned for the person."""

    account: str
    entity_id: str | None
    registered: datetime | None


Event = (
    LineHeard | Connected | Disconnected | Degraded | Recovered | ChannelJoined | ChannelLost | TopicChanged
    | TopicRefused | VoiceMissing | Arrived | Departed | NickChanged | AccountChanged | WentAway | SplitBegan
    | SplitHealed | Echoed | Undelivered | ServiceReplied | RegistrationTold
)  # fmt: skip
