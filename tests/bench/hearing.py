"""Reading lines of IRC as a busy channel sends them, from bytes to messages."""

from collections.abc import Iterator

from tests.bench.figures import Figure, a_second
from tocsin.irc.message import LineSplitter, parse

TAGS = b"@account=ada;msgid=Xy7Qw9zZ;time=2026-01-10T02:14:07.000Z "
LINES = (
    TAGS + b":ada!ada@host.example.org PRIVMSG #ops :help! an emergency deploy for https://example.org/r/1234, T1234",
    TAGS + b":bo-sre!bo@host.example.org PRIVMSG #ops :!confirm E17 plum-otter",
    b":lin!lin@host.example.org JOIN #ops lin :Lin",
    b":services.example.org NOTICE tocsin :Account registered",
    b":irc.example.org 353 tocsin = #ops :@ada +bo-sre kim-releng mo-sre rei-releng sam-sec",
    b"@batch=1;account=kim\\sreleng :kim-releng!kim@host.example.org TAGMSG #ops",
    b"PING :irc.example.org",
)
MANY = 10_000
TIMES = 15


def measure() -> Iterator[Figure]:
    """Yield how many lines a second are read, and how many when they come as a stream in pieces."""
    lines = [LINES[number % len(LINES)] for number in range(MANY)]
    stream = b"".join(line + b"\r\n" for line in lines)
    pieces = [stream[start : start + 4096] for start in range(0, len(stream), 4096)]
    assert _streamed(pieces) == len([line for line in lines if parse(line)]) == MANY
    yield Figure("irc: lines read", a_second(lambda: [parse(line) for line in lines], MANY, TIMES), "lines/s")
    yield Figure("irc: lines cut and read", a_second(lambda: _streamed(pieces), MANY, TIMES), "lines/s")


def _streamed(pieces: list[bytes]) -> int:
    splitter = LineSplitter()
    return sum(parse(line) is not None for piece in pieces for line in splitter.feed(piece))
