"""A small web server that answers each path as a test says, on loopback; what it was asked is kept."""

import http.server
import json
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

POLL_SECONDS = 0.01


class Server(http.server.ThreadingHTTPServer):
    """A web server that says nothing of a client who hung up: its words would stand in the output of what is tested."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library has it
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for a path: a body, a status, further headers; `seconds` is waited before."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0


@dataclass(slots=True)
class Site:
    """Answers by the beginning of the path, the longest that fits, or by all of it where a `$` ends it.

    One that is `private` shows `hidden_as` to those who bring no token, and a token may be refused.
    """

    address: str
    answers: dict[str, Answer] = field(default_factory=dict)
    later: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    headers: list[Message] = field(default_factory=list)
    private: bool = False
    hidden_as: Answer = Answer(b"Not found", 404)
    gone: Answer = Answer(b"", 503)
    refused_token: str = ""
    unchanged: int = 0
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def says(self, path: str, told: Any, before: bytes = b")]}'\n") -> None:  # noqa: ANN401 - any JSON
        """Answer a path with JSON."""
        self.answers[path] = Answer(before + json.dumps(told).encode())

    def turns(self, path: str, *told: Any) -> None:  # noqa: ANN401 - any JSON
        """Answer a path with one JSON after another, and for ever with the last."""
        self.later[path] = [Answer(b")]}'\n" + json.dumps(each).encode()) for each in told[1:]]
        self.says(path, told[0])

    def answer(self, path: str) -> Answer:
        """Return what is laid out for a path, and lay out what comes after it."""
        fitting = [start for start in self.answers if f"{path}$".startswith(start)]
        if not fitting:
            return Answer(b"Not found", 404)
        found = max(fitting, key=len)
        answer = self.answers[found]
        if self.later.get(found):
            self.answers[found] = self.later[found].pop(0)
        return answer


@contextmanager
def site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve until the block ends, over TLS where a context is given."""
    server = Server(("127.0.0.1", 0), _Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    served = Site(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}")
    with serving(server, served):
        yield served


@contextmanager
def serving(server: http.server.ThreadingHTTPServer, served: Any) -> Iterator[None]:  # noqa: ANN401 - what it has
    """Serve what a handler finds as `served`, until the block ends; `served.over` then ends what still waits."""
    server.served = served  # type: ignore[attr-defined] # the handler finds it there
    threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
    try:
        yield
    finally:
        served.over.set()
        server.shutdown()
        server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    """Sends what the test has laid out."""

    def do_POST(self) -> None:
        served: Site = self.server.served  # type: ignore[attr-defined] # put there above
        served.sent.append((self.path, self.rfile.read(int(self.headers.get("Content-Length", "0")))))
        self.do_GET()

    def do_GET(self) -> None:
        served: Site = self.server.served  # type: ignore[attr-defined] # put there above
        served.asked.append(self.path)
        served.headers.append(self.headers)
        if told := self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN"):
            served.signed_in.append(told)
        answer = served.answer(self.path)
        if served.private and not told:
            answer = served.hidden_as
        if served.refused_token and served.refused_token in (told or ""):
            answer = Answer(b"{}", 401)
        marks = [value for name, value in answer.headers if name == "ETag"]
        if marks and self.headers.get("If-None-Match") in marks:
            served.unchanged += 1
            answer = Answer(b"", 304)
        served.over.wait(answer.seconds)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        pass
