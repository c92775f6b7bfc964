"""From the bytes of a line that acts to the bytes of its acknowledgement, with the act on the disk between them.

Without a network: what is measured is all that is ours. A hold is what people say in a hurry; none is made to wait.
"""

import asyncio
from collections.abc import Iterator

from tests.bench.bots import bot_on_the_wire
from tests.bench.figures import Figure, halves_and_tails

ROUNDS = 10
HOLDS = 200
WARM = 50
MANY = 1_000
GOAL = "p99 < 10 ms"


def measure() -> Iterator[Figure]:
    """Yield how long an answer takes with one open request, with a thousand, and with a clock that looks at them."""
    for open_requests, ticking in ((1, False), (MANY, False), (MANY, True)):
        rounds = asyncio.run(_rounds(open_requests, ticking=ticking))
        noun = "1 open request" if open_requests == 1 else f"{open_requests:,} open requests"
        clock = ", the clock ticking" if ticking else ""
        yield from halves_and_tails(f"irc: a hold answered, {noun}{clock}", rounds, "ms", GOAL)


async def _rounds(open_requests: int, *, ticking: bool) -> list[list[float]]:
    """Hold one request after the other; each line is said when the one before was answered."""
    async with bot_on_the_wire(open_requests, ticking=ticking) as wire:
        took = list[float]()
        for number in range(WARM + ROUNDS * HOLDS):
            question = f"who watches the caches, {number}?"  # what the answer repeats
            line = wire.line("bo-sre", "bo-sre", f"!hold E{number % open_requests + 1} {question}")
            took.append(1000 * await wire.until(line, question))
    timed = took[WARM:]
    return [timed[start : start + HOLDS] for start in range(0, len(timed), HOLDS)]
