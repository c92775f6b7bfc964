"""The rota of a file, and tasks as plain names with an address."""

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.domain.change import Verdict
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import PersonId, TeamId
from tocsin.neighbours.on_call import ConfiguredRota, RotaSettings, Shift
from tocsin.neighbours.tasks import TaskLinks, TaskSettings

SRE, NOW = TeamId("sre"), datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
BO, MO = PersonId("bo-sre"), PersonId("mo-sre")


async def test_a_shift_without_times_holds_always() -> None:
    shifts = await ConfiguredRota(RotaSettings((Shift(SRE, (BO,), (MO,)),))).on_call(NOW)
    assert (shifts.of(SRE), shifts.backup(SRE), shifts.unknown) == ((BO,), (MO,), frozenset())


async def test_of_two_shifts_at_one_time_the_first_counts() -> None:
    shifts = await ConfiguredRota(RotaSettings((Shift(SRE, (BO,)), Shift(SRE, (MO,))))).on_call(NOW)
    assert shifts.of(SRE) == (BO,)


async def test_a_shift_includes_its_start_and_not_its_end_and_a_gap_is_not_known() -> None:
    hour = timedelta(hours=1)
    rota = ConfiguredRota(RotaSettings((Shift(SRE, (BO,), (), NOW, NOW + hour),)))
    assert (await rota.on_call(NOW)).of(SRE) == (BO,)
    after = await rota.on_call(NOW + hour)
    assert (after.of(SRE), after.unknown) == ((), frozenset({SRE}))


async def test_a_task_has_its_name_and_address_and_never_a_title() -> None:
    tasks = TaskLinks(TaskSettings(url="https://tasks.example.org/{task}", public=True))
    task = await tasks.task("T1234")
    assert (task.id, task.title, task.public, task.url) == (
        "T1234",
        "",
        Verdict.YES,
        "https://tasks.example.org/T1234",
    )


async def test_whether_the_public_may_read_a_task_is_not_known_unless_said() -> None:
    assert (await TaskLinks(TaskSettings()).task("T1")).public is Verdict.UNKNOWN


@pytest.mark.parametrize("named", ["", "1234", "T1/../T2", "T1\n", "T" + "9" * 40])
async def test_what_is_no_name_of_a_task_is_not_known(named: str) -> None:
    with pytest.raises(Unreachable, match="not the name of a task"):
        await TaskLinks(TaskSettings()).task(named)
