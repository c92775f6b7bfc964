"""Services that reach pagers, on loopback: one that takes JSON, one that takes mail, one that only holds on."""

import email
import email.policy
import http.server
import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from tests.neighbours.sites import Server

POLL_SECONDS = 0.01
CONNECTIONS = 32


@dataclass(slots=True)
class Service:
    """A service: its port, and what it was sent as subject and text; `status` is what it answers to JSON."""

    port: int
    sent: list[tuple[str, str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    status: int = 200

    def json(self, path: str = "") -> str:
        """Return its address as apprise writes it, when it takes JSON."""
        return f"json://127.0.0.1:{self.port}/{path}"

    def mail(self, to: str) -> str:
        """Return its address as apprise writes it, when it takes mail."""
        return f"mailto://127.0.0.1:{self.port}?from=tocsin@example.org&to={to}"


@contextmanager
def json_service() -> Iterator[Service]:
    """Take JSON until the block ends."""
    with _served(Server(("127.0.0.1", 0), _Json)) as service:
        yield service


@contextmanager
def mail_service() -> Iterator[Service]:
    """Take mail until the block ends."""
    with _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail)) as service:
        yield service


@contextmanager
def hanging_service() -> Iterator[Service]:
    """Take connections and never answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=CONNECTIONS) as hangs:
        yield Service(hangs.getsockname()[1])


def closed_port() -> int:
    """Return a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def _served(server: Any) -> Iterator[Service]:  # noqa: ANN401 - one of two servers that share no name
    server.daemon_threads = True
    server.service = Service(server.server_address[1])
    threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
    try:
        yield server.service
    finally:
        server.shutdown()
        server.server_close()


class _Json(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        service: Service = self.server.service  # type: ignore[attr-defined] # put there above
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = json.loads(body)
        service.raw.append(body)
        service.paths.append(self.path)
        service.sent.append((told["title"], told["message"]))
        self.send_response(service.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to be given one mail after another."""

    def handle(self) -> None:
        self._says("220 example.org")
        while line := self.rfile.readline():
            match line.split()[0].upper():
                case b"DATA":
                    self._says("354 go on")
                    self._take()
                    self._says("250 taken")
                case b"QUIT":
                    self._says("221 good night")
                    return
                case _:
                    self._says("250 all right")

    def _take(self) -> None:
        service: Service = self.server.service  # type: ignore[attr-defined] # put there above
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        raw = b"".join(lines)
        message: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        service.raw.append(raw)
        service.sent.append((str(message["Subject"]), body.get_content().strip()))

    def _says(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
