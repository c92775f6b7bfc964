"""Who calls: whoever's token it is, or nobody. Only the header is looked at: no cookie, no address, no body.

Laws: a browser never sends a token by itself, so no other page can make use of one, and no origin has to be asked.
Wrong tokens are not counted: nobody guesses 256 bits.
"""

import asyncio
from dataclasses import dataclass

import structlog
from starlette.requests import Request

from tocsin.domain.people import Person, Speaker, Surface
from tocsin.service.tokens import Scope, Token
from tocsin.web.api.problems import Denied
from tocsin.web.office import Office

log = structlog.get_logger()
MAKE_ONE = "make one on the page under /me/tokens, or by tocsin token make"
ASK_FOR_TOKEN = {"WWW-Authenticate": 'Bearer realm="tocsin"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """A program, and for whom it speaks; without a token it may look at what everybody may see."""

    person: Person | None = None
    token: Token | None = None

    def speaker(self, key: str = "") -> Speaker:
        """Return the person as the one who acts; a key is theirs alone, so nobody can use up another's."""
        if self.person is None or self.token is None:
            return Speaker("somebody", Surface.API, doubt=f"This takes a token: {MAKE_ONE}.")
        proof = f"token {self.token.name} ({self.token.short}), scopes {self.token.listed}"
        act = f"api {self.person.id} {key}" if key else ""
        return Speaker(self.person.id, Surface.API, self.person.id, proof=proof, act=act)

    def must_read(self) -> None:
        """Raise `Denied` for a token that was made for other things than looking."""
        if self.token and Scope.READ not in self.token.scopes:
            raise _weak(self.token, Scope.READ)

    def must_be_somebody(self) -> Token:
        """Return the token, or raise `Denied`."""
        if self.token is None:
            raise Denied(401, f"This takes a token: {MAKE_ONE}.", ASK_FOR_TOKEN)
        return self.token


NOBODY = Caller()


class Keyring:
    """Finds the person behind a token."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office

    async def caller(self, asked: Request) -> Caller:
        """Return who calls; raises `Denied` for a token that is wrong, has ended, or whose owner is gone."""
        given = asked.headers.get("authorization")
        if given is None:
            return NOBODY
        scheme, _, secret = given.partition(" ")
        token = (
            await asyncio.to_thread(self._office.tokens.known, secret.strip()) if scheme.lower() == "bearer" else None
        )
        if token is None:
            log.info("a token was wrong", place=asked.client.host if asked.client else "")
            raise Denied(401, f"This token is not known, was revoked, or has expired: {MAKE_ONE}.", ASK_FOR_TOKEN)
        person = self._office.directory().person(token.person)
        if person is None:
            raise Denied(401, "The directory does not have the owner of this token any more.", ASK_FOR_TOKEN)
        return Caller(person, token)

    async def still(self, caller: Caller) -> Caller | None:
        """Return the caller as they are now, or nothing when their token has ended meanwhile."""
        if caller.token is None:
            return caller
        found = await asyncio.to_thread(self._office.tokens.still, caller.token)
        person = self._office.directory().person(caller.token.person)
        return Caller(person, found) if found and person else None


def must_do(caller: Caller, verb: str) -> None:
    """Raise `Denied` where a caller may not do this by this token."""
    token = caller.must_be_somebody()
    if not token.may(verb):
        raise _weak(token, token.needed(verb))


def _weak(token: Token, scope: Scope) -> Denied:
    return Denied(403, f"The token {token.name} has no scope {scope} (it has {token.listed}): make one that has it.")
