"""Looking from outside whether a change is live: a page, a command, a wiki's own word on its versions, a metric.

Laws: what could not be looked at tells nothing. A text that was not found counts only on a page that is there and was
read to its end: an error page shows neither the fault nor the fix.
"""

import os
from asyncio import timeout, to_thread
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, assert_never
from urllib.parse import urlsplit

import httpx2

from tocsin.domain.errors import Unreachable
from tocsin.domain.plan import CommandProof, DeployedProof, FetchProof, MetricProof, Proof, VersionProof, WordProof
from tocsin.neighbours.asking.running import run
from tocsin.neighbours.asking.web import Site, in_words, trusted
from tocsin.neighbours.proofs.history import Held, Histories
from tocsin.neighbours.proofs.metric import metric
from tocsin.neighbours.proofs.wiki import deployed, version
from tocsin.service.ports import Sight

FETCH_SECONDS: Final = 10.0
ASK_SECONDS: Final = 4.5
LARGEST_PAGE_BYTES: Final = 4 * 1024 * 1024
MOST_REDIRECTS: Final = 3
LARGEST_PORT: Final = 65535
HEADERS: Final = {"Accept-Encoding": "identity", "Cache-Control": "no-cache", "User-Agent": "tocsin"}
"""Unpacked, a few bytes could be a great many: pages are asked for as they are."""
LIVE, NOT_LIVE = 0, 1
KEPT: Final = ("PATH", "HOME", "LANG")


@dataclass(slots=True)
class Proofs:
    """Looks once each time that it is asked; whatever stands in the way of looking is a sight that says neither.

    `histories` are where it is looked up whether one commit holds another.
    """

    histories: Histories
    seconds: float = FETCH_SECONDS
    _sites: dict[str, Site] = field(default_factory=dict)

    async def look(self, proof: Proof) -> Sight:
        """Look at one proof, now."""
        match proof:
            case FetchProof():
                return await self._fetched(proof)
            case CommandProof():
                return await _told_by(proof)
            case DeployedProof() | VersionProof() | MetricProof():
                return await self._asked(proof)
            case WordProof():
                return Sight(None, "people say")
            case _:
                assert_never(proof)

    async def _asked(self, proof: DeployedProof | VersionProof | MetricProof) -> Sight:
        """Ask a site whose own word is the proof; a site is kept, so that a dead one is not asked all the time."""
        parts = urlsplit(proof.url)
        origin, path = f"{parts.scheme}://{parts.netloc}", proof.url.removeprefix(f"{parts.scheme}://{parts.netloc}")
        site = self._sites.setdefault(origin, Site(parts.hostname or origin, origin, ASK_SECONDS))
        try:
            held = await self._told(site, path, proof)
        except Unreachable as silent:
            return Sight(None, str(silent))
        return Sight(held.live, f"{site.system}: {held.why}, at {_now()}")

    async def _told(self, site: Site, path: str, proof: DeployedProof | VersionProof | MetricProof) -> Held:
        match proof:
            case DeployedProof():
                return await deployed(site, path, proof, self.histories)
            case VersionProof():
                return await version(site, path, proof)
            case MetricProof():
                return await metric(site, path, proof, datetime.now(UTC))

    async def _fetched(self, proof: FetchProof) -> Sight:
        try:
            url = _url(proof.url)
            async with timeout(self.seconds):
                page = await _page(url)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            return Sight(None, f"{_host(proof.url)} {in_words(error, self.seconds)}")
        found = proof.text in page.text
        if not found and page.doubt:
            return Sight(None, f"{url.host} {page.doubt}")
        live = found is proof.present
        return Sight(live, f"{'seen' if live else 'not seen'} on {url.host} at {_now()}")


@dataclass(frozen=True, slots=True)
class _Page:
    """What was read of a page, and why what is not in it may be there all the same."""

    text: str
    doubt: str = ""


async def _page(url: httpx2.URL) -> _Page:
    """Read a page, following redirects within the same site alone."""
    authorities = await to_thread(trusted)
    async with httpx2.AsyncClient(verify=authorities, timeout=None, headers=HEADERS) as client:  # limited as a whole
        for _ in range(MOST_REDIRECTS + 1):
            async with client.stream("GET", url) as answer:
                if not answer.has_redirect_location:
                    return await _read(answer)
                further = url.join(answer.headers["location"])
                if _site(further) != _site(url):
                    return _Page("", f"leads to another site, {further.scheme}://{further.host}")
                url = further
    return _Page("", "leads on and on")


def _site(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def _read(answer: httpx2.Response) -> _Page:
    if answer.headers.get("content-encoding", "identity") != "identity":
        return _Page("", "sends its pages packed, though asked not to")
    read = bytearray()
    async for part in answer.aiter_raw():
        read += part[: LARGEST_PAGE_BYTES + 1 - len(read)]
        if len(read) > LARGEST_PAGE_BYTES:
            break
    doubt = "" if answer.is_success else f"answered {answer.status_code}"
    longer = f"has a page longer than {LARGEST_PAGE_BYTES // 1024**2} MiB" if len(read) > LARGEST_PAGE_BYTES else ""
    return _Page(_decoded(bytes(read), answer.charset_encoding), doubt or longer)


def _decoded(content: bytes, charset: str | None) -> str:
    """A site may name a charset that is none: then the bytes are taken for UTF-8."""
    try:
        return content.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _url(text: str) -> httpx2.URL:
    """A port that no socket takes would not be an error of the client, but one of ours."""
    url = httpx2.URL(text)
    if url.port and url.port > LARGEST_PORT:
        raise httpx2.InvalidURL(f"there is no port {url.port}")
    return url


def _host(url: str) -> str:
    try:
        return httpx2.URL(url).host or url
    except httpx2.InvalidURL:
        return url


async def _told_by(proof: CommandProof) -> Sight:
    """Run the command without a shell, in a group of its own that does not outlive its time."""
    name, seconds = proof.arguments[0].rpartition("/")[2], proof.limit.total_seconds()
    environment = {key: os.environ[key] for key in KEPT if key in os.environ}
    try:
        ran = await run(proof.arguments, environment, seconds=seconds, folder=proof.folder)
    except TimeoutError:
        return Sight(None, f"{name} did not end within {seconds:g} s")
    except OSError as error:
        return Sight(None, f"{name} could not be run: {error.strerror}")
    except ValueError:
        return Sight(None, f"{name} could not be run: an argument holds a zero byte")
    live = {LIVE: True, NOT_LIVE: False}.get(ran.code)
    ended = f"was ended by signal {-ran.code}" if ran.code < 0 else f"ended with {ran.code}"
    words = {True: "says that it is live", False: "says that it is not live", None: ended}[live]
    return Sight(live, f"{name} {words}, at {_now()}")


def _now() -> str:
    return f"{datetime.now(UTC):%H:%M:%S} UTC"
