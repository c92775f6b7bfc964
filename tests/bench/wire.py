"""A network without a socket: signs the bot in, lets it join, shows it its own lines, and answers for services."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from tests.irc.talking import OFFER
from tocsin.irc.connection import Streams

PATIENCE_SECONDS = 60.0
SERVER = ":irc.example.org"
SERVICES = ":NickServ!services@services.example.org"
BOT = "tocsin!bot@host.example.org"
SUPPORTED = "CASEMAPPING=rfc1459 CHANTYPES=# PREFIX=(ov)@+ STATUSMSG=@+ CHANMODES=b,k,l,imnt NICKLEN=31 NETWORK=Example"
WELCOME = (
    f"{SERVER} 900 tocsin {BOT} tocsin :You are now logged in as tocsin",
    f"{SERVER} 903 tocsin :SASL authentication successful",
    f"{SERVER} 001 tocsin :Welcome",
    f"{SERVER} 005 tocsin {SUPPORTED} :are supported by this server",
)


class Wire(asyncio.Transport):
    """Both directions of one connection, inside one process; its end knows when each line was handed to it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0
        self._reader = asyncio.StreamReader(limit=1 << 30)
        self._protocol = asyncio.StreamReaderProtocol(self._reader)
        self._closing = False
        self._wanted: list[tuple[str, asyncio.Future[float]]] = []
        self._ids = count(1)

    async def connect(self, *_: object, **__: object) -> Streams:
        """Be what `asyncio.open_connection` is."""
        self._protocol.connection_made(self)
        return self._reader, asyncio.StreamWriter(self, self._protocol, self._reader, asyncio.get_running_loop())

    def feed(self, data: bytes) -> None:
        """Have the bot receive bytes."""
        self._reader.feed_data(data)

    def line(self, nick: str, account: str, text: str, channel: str = "#ops") -> bytes:
        """Spell what somebody says now as a network delivers it."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        tags = f"@account={account};msgid=Xy7Qw9zZ{next(self._ids)};time={at}"
        return f"{tags} :{nick}!{nick[:9]}@host.example.org PRIVMSG {channel} :{text}\r\n".encode()

    async def until(self, data: bytes, wanted: str) -> float:
        """Have the bot receive bytes; return how many seconds later it handed on a line with these words."""
        came, began = self.hear(wanted), time.perf_counter()
        self.feed(data)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await came - began

    def hear(self, wanted: str) -> asyncio.Future[float]:
        """Return, when the bot hands on a line with these words, at what time that was."""
        came: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._wanted.append((wanted, came))
        return came

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take what the bot says; what it is waited for is noted first, and answered after that."""
        came, text = time.perf_counter(), bytes(data).decode()
        for wanted, future in self._wanted.copy():
            if wanted in text:
                self._wanted.remove((wanted, future))
                if not future.done():
                    future.set_result(came)
        for line in text.splitlines():
            self.lines += 1
            for answer in _answers(line):
                self.feed(f"{answer}\r\n".encode())

    def get_write_buffer_size(self) -> int:
        return 0

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._protocol.connection_lost(None)


def _answers(line: str) -> Iterator[str]:
    command, *params = line.split(" ")
    match command, params:
        case "CAP", ["LS", *_]:
            yield f"{SERVER} CAP * LS :{OFFER}"
        case "CAP", ["REQ", *names]:
            yield f"{SERVER} CAP * ACK {' '.join(names)}"
        case "AUTHENTICATE", ["PLAIN"]:
            yield "AUTHENTICATE +"
        case "AUTHENTICATE", _:
            yield from WELCOME
        case "JOIN", [channel, *_]:
            yield f":{BOT} JOIN {channel} tocsin :Tocsin"
            yield f"{SERVER} 353 tocsin = {channel} :@ada +tocsin bo-sre"
            yield f"{SERVER} 366 tocsin {channel} :End of /NAMES list."
        case "PRIVMSG", ["NickServ", ":ACC", nick, *_]:
            account = nick.partition("|")[0]
            yield f"{SERVICES} NOTICE tocsin :{nick} -> {account} ACC 3 id-of-{account}"
        case "PRIVMSG", _:
            yield f":{BOT} {line}"
        case "PING", [token, *_]:
            yield f"{SERVER} PONG irc.example.org {token}"
