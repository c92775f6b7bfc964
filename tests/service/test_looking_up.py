"""Asking about a change and a task: nobody waits for long, a late answer is not lost, and an old one shows its time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import CHANGE, WISH
from tocsin.domain.change import Change, Task, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.situation import CODE_REVIEW, TASKS
from tocsin.service import looking_up
from tocsin.service.looking_up import LookUps

MOMENT = timedelta(milliseconds=20)
TASK = Task("T1234", "Pages are corrupted", Verdict.YES)


class Around:
    """A review system and a bug tracker; each answers when it may, and `asked` counts."""

    def __init__(self) -> None:
        self.asked = {CODE_REVIEW: 0, TASKS: 0}
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.fault: Exception | None = None
        self.known = CHANGE

    async def change(self, named: str) -> Change:
        self.asked[CODE_REVIEW] += 1
        await self.may_answer.wait()
        if self.fault:
            raise self.fault
        return self.known

    async def task(self, named: str) -> Task:
        self.asked[TASKS] += 1
        await self.may_answer.wait()
        return TASK


@pytest.fixture
async def around() -> Around:
    return Around()


@pytest.fixture
def look_ups() -> LookUps:
    return LookUps(limit=timedelta(milliseconds=200))


async def test_who_answers_in_the_first_moment_is_in_the_first_answer(around: Around, look_ups: LookUps) -> None:
    seen = await look_ups.first(WISH, around, around, MOMENT)
    assert (seen.change, seen.task, seen.unknown, seen.as_of) == (CHANGE, TASK, (), ())


async def test_what_is_slower_is_asked_on_and_asked_once(around: Around, look_ups: LookUps) -> None:
    around.may_answer.clear()
    seen = await look_ups.first(WISH, around, around, MOMENT)
    assert (seen.change, seen.unknown) == (None, (CODE_REVIEW, TASKS))
    later = asyncio.create_task(look_ups.again(WISH, around, around))
    await asyncio.sleep(0)
    around.may_answer.set()
    assert (await later).change == CHANGE
    assert around.asked == {CODE_REVIEW: 1, TASKS: 1}


async def test_one_who_gives_up_waiting_takes_the_answer_from_nobody_else(around: Around, look_ups: LookUps) -> None:
    around.may_answer.clear()
    waiting = [asyncio.create_task(look_ups.again(WISH, around, around)) for _ in range(2)]
    await asyncio.sleep(0.01)
    waiting[0].cancel()
    around.may_answer.set()
    assert (await waiting[1]).change == CHANGE
    assert around.asked[CODE_REVIEW] == 1


async def test_where_a_system_falls_silent_its_last_answer_stands_with_its_time(
    around: Around, look_ups: LookUps
) -> None:
    before = (await look_ups.again(WISH, around, around)).as_of
    around.fault = Unreachable("gerrit", "it is down")
    seen = await look_ups.again(WISH, around, around)
    assert (before, seen.change, seen.unknown) == ((), CHANGE, (CODE_REVIEW,))
    ((system, _),) = seen.as_of
    assert system == CODE_REVIEW


async def test_before_a_start_nothing_earlier_stands_and_nothing_under_way_is_taken(
    around: Around, look_ups: LookUps
) -> None:
    await look_ups.again(WISH, around, around)
    around.may_answer.clear()
    waiting = asyncio.create_task(look_ups.again(WISH, around, around))
    await asyncio.sleep(0.01)
    around.may_answer.set()
    around.known = replace(CHANGE, patchset=9)
    assert (await look_ups.anew(WISH, around, around)).change == around.known
    assert around.asked[CODE_REVIEW] == 3
    around.fault = Unreachable("gerrit", "it is down")
    seen = await look_ups.anew(WISH, around, around)
    assert (seen.change, seen.unknown, seen.as_of) == (None, (CODE_REVIEW,), ())
    await waiting


async def test_an_answer_is_too_old_in_the_end(
    around: Around, look_ups: LookUps, monkeypatch: pytest.MonkeyPatch
) -> None:
    await look_ups.again(WISH, around, around)
    around.fault = Unreachable("gerrit", "it is down")
    monkeypatch.setattr(looking_up, "KEPT_FOR", timedelta())
    assert (await look_ups.again(WISH, around, around)).change is None


async def test_only_so_many_answers_are_kept_and_the_oldest_goes_first(
    around: Around, look_ups: LookUps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_up, "MOST_KEPT", 2)
    for named in ("1", "2", "3"):
        await look_ups.again(replace(WISH, named=named, task=""), around, around)
    around.fault = Unreachable("gerrit", "it is down")
    kept = [(await look_ups.again(replace(WISH, named=each, task=""), around, around)).change for each in "123"]
    assert kept == [None, CHANGE, CHANGE]


async def test_a_refusal_is_passed_on_and_is_no_silence(around: Around, look_ups: LookUps) -> None:
    around.fault = Refused(["There is no change 99."])
    seen = await look_ups.first(replace(WISH, named="99"), around, around, MOMENT)
    assert (seen.refusal, seen.unknown, seen.task) == (("There is no change 99.",), (), TASK)


async def test_a_number_that_is_the_tasks_is_told_apart_whenever_the_refusal_comes(
    around: Around, look_ups: LookUps
) -> None:
    around.fault = Refused(["There is no change 1234."])
    hint = "T1234 is a task: say the change too, e.g.  !emergency 1234 T1234."
    for asking in (look_ups.first(WISH, around, around, MOMENT), look_ups.again(WISH, around, around)):
        assert (await asking).refusal == (hint, "There is no change 1234.")


async def test_a_system_that_hangs_is_given_up_at_the_limit(around: Around, look_ups: LookUps) -> None:
    around.may_answer.clear()
    seen = await look_ups.again(WISH, around, around)
    assert seen.unknown == (CODE_REVIEW, TASKS)


async def test_what_was_not_named_is_not_asked_for(around: Around, look_ups: LookUps) -> None:
    seen = await look_ups.again(replace(WISH, named="", task=""), around, around)
    assert (seen, around.asked[CODE_REVIEW]) == (looking_up.LookedUp(), 0)
