"""Ctrl-C ends what runs, wherever it falls."""

import os
import signal
import time

import pytest

from tocsin.cli.interrupting import heard_at_last

PATIENCE_SECONDS = 5


class Deaf:
    """Python loses whatever is raised while this goes."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


def test_it_is_heard_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), heard_at_last():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(PATIENCE_SECONDS)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_that_falls_into_a_destructor_is_heard_a_moment_later() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), heard_at_last():
        Deaf()
        time.sleep(PATIENCE_SECONDS)
    assert time.monotonic() - began < PATIENCE_SECONDS


def test_afterwards_everything_is_as_before() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)
    with heard_at_last():
        pass
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
