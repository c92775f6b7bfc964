"""A blocking IRC client for tests: says lines, waits for lines, remembers all of them; it judges nothing."""

import base64
import contextlib
import re
import socket
import ssl
import time
from collections import deque
from typing import ClassVar, Self

PATIENCE_SECONDS = 10.0


class SignInRefused(Exception):
    """The network answered the account name and password with something other than 903."""


class Connection:
    """A socket that speaks lines; over TLS, with the name `localhost` checked, when a certificate file is given."""

    answers_pings: ClassVar[bool] = True

    def __init__(self, port: int, ca_file: str | None = None) -> None:
        self.lines: list[str] = []
        self._unread: deque[str] = deque()
        self._partial = b""
        self._pings = 0
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        if ca_file:
            context = ssl.create_default_context(cafile=ca_file)
            self._socket = context.wrap_socket(self._socket, server_hostname="localhost")

    def send(self, line: str | bytes) -> None:
        """Send one line as it is; the line end is added."""
        self._socket.sendall((line if isinstance(line, bytes) else line.encode()) + b"\r\n")

    def wait_for(self, pattern: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Return the first unread line that the pattern is found in, and forget the unread ones before it."""
        deadline = time.monotonic() + seconds
        while True:
            while self._unread:
                line = self._unread.popleft()
                if re.search(pattern, line):
                    return line
            self._receive(deadline, pattern)

    def settle(self) -> list[str]:
        """Return every unread line up to the answer to a PING sent now: whatever is not in there was not sent."""
        self._pings += 1
        token = f"settle-{self._pings}"
        self.send(f"PING {token}")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not any(_is_pong(line, token) for line in self._unread):
            self._receive(deadline, f"PONG {token}")
        seen = []
        while not _is_pong(line := self._unread.popleft(), token):
            seen.append(line)
        return seen

    def wait_for_the_end(self, seconds: float = PATIENCE_SECONDS) -> list[str]:
        """Return the unread lines up to the server's closing of the connection."""
        deadline = time.monotonic() + seconds
        with contextlib.suppress(EOFError):
            while True:  # the deadline is the bound
                self._receive(deadline, "the end of the connection")
        seen = list(self._unread)
        self._unread.clear()
        return seen

    def close(self) -> None:
        """Drop the connection without a word."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _receive(self, deadline: float, wanted: str) -> None:
        self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            raise TimeoutError(f"no line with {wanted!r}; the last ones: {self.lines[-6:]}") from None
        except ConnectionError:
            data = b""
        if not data:
            raise EOFError(f"closed before {wanted!r}; the last lines: {self.lines[-6:]}")
        *whole, self._partial = (self._partial + data).split(b"\n")
        for raw in whole:
            self._take(raw.rstrip(b"\r").decode("utf-8", "replace"))

    def _take(self, line: str) -> None:
        self.lines.append(line)
        self._unread.append(line)
        if self.answers_pings and line.startswith("PING "):
            self.send("PONG " + line.removeprefix("PING "))


class Client(Connection):
    """Somebody on the network, signed in when an account is given, with those of its capabilities that are offered.

    Raises SignInRefused when the password is wrong or nobody can sign in. Over TLS when `ca_file` is given.
    """

    capabilities: ClassVar[tuple[str, ...]] = (
        "account-notify", "account-tag", "batch", "cap-notify", "chghost", "echo-message",
        "extended-join", "message-tags", "server-time",
    )  # fmt: skip

    def __init__(
        self, port: int, nick: str, account: str | None = None, password: str | None = None, ca_file: str | None = None
    ) -> None:
        super().__init__(port, ca_file)
        self.nick = nick
        try:
            self._register(account, password or "")
        except BaseException:
            self.close()
            raise

    def join(self, channel: str) -> None:
        """Join a channel and wait until the names are told."""
        self.send(f"JOIN {channel}")
        self.wait_for(r" 366 ")

    def say(self, target: str, text: str) -> None:
        """Send one PRIVMSG."""
        self.send(f"PRIVMSG {target} :{text}")

    def ask(self, service: str, text: str, answer: str) -> str:
        """Say a line to a service and return the first NOTICE of it that the pattern is found in."""
        self.say(service, text)
        return self.wait_for(rf":{service}!\S+ NOTICE .*{answer}")

    def _register(self, account: str | None, password: str) -> None:
        if self.capabilities or account:
            self.send("CAP LS 302")
        self.send(f"NICK {self.nick}")
        self.send(f"USER {self.nick[:9]} 0 * :{self.nick}")
        if self.capabilities or account:
            self._negotiate([*self.capabilities, *(["sasl"] if account else [])])
            if account:
                self._sign_in(account, password)
            self.send("CAP END")
        self.wait_for(r" 001 ")

    def _negotiate(self, wanted: list[str]) -> None:
        offered = self.wait_for(r" CAP \S+ LS :").rpartition(" :")[2].split()
        names = {word.partition("=")[0] for word in offered}
        if "sasl" in wanted and "sasl" not in names:
            raise SignInRefused(f"the network offers no sign-in: {' '.join(offered)}")
        self.send(f"CAP REQ :{' '.join(name for name in wanted if name in names)}")
        self.wait_for(r" CAP \S+ ACK ")

    def _sign_in(self, account: str, password: str) -> None:
        self.send("AUTHENTICATE PLAIN")
        self.wait_for(r"AUTHENTICATE :?\+")
        self.send("AUTHENTICATE " + base64.b64encode(f"{account}\0{account}\0{password}".encode()).decode())
        if " 903 " not in (answer := self.wait_for(r" 90[3-8] ")):
            raise SignInRefused(answer)


def _is_pong(line: str, token: str) -> bool:
    return " PONG " in f" {line}" and line.endswith(token)
