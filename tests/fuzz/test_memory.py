"""However many odd lines come, no more is kept after ten times as many."""

import gc
import random
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from tests.fuzz import corpus
from tests.fuzz.laws import a_line_is_read_and_written_again, words_become_no_act_that_was_not_said
from tests.fuzz.talks import Conversation

pytestmark = pytest.mark.fuzz
FEW, MANY = 1000, 10_000
GROWN_AT_MOST_BYTES = 200_000


def odd(seeds: list[bytes], seed: int) -> Iterator[bytes]:
    """Mix known lines with each other and with noise, without an end."""
    chance = random.Random(seed)
    while True:
        one, other = chance.choice(seeds), chance.choice(seeds)
        mixed = one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other) + 1) :]
        place = chance.randrange(len(mixed) + 1)
        yield mixed[:place] + chance.randbytes(chance.randrange(4)) + mixed[place:][:900]


def grown(take: Callable[[bytes], None], inputs: Iterator[bytes]) -> int:
    """Return how many more bytes are held after many inputs than after few."""
    tracemalloc.start()
    try:
        for _ in range(FEW):
            take(next(inputs))
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(MANY - FEW):
            take(next(inputs))
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before


@pytest.mark.parametrize(
    ("law", "seeds"),
    [(a_line_is_read_and_written_again, corpus.lines), (words_become_no_act_that_was_not_said, corpus.words)],
)
def test_reading_keeps_nothing(law: Callable[[bytes], None], seeds: Callable[[], Iterator[bytes]]) -> None:
    assert grown(law, odd(list(seeds()), 1)) < GROWN_AT_MOST_BYTES


def test_one_long_session_keeps_no_more_than_a_short_one() -> None:
    talk = Conversation().ready()

    def hear(line: bytes) -> None:
        talk.theirs(line)
        talk.passes(0.5)
        talk.comes_back()

    assert grown(hear, odd(list(corpus.lines()), 2)) < GROWN_AT_MOST_BYTES
    assert talk.heard > MANY // 2
    talk.still_answers()
