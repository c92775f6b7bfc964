"""Asking services which registration an account name belongs to now; comparing it with the pinned one is for others.

A freed account name can be registered by anybody and is then in the tags of the new owner's lines; only the entity id,
or the date of the registration, tells them apart. Answers count from the nick of services at the host of services, and
no other.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tocsin.irc.events import Event, RegistrationTold, ServiceReplied
from tocsin.irc.names import Source
from tocsin.irc.network_state import NetworkState
from tocsin.irc.settings import IrcSettings

Say = Callable[[str, str], None]

OPEN_QUESTIONS = 50
PATIENCE = timedelta(seconds=30)

_FORMATTING = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|[\x00-\x1f\x7f]")
_ACC = re.compile(r"(\S+) -> (\S+) ACC 3(?: (\S+))?")
_INFO = re.compile(r"Information on (\S+) \(account (\S+?)\):?")
_REGISTERED = re.compile(r"Registered\s*: (\w{3} \d{1,2} \d\d:\d\d:\d\d \d{4})(?: ([+-]\d{4}))?(?: .*)?")
_ENTITY_ID = re.compile(r"Entity ID\s*: (\S+)")
_END = "*** End of Info ***"


class Registrations:
    """The questions that are open, and the answer that is being read."""

    def __init__(self, settings: IrcSettings, network: NetworkState, say: Say) -> None:
        self._services_nick = settings.services_nick
        self._host = settings.services_host
        self._network = network
        self._say = say
        self._asked: dict[str, datetime] = {}
        self._probe: tuple[str, str] | None = None
        self._reading: RegistrationTold | None = None

    def learn_host(self, nick: str, account: str, now: datetime) -> None:
        """Ask services about ourselves right after signing in: the answer comes from their host."""
        if self._host is None:
            self._probe = (nick, account)
            self.ask(nick, now)

    def ask(self, nick: str, now: datetime) -> None:
        """Ask for the account that a nick is signed in to, and its entity id."""
        self._open(nick, now)
        self._say(self._services_nick, f"ACC {nick} *")

    def ask_account(self, account: str, now: datetime) -> None:
        """Ask for the registration of an account by its name, entity id and date as far as services tell them."""
        self._open(account, now)
        self._say(self._services_nick, f"INFO {account}")

    def heard(self, source: Source, text: str, now: datetime) -> list[Event]:
        """Read a notice of services; of anybody else's nothing is said."""
        plain = _FORMATTING.sub("", text).strip()
        if not self._are_equal(source.nick, self._services_nick) or not self._is_services(source.host, plain):
            return []
        return [ServiceReplied(source.nick, plain), *self._told(plain, now)]

    def _is_services(self, host: str, text: str) -> bool:
        """Compare the host; the first one is learned from the answer about ourselves."""
        if self._host is None and self._probe and host and (answer := _ACC.fullmatch(text)):
            nick, account = self._probe
            if self._are_equal(answer[1], nick) and self._are_equal(answer[2], account):
                self._host, self._probe = host, None
        return self._host is not None and host == self._host

    def _told(self, text: str, now: datetime) -> list[Event]:
        if answer := _ACC.fullmatch(text):
            return self._account_told(answer[1], answer[2], answer[3], now)
        if answer := _INFO.fullmatch(text):
            asked = self._was_asked(answer[2], now)
            self._reading = RegistrationTold(answer[2], None, None) if asked else None
        elif self._reading and text == _END:
            told, self._reading = self._reading, None
            return [told]
        elif self._reading:
            self._reading = _with_line(self._reading, text)
        return []

    def _account_told(self, nick: str, account: str, entity_id: str | None, now: datetime) -> list[Event]:
        """Pass on an entity id; where the network hides them, ask for the date of the registration instead."""
        if not self._was_asked(nick, now):
            return []
        if entity_id:
            return [RegistrationTold(account, entity_id, None)]
        self.ask_account(account, now)
        return []

    def _open(self, name: str, now: datetime) -> None:
        if len(self._asked) >= OPEN_QUESTIONS:
            del self._asked[next(iter(self._asked))]
        self._asked[self._network.fold(name)] = now

    def _was_asked(self, name: str, now: datetime) -> bool:
        asked_at = self._asked.pop(self._network.fold(name), None)
        return asked_at is not None and now - asked_at <= PATIENCE

    def _are_equal(self, one: str, other: str) -> bool:
        return self._network.fold(one) == self._network.fold(other)


def _with_line(told: RegistrationTold, text: str) -> RegistrationTold:
    """Take the first date and the first id; lines that people wrote about themselves come after them."""
    if told.registered is None and (found := _REGISTERED.fullmatch(text)):
        return RegistrationTold(told.account, told.entity_id, _moment(found[1], found[2]))
    if told.entity_id is None and (found := _ENTITY_ID.fullmatch(text)):
        return RegistrationTold(told.account, found[1], told.registered)
    return told


def _moment(date: str, offset: str | None) -> datetime | None:
    try:
        moment = datetime.strptime(f"{date} {offset or '+0000'}", "%b %d %H:%M:%S %Y %z")
    except ValueError:
        return None
    return moment.astimezone(UTC)
