"""Lines of IRC as a busy channel sends them: from bytes to messages, then through the session, then the whole bot."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from tests.bench.bots import bot_on_the_wire
from tests.bench.figures import Figure, a_second
from tests.bench.wire import Wire
from tests.irc.talking import Talk
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
PIECE = 4096
MEMBERS = 200
GOAL = "50,000 lines/s"


def measure() -> Iterator[Figure]:
    """Yield how many lines a second are read, heard by the session, and heard by the whole bot on its loop."""
    lines = [LINES[number % len(LINES)] for number in range(MANY)]
    pieces = _in_pieces(b"".join(line + b"\r\n" for line in lines))
    assert _streamed(pieces) == len([line for line in lines if parse(line)]) == MANY
    yield Figure("irc: lines read", a_second(lambda: [parse(line) for line in lines], MANY, TIMES), "lines/s")
    yield Figure("irc: lines cut and read", a_second(lambda: _streamed(pieces), MANY, TIMES), "lines/s", GOAL)
    yield Figure("irc: lines through the session", tuple(asyncio.run(_through_the_session())), "lines/s", GOAL)
    yield Figure("irc: lines through the whole bot", tuple(asyncio.run(_through_the_bot(chatter))), "lines/s", GOAL)
    yield Figure("irc: talk of members through the bot", tuple(asyncio.run(_through_the_bot(talk))), "lines/s", GOAL)


def chatter(wire: Wire, first: int, many: int) -> Iterator[bytes]:
    """Yield what is said and done in a channel while nobody asks the bot for anything; no line comes twice."""
    for number in range(first, first + many):
        nick = f"guest{number // 10 % 100_000}"
        match number % 10:
            case 0:
                yield f":{nick}!{nick}@host.example.org JOIN #ops {nick} :{nick}\r\n".encode()
            case 8:
                yield wire.line("dee", "dee", f"the graphs are fine, {number}")
            case 9:
                yield f":{nick}!{nick}@host.example.org QUIT :gone\r\n".encode()
            case _:
                yield wire.line(nick, nick, f"did anybody see the graphs of {number}?")


def talk(wire: Wire, first: int, many: int) -> Iterator[bytes]:
    """Yield what members say to each other while none comes or goes; every tenth line is somebody's whom we know."""
    for number in range(first, first + many):
        nick = f"member{number % MEMBERS}" if number % 10 else "dee"
        yield wire.line(nick, nick, f"did anybody see the graphs of {number}?")


async def _through_the_session() -> list[float]:
    """Feed a flood, each line heard when it is said; the wire, which spells the lines, belongs to a loop."""
    session, wire, figures = Talk().ready().session, Wire(), list[float]()
    for turn in range(TIMES):
        pieces = _in_pieces(b"".join(chatter(wire, turn * MANY, MANY)))
        now = datetime.now(UTC)
        figures += a_second(lambda: [session.receive(piece, now) for piece in pieces], MANY, 1, warm=0)  # noqa: B023
    return figures


async def _through_the_bot(said: Callable[[Wire, int, int], Iterator[bytes]]) -> list[float]:
    """Feed a flood and a PING after it, and take the time until that is answered."""
    async with bot_on_the_wire(1) as wire:
        wire.feed(
            b"".join(f":member{number}!m@host JOIN #ops member{number} :m\r\n".encode() for number in range(MEMBERS))
        )
        figures = list[float]()
        for turn in range(TIMES):
            flood = b"".join(said(wire, turn * MANY, MANY))
            figures.append(MANY / await wire.until(flood + f"PING :turn-{turn}\r\n".encode(), f"PONG turn-{turn}"))
        return figures


def _in_pieces(stream: bytes) -> list[bytes]:
    return [stream[start : start + PIECE] for start in range(0, len(stream), PIECE)]


def _streamed(pieces: list[bytes]) -> int:
    splitter = LineSplitter()
    return sum(parse(line) is not None for piece in pieces for line in splitter.feed(piece))
