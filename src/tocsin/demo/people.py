"""Somebody on IRC who is played: connects, signs in, says lines, waits for lines; decides nothing."""

import asyncio
import base64
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

PATIENCE_SECONDS = 40.0
GOODBYE_SECONDS = 2.0
CAPABILITIES = "message-tags server-time account-tag echo-message extended-join batch"
_SAID = re.compile(r"(?:@\S+ )?:(?P<nick>[^!\s]+)!\S+ PRIVMSG (?P<target>\S+) :(?P<text>.*)")

Heard = Callable[[str, str, str], None]


class NotHeard(Exception):
    """Nobody said what was waited for."""


@dataclass(frozen=True, slots=True)
class Network:
    """Where people meet: a port with TLS on this machine, the certificate to trust, and each account's password."""

    port: int
    ca_file: str
    passwords: dict[str, str]


class Person:
    """One connection; `account` is empty for somebody who is not signed in."""

    def __init__(self, nick: str, account: str, on_heard: Heard | None = None) -> None:
        """Name them; `enter` connects."""
        self.nick = nick
        self.account = account
        self._on_heard = on_heard
        self._heard: list[tuple[str, str, str]] = []
        self._unread = 0
        self._lines: list[str] = []
        self._news = asyncio.Condition()
        self._reading: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def enter(self, network: Network, *channels: str) -> Self:
        """Connect, sign in where there is an account, and join."""
        context = ssl.create_default_context(cafile=network.ca_file)
        reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", network.port, ssl=context, server_hostname="localhost"
        )
        self._reading = asyncio.create_task(self._read(reader))
        self._send("CAP LS 302", f"NICK {self.nick}", f"USER {self.nick[:9]} 0 * :{self.nick}")
        await self._line(r" CAP \S+ LS ")
        self._send(f"CAP REQ :{CAPABILITIES}{' sasl' if self.account else ''}")
        await self._line(r" CAP \S+ ACK ")
        if self.account:
            await self._sign_in(network.passwords[self.account])
        self._send("CAP END")
        await self._line(r" 001 ")
        for channel in channels:
            self._send(f"JOIN {channel}")
            await self._line(r" 366 ")
        return self

    def say(self, target: str, text: str) -> None:
        """Say a line in a channel or to somebody."""
        self._send(f"PRIVMSG {target} :{text}")

    async def hear(self, pattern: str, seconds: float = PATIENCE_SECONDS) -> re.Match[str]:
        """Wait for the next line of anybody's that the pattern is found in, from where the last one was found."""
        try:
            async with asyncio.timeout(seconds), self._news:
                while True:
                    if found := self._next(pattern):
                        return found
                    await self._news.wait()
        except TimeoutError:
            lately = "\n".join(f"<{nick}> {text}" for nick, _, text in self._heard[-8:])
            raise NotHeard(
                f"{self.nick} did not hear {pattern!r} within {seconds:.0f} s. The last lines:\n{lately}"
            ) from None

    async def leave(self) -> None:
        """Say goodbye, and return when the nick is free."""
        if self._writer is None or self._reading is None:
            return
        self._send("QUIT")
        await asyncio.wait([self._reading], timeout=GOODBYE_SECONDS)
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._writer.transport.abort()

    def _next(self, pattern: str) -> re.Match[str] | None:
        for number in range(self._unread, len(self._heard)):
            if found := re.search(pattern, self._heard[number][2].replace("\u2060", "")):
                self._unread = number + 1
                return found
        return None

    async def _sign_in(self, password: str) -> None:
        self._send("AUTHENTICATE PLAIN")
        await self._line(r"AUTHENTICATE :?\+")
        secret = f"{self.account}\0{self.account}\0{password}".encode()
        self._send(f"AUTHENTICATE {base64.b64encode(secret).decode()}")
        await self._line(r" 903 ")

    async def _line(self, pattern: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(lambda: any(re.search(pattern, line) for line in self._lines))
            self._lines.clear()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while raw := await reader.readline():
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            if line.startswith("PING "):
                self._send(line.replace("PING", "PONG", 1))
                continue
            async with self._news:
                if said := _SAID.match(line):
                    self._take(said["nick"], said["target"], said["text"])
                else:
                    self._lines.append(line)
                self._news.notify_all()

    def _take(self, nick: str, target: str, text: str) -> None:
        self._heard.append((nick, target, text))
        if self._on_heard:
            self._on_heard(nick, target, text)

    def _send(self, *lines: str) -> None:
        assert self._writer is not None, "only who has entered can speak"
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
