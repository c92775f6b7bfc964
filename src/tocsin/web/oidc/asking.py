"""Asking a provider of OpenID Connect over HTTP: within one bound of time and length, and nothing that it leads to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from tocsin.domain.errors import TocsinError, Unreachable
from tocsin.web.settings import OidcSettings

SECONDS = 4.5
"""For everything that one click needs of the provider, so that a page says within 5 s that it is silent."""
LARGEST_ANSWER_BYTES = 1024 * 1024
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tocsin"}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class NotBelieved(TocsinError):
    """What the provider sent, or whoever spoke for it, proves nothing; `why` is for the log."""

    def __init__(self, label: str, why: str) -> None:
        """Keep why, which no page tells: it would help nobody but whoever tries."""
        self.why = why
        super().__init__(f"What {label} sent proves nothing, so you are not signed in. Begin again.")


class Bounded(httpx2.AsyncHTTPTransport):
    """Reads no answer further than any that a provider has reason to give."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Read the whole answer; raises `ReadError` when it is too long, or packed so that it could become so."""
        answer = await super().handle_async_request(request)
        content = bytearray()
        try:
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise httpx2.ReadError("packed, and asked not to be", request=request)
            async for part in answer.aiter_raw():
                content += part
                if len(content) > LARGEST_ANSWER_BYTES:
                    raise httpx2.ReadError("too long", request=request)
        finally:
            await answer.aclose()
        return httpx2.Response(answer.status_code, headers=answer.headers, content=bytes(content), request=request)


@asynccontextmanager
async def asking(settings: OidcSettings, client: AsyncOAuth2Client) -> AsyncIterator[None]:
    """Bound what is asked inside; raises `Unreachable` or `NotBelieved`, in whose words no secret can be."""
    why = no = ""
    try:
        async with asyncio.timeout(SECONDS), client:
            yield
    except OAuthError as error:
        no = f"it answered {plain(error.error)}"
    except TimeoutError:
        why = f"did not answer within {SECONDS:g} s"
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError) as error:
        why = f"could not be asked ({type(error).__name__})"
    if no:  # raised out here, since what was caught holds all that was sent
        raise NotBelieved(settings.label, no)
    if why:
        raise Unreachable(settings.label, why)


def connection(settings: OidcSettings, redirect_uri: str, method: str | None = None) -> AsyncOAuth2Client:
    """Return a client that follows no redirect; it is used within `asking`."""
    return AsyncOAuth2Client(
        settings.client_id,
        settings.secret or None,
        token_endpoint_auth_method=method,
        scope=" ".join(settings.scopes),
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        transport=Bounded(verify=_trusted()),
        headers=HEADERS,
        timeout=None,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Return the authorities by which a certificate is verified; read once, for it takes 30 ms and more."""
    return httpx2.create_ssl_context()


async def fetched(settings: OidcSettings, client: AsyncOAuth2Client, address: str) -> dict[str, Any]:
    """Return the JSON object at an address of the provider; raises `Unreachable`."""
    answer = await client.request("GET", address, withhold_token=True)
    content = answer.json() if answer.is_success else None
    if not isinstance(content, dict):
        raise Unreachable(settings.label, f"answered {answer.status_code} to {address}, and nothing of use")
    return content


def endpoint(settings: OidcSettings, metadata: dict[str, Any], name: str) -> str:
    """Return an address that a provider names of itself; raises `Unreachable` where it is none that is safe to use."""
    address = metadata.get(name)
    if isinstance(address, str):
        parts = urlsplit(address)
        if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
            return address
    raise Unreachable(settings.label, f"names no {name} over https")


def plain(word: object) -> str:
    """Return a word that a provider said, if it is one, to be repeated."""
    return word if isinstance(word, str) and word.isascii() and word.isidentifier() and len(word) <= 40 else "an error"
