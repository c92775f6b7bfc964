"""Who is in our channels as far as the server has told, and who we are ourselves.

Law: information only. Nothing in here ever decides who somebody is; that is in the tags of each line (see authority).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from tocsin.irc.events import AccountChanged, Arrived, Departed, Departure, Event, NickChanged, TopicChanged, WentAway
from tocsin.irc.names import WORST_PREFIX_BYTES, Source
from tocsin.irc.supported import Supported

MEMBERS_AT_MOST = 20_000  # of one channel: more are not remembered, so that no server can fill the memory
NO_ACCOUNT = ("", "*", "0")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a channel; `joined_at` is None for those who were there before us."""

    nick: str
    user: str = ""
    host: str = ""
    account: str | None = None
    joined_at: datetime | None = None
    away: bool = False


@dataclass(slots=True)
class Channel:
    """A channel that we are in."""

    name: str
    joined_at: datetime
    topic: str | None = None  # not told so far
    own_modes: set[str] = field(default_factory=set)
    members: dict[str, Member] = field(default_factory=dict)

    def put(self, key: str, member: Member) -> None:
        """Remember a member under the folded nick."""
        if key in self.members or len(self.members) < MEMBERS_AT_MOST:
            self.members[key] = member


class NetworkState:
    """Our nick, the server's ways, and the channels we are in with their members."""

    def __init__(self, nick: str) -> None:
        self.supported = Supported()
        self.nick = nick
        self.channels: dict[str, Channel] = {}
        self._user = ""
        self._host = ""

    @property
    def prefix_bytes(self) -> int:
        """The length of `:nick!user@host `, which stands before our lines; the worst case until it was seen."""
        if not self._host:
            return WORST_PREFIX_BYTES
        return len(f":{self.nick}!{self._user}@{self._host} ".encode())

    def is_own(self, nick: str) -> bool:
        """Tell whether a nick is ours."""
        return self.fold(nick) == self.fold(self.nick)

    def fold(self, name: str) -> str:
        """Spell a name so that equal ones compare equal."""
        return self.supported.fold(name)

    def channel(self, name: str) -> Channel | None:
        """The channel of that name, if we are in it."""
        return self.channels.get(self.fold(name))

    def topic(self, name: str) -> str | None:
        """The topic of a channel, once it was told."""
        found = self.channel(name)
        return found.topic if found else None

    def own_modes(self, name: str) -> frozenset[str]:
        """Our own standing in a channel, by mode letters."""
        found = self.channel(name)
        return frozenset(found.own_modes) if found else frozenset()

    def members(self, name: str) -> tuple[Member, ...]:
        """Who is in a channel, as far as it is known."""
        found = self.channel(name)
        return tuple(found.members.values()) if found else ()

    def learn_own(self, source: Source) -> None:
        """Take note of how the server spells us, from a line of our own that came back."""
        if source.host:
            self._user, self._host = source.user, source.host

    def learn_own_host(self, host: str) -> None:
        """Take note of a host given to us by 396."""
        if self._user:
            self._host = host

    def told_supported(self, words: tuple[str, ...]) -> None:
        """Take in a 005 line; should the casemapping change, everything is filed anew."""
        before = self.supported
        self.supported = before.told(words)
        if self.supported.fold is not before.fold:
            self.channels = {self.fold(channel.name): channel for channel in self.channels.values()}
            for channel in self.channels.values():
                channel.members = {self.fold(member.nick): member for member in channel.members.values()}

    def enter(self, name: str, now: datetime) -> None:
        """We joined a channel."""
        self.channels[self.fold(name)] = Channel(name, now)

    def leave(self, name: str) -> bool:
        """We are out of a channel; tell whether we were in it."""
        return self.channels.pop(self.fold(name), None) is not None

    def joined(self, source: Source, name: str, account: str | None, now: datetime) -> list[Event]:
        """Somebody else joined."""
        channel = self.channel(name)
        if not channel or not source.nick:
            return []
        channel.put(self.fold(source.nick), Member(*source, _account(account), now))
        return [Arrived(source.nick, _account(account), channel.name)]

    def parted(self, nick: str, name: str, how: Departure, tagged: str | None) -> list[Event]:
        """Somebody else left one channel, whoever wanted it."""
        channel = self.channel(name)
        member = channel.members.pop(self.fold(nick), None) if channel else None
        return [Departed(nick, tagged or member.account, channel.name, how)] if channel and member else []

    def quit(self, nick: str, how: Departure, tagged: str | None) -> list[Event]:
        """Somebody else left the network."""
        gone = [channel.members.pop(self.fold(nick)) for channel, _ in list(self._places(nick))]
        account = tagged or next((member.account for member in gone if member.account), None)
        return [Departed(nick, account, None, how)] if gone else []

    def renamed(self, old: str, new: str) -> list[Event]:
        """Somebody goes by another nick, we perhaps."""
        if self.is_own(old):
            self.nick = new
        account, known = self.account_of(old), False
        for channel, member in list(self._places(old)):
            known = True
            del channel.members[self.fold(old)]
            channel.put(self.fold(new), replace(member, nick=new))
        return [NickChanged(old, new, account)] if known else []

    def account_changed(self, nick: str, account: str) -> list[Event]:
        """Somebody signed in or out."""
        new, old, known = _account(account), self.account_of(nick), False
        for channel, member in self._places(nick):
            known = True
            channel.members[self.fold(nick)] = replace(member, account=new)
        if not known or new == old:
            return []
        changed = AccountChanged(nick, old, new)
        return [changed, Departed(nick, old, None, Departure.LOGOUT)] if old else [changed]

    def host_changed(self, nick: str, user: str, host: str) -> None:
        """Somebody has another user and host, we perhaps."""
        if self.is_own(nick):
            self._user, self._host = user, host
        for channel, member in self._places(nick):
            channel.members[self.fold(nick)] = replace(member, user=user, host=host)

    def away_changed(self, nick: str, *, away: bool, tagged: str | None) -> list[Event]:
        """Somebody is away from the keyboard, or back."""
        account, known = tagged or self.account_of(nick), False
        for channel, member in self._places(nick):
            known = True
            channel.members[self.fold(nick)] = replace(member, away=away)
        return [WentAway(nick, account)] if known and away else []

    def knows_otherwise(self, nick: str, account: str | None) -> bool:
        """Tell whether somebody of that nick was seen with another account, or with none."""
        key = self.fold(nick)
        for channel in self.channels.values():  # and not by `_places`: it is asked of every line, and this is quicker
            member = channel.members.get(key)
            if member and member.account != account:
                return True
        return False

    def account_shown(self, nick: str, account: str | None) -> None:
        """Somebody said something under an account: so we know it of those, too, who were there before us."""
        for channel, member in self._places(nick):
            if member.account != account:
                channel.members[self.fold(nick)] = replace(member, account=account)

    def topic_told(self, name: str, topic: str, nick: str | None) -> list[Event]:
        """The topic was set, or told on joining."""
        channel = self.channel(name)
        if not channel:
            return []
        channel.topic = topic
        return [TopicChanged(channel.name, topic, nick)]

    def names_told(self, name: str, words: list[str]) -> None:
        """A part of the list of nicks, each with its prefixes, perhaps with user and host."""
        channel = self.channel(name)
        for word in words if channel else []:
            bare = word.lstrip(self.supported.prefixes)
            nick, _, rest = bare.partition("!")
            if channel and nick:
                self._name_told(channel, nick, rest, word[: len(word) - len(bare)])

    def who_told(self, name: str, source: Source, account: str, *, away: bool) -> None:
        """One member's user, host and account, and whether they are away."""
        channel = self.channel(name)
        if channel and source.nick:
            key = self.fold(source.nick)
            known = channel.members.get(key, Member(source.nick))
            told = replace(known, user=source.user, host=source.host, account=_account(account), away=away)
            channel.put(key, told)

    def modes_changed(self, name: str, modes: str, parameters: tuple[str, ...]) -> None:
        """Modes were set and taken; only our own standing in the channel is kept."""
        channel = self.channel(name)
        if not channel:
            return
        left, added = iter(parameters), True
        for mode in modes:
            if mode in "+-":
                added = mode == "+"
            elif self.supported.mode_takes_parameter(mode, added=added):
                whom = next(left, "")
                if mode in self.supported.prefix_modes and self.is_own(whom):
                    (channel.own_modes.add if added else channel.own_modes.discard)(mode)

    def account_of(self, nick: str) -> str | None:
        """The account that a nick was last seen with."""
        return next((member.account for _, member in self._places(nick) if member.account), None)

    def _name_told(self, channel: Channel, nick: str, userhost: str, prefixes: str) -> None:
        key = self.fold(nick)
        user, _, host = userhost.partition("@")
        known = channel.members.get(key)
        channel.put(key, known or Member(nick, user, host))
        if self.is_own(nick):
            letters = dict(zip(self.supported.prefixes, self.supported.prefix_modes, strict=True))
            channel.own_modes = {letters[prefix] for prefix in prefixes}

    def _places(self, nick: str) -> Iterator[tuple[Channel, Member]]:
        key = self.fold(nick)
        for channel in self.channels.values():
            if member := channel.members.get(key):
                yield channel, member


def _account(told: str | None) -> str | None:
    return None if told is None or told in NO_ACCOUNT else told
