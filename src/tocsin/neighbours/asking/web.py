"""Asking one configured site: what it answers is read to a bound, and whatever else it does is *no answer*.

Laws: no redirect is followed, so nothing is asked of a place that the configuration does not name; a secret is sent to
the site alone, and is in no error and no log; a site that keeps silent is left alone for a while.
"""

import json
import ssl
from asyncio import timeout
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import httpx2

from tocsin.domain.errors import TocsinError, Unreachable
from tocsin.neighbours.asking.circuit import Circuit
from tocsin.neighbours.asking.limits import TOO_OFTEN, why_limited
from tocsin.neighbours.asking.remembering import Remembered

LONGEST_NO: Final = 300
"""Characters of what a site says when it declines; the first of it says what is wrong."""
LARGEST_ANSWER_BYTES: Final = 4 * 1024 * 1024
HEADERS: Final = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tocsin"}
MISSING: Final = (403, 404)
"""A system that hides something from us says one or the other."""


class NotSignedIn(Unreachable):
    """A site tells nothing to somebody whom it does not know, or does not take the one that we say we are."""


class Declined(TocsinError):
    """A site answered that it will not do what it was asked to; `text` is the beginning of its own words, if any."""

    def __init__(self, system: str, status: int, text: str) -> None:
        """Keep what it said, so that whoever asked can say what it means."""
        self.status = status
        self.text = text
        super().__init__(f"{system} said no ({status}){': ' if text else ''}{text}")


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whom we are on a site."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """One site: what people call it, its address, how long it may take; `before` stands before each of its answers.

    `headers` go with every question and may hold secrets. Keep a site for as long as it is asked: it remembers silence.
    One with `remembered` answers is spared, where it can say that nothing changed; it is asked as one person only.
    """

    system: str
    address: str
    seconds: float
    before: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    remembered: Remembered | None = field(default=None, repr=False, compare=False)
    circuit: Circuit = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Begin with a site that nothing is known against; what is trusted is read now, before anybody waits for it."""
        trusted()
        object.__setattr__(self, "circuit", Circuit(self.system))

    async def ask(self, path: str, sign_in: SignIn | None = None) -> Any:  # noqa: ANN401 - foreign JSON
        """Return what a path answers, or None when it is not there for us; raises `Unreachable`."""
        content = await self._exchange("GET", path, sign_in, {})
        return None if content is None else self._read(content)

    async def read(self, path: str) -> bytes | None:
        """Return a path's bytes, whatever they are, or None when it is not there for us; raises `Unreachable`."""
        return await self._exchange("GET", path, None, {})

    async def post(
        self,
        path: str,
        sign_in: SignIn | None = None,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - foreign JSON
        """Send JSON or a form and return what is answered, None when nothing is there; raises `Unreachable`."""
        sent: dict[str, Any] = {"data": dict(form)} if form is not None else {"json": json}
        content = await self._exchange("POST", path, sign_in, sent)
        return self._read(content) if content else None

    async def have_done(self, path: str, sign_in: SignIn, json: object) -> Any:  # noqa: ANN401 - foreign JSON
        """Have something done and return what is answered; raises `Declined` at a no, and `Unreachable`.

        Without an answer it may have been done all the same.
        """
        content = await self._exchange("POST", path, sign_in, {"json": json}, self._unless_declined)
        return self._read(content) if content else None

    async def hand_over(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Post bytes as they are to the address itself; raises `Unreachable` at whatever is no yes.

        What else is answered is not read.
        """
        await self._exchange("POST", "", None, {"content": body, "headers": dict(headers)}, self._unless_refused)

    async def _exchange(
        self,
        method: str,
        path: str,
        sign_in: SignIn | None,
        sent: dict[str, Any],
        take: Callable[[str, httpx2.Response], Awaitable[bytes | None]] | None = None,
    ) -> bytes | None:
        auth = (sign_in.user, sign_in.password) if sign_in else None
        headers = {**HEADERS, **dict(self.headers)}
        if self.remembered and method == "GET":
            headers.update(self.remembered.asking(path))
        with self.circuit.asking():
            try:
                async with (
                    timeout(self.seconds),
                    httpx2.AsyncClient(verify=trusted(), timeout=None, headers=headers, auth=auth) as client,
                    client.stream(method, f"{self.address}{path}", **sent) as answer,
                ):
                    return await (take or self._content)(path, answer)
            except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
                why = in_words(error, self.seconds)
            raise Unreachable(self.system, why)  # raised out here, since what was caught holds all that was sent

    async def _unless_refused(self, _: str, answer: httpx2.Response) -> bytes | None:
        if answer.has_redirect_location:
            raise Unreachable(self.system, "it leads elsewhere, and is not followed")
        if not answer.is_success:
            raise Unreachable(self.system, f"it answered {answer.status_code}")
        return None

    async def _unless_declined(self, path: str, answer: httpx2.Response) -> bytes | None:
        if answer.is_client_error and answer.status_code != httpx2.codes.UNAUTHORIZED:
            raise Declined(self.system, answer.status_code, await _no_of(answer))
        return await self._content(path, answer)

    async def _content(self, path: str, answer: httpx2.Response) -> bytes | None:
        if self.remembered and (known := self.remembered.unchanged(path, answer)) is not None:
            return known
        if answer.has_redirect_location:
            raise Unreachable(self.system, "it leads elsewhere, and is not followed")
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            raise NotSignedIn(self.system, "it does not take our user name and password")
        if answer.status_code in TOO_OFTEN and (limited := why_limited(answer, await self._bytes(answer))):
            raise Unreachable(self.system, limited)
        if answer.status_code in MISSING:
            return None
        if not answer.is_success:
            raise Unreachable(self.system, f"it answered {answer.status_code}")
        content = await self._bytes(answer)
        if self.remembered and answer.request.method == "GET":
            self.remembered.keep(path, answer, content)
        return content

    async def _bytes(self, answer: httpx2.Response) -> bytes:
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
            pass  # what was caught holds the whole answer
        raise Unreachable(self.system, "it answered something else than JSON")


@cache
def trusted() -> ssl.SSLContext:
    """Return the authorities by which a certificate is verified; read once, since that takes 30 ms and more."""
    return httpx2.create_ssl_context()


async def _no_of(answer: httpx2.Response) -> str:
    """Return the beginning of plain words on one line; a page of a server in between says nothing to people."""
    said = bytearray()
    if answer.headers.get("Content-Type", "").startswith("text/plain"):
        async for part in answer.aiter_raw():
            said += part
            if len(said) > LONGEST_NO:
                break
    text = "".join(each if each.isprintable() else " " for each in said.decode("utf-8", "replace"))
    return " ".join(text.split())[:LONGEST_NO]


def in_words(error: Exception, seconds: float) -> str:
    """Say what a site did instead of answering, to stand behind its name."""
    if isinstance(error, TimeoutError | httpx2.TimeoutException):
        return f"did not answer within {seconds:g} s"
    if "CERTIFICATE" in str(error).upper():
        return "shows a certificate that is not trusted"
    return f"could not be fetched: {type(error).__name__}"
