"""Who looks at the page: the session that their browser holds, and the person whom the directory has for it now."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

from tocsin.domain.people import Person, Speaker, Surface
from tocsin.service.credentials import Session
from tocsin.web.office import Office
from tocsin.web.proxied import IDENTITY

SECRET_BYTES = 32
BY_PROXY = "proxy "
"""No hash begins so."""
NOBODY_DOUBT = "Sign in first: there is a link at the top of the page."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a browser; without a person they are not signed in, or not in the directory any more."""

    person: Person | None = None
    session: Session | None = None

    @property
    def name(self) -> str:
        """Return how they are called, or that nobody is signed in."""
        return str(self.person.id) if self.person else "somebody"

    @property
    def by_proxy(self) -> bool:
        """Say whether a proxy signed them in, and would have to sign them out."""
        return self.session is not None and self.session.id.startswith(BY_PROXY)

    def speaker(self, act: str = "", proof: str = "") -> Speaker:
        """Return them as the one who acts; `act` is the key of the form, `proof` what vouches beside the session."""
        if self.person is None or self.session is None:
            return Speaker(self.name, Surface.PAGE, doubt=NOBODY_DOUBT, act=act)
        told = "; ".join(filter(None, (f"session by {self.session.how}", proof)))
        return Speaker(self.person.id, Surface.PAGE, self.person.id, proof=told, act=act)


NOBODY = Visitor()


def cookie_name(office: Office) -> str:
    """Return the cookie's name; over TLS with a prefix that keeps other hosts of the domain from setting it."""
    return "__Host-tocsin" if office.settings.secure else "tocsin"


async def visitor_of(office: Office, connection: HTTPConnection) -> Visitor:
    """Return who sent this request; the word of a proxy that is believed stands above any session."""
    if identity := connection.scope.get(IDENTITY):
        return _proxied(office, identity)
    secret = connection.cookies.get(cookie_name(office), "")
    if not secret or len(secret) > 4 * SECRET_BYTES:
        return NOBODY
    session = await asyncio.to_thread(office.sessions.find, session_id(secret), office.clock.now())
    if session is None:
        return NOBODY
    return Visitor(office.directory().person(session.person), session)


async def welcome(office: Office, person: Person, how: str, response: Response) -> Session:
    """Begin a session for somebody who signed in, and hand its secret to their browser."""
    secret, now = secrets.token_urlsafe(SECRET_BYTES), office.clock.now()
    session = Session(session_id(secret), person.id, how, now, now + office.settings.session_lasts)
    await asyncio.to_thread(office.sessions.begin, session)
    response.set_cookie(
        cookie_name(office),
        secret,
        max_age=int(office.settings.session_lasts.total_seconds()),
        path="/",
        secure=office.settings.secure,
        httponly=True,
        samesite="lax",  # a strict one is left behind when a pager, a chat or a provider of identities leads here
    )
    return session


async def farewell(office: Office, visitor: Visitor, response: Response) -> None:
    """End the visitor's session, and have their browser forget it."""
    if visitor.session:
        await asyncio.to_thread(office.sessions.end, visitor.session.id)
    response.delete_cookie(cookie_name(office), path="/", secure=office.settings.secure, httponly=True, samesite="lax")


def _proxied(office: Office, identity: str) -> Visitor:
    """Nothing is kept: the proxy says it anew with each request, and takes it back when it likes."""
    person, now = office.directory().signing_in(identity), office.clock.now()
    if person is None:
        return NOBODY
    how = "the word of the proxy"
    return Visitor(person, Session(f"{BY_PROXY}{person.id}", person.id, how, now, now + office.settings.session_lasts))


def new_act() -> str:
    """Return a key for a form that nobody has sent yet."""
    return secrets.token_hex(16)


def session_id(secret: str) -> str:
    """Return what is kept of a secret: its hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
