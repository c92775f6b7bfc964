"""The socket under a session: connects, reads, writes, waits, hands on one event after the other; it decides nothing.

Nothing that arrives and nothing that a listener does wrong ends the loop; only `close` does.
"""

import asyncio
import contextlib
import random
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle

import structlog

from tocsin.irc.events import Event
from tocsin.irc.reconnecting import Jitter, Reconnecting
from tocsin.irc.sending import About
from tocsin.irc.session import Session
from tocsin.irc.settings import ClientCertificate, IrcSettings, Server

CONNECT_SECONDS = 15.0
TICK_SECONDS = 0.25
READ_BYTES = 65536
GOODBYE_SECONDS = 2.0
UNSENT_BYTES = 1 << 20  # a server that takes nothing for so long is gone

OnEvent = Callable[[Event], Awaitable[None]]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a test replaces: the time of day, a clock that never goes back, how long a wait is, waiting, connecting."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    jitter: Jitter = lambda bound: random.uniform(0.0, bound)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    connect: Callable[..., Awaitable[Streams]] = asyncio.open_connection


class Connection:
    """Keeps a session on the network until it is closed; every event goes to `on_event`, one after the other.

    So `on_event` must not wait for another event, such as the answer of services: that comes after it has returned.
    """

    def __init__(
        self, settings: IrcSettings, session: Session, on_event: OnEvent, surroundings: Surroundings | None = None
    ) -> None:
        self._settings = settings
        self._session = session
        self._on_event = on_event
        self._around = surroundings or Surroundings()
        self._reconnecting = Reconnecting(self._around.jitter)
        self._closing = asyncio.Event()
        self._goodbye_at: float | None = None
        self._writer: asyncio.StreamWriter | None = None
        self.server: Server | None = None  # the one that we are on
        self.trouble = ""  # why the last connection ended, or was never made

    async def run(self) -> None:
        """Connect, and connect again, until closed."""
        for server in cycle(self._settings.servers):
            await self._wait(self._reconnecting.wait_seconds(self._around.monotonic()))
            if self._closing.is_set():
                return
            started = self._around.monotonic()
            self._reconnecting.attempted(started)
            why = self.trouble = await self._visit(server)
            self._reconnecting.ended(self._around.monotonic() - started)
            log.info("irc_disconnected", server=server.host, why=why)
            await self._tell(self._session.lost(why))

    def close(self, reason: str = "closing down") -> None:
        """Say goodbye; `run` then ends as soon as the server has closed its side, or has had time to."""
        if self._writer:
            self._session.quit(reason)
            self.flush()
        self._goodbye_at = self._around.monotonic()
        self._closing.set()

    def say(
        self, target: str, text: str, *, urgent: bool = False, merge_key: str | None = None, about: About | None = None
    ) -> None:
        """Say a line as soon as its turn comes; raises UnsafeLine. Cut when it is too long."""
        self._session.note_time(self._around.now())
        self._session.say(target, text, urgent=urgent, merge_key=merge_key, about=about)
        self.flush()

    def room(self, target: str) -> int:
        """Return how many bytes of text a line to the target may have."""
        return self._session.room(target)

    def ask_account(self, account: str) -> None:
        """Ask services about an account by its name; the answer comes as RegistrationTold."""
        self._session.note_time(self._around.now())
        self._session.ask_account(account)
        self.flush()

    def ask_registration(self, nick: str) -> None:
        """Ask services whose account a nick is signed in to; the answer comes as RegistrationTold."""
        self._session.note_time(self._around.now())
        self._session.ask_registration(nick)
        self.flush()

    def flush(self) -> None:
        """Write what may be sent now."""
        if self._session.has_outgoing and self._writer and not self._writer.is_closing():
            self._writer.write(b"".join(self._session.take_outgoing(self._around.now())))

    async def _visit(self, server: Server) -> str:
        """Be on one server for as long as it lasts; return why it ended."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                reader, writer = await self._open(server)
        except OSError as failure:  # a TimeoutError too
            return f"{server.host} cannot be reached: {str(failure) or 'no answer'}"
        self._writer, self.server = writer, server
        try:
            self._session.start(self._around.now())
            return await self._converse(reader, writer)
        except OSError as failure:
            return f"the connection broke: {failure}"
        finally:
            self._writer = self.server = None
            await _hang_up(writer)

    async def _open(self, server: Server) -> Streams:
        if not server.tls:
            return await self._around.connect(server.host, server.port)
        context = tls_context(server, self._settings.certificate)
        return await self._around.connect(server.host, server.port, ssl=context, server_hostname=server.host)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        """Read ahead while what was read is being handled, so that a slow listener does not look like a dead server."""
        reading = asyncio.create_task(reader.read(READ_BYTES))
        try:
            while self._session.closed is None and not self._has_waited_for_goodbye():
                self.flush()
                if writer.transport.get_write_buffer_size() > UNSENT_BYTES:
                    return "the server takes nothing any more"
                await asyncio.wait([reading], timeout=TICK_SECONDS)
                if reading.done():
                    data = reading.result()
                    if not data:
                        return "the server closed the connection"
                    _acknowledge_quickly(writer)
                    reading = asyncio.create_task(reader.read(READ_BYTES))
                    await self._take_in(data)
                if reading.done():
                    self._session.still_there()
                await self._tell(self._session.tick(self._around.now()))
            return self._session.closed or "closed by us"
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def _has_waited_for_goodbye(self) -> bool:
        return self._goodbye_at is not None and self._around.monotonic() - self._goodbye_at > GOODBYE_SECONDS

    async def _take_in(self, data: bytes) -> None:
        """Tell what each line says before the next is read: events are told in the order in which things happened."""
        for line in self._session.lines(data):
            try:
                events = self._session.hear(line, self._around.now())
            except Exception:  # the top of the loop: one line must not end the connection
                log.exception("irc_line_not_understood", line_bytes=len(line))
                continue
            await self._tell(events)

    async def _tell(self, events: list[Event]) -> None:
        for event in events:
            try:
                await self._on_event(event)
            except Exception:  # the top of the loop: a listener's mistake must not end the connection
                log.exception("irc_event_not_handled", event_kind=type(event).__name__)
        if events:
            self.flush()

    async def _wait(self, seconds: float) -> None:
        """Wait, unless it is closed meanwhile."""
        if seconds <= 0 or self._closing.is_set():
            return
        waiting = [asyncio.ensure_future(self._around.sleep(seconds)), asyncio.create_task(self._closing.wait())]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def tls_context(server: Server, certificate: ClientCertificate | None) -> ssl.SSLContext:
    """Trust only a certificate for the very name that was configured, and show ours where we have one."""
    context = ssl.create_default_context(cafile=server.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate:
        context.load_cert_chain(certificate.certificate_file, certificate.key_file)
    return context


def _acknowledge_quickly(writer: asyncio.StreamWriter) -> None:
    """Without it a server that waits for our acknowledgement before its next line loses 40 ms each time."""
    connected = writer.get_extra_info("socket")
    if connected is not None and hasattr(socket, "TCP_QUICKACK"):
        with contextlib.suppress(OSError):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await writer.wait_closed()
