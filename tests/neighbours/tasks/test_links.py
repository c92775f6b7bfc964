"""Tasks as plain names with an address; what a tracker would say of them is not known."""

import pytest

from tocsin.domain.change import Task, Verdict
from tocsin.domain.errors import Unreachable
from tocsin.neighbours.tasks.links import TaskLinks, TaskSettings


async def test_a_task_has_its_name_and_address_and_never_a_title() -> None:
    tasks = TaskLinks(TaskSettings(url="https://tasks.example.org/{task}", public=True))
    assert await tasks.task("T1234") == Task("T1234", "", Verdict.YES, "https://tasks.example.org/T1234")


async def test_whether_the_public_may_read_a_task_is_not_known_and_it_has_no_address_unless_said() -> None:
    assert await TaskLinks(TaskSettings()).task("T1") == Task("T1", "", Verdict.UNKNOWN, "")


async def test_a_name_stands_in_its_address_without_changing_it() -> None:
    tasks = TaskLinks(TaskSettings(pattern=".+", url="https://tasks.example.org/{task}/x"))
    assert (await tasks.task("../?#a b")).url == "https://tasks.example.org/..%2F%3F%23a%20b/x"


@pytest.mark.parametrize("named", ["", "1234", "t1234", "T1/../T2", "T1\n", "xT1", "T" + "9" * 40, "T\u0661"])
async def test_what_is_no_name_of_a_task_is_not_known(named: str) -> None:
    with pytest.raises(Unreachable, match="is not the name of a task here"):
        await TaskLinks(TaskSettings()).task(named)


@pytest.mark.parametrize("named", ["T1\x1b[31m", "T1\u202e", "T" + "1" * 64])
async def test_a_pattern_written_too_wide_lets_nothing_in_that_people_would_not_see_whole(named: str) -> None:
    with pytest.raises(Unreachable, match="is not the name of a task here") as silent:
        await TaskLinks(TaskSettings(pattern=r"(?s).+")).task(named)
    assert silent.value.why.isprintable()
