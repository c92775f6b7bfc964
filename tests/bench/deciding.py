"""Deciding one act on a request that was read already: the rules alone."""

from collections.abc import Iterator
from functools import partial

from tests.bench.figures import Figure, milliseconds
from tests.domain.night import CLOCK, RUNNER, WISH, Command, Night, verified
from tocsin.domain.commands import Ask, Confirm, Go, Good
from tocsin.domain.commands.carrying_out import StartStep
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.deployment import Direction
from tocsin.domain.people import Speaker

TIMES = 500
GOAL = "< 1 ms"


def measure() -> Iterator[Figure]:
    """Yield what each act of a common night takes to be decided."""
    yield _asking()
    almost = Night().asked()
    almost.says("bo-sre", Confirm(almost.word))
    yield _deciding("the yes that meets the quorum", almost, "kim-releng", Confirm(almost.word))
    yield _deciding("the clock looking again", Night().confirmed(), CLOCK, LookAgain())
    yield _deciding("go", Night().confirmed(), "kim-releng", Go())
    yield _deciding("a step starting", Night().deploying(), RUNNER, StartStep(Direction.FORWARD, 0, 1))
    yield _deciding("good", Night().at_checkpoint(), "ada", Good())


def _asking() -> Figure:
    seen = Night().situation(verified("ada"))
    ask = Ask("help!", WISH, "#ops")
    return Figure("decide: the cry for help", milliseconds(lambda: ask.decide(None, seen), TIMES), "ms", GOAL)


def _deciding(what: str, night: Night, speaker: str | Speaker, command: Command) -> Figure:
    seen = night.situation(verified(speaker) if isinstance(speaker, str) else speaker)
    took = milliseconds(partial(command.decide, night.request, seen), TIMES)
    return Figure(f"decide: {what}", took, "ms", GOAL)
