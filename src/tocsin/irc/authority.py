"""Whether it is certain who said a line, as far as the line and the connection can tell; what it may do is for others.

Law: a line counts only when every clause is content. Each clause is one function and one sentence for the person; they
are asked in the order in which they stand, so that the first sentence is the most useful one. What may have been said
at another time, or by a program, is not answered.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.irc.message import Message
from tocsin.irc.names import Fold, Source

FRESH = timedelta(seconds=30)
CUT_FROM_BYTES = 505  # of 512: where the network cuts depends on prefixes that are not all seen here

NO_ACCOUNT = ("", "*")
LOG_IN = "log in to services (/msg NickServ IDENTIFY), then say it again"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Place(NamedTuple):
    """Where a line was said: a channel of ours or to the bot alone (None), and since when we are there.

    Without `since` we are not there at all.
    """

    channel: str | None
    since: datetime | None
    to_all: bool = True


class Said(NamedTuple):
    """One line as it came; `wire_bytes` are those of the line without its tags, with its end."""

    message: Message
    source: Source
    text: str
    place: Place
    accounts: frozenset[str]  # two equal tags are one, two different ones are nobody's
    wire_bytes: int
    heard_at: datetime
    sent_at: datetime | None
    in_batch: bool = False
    repeated: bool = False

    @property
    def account(self) -> str | None:
        """The one account that this line bears."""
        return the_account(self.accounts)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How we stand ourselves; `obstacle` says why nothing at all counts now, or is empty."""

    own_nick: str
    own_account: str | None
    denied_nicks: frozenset[str]  # folded, as are the accounts
    denied_accounts: frozenset[str]
    obstacle: str
    fold: Fold


class Doubt(NamedTuple):
    """Why a line does not count, and whether to tell so to anybody."""

    sentence: str
    answerable: bool = True


Clause = Callable[[Said, Circumstances], str]


def doubt_about(said: Said, circumstances: Circumstances) -> Doubt | None:
    """Return the first doubt about who said this, or None when it is certain."""
    for clause in UNANSWERED:
        if sentence := clause(said, circumstances):
            return Doubt(sentence, answerable=False)
    for clause in ANSWERED:
        if sentence := clause(said, circumstances):
            return Doubt(sentence)
    return None


def the_account(accounts: frozenset[str]) -> str | None:
    """Return the account where there is one, and only one."""
    if len(accounts) != 1:
        return None
    (account,) = accounts
    return None if account in NO_ACCOUNT else account


def is_said_elsewhere(said: Said, _: Circumstances) -> str:
    """Only our own channels and what is said to the bot alone."""
    return "" if said.place.since else "that was not said to me or in a channel of mine; say it there"


def is_in_a_batch(said: Said, _: Circumstances) -> str:
    """History is played back in batches; nothing that is said now comes in one."""
    return "that line came as part of a history; say it again" if said.in_batch else ""


def is_repeated(said: Said, _: Circumstances) -> str:
    """One message id counts once."""
    return "that very line was heard before; say it again if you mean it again" if said.repeated else ""


def is_from_before_we_came(said: Said, _: Circumstances) -> str:
    """What was said before our own JOIN is history, however it comes."""
    since, sent_at = said.place.since, said.sent_at
    return "that was said before I joined; say it again" if since and sent_at and sent_at < since else ""


def is_from_no_person(said: Said, _: Circumstances) -> str:
    """People have a nick, and right after it a user; servers do not, whatever stands further on in their name."""
    is_person = said.source.nick and said.message.source.startswith(f"{said.source.nick}!")
    return "" if is_person else "that line came from a server; a person has to say it"


def is_our_own(said: Said, circumstances: Circumstances) -> str:
    """What bears our nick or account is never taken for somebody's word."""
    own = circumstances.fold(said.source.nick) == circumstances.own_nick
    own_account = circumstances.own_account is not None and circumstances.own_account in said.accounts
    return "that line bears my own name; say it under yours" if own or own_account else ""


def is_denied(said: Said, circumstances: Circumstances) -> str:
    """Other bots and bridges are listed by the configuration."""
    fold = circumstances.fold
    denied = fold(said.source.nick) in circumstances.denied_nicks
    for account in said.accounts:
        denied = denied or fold(account) in circumstances.denied_accounts
    return "bots and bridges are not heard; say it from an account of your own" if denied else ""


def is_relayed(said: Said, _: Circumstances) -> str:
    """A relay speaks for people whom the network does not know."""
    relayed = said.message.tag("draft/relaymsg") is not None
    return "that line was relayed; say it on IRC itself" if relayed else ""


def is_an_action(said: Said, _: Circumstances) -> str:
    """`/me` and other CTCP are not words."""
    return "actions (/me) do not count; say it as a plain line" if said.text.startswith("\x01") else ""


def is_for_some_only(said: Said, _: Circumstances) -> str:
    """`@#channel` reaches operators only, and what counts is heard by all."""
    return "" if said.place.to_all else f"only some heard that; say it in {said.place.channel} itself"


def meets_an_obstacle(_: Said, circumstances: Circumstances) -> str:
    """A capability is missing, we are not signed in, or a split is not over."""
    return circumstances.obstacle


def bears_two_accounts(said: Said, _: Circumstances) -> str:
    """Two different account tags: somebody forged one of them."""
    return "that line bears two accounts; use the command line" if len(said.accounts) > 1 else ""


def bears_no_account(said: Said, _: Circumstances) -> str:
    """Nick, host and what was known before count for nothing."""
    return LOG_IN if said.account is None else ""


def bears_no_time(said: Said, _: Circumstances) -> str:
    """Without the server's time an old line looks like a new one."""
    return "" if said.sent_at else "the network did not say when that was said; say it again, or use the command line"


def is_stale(said: Said, _: Circumstances) -> str:
    """A line from another time, or a clock that is wrong."""
    stale = said.sent_at is not None and abs(said.heard_at - said.sent_at) > FRESH
    return f"that line is not from the last {FRESH.seconds} s by the network's clock; say it again" if stale else ""


def may_be_cut(said: Said, _: Circumstances) -> str:
    """A line as long as the network allows may have lost its end, and with it a *not*."""
    return "your line was cut by the network; say it shorter" if said.wire_bytes >= CUT_FROM_BYTES else ""


def holds_controls(said: Said, _: Circumstances) -> str:
    """Colours and other control characters can hide what a command says."""
    found = _CONTROL.search(said.text)
    return "that line holds formatting or control characters; say it plainly" if found else ""


UNANSWERED: tuple[Clause, ...] = (
    is_said_elsewhere,
    is_in_a_batch,
    is_repeated,
    is_from_before_we_came,
    is_from_no_person,
    is_our_own,
    is_denied,
)
ANSWERED: tuple[Clause, ...] = (
    is_relayed,
    is_an_action,
    is_for_some_only,
    meets_an_obstacle,
    bears_two_accounts,
    bears_no_account,
    bears_no_time,
    is_stale,
    may_be_cut,
    holds_controls,
)
