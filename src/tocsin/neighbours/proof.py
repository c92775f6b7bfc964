"""Looking from outside whether a change is live: a page that shows something, or a command that tells."""

import asyncio
import contextlib
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, assert_never
from urllib.parse import urlsplit

import httpx2

from tocsin.domain.plan import CommandProof, FetchProof, Proof, WordProof
from tocsin.service.ports import Sight

FETCH_SECONDS: Final = 10.0
LARGEST_PAGE_BYTES: Final = 4 * 1024 * 1024
MOST_REDIRECTS: Final = 3
LIVE, NOT_LIVE = 0, 1
KEPT: Final = ("PATH", "HOME", "LANG")


@dataclass(frozen=True, slots=True)
class Proofs:
    """Looks once each time that it is asked; whatever stands in the way of looking is a sight that says neither."""

    async def look(self, proof: Proof) -> Sight:
        """Look at one proof, now."""
        match proof:
            case FetchProof():
                return await _fetched(proof)
            case CommandProof():
                return await _told_by(proof)
            case WordProof():
                return Sight(None, "people say")
            case _:
                assert_never(proof)


async def _fetched(proof: FetchProof) -> Sight:
    host = urlsplit(proof.url).hostname or proof.url
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            page = await _page(proof.url)
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
        return Sight(None, f"{host} could not be fetched: {type(error).__name__}")
    live = (proof.text in page) is proof.present
    verb = "seen" if live else "not seen"
    return Sight(live, f"{verb} on {host} at {datetime.now(UTC):%H:%M:%S} UTC")


async def _page(url: str) -> str:
    """Read a page up to a bound, following redirects on the same host alone."""
    async with httpx2.AsyncClient(timeout=FETCH_SECONDS, headers={"Cache-Control": "no-cache"}) as client:
        for _ in range(MOST_REDIRECTS + 1):
            async with client.stream("GET", url) as answer:
                if not answer.is_redirect:
                    return await _text(answer)
                further = answer.url.join(answer.headers["location"])
                if further.host != answer.url.host:
                    raise httpx2.TooManyRedirects(f"{url} leads to another host", request=answer.request)
                url = str(further)
    raise httpx2.TooManyRedirects(f"{url} leads on and on")


async def _text(answer: httpx2.Response) -> str:
    read = bytearray()
    async for part in answer.aiter_bytes():
        read += part
        if len(read) > LARGEST_PAGE_BYTES:
            break
    return bytes(read[:LARGEST_PAGE_BYTES]).decode(answer.encoding or "utf-8", "replace")


async def _told_by(proof: CommandProof) -> Sight:
    """Run the command without a shell, in a group of its own that does not outlive its time."""
    name = proof.arguments[0].rpartition("/")[2]
    try:
        process = await asyncio.create_subprocess_exec(
            *proof.arguments,
            cwd=proof.folder or None,
            env={key: os.environ[key] for key in KEPT if key in os.environ},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return Sight(None, f"{name} could not be run: {error.strerror}")
    try:
        async with asyncio.timeout(proof.limit.total_seconds()):
            code = await process.wait()
    except TimeoutError:
        return Sight(None, f"{name} did not end within {proof.limit.total_seconds():.0f} s")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    live = {LIVE: True, NOT_LIVE: False}.get(code)
    words = {True: "says that it is live", False: "says that it is not live", None: f"ended with {code}"}[live]
    return Sight(live, f"{name} {words}, at {datetime.now(UTC):%H:%M:%S} UTC")
