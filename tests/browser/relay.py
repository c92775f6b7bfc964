"""A wire between a browser and the house that can go dead: nothing comes through, and nobody is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.networks.inspircd import free_ports

HOST = "127.0.0.1"


class Relay:
    """Passes bytes both ways while it is not dead; what was connected before it died stays so, in silence."""

    def __init__(self, to: int) -> None:
        self._to = to
        self.port = free_ports(1)[0]
        self._alive = asyncio.Event()
        self._alive.set()
        self._busy: set[asyncio.Task[None]] = set()
        self._killed = asyncio.Event()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def die(self) -> None:
        self._alive.clear()

    def come_back(self) -> None:
        """Let new connections through; those of before stay dead, as after a change of networks."""
        self._killed.set()
        self._killed = asyncio.Event()
        self._alive.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        killed = self._killed
        await self._alive.wait()
        there, back = await asyncio.open_connection(HOST, self._to)
        ways = [
            asyncio.create_task(self._pass(reader, back, killed)),
            asyncio.create_task(self._pass(there, writer, killed)),
        ]
        self._busy.update(ways)
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        back.close()
        writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, killed: asyncio.Event) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._alive.wait()
                if killed.is_set():
                    await asyncio.Event().wait()  # nobody is told that this one is dead
                writer.write(data)
                await writer.drain()

    def end(self) -> None:
        for each in self._busy:
            each.cancel()


@asynccontextmanager
async def relay(to: int) -> AsyncIterator[Relay]:
    wire = Relay(to)
    server = await asyncio.start_server(wire.serve, HOST, wire.port)
    try:
        yield wire
    finally:
        server.close()
        wire.end()
