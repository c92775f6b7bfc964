"""An IRC server with accounts inside the process, for the demonstration and for tests; never for strangers.

No client can keep more than SEND_BYTES waiting, or end another's connection by what it sends.
"""

import asyncio
import contextlib
import logging
import ssl
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tocsin.demo.irc_server.certificate import self_signed
from tocsin.demo.irc_server.commands import obey
from tocsin.demo.irc_server.network import Account, Client, Network
from tocsin.demo.irc_server.wire import LONGEST_BYTES

SEND_BYTES = 1 << 20  # what a client may leave unread before it is dropped
CLIENTS = 200
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
        return int(self._listeners[0].sockets[0].getsockname()[1])

    @property
    def tls_port(self) -> int:
        """The port with TLS."""
        return int(self._listeners[1].sockets[0].getsockname()[1])

    async def start(self, host: str = "127.0.0.1", port: int = 0, tls_port: int = 0) -> None:
        """Listen on both ports; 0 takes any that is free."""
        for wanted, context in ((port, None), (tls_port, self._tls_context())):
            listener = await asyncio.start_server(self._serve, host, wanted, ssl=context, limit=LONGEST_BYTES)
            self._listeners.append(listener)

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

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:  # the ssl module reads certificates from files only
            pem = Path(folder, "server.pem")
            pem.write_text(self._certificate.key_pem + self._certificate.certificate_pem)
            context.load_cert_chain(pem)
        return context

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if not task or len(self._tasks) >= CLIENTS:
            writer.transport.abort()
            return
        self._tasks.add(task)
        client = Client(lambda data: _send(writer, data), writer.close, writer.get_extra_info("peername")[0])
        try:
            await self._listen(reader, client)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()  # the peer is gone, or the server stops: there is nobody to take leave of
        finally:
            self._network.drop(client, "Connection closed")
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await writer.wait_closed()
            writer.transport.abort()
            self._tasks.discard(task)

    async def _listen(self, reader: asyncio.StreamReader, client: Client) -> None:
        """Obey a client's lines in their order until it leaves."""
        while not client.gone:
            try:
                line = await reader.readline()
            except ValueError:  # longer than a line may be: what the buffer held of it is gone
                client.reply("417", "Input line was too long")
                continue
            if not line.endswith(b"\n"):  # the end of the stream, perhaps in the middle of a line
                return
            try:
                obey(self._network, client, line[:-1])
            except Exception:  # the top of the loop: one bad line must not end the connection, still less the server
                log.exception("a line could not be carried out")


def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Send soon and in order; a reader who is too slow is cut off."""
    if not writer.is_closing():
        writer.write(data)
        if writer.transport.get_write_buffer_size() > SEND_BYTES:
            writer.transport.abort()
