"""A log bot's port outside the process that is killed: what it heard outlives every crash."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

POLL_SECONDS = 0.01


class Log(socketserver.ThreadingTCPServer):
    """Listens on loopback and keeps every line, in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.port: int = self.server_address[1]
        self.heard: list[str] = []


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Log)
        self.server.heard += self.rfile.read().decode().splitlines()


@contextmanager
def listening() -> Iterator[Log]:
    """Listen until the block ends."""
    with Log() as log:
        threading.Thread(target=log.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
        yield log
        log.shutdown()
