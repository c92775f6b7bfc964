"""A system that does not answer is left alone for a while, and asked again by one question at a time."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from tocsin.domain.errors import Refused, Unreachable
from tocsin.neighbours.asking import circuit as rules
from tocsin.neighbours.asking.circuit import FAILURES, Circuit


def fail(circuit: Circuit) -> None:
    with pytest.raises(Unreachable, match="did not answer"), circuit.asking():
        raise Unreachable("gerrit", "did not answer")


def worn_out() -> Circuit:
    circuit = Circuit("gerrit")
    for _ in range(FAILURES):
        fail(circuit)
    return circuit


def test_a_few_failures_are_borne() -> None:
    circuit = Circuit("gerrit")
    for _ in range(FAILURES - 1):
        fail(circuit)
    with circuit.asking():
        pass
    assert circuit.failures == 0
    assert circuit.silent_since is None


def test_after_more_it_is_not_asked_and_that_is_said_with_the_time() -> None:
    with (
        pytest.raises(Unreachable, match=r"not answered since \d\d:\d\d:\d\d UTC, and is asked again in \d+ s"),
        worn_out().asking(),
    ):
        pytest.fail("it was asked")


def test_a_refusal_is_an_answer() -> None:
    circuit = Circuit("gerrit")
    for _ in range(FAILURES + 1):
        with pytest.raises(Refused), circuit.asking():
            raise Refused(["There is no such change."])
    assert circuit.failures == 0


def test_once_it_has_rested_it_is_asked_by_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "FIRST_REST", timedelta())
    circuit = worn_out()
    with circuit.asking(), pytest.raises(Unreachable, match="being asked again just now"), circuit.asking():
        pytest.fail("it was asked twice")
    with circuit.asking():
        assert circuit.failures == 0


def test_each_further_failure_gives_it_more_rest_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(rules, "monotonic", lambda: now)
    circuit, rests = worn_out(), []
    for _ in range(8):
        low, high = now, now + 200
        while high - low > 1:  # when is it asked again?
            now = (low + high) // 2
            try:
                with circuit.asking():
                    raise ZeroDivisionError
            except Unreachable:
                low = now
            except ZeroDivisionError:
                high = now
        rests.append(high)
        now = high
        fail(circuit)
    lengths = [round(after - before) for before, after in itertools.pairwise(rests)]
    assert lengths == sorted(lengths)
    assert lengths[-1] == rules.LONGEST_REST.total_seconds()


async def test_who_is_in_a_hurry_proves_nothing_against_it_and_long_patience_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def given_up_on(circuit: Circuit) -> None:
        async def ask() -> None:
            with circuit.asking():
                await asyncio.sleep(5)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(), 0.01)

    hurried, patient = Circuit("gerrit"), Circuit("gerrit")
    await given_up_on(hurried)
    monkeypatch.setattr(rules, "PATIENT", 0.0)
    await given_up_on(patient)
    assert (hurried.failures, patient.failures) == (0, 1)
