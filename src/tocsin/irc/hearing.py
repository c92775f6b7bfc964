"""What a PRIVMSG is: our own echo, or somebody's line with all that is known about who said it."""

from collections import deque
from datetime import datetime
from functools import partial
from typing import NamedTuple

from tocsin.irc.authority import Circumstances, Doubt, Place, Said, doubt_about, the_account
from tocsin.irc.events import Echoed, Event, LineHeard
from tocsin.irc.message import Message
from tocsin.irc.message_ids import MessageIds
from tocsin.irc.names import Fold, split_source
from tocsin.irc.network_state import NetworkState
from tocsin.irc.settings import IrcSettings

ECHOES_AWAITED = 100


class Standing(NamedTuple):
    """How the connection stands at the moment of a line."""

    own_account: str | None
    obstacle: str
    welcomed_at: datetime | None


class RawLine(NamedTuple):
    """A message with what only the bytes can tell; `wire_bytes` are those without the tags, with the line end."""

    message: Message
    wire_bytes: int
    heard_at: datetime


class Hearing:
    """Turns PRIVMSG into events; remembers what was heard and what was sent, across connections."""

    def __init__(self, settings: IrcSettings) -> None:
        self._settings = settings
        self._ids = MessageIds()
        self._sent: deque[tuple[str, str]] = deque(maxlen=ECHOES_AWAITED)
        self._circumstances: tuple[object, Circumstances] | None = None

    def sent(self, target: str, text: str) -> None:
        """Expect the echo of a line."""
        self._sent.append((target, text))

    def heard(self, line: RawLine, network: NetworkState, standing: Standing) -> list[Event]:
        """Tell what was said, by whom, and whether that is certain."""
        message = line.message
        source = split_source(message.source)
        place = _place(message.param(0), network, standing.welcomed_at)
        if network.is_own(source.nick):
            if echo := self._echo(message):
                network.learn_own(source)
                return [echo]
            if not place.since:
                return []  # a question of ours to services came back
        message_id = message.tag("msgid")
        repeated = self._ids.is_repeated(message_id)
        heard = LineHeard(
            channel=place.channel,
            nick=source.nick,
            user=source.user,
            host=source.host,
            account=the_account(message.tagged("account")),
            text=message.param(1),
            message_id=message_id,
            find_doubt=partial(_doubt, line, place, repeated, self._circumstances_now(network, standing)),
        )
        if network.knows_otherwise(heard.nick, heard.account) and heard.verified:
            network.account_shown(heard.nick, heard.account)
        return [heard]

    def _circumstances_now(self, network: NetworkState, standing: Standing) -> Circumstances:
        """Put together what every line is judged by, when any of it has changed."""
        key = (network.nick, network.supported, standing)
        if self._circumstances is None or self._circumstances[0] != key:
            self._circumstances = (key, self._put_together(network.nick, network.supported.fold, standing))
        return self._circumstances[1]

    def _put_together(self, nick: str, fold: Fold, standing: Standing) -> Circumstances:
        return Circumstances(
            own_nick=fold(nick),
            own_account=standing.own_account,
            denied_nicks=frozenset(map(fold, self._settings.denied_nicks)),
            denied_accounts=frozenset(map(fold, self._settings.denied_accounts)),
            obstacle=standing.obstacle,
            fold=fold,
        )

    def _echo(self, message: Message) -> Echoed | None:
        """Find the line of ours that came back; the network may have cut it or taken its formatting away."""
        target, seen = message.param(0), message.param(1)
        waiting = [entry for entry in self._sent if entry[0] == target]
        exact = [entry for entry in waiting if entry[1] == seen]
        similar = [entry for entry in waiting if seen and entry[1].startswith(seen[: len(seen) // 2 + 1])]
        for sent in (exact or similar)[:1]:
            self._sent.remove(sent)
            return Echoed(target, sent[1], seen, sent[1] == seen)
        return None


def server_time(message: Message) -> datetime | None:
    """Return when the server says that the line was said."""
    told = message.tag("time")
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _doubt(line: RawLine, place: Place, repeated: bool, circumstances: Circumstances) -> Doubt | None:  # noqa: FBT001
    """Put together what was known of a line when it was heard, and judge it by that."""
    message = line.message
    said = Said(
        message=message,
        source=split_source(message.source),
        text=message.param(1),
        place=place,
        accounts=message.tagged("account"),
        wire_bytes=line.wire_bytes,
        heard_at=line.heard_at,
        sent_at=server_time(message),
        in_batch=message.tag("batch") is not None,
        repeated=repeated,
    )
    return doubt_about(said, circumstances)


def _place(target: str, network: NetworkState, welcomed_at: datetime | None) -> Place:
    supported = network.supported
    if channel := network.channel(target):
        return Place(channel.name, channel.joined_at)
    bare = target.lstrip(supported.status_prefixes)
    if channel := network.channel(bare):
        return Place(channel.name, channel.joined_at, to_all=False)
    if network.is_own(target):
        return Place(None, welcomed_at)
    return Place(bare if supported.is_channel(bare) else None, None)
