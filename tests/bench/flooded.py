"""A process in which the whole bot hears a million lines of a busy channel; prints how much memory it has in use.

python -m tests.bench.flooded LINES LINES ...    (a line is printed for each of these, in MB)
"""

import asyncio
import os
import sys

from tests.bench.bots import bot_on_the_wire
from tests.bench.hearing import chatter
from tests.bench.served import megabytes

AT_ONCE = 5_000
QUESTION_EVERY = 500


async def main(marks: list[int]) -> None:
    """Feed lines of which none comes twice, every so many a question of somebody new, and say how large we are."""
    async with bot_on_the_wire(1) as wire:
        for start in range(0, max(marks), AT_ONCE):
            lines = list(chatter(wire, start, AT_ONCE))
            for place in range(0, AT_ONCE, QUESTION_EVERY):
                nick = f"curious{start + place}"
                lines[place] = wire.line(nick, nick, "!list")
            await wire.until(b"".join(lines) + f"PING :after-{start}\r\n".encode(), f"PONG after-{start}")
            if start + AT_ONCE in marks:
                print(megabytes(os.getpid()), flush=True)


if __name__ == "__main__":
    asyncio.run(main([int(word) for word in sys.argv[1:]]))
