"""The HTTP API as the command line knows it, on loopback before an office's real socket; it can be made to fail."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.neighbours.sites import Server
from tests.networks.inspircd import free_ports
from tocsin.cli.client import ask
from tocsin.cli.routes import ACTS, EVENTS, QUESTIONS, WHATEVER_RUNS, Route

TOKEN = "tcsn_Zm9yLXRlc3RzLW9ubHk"
STATUSES = {"unknown": 404, "refused": 422, "malformed": 422, "conflict": 409, "repeated": 409, "unrecorded": 503}
Failing = Callable[[Any], bool]
STREAM_SECONDS = 0.05


@dataclass
class Api:
    """A server with one token; `failing` gets each call first, and says whether it dealt with it."""

    office: Path
    port: int = field(default_factory=lambda: free_ports(1)[0])
    failing: Failing = lambda _: False
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str | None]:
        return {"TOCSIN_SERVER": self.url, "TOCSIN_TOKEN": TOKEN, "TOCSIN_SOCKET": "/nowhere"}

    @contextmanager
    def listening(self) -> Iterator[None]:
        server = _Server(("127.0.0.1", self.port), _Calls)
        server.api = self
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.ending.set()
            server.shutdown()
            server.server_close()
            thread.join(10)


class _Server(Server):
    api: Api

    def __init__(self, *given: Any) -> None:  # noqa: ANN401 - as the library has it
        super().__init__(*given)
        self.ending = threading.Event()


class _Calls(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401 - as the library has it
        """Keep quiet."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        api = self.server.api
        api.heard.append((f"{self.command} {self.path}", dict(self.headers.items())))
        if api.failing(self):
            return
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.problem(401, "refused", "This token is not known, or it has expired.")
            return
        if (request := _matched(EVENTS, self.command, self.path)) is not None:
            self._stream(request)
            return
        answer = ask(api.office, self.asking())
        if answer["outcome"] in ("done", "told"):
            self.reply(200, "application/json", json.dumps({**answer, "position": 7}).encode())
        else:
            self.problem(STATUSES.get(answer["outcome"], 500), answer["outcome"], *answer["lines"])

    def asking(self) -> dict[str, Any]:
        url = urlsplit(self.path)
        key = self.headers.get("Idempotency-Key") or ""
        fields = json.loads(self.sent) if self.sent else {}
        words = parse_qs(url.query).get("kind", [""])[0]
        for verb, route in (*QUESTIONS.items(), *ACTS.items(), ("stop", WHATEVER_RUNS)):
            if (request := _matched(route, self.command, url.path)) is not None:
                return {"verb": verb, "request": request, "fields": fields, "words": words, "key": key}
        return {"verb": "nothing"}

    def _stream(self, request: str) -> None:
        """Send an event whenever the timeline grew, and end with the server."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        known = 0
        while not self.server.ending.wait(STREAM_SECONDS):
            now = len(ask(self.server.api.office, {"verb": "timeline", "request": request})["lines"])
            self.wfile.write(f"id: {now + 1000}\ndata: {{}}\n\n".encode() if now > known else b": here\n\n")
            known = now
        self.connection.shutdown(socket.SHUT_RDWR)

    def problem(self, status: int, outcome: str, *reasons: str) -> None:
        plain = {"type": "about:blank", "title": "No", "status": status, "outcome": outcome, "reasons": list(reasons)}
        self.reply(status, "application/problem+json", json.dumps(plain).encode())

    def reply(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _matched(route: Route, method: str, path: str) -> str | None:
    """Return the id in a path that is of a route, empty where it has none, or nothing."""
    before, _, after = route.path.partition("{request}")
    if route.method != method:
        return None
    if not route.about_one:
        return "" if path == before else None
    middle = path[len(before) : len(path) - len(after)]
    fits = path.startswith(before) and path.endswith(after) and middle and "/" not in middle
    return middle if fits else None


def wait_for(what: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait with a bound."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)
