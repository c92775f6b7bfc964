"""Asking one configured site for JSON: what it answers is read to a bound, and whatever else it does is *no answer*.

Laws: no redirect is followed, so nothing is asked of a place that the configuration does not name; a secret is sent to
the site alone, and is in no error and no log.
"""

import json
from asyncio import timeout
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from tocsin.domain.errors import Unreachable

LARGEST_ANSWER_BYTES: Final = 4 * 1024 * 1024
HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tocsin"}
MISSING: Final = (403, 404)
"""A system that hides something from us says one or the other."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whom we are on a site."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """One site: what people call it, its address, how long it may take; `before` stands before each of its answers."""

    system: str
    address: str
    seconds: float
    before: bytes = b""

    async def ask(self, path: str, sign_in: SignIn | None = None) -> Any:  # noqa: ANN401 - foreign JSON
        """Return what a path answers, or None when it is not there for us; raises `Unreachable`."""
        auth = (sign_in.user, sign_in.password) if sign_in else None
        try:
            async with (
                timeout(self.seconds),
                httpx2.AsyncClient(timeout=None, headers=HEADERS, auth=auth) as client,
                client.stream("GET", f"{self.address}{path}") as answer,
            ):
                return None if answer.status_code in MISSING else self._read(await self._content(answer))
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            raise Unreachable(self.system, in_words(error, self.seconds)) from None  # its words may hold an address

    async def _content(self, answer: httpx2.Response) -> bytes:
        if answer.has_redirect_location:
            raise Unreachable(self.system, "it leads elsewhere, and is not followed")
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            raise Unreachable(self.system, "it does not take our user name and password")
        if not answer.is_success:
            raise Unreachable(self.system, f"it answered {answer.status_code}")
        content = bytearray()
        async for part in answer.aiter_raw():
            content += part
            if len(content) > LARGEST_ANSWER_BYTES:
                raise Unreachable(self.system, f"its answer is longer than {LARGEST_ANSWER_BYTES // 1024**2} MiB")
        return bytes(content)

    def _read(self, content: bytes) -> Any:  # noqa: ANN401 - foreign JSON
        if not content.startswith(self.before):
            raise Unreachable(self.system, "it answered something else than its own JSON")
        try:
            return json.loads(content[len(self.before) :])
        except (ValueError, RecursionError):
            raise Unreachable(self.system, "it answered something else than JSON") from None


def in_words(error: Exception, seconds: float) -> str:
    """Say what a site did instead of answering, to stand behind its name."""
    if isinstance(error, TimeoutError | httpx2.TimeoutException):
        return f"did not answer within {seconds:g} s"
    if "CERTIFICATE" in str(error).upper():
        return "shows a certificate that is not trusted"
    return f"could not be fetched: {type(error).__name__}"
