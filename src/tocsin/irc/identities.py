"""Whose account it is: the person that the directory names, and whether services still give it the pinned registration.

Law: a freed account name can be registered by anybody, so a name alone is nobody.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.domain.people import Account, Directory, Person, PersonId
from tocsin.irc.events import RegistrationTold

PATIENCE_SECONDS = 5.0
AGAIN_SECONDS = 5.0
"""As long services have for an answer before they are asked once more."""
MOST_KNOWN = 10_000
FOLDED_DIFFERENTLY = "A[]\\^"
"""No two casemappings make the same of it."""


@dataclass(slots=True)
class _Question:
    asked_at: float
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class _Names:
    """The people of a directory by what they may be called, as a network compares names: each line asks for that."""

    directory: Directory
    sample: str
    by_account: dict[str, Person]
    by_nick: dict[str, Person]


class Identities:
    """Which accounts were checked against services during this connection, and what came of it."""

    def __init__(
        self, directory: Callable[[], Directory], ask: Callable[[str], None], fold: Callable[[str], str]
    ) -> None:
        """Take ways to read the directory, to ask services about a nick, and to spell names as the network does."""
        self._directory = directory
        self._ask = ask
        self._fold = fold
        self._told: dict[str, RegistrationTold] = {}
        self._asked: dict[str, _Question] = {}
        self._names: _Names | None = None

    def person_of_account(self, account: str | None) -> Person | None:
        """Return the person to whom the directory gives an account."""
        return self._named().by_account.get(self._fold(account)) if account else None

    def person_of_nick(self, nick: str) -> PersonId | None:
        """Return the person who goes by a nick: a weak sign, never an identity."""
        found = self._named().by_nick.get(self._fold(nick))
        return found.id if found else None

    async def doubt(self, account: str, nick: str, patience_seconds: float = PATIENCE_SECONDS) -> str:
        """Say why an account is not (or not yet) its person's; empty when services confirmed what was pinned."""
        doubt = self.doubt_now(account)
        if doubt is None and await self._was_told(account, nick, patience_seconds):
            doubt = self.doubt_now(account)
        if doubt is None:
            return f"Services did not tell whose account {account} is now: say it again in a minute, or elsewhere."
        return doubt

    def doubt_now(self, account: str) -> str | None:
        """Say the same without asking anybody; None as long as services have not told whose it is."""
        person = self.person_of_account(account)
        if person is None:
            return f"The directory has nobody with the services account {account}; an administrator can add you."
        pinned = next(each for each in person.accounts if self._same(each.name, account))
        if not pinned.registration:
            pin = f"tocsin directory pin {person.id} {account}"
            return f"Your account {account} is not pinned yet; an administrator runs: {pin}"
        told = self._told.get(self._fold(account))
        if told is None:
            return None
        if not is_pinned(pinned, told):
            return f"The account {account} was registered anew since it was pinned: it counts for nobody here."
        return ""

    def registration(self, account: str) -> str:
        """Return the registration that services told for an account during this connection."""
        told = self._told.get(self._fold(account))
        return spelled(told) if told else ""

    def told(self, event: RegistrationTold) -> None:
        """Take in what services told, and let those go on who wait for it."""
        account = self._fold(event.account)
        if len(self._told) >= MOST_KNOWN:
            self._told.clear()
        self._told[account] = event
        if question := self._asked.pop(account, None):
            question.answered.set()

    def forget(self, account: str | None) -> None:
        """Forget one account, whenever somebody comes, goes or signs in with it: it is asked anew."""
        if account is not None:
            self._told.pop(self._fold(account), None)

    def forget_all(self) -> None:
        """Forget every account, after a split or a lost connection."""
        self._told.clear()

    async def _was_told(self, account: str, nick: str, patience_seconds: float) -> bool:
        folded = self._fold(account)
        if folded in self._told:
            return True
        question = self._question(folded, nick)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(question.answered.wait(), patience_seconds)
        return folded in self._told

    def _question(self, account: str, nick: str) -> _Question:
        """Return the open question about an account; one that got no answer is asked anew."""
        now = asyncio.get_running_loop().time()
        known = self._asked.get(account)
        if known and now - known.asked_at < AGAIN_SECONDS:
            return known
        if len(self._asked) >= MOST_KNOWN:
            self._asked.clear()
        question = self._asked[account] = known or _Question(now)
        question.asked_at = now
        self._ask(nick)
        return question

    def _named(self) -> _Names:
        """Return the directory by names, put together anew when it was read anew or the network compares otherwise."""
        directory, sample = self._directory(), self._fold(FOLDED_DIFFERENTLY)
        if self._names is None or self._names.directory is not directory or self._names.sample != sample:
            self._names = _Names(directory, sample, {}, {})
            for person in directory.people:
                for account in person.accounts:
                    self._names.by_account.setdefault(self._fold(account.name), person)
                for nick in (person.id, *person.nicks):
                    self._names.by_nick.setdefault(self._fold(nick), person)
        return self._names

    def _same(self, one: str, other: str | None) -> bool:
        return other is not None and self._fold(one) == self._fold(other)


def is_pinned(pinned: Account, told: RegistrationTold) -> bool:
    """Compare with the entity id, or where services hide those, with the date of the registration."""
    return pinned.registration in (told.entity_id, _spelled_date(told.registered))


def spelled(told: RegistrationTold) -> str:
    """Return a registration as it is pinned in the directory."""
    return told.entity_id or _spelled_date(told.registered) or ""


def _spelled_date(registered: datetime | None) -> str | None:
    return registered.strftime("%Y-%m-%dT%H:%M:%SZ") if registered else None
