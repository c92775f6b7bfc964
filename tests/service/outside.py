"""Places outside, small and real: a log bot's port on a socket, a page that is written on, tasks in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tocsin.domain.errors import Refused, Unreachable
from tocsin.neighbours.admin_log import is_in


@dataclass(slots=True)
class LogBot:
    """What a log bot's port heard: each connection's bytes; `port` is there while it listens."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    connections: int = 0
    breaks_off: bool = False
    keeps_open: bool = False
    silent: bool = False
    _server: asyncio.Server | None = None
    _open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            for writer in self._open:
                writer.transport.abort()
            await asyncio.sleep(0)
            await self._server.wait_closed()
            self._server = None

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.append(writer)
        if self.breaks_off:
            writer.transport.abort()
            return
        if self.silent:
            return
        content = await reader.read()
        self.heard += content.decode().splitlines()
        if not self.keeps_open:
            writer.close()


@asynccontextmanager
async def log_bot() -> AsyncIterator[LogBot]:
    """A bot that listens until the block ends."""
    bot = LogBot()
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()


@dataclass(slots=True)
class Page:
    """A page with what stands on it; `trouble` is why it cannot be read, if so."""

    content: str = ""
    trouble: str = ""
    looks: int = 0

    async def shows(self, line: str) -> bool:
        self.looks += 1
        if self.trouble:
            raise Unreachable("sal.example.org", self.trouble)
        return is_in(self.content.encode(), line)


@dataclass(slots=True)
class Tracker:
    """Tasks with their comments; `trouble` is why none is taken just now, and some tasks are not there."""

    comments: list[tuple[str, str]] = field(default_factory=list)
    trouble: str = ""
    missing: tuple[str, ...] = ()
    tries: int = 0

    async def comment(self, task: str, text: str) -> str:
        self.tries += 1
        if self.trouble:
            raise Unreachable("tasks.example.org", self.trouble)
        if task in self.missing:
            raise Refused([f"There is no task {task}."])
        self.comments.append((task, text))
        return f"https://tasks.example.org/{task}#{len(self.comments)}"


@dataclass(slots=True)
class Mistaken:
    """A way with a mistake of ours in it."""

    tries: int = 0

    async def write(self, line: str) -> None:
        self.tries += 1
        raise ValueError("a mistake")
