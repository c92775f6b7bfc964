"""The lines that tell who comes, goes and is called what, and which network this is; said things are for hearing.

Lines inside a batch other than a split's are history played back: they change nothing.
"""

from collections.abc import Callable
from datetime import datetime

from tocsin.irc.capabilities import Send
from tocsin.irc.events import ChannelJoined, ChannelLost, Departure, Event
from tocsin.irc.hearing import server_time
from tocsin.irc.joining import REFUSALS, Joining
from tocsin.irc.message import Message
from tocsin.irc.names import Source, split_source
from tocsin.irc.network_state import NetworkState
from tocsin.irc.settings import IrcSettings
from tocsin.irc.splits import Batches, SplitWatch, is_split
from tocsin.irc.topic_keeping import OPERATORS, Topics
from tocsin.irc.voicing import Voicing

LIVE_BATCHES = {"netsplit", "netjoin"}
TOPIC_REFUSALS = ("442", "482")
WHO_FIELDS = "%tcuhnfa"
WHO_TOKEN = "42"  # comes back in the answer: the layout is ours

Handler = Callable[[Message, Source, datetime], list[Event]]


class Following:
    """Keeps the network's state, the joining, the split watch and our topics in step with what the server tells."""

    def __init__(self, settings: IrcSettings, send: Send, topics: Topics) -> None:
        self.network = NetworkState(settings.nick)
        self.joining = Joining(settings.channels, send)
        self.splits = SplitWatch(settings.split_quarantine)
        self._voicing = Voicing(settings, send)
        self._topics = topics
        self._batches = Batches()
        self._send = send
        self._extended_join = False
        self._handlers: dict[str, Handler] = {
            "JOIN": self._join,
            "PART": self._part,
            "KICK": self._kick,
            "QUIT": self._quit,
            "NICK": self._nick,
            "ACCOUNT": self._account,
            "CHGHOST": self._chghost,
            "AWAY": self._away,
            "MODE": self._mode,
            "TOPIC": self._topic,
            "BATCH": self._batch,
            "005": self._supported,
            "331": self._no_topic,
            "332": self._topic_told,
            "353": self._names,
            "354": self._who,
            "396": self._own_host,
            **dict.fromkeys(REFUSALS, self._refused),
            **dict.fromkeys(TOPIC_REFUSALS, self._topic_refused),
        }

    def begin(self, nick: str, now: datetime, *, extended_join: bool) -> None:
        """Go into the channels under the nick that we were welcomed with."""
        self.network.nick = nick
        self._extended_join = extended_join
        self._topics.begin()
        self.joining.begin(now)

    def tick(self, now: datetime, *, signed_in: bool) -> list[Event]:
        """Try channels again, end a split's quarantine, ask for voices, set topics while the network is whole."""
        self.joining.tick(now)
        if not self.splits.quarantined:
            self._topics.tick(self.network, self._send, now)
        return [*self._voicing.tick(self.network, now, signed_in=signed_in), *self.splits.tick(now)]

    def heard(self, message: Message, now: datetime) -> list[Event]:
        """Follow one line."""
        handler = self._handlers.get(message.command)
        if not handler or not LIVE_BATCHES.issuperset(self._batches.kinds(message)):
            return []
        return handler(message, split_source(message.source), now)

    def _join(self, message: Message, source: Source, now: datetime) -> list[Event]:
        name = message.param(0)
        if not self.network.is_own(source.nick):
            account = message.param(1) if self._extended_join else message.tag("account")
            netjoin = "netjoin" in self._batches.kinds(message)
            back = self.splits.returned(self.network.fold(source.nick), account, netjoin=netjoin, now=now)
            return [*back, *self.network.joined(source, name, account, now)]
        if not self.joining.is_wanted(name, self.network.fold):
            return self._decline(name)
        self.network.learn_own(source)
        self.network.enter(name, server_time(message) or now)
        self.joining.joined(name, self.network.fold, now)
        if self.network.supported.whox:
            self._send("WHO", name, f"{WHO_FIELDS},{WHO_TOKEN}")
        return [ChannelJoined(name)]

    def _decline(self, name: str) -> list[Event]:
        """Leave where an operator or a forwarded channel has put us: nothing is said or heard there."""
        if self.network.supported.is_channel(name):
            self._send("PART", name)
        return []

    def _part(self, message: Message, source: Source, now: datetime) -> list[Event]:
        name = message.param(0)
        if self.network.is_own(source.nick):
            return self._thrown_out(name, "the bot was taken out of the channel", now)
        return self.network.parted(source.nick, name, Departure.PART, message.tag("account"))

    def _kick(self, message: Message, source: Source, now: datetime) -> list[Event]:
        name, whom = message.param(0), message.param(1)
        if self.network.is_own(whom):
            return self._thrown_out(name, f"{source.nick} kicked the bot: {message.param(2)}", now)
        return self.network.parted(whom, name, Departure.KICK, None)

    def _thrown_out(self, name: str, why: str, now: datetime) -> list[Event]:
        channel = self.network.channel(name)
        if not channel:
            return []
        self.network.leave(name)
        self.joining.thrown_out(name, self.network.fold, now)
        return [ChannelLost(channel.name, why)]

    def _quit(self, message: Message, source: Source, now: datetime) -> list[Event]:
        split = is_split(message.param(0)) or "netsplit" in self._batches.kinds(message)
        account = message.tag("account")
        if not split:
            return self.network.quit(source.nick, Departure.QUIT, account)
        began = self.splits.began(message.param(0), now)
        self.splits.lost(self.network.fold(source.nick), account or self.network.account_of(source.nick))
        return [*began, *self.network.quit(source.nick, Departure.SPLIT, account)]

    def _nick(self, message: Message, source: Source, _: datetime) -> list[Event]:
        return self.network.renamed(source.nick, message.param(0)) if message.param(0) else []

    def _account(self, message: Message, source: Source, _: datetime) -> list[Event]:
        return self.network.account_changed(source.nick, message.param(0))

    def _chghost(self, message: Message, source: Source, _: datetime) -> list[Event]:
        if message.param(1):
            self.network.host_changed(source.nick, message.param(0), message.param(1))
        return []

    def _own_host(self, message: Message, _: Source, __: datetime) -> list[Event]:
        self.network.learn_own_host(message.param(1))
        return []

    def _away(self, message: Message, source: Source, _: datetime) -> list[Event]:
        return self.network.away_changed(source.nick, away=bool(message.param(0)), tagged=message.tag("account"))

    def _mode(self, message: Message, _: Source, __: datetime) -> list[Event]:
        name = message.param(0)
        before = self.network.own_modes(name)
        self.network.modes_changed(name, message.param(1), message.params[2:])
        if OPERATORS & (self.network.own_modes(name) - before):
            self._topics.rights_given(name, self.network.fold)
        return []

    def _topic(self, message: Message, source: Source, _: datetime) -> list[Event]:
        name, topic = message.param(0), message.param(1)
        if self.network.is_own(source.nick):
            self._topics.set_by_us(name, self.network.fold)
        else:
            self._topics.set_by_others(name, topic, self.network.fold)
        return self.network.topic_told(name, topic, source.nick)

    def _topic_refused(self, message: Message, _: Source, __: datetime) -> list[Event]:
        return self._topics.refused(message.param(1), message.param(-1), self.network.fold)

    def _topic_told(self, message: Message, _: Source, __: datetime) -> list[Event]:
        return self.network.topic_told(message.param(1), message.param(2), None)

    def _no_topic(self, message: Message, _: Source, __: datetime) -> list[Event]:
        return self.network.topic_told(message.param(1), "", None)

    def _names(self, message: Message, _: Source, __: datetime) -> list[Event]:
        self.network.names_told(message.param(2), message.param(3).split())
        return []

    def _who(self, message: Message, _: Source, __: datetime) -> list[Event]:
        if message.param(1) == WHO_TOKEN and len(message.params) == 8:
            _own, _token, name, user, host, nick, flags, account = message.params
            self.network.who_told(name, Source(nick, user, host), account, away=flags.startswith("G"))
        return []

    def _supported(self, message: Message, _: Source, __: datetime) -> list[Event]:
        self.network.told_supported(message.params[1:-1])
        return []

    def _batch(self, message: Message, _: Source, now: datetime) -> list[Event]:
        self._batches.heard(message)
        if message.param(0).startswith("+") and message.param(1).lower() == "netsplit":
            return self.splits.began(" ".join(message.params[2:4]), now)
        return []

    def _refused(self, message: Message, _: Source, now: datetime) -> list[Event]:
        name = message.param(1)
        if not self.network.supported.is_channel(name) or self.network.channel(name):
            return []
        self.joining.refused(name, self.network.fold, now)
        return [ChannelLost(name, REFUSALS[message.command])]
