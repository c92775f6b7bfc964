"""An IRC server with accounts inside the process, for the demonstration and for tests; never for strangers.

No client can keep more than SEND_BYTES waiting, stay silent for ever, or end another's connection by what it sends.
"""

import asyncio
import contextlib
import logging
import ssl
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tocsin.demo.irc_server import capabilities, faults
from tocsin.demo.irc_server.certificate import self_signed
from tocsin.demo.irc_server.client_state import Account, Client
from tocsin.demo.irc_server.commands import obey
from tocsin.demo.irc_server.network import SERVER_NAME, Network
from tocsin.demo.irc_server.wire import Event, LineSplitter

READ_BYTES = 16384
SEND_BYTES = 1 << 20  # what a client may leave unread before it is dropped
CLIENTS = 200
SILENCE_SECONDS = 60.0  # until the server asks; as long again until it gives up
CLOSE_SECONDS = 1.0  # for the peer to take part in ending TLS
log = logging.getLogger(__name__)


class IrcServer:
    """A server that knows the given accounts; started and stopped in a running event loop."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._network = Network(accounts)
        self._certificate = self_signed()
        self._listeners: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def certificate_pem(self) -> str:
        """The certificate to trust on the TLS port: valid for localhost and 127.0.0.1."""
        return self._certificate.certificate_pem

    @property
    def port(self) -> int:
        """The port without TLS."""
        return self._port_of(0)

    @property
    def tls_port(self) -> int:
        """The port with TLS."""
        return self._port_of(1)

    async def start(self, host: str = "127.0.0.1", port: int = 0, tls_port: int = 0) -> None:
        """Listen on both ports; 0 takes any that is free."""
        for wanted, context in ((port, None), (tls_port, self._tls_context())):
            self._listeners.append(await asyncio.start_server(self._serve, host, wanted, ssl=context))

    async def stop(self) -> None:
        """Close the doors and drop everybody."""
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listener in listeners:
            await listener.wait_closed()

    def netsplit(self, nicks: Iterable[str]) -> None:
        """Put those nicks on the far side of a network split."""
        faults.split_off(self._network, nicks)

    def mend(self) -> None:
        """End the split."""
        faults.mend(self._network)

    def withdraw(self, capability: str) -> None:
        """Take a capability away from everybody, with the CAP DEL that goes with it."""
        capabilities.withdraw(self._network, capability)

    def offer(self, capability: str) -> None:
        """Offer a withdrawn capability again, with CAP NEW."""
        capabilities.offer(self._network, capability)

    def _port_of(self, place: int) -> int:
        assert self._listeners, "the server is not started"
        return int(self._listeners[place].sockets[0].getsockname()[1])

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:  # the ssl module reads certificates from files only
            pem = Path(folder, "server.pem")
            pem.write_text(self._certificate.key_pem + self._certificate.certificate_pem)
            context.load_cert_chain(pem)
        return context

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        if len(self._tasks) >= CLIENTS:
            writer.transport.abort()
            return
        self._tasks.add(task)
        client = Client(_StreamOutbox(writer), writer.get_extra_info("peername")[0])
        reason = "Connection closed"
        try:
            reason = await self._listen(reader, client)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()  # the peer is gone, or the server stops: there is nobody to take leave of
        finally:
            self._network.drop(client, reason)
            await _see_closed(writer)
            self._tasks.discard(task)

    async def _listen(self, reader: asyncio.StreamReader, client: Client) -> str:
        """Obey a client's lines in their order until it leaves; return why it did."""
        splitter = LineSplitter()
        asked = False
        while not client.gone:
            try:
                async with asyncio.timeout(SILENCE_SECONDS):
                    data = await reader.read(READ_BYTES)
            except TimeoutError:
                if asked or not client.registered:
                    return f"Ping timeout: {SILENCE_SECONDS:.0f} seconds"
                asked = True
                self._network.deliver(Event("", "PING", (SERVER_NAME,)), [client])
                continue
            if not data:
                return "Connection closed"
            asked = False
            self._obey_all(client, splitter.feed(data))
        return ""

    def _obey_all(self, client: Client, lines: list[bytes]) -> None:
        for raw in lines:
            if client.gone:
                return
            try:
                obey(self._network, client, raw)
            except Exception:  # the top of the loop: one bad line must not end the connection, still less the server
                log.exception("a line could not be carried out")


async def _see_closed(writer: asyncio.StreamWriter) -> None:
    """Wait until a closing connection is closed, and do not wait long for a peer that will not take part."""
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await writer.wait_closed()
    except (OSError, TimeoutError, asyncio.CancelledError):
        writer.transport.abort()


class _StreamOutbox:
    """A stream as a way out; a reader who is too slow is cut off."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def send(self, data: bytes) -> None:
        if self._writer.is_closing():
            return
        self._writer.write(data)
        if self._writer.transport.get_write_buffer_size() > SEND_BYTES:
            self._writer.transport.abort()

    def close(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may be closed already
            self._writer.close()
