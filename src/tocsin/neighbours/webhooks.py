"""Webhooks: other programs are told of each event of the record, signed, in order, and at least once.

Laws: the position moves only when a delivery was taken, or was given up after a day, which is said. Each hook waits by
itself and delays nobody. Of a private request, a hook that may not know it hears id and state alone.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Final

import structlog

from tocsin.domain.errors import RecordUnavailable, Unreachable
from tocsin.domain.people import RequestId
from tocsin.domain.recorded import Recorded
from tocsin.neighbours.asking.web import Site
from tocsin.service.follower import News
from tocsin.service.ports import Clock, Cursor, Store
from tocsin.service.requests import Happening, Requests
from tocsin.views.webhook import Told, told

log = structlog.get_logger()
PING: Final = "ping"


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """One receiver: its address and secret; without kinds it is told of every event."""

    name: str
    url: str
    secret: str = field(repr=False)
    kinds: frozenset[str] = frozenset()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer may take, how long is waited between two tries, and when a delivery is given up."""

    answer_seconds: float = 4.5
    first_seconds: float = 1.0
    longest_seconds: float = 300.0
    gives_up_after: timedelta = timedelta(hours=24)

    def delay(self, failures: int) -> float:
        """Return seconds until the next try, twice as long each time, and never the same for two hooks."""
        most = min(self.first_seconds * 2 ** min(failures, 16), self.longest_seconds)
        return SystemRandom().uniform(max(self.first_seconds, most / 2), most)


PATIENCE: Final = Patience()


@dataclass(frozen=True, slots=True)
class Receiver:
    """Hands one signed delivery to a receiver; whatever is no yes is `Unreachable`."""

    settings: WebhookSettings
    site: Site

    @classmethod
    def of(cls, settings: WebhookSettings, patience: Patience = PATIENCE) -> "Receiver":
        """Make one; keep it for as long as it is sent to, since it remembers silence."""
        return cls(settings, Site(f"the webhook {settings.name}", settings.url, patience.answer_seconds))

    async def deliver(self, number: int | str, content: Mapping[str, Any], now: datetime) -> None:
        """Send what is told under a number that stays the same when it is sent again; raises `Unreachable`."""
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        delivery, timestamp = f"{self.settings.name}/{number}", str(int(now.timestamp()))
        signature = signed(self.settings.secret, timestamp, delivery, body)
        headers = {"Tocsin-Delivery": delivery, "Tocsin-Timestamp": timestamp, "Tocsin-Signature": signature}
        await self.site.hand_over(body, {"Content-Type": "application/json", **headers})


def signed(secret: str, timestamp: str, delivery: str, body: bytes) -> str:
    """Return the signature; time and number are in it, so that a receiver can refuse what comes again."""
    content = f"{timestamp}.{delivery}.".encode() + body
    return f"sha256={hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()}"


async def ping(settings: WebhookSettings, now: datetime) -> None:
    """Send a receiver one signed delivery that tells of nothing; raises `Unreachable`."""
    await Receiver.of(settings).deliver(f"{PING}-{int(now.timestamp())}", {"kind": PING}, now)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a hook goes on; one that is `new` begins with the present, not with the history."""

    cursor: Cursor
    new: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where events come from, and every request as it stands: what is private by now is told as such."""

    store: Store
    standing: Requests
    clock: Clock
    public_url: str = ""


class Webhook:
    """Follows the record for one receiver."""

    def __init__(
        self, settings: WebhookSettings, source: Source, beginning: Beginning, patience: Patience = PATIENCE
    ) -> None:
        """Take what it needs; nothing is read or sent yet."""
        self._settings = settings
        self._receiver = Receiver.of(settings, patience)
        self._source = source
        self._cursor = beginning.cursor
        self._new = beginning.new
        self._patience = patience
        self._news = News(source.store)
        self._failures = 0
        self._failing_since: datetime | None = None
        self._grown = asyncio.Event()

    def grown(self) -> None:
        """Say that the record may have grown; carries nothing, may be said too often."""
        self._grown.set()

    async def run(self) -> None:
        """Follow until cancelled."""
        self._grown.set()
        while True:
            await self._grown.wait()
            self._grown.clear()
            try:
                await asyncio.to_thread(self._skip_what_was_told)
                while news := await asyncio.to_thread(self._news.read):
                    for happening in news:
                        await self._tell_of(happening)
            except RecordUnavailable as gone:
                log.error("cannot follow the record", webhook=self._settings.name, why=str(gone))
                await asyncio.sleep(self._patience.first_seconds)
                self._grown.set()

    def _skip_what_was_told(self) -> None:
        position = self._news.skip(None if self._new else self._cursor.position())
        if self._new:
            self._cursor.move(position)
            self._new = False

    async def _tell_of(self, happening: Happening) -> None:
        for index, recorded in enumerate(happening.recorded):
            await self._insist(happening, index)
            await asyncio.to_thread(self._cursor.move, recorded.position)

    async def _insist(self, happening: Happening, index: int) -> None:
        """Deliver, again and again until it is taken; give up what failed for a day and is a day old."""
        recorded = happening.recorded[index]
        while content := self._content(happening, index):
            if self._is_hopeless(recorded):
                log.error("a webhook's delivery was given up", webhook=self._settings.name, position=recorded.position)
                return
            try:
                await self._receiver.deliver(recorded.position, content, self._source.clock.now())
            except Unreachable as silent:
                await self._wait_after(silent, recorded.position)
            else:
                self._succeeded()
                return

    def _content(self, happening: Happening, index: int) -> Told | None:
        """Put it into words anew for each try, for a request may have become private since the last one.

        An act that cannot be put into words must not stop those after it.
        """
        now = self._source.standing.find(RequestId(happening.recorded[index].stream))
        hidden = now is not None and now.private and not self._settings.private
        try:
            every = told(happening.before, happening.recorded, hidden=hidden, public_url=self._source.public_url)
        except Exception:
            position = happening.recorded[index].position
            log.exception("an act was not put into words", webhook=self._settings.name, position=position)
            return None
        content = every[index]
        return content if content and self._wants(content) else None

    def _wants(self, content: Told) -> bool:
        """Of what is hidden the kind is not told, and choosing by it would tell it."""
        return not self._settings.kinds or content["kind"] in self._settings.kinds

    def _is_hopeless(self, recorded: Recorded) -> bool:
        """Once a receiver was silent for a day, only what is younger is still tried, and shows when it is back."""
        now, longest = self._source.clock.now(), self._patience.gives_up_after
        if self._failing_since is None or now - self._failing_since < longest:
            return False
        return now - recorded.at >= longest

    async def _wait_after(self, silent: Unreachable, position: int) -> None:
        if self._failing_since is None:
            self._failing_since = self._source.clock.now()
            log.warning("a webhook takes nothing", webhook=self._settings.name, position=position, why=str(silent))
        delay = self._patience.delay(self._failures)
        self._failures += 1
        await asyncio.sleep(delay)

    def _succeeded(self) -> None:
        if self._failing_since:
            log.info("a webhook takes deliveries again", webhook=self._settings.name, failures=self._failures)
        self._failures, self._failing_since = 0, None
