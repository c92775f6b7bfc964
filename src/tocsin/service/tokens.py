"""Personal tokens: by what a program acts as somebody, for a while, and for no more than it was made for."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from tocsin.domain.errors import Malformed, Refused
from tocsin.domain.people import PersonId
from tocsin.service.ports import Clock

PREFIX = "tcsn_"
"""Lets scanners of published text find a token that was left in it."""
SECRET_BYTES = 32
MOST_OF_ONE = 20
USUAL_DAYS = 30
MOST_DAYS = 365
TOKEN_VERBS = ("token-make", "token-list", "token-revoke")
"""What the machine's own socket is asked about tokens."""
WRITTEN_EACH = timedelta(minutes=1)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
_SECRET = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}", re.ASCII)


class Scope(StrEnum):
    """What a token may be used for."""

    READ = "read"
    REQUEST = "request"
    CONFIRM = "confirm"
    CARRY_OUT = "carry-out"
    ADMIN = "admin"


MEANINGS = {
    Scope.READ: "look at whatever you may see",
    Scope.REQUEST: "ask, describe, note, wake, withdraw",
    Scope.CONFIRM: "confirm, refuse, hold, lift",
    Scope.CARRY_OUT: "take, go, stop, roll back, close",
    Scope.ADMIN: "suspend and restore people",
}
"""What each scope is for, as people are told who choose."""
_VERBS = {
    Scope.REQUEST: "emergency describe note adopt withdraw renew here wake private",
    Scope.CONFIRM: "confirm unconfirm refuse hold lift need waive unlock public live",
    Scope.CARRY_OUT: "take give go good stop resume rollback abort ran close",
    Scope.ADMIN: "suspend restore",
}
SCOPE_OF = {verb: scope for scope, verbs in _VERBS.items() for verb in verbs.split()}
WITH_ANY = frozenset({"stop", "hold"})
"""They only make things safer, so no token is too weak for them: nobody looks for another one while things break."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept; `id` is the SHA-256, in hex, of the secret that only its owner has."""

    id: str
    person: PersonId
    name: str
    scopes: frozenset[Scope]
    made: datetime
    ends: datetime
    used: datetime | None = None

    @property
    def short(self) -> str:
        """Return as much of the id as tells it from others."""
        return self.id[:8]

    @property
    def listed(self) -> str:
        """Return its scopes as people read them."""
        return ", ".join(sorted(self.scopes))

    def may(self, verb: str) -> bool:
        """Say whether an act may be done by it."""
        return verb in WITH_ANY or self.needed(verb) in self.scopes

    @staticmethod
    def needed(verb: str) -> Scope:
        """Return the scope that an act takes."""
        return SCOPE_OF[verb]

    def line(self) -> str:
        """Return what its owner is told of it."""
        used = f"last used {self.used:%Y-%m-%d %H:%M} UTC" if self.used else "never used"
        return f"{self.name} ({self.short}): {self.listed}; until {self.ends:%Y-%m-%d %H:%M} UTC; {used}"


class Tokens(Protocol):
    """Where tokens are kept over restarts. Its methods block, and raise `RecordUnavailable`."""

    def add(self, token: Token) -> None:
        """Keep a new token, and forget those that have ended."""
        ...

    def find(self, token: str, now: datetime) -> Token | None:
        """Return a token that has not ended, by its id."""
        ...

    def of(self, person: PersonId, now: datetime) -> tuple[Token, ...]:
        """Return somebody's tokens that have not ended, newest first."""
        ...

    def revoke(self, person: PersonId, name: str) -> bool:
        """End somebody's token at once; say whether there was one."""
        ...

    def note_use(self, token: str, at: datetime) -> None:
        """Keep when a token was used last."""
        ...


@dataclass(frozen=True, slots=True)
class TokenDesk:
    """Makes, finds and revokes tokens; its methods block."""

    tokens: Tokens
    clock: Clock

    def make(self, person: PersonId, name: str, scopes: Iterable[object], days: int = USUAL_DAYS) -> tuple[str, Token]:
        """Return a new secret, which is told this once, and its token; raises `Malformed` or `Refused`."""
        now = self.clock.now()
        if not _NAME.fullmatch(name):
            raise Malformed("A token's name has 1 to 40 letters, digits, dots or dashes.")
        if not 1 <= days <= MOST_DAYS:
            raise Malformed(f"A token lasts 1 to {MOST_DAYS} days.")
        there = self.tokens.of(person, now)
        if any(each.name == name for each in there):
            raise Refused([f"You have a token {name} already: revoke it, or name this one otherwise."])
        if len(there) >= MOST_OF_ONE:
            raise Refused([f"You have {MOST_OF_ONE} tokens, and more nobody has: revoke one first."])
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        made = Token(_id(secret), person, name, _scopes(scopes), now, now + timedelta(days=days))
        self.tokens.add(made)
        return secret, made

    def of(self, person: PersonId) -> tuple[Token, ...]:
        """Return somebody's tokens, newest first."""
        return self.tokens.of(person, self.clock.now())

    def known(self, secret: str) -> Token | None:
        """Return the token of a secret, and note its use; nothing where it is wrong, ended or revoked."""
        now = self.clock.now()
        if not _SECRET.fullmatch(secret) or (found := self.tokens.find(_id(secret), now)) is None:
            return None
        if found.used is None or now - found.used >= WRITTEN_EACH:
            self.tokens.note_use(found.id, now)
        return found

    def still(self, token: Token) -> Token | None:
        """Return a token as it is now; nothing when it has ended."""
        return self.tokens.find(token.id, self.clock.now())

    def answer(self, verb: str, person: PersonId, fields: Mapping[str, object]) -> list[str]:
        """Answer `token-make` with name, scopes and days, `token-list`, or `token-revoke` with a name; for people.

        Raises `Malformed` or `Refused`.
        """
        if verb == "token-list":
            return [each.line() for each in self.of(person)] or [
                "You have no tokens: tocsin token make NAME --scope read"
            ]
        name, scopes, days = fields.get("name"), fields.get("scopes", [Scope.READ]), fields.get("days", USUAL_DAYS)
        if not isinstance(name, str) or not isinstance(scopes, list) or type(days) is not int:
            raise Malformed("A token has a name, a list of scopes, and a number of days.")
        if verb == "token-revoke":
            if not self.tokens.revoke(person, name):
                raise Refused([f"You have no token {name[:40]}: tocsin token list"])
            return [f"Token {name} is revoked."]
        secret, made = self.make(person, name, scopes, days)
        return [secret, made.line(), "It is shown this once: keep it where only your program can read it."]


def _scopes(given: Iterable[object]) -> frozenset[Scope]:
    names = {str(each) for each in given}
    if not names or not names <= set(Scope):
        raise Malformed(f"A token's scopes are of these: {', '.join(Scope)}.")
    return frozenset(map(Scope, names))


def _id(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
