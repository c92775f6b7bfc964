"""Signing in to services by SASL; what happens on the connection before and after is for sign-on.

Law: whatever is not a plain success (903) is a failure, silence too.
"""

import base64
from datetime import datetime, timedelta

from tocsin.domain.errors import TocsinError
from tocsin.irc.capabilities import Send
from tocsin.irc.message import Message
from tocsin.irc.settings import Mechanism, SignIn

CHUNK = 400  # the longest part of an answer; one of exactly this length is followed by another, if need be by `+`
PATIENCE = timedelta(seconds=10)

_FAILURES = {
    "902": "the account is locked",
    "904": "services refused the account or its password",
    "905": "the answer was too long",
    "906": "services broke off the sign-in",
    "908": "services know other mechanisms",
}


class SignOnFailed(TocsinError):
    """We are not on the network as who we are; the connection has to end."""


class Login:
    """One attempt to sign in at a time; raises SignOnFailed."""

    def __init__(self, settings: SignIn, send: Send) -> None:
        self._settings = settings
        self._send = send
        self._asked_at: datetime | None = None
        self.done = False

    @property
    def under_way(self) -> bool:
        """Services were asked and have not answered yet."""
        return self._asked_at is not None

    def begin(self, mechanisms: frozenset[str], now: datetime) -> None:
        """Name the mechanism to the server, which says `+` when it is to be used."""
        mechanism = self._settings.mechanism
        if mechanisms and mechanism not in mechanisms:
            raise SignOnFailed(f"the network takes no {mechanism} sign-in, only {', '.join(sorted(mechanisms))}")
        self.done = False
        self._asked_at = now
        self._send("AUTHENTICATE", mechanism.value)

    def heard(self, message: Message) -> None:
        """Follow AUTHENTICATE and the numerics of SASL; what was not asked for is ignored."""
        if not self.under_way:
            return
        if message.command == "AUTHENTICATE" and message.param(0) == "+":
            for part in self._answer():
                self._send("AUTHENTICATE", part)
        elif message.command == "903":
            self.done, self._asked_at = True, None
        elif message.command in _FAILURES:
            raise SignOnFailed(f"cannot sign in: {_FAILURES[message.command]}")

    def tick(self, now: datetime) -> None:
        """Give up when services stay silent."""
        if self._asked_at and now - self._asked_at > PATIENCE:
            raise SignOnFailed(f"cannot sign in: services said nothing for {PATIENCE.seconds} s")

    def _answer(self) -> list[str]:
        if self._settings.mechanism is Mechanism.EXTERNAL:
            return ["+"]
        account = self._settings.account
        secret = base64.b64encode(f"{account}\0{account}\0{self._settings.password}".encode()).decode()
        parts = [secret[start : start + CHUNK] for start in range(0, len(secret), CHUNK)]
        return parts if len(secret) % CHUNK else [*parts, "+"]
