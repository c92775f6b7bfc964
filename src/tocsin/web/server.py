"""The HTTP server, inside the one process and its event loop; what it answers is for `app`."""

import asyncio
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from tocsin.domain.errors import TocsinError
from tocsin.web.app import application
from tocsin.web.live import Live
from tocsin.web.office import Office

GOODBYE_SECONDS = 2
BACKLOG = 2048
MOST_FILES = 16_384
"""Open at a time: what services begin with, 1,024, would be used up by a thousand open pages."""
STALLED_MILLISECONDS = 20_000
"""A browser that takes nothing for so long is gone; it comes back by itself."""


class WebServer:
    """Listens from `start` on, and serves while it runs."""

    def __init__(self, office: Office) -> None:
        """Put the application together; nothing listens yet."""
        self._settings = office.settings
        self._live = Live(office)
        office.handler.tell(self._live.grown)
        self._app = application(office, self._live)
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
            timeout_graceful_shutdown=GOODBYE_SECONDS,
        )
        self._server = _Quiet(config)
        self._socket: socket.socket | None = None

    def start(self) -> None:
        """Listen, so that who comes now waits rather than fails; raises `TocsinError` in words."""
        where = (self._settings.host, self._settings.port)
        try:
            self._socket = socket.create_server(where, family=_family(where[0]), backlog=BACKLOG, reuse_port=False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each answer waits 40 ms for an ACK
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MILLISECONDS)
            _let_many_be_open()
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            remedy = "Name another address or port under [web] in tocsin.toml."
            raise TocsinError(f"Cannot listen on {where[0]} port {where[1]}: {why}. {remedy}") from error

    async def run(self) -> None:
        """Serve until cancelled; then let what was begun come to its end, for a moment."""
        assert self._socket is not None, "it listens before it runs"
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        living = asyncio.create_task(self._live.run())
        try:
            await asyncio.wait([serving, living], return_when=asyncio.FIRST_COMPLETED)
        finally:
            living.cancel()
            self._app.state.end()
            self._server.should_exit = True
            await asyncio.gather(serving, living, return_exceptions=True)


class _Quiet(uvicorn.Server):
    """Leaves the process's signals to the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


def _let_many_be_open() -> None:
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
