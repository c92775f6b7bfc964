"""Who conducts the train: the owner of its task, if the directory knows them in that team; some weeks have none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.neighbours.conduits import ADA, LIN, TOKEN, TRAIN, Phabricator, fields, phabricator
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Directory, OnCall, Person, PersonId, TeamId
from tocsin.neighbours.rotas.train import FRESH, LONGEST_KEPT, TrainRota, TrainSettings
from tocsin.neighbours.tasks.conduit import Conduit, ConduitSettings

RELENG = TeamId("releng")
NOW = datetime(2026, 8, 13, 2, 0, tzinfo=UTC)
ADA_HERE, LIN_HERE, MO_HERE = PersonId("ada"), PersonId("lin"), PersonId("mo")
ROW = {
    "date": "2026-08-11",
    "version": "1.47.0-wmf.16",
    "task_id": "T1000",
    "status": "open",
    "updated_at": "2026-08-10 07:12:44",
}


def member(person: PersonId, *names: str, team: TeamId = RELENG) -> Person:
    return Person(person, frozenset({team}), known_as=names)


PEOPLE = Directory((member(ADA_HERE, "Ada-L"), member(LIN_HERE, "lin the Second"), member(MO_HERE, "mo")))


@pytest.fixture
def site() -> Iterator[Phabricator]:
    with phabricator() as served:
        served.train = {"dated": {"2026-08-11": ROW}, "current": ROW}
        served.tasks[1000] = fields(**{"ownerPHID": ADA, "custom.train.backup": [LIN]})
        served.people[ADA] = {"username": "ada-l", "realName": "Ada Lund"}
        served.people[LIN] = {"username": "linus", "realName": "Lin the Second"}
        yield served


def train_of(
    site: Phabricator, directory: Directory = PEOPLE, token: str = TOKEN, seconds: float = 4.5, backup: str = ""
) -> TrainRota:
    settings = TrainSettings(f"{site.address}{TRAIN}", RELENG)
    if backup:
        settings = TrainSettings(settings.blockers, RELENG, backup)
    return TrainRota(settings, Conduit(ConduitSettings(site.address, token)), directory, seconds)


def shift(*people: PersonId, backups: tuple[PersonId, ...] = ()) -> OnCall:
    return OnCall(((RELENG, people),) if people else (), ((RELENG, backups),) if backups else ())


# --- who conducts -----------------------------------------------------------------------------------------------------


async def test_the_owner_of_the_trains_task_conducts_it_and_the_backup_stands_in(site: Phabricator) -> None:
    assert await train_of(site).on_call(NOW) == shift(ADA_HERE, backups=(LIN_HERE,))
    assert site.asked == [TRAIN, "maniphest.search", "user.search"]


async def test_a_person_is_known_by_the_id_itself_and_nothing_more_is_asked(site: Phabricator) -> None:
    directory = Directory((member(ADA_HERE, ADA.upper()), member(LIN_HERE, LIN)))
    assert await train_of(site, directory).on_call(NOW) == shift(ADA_HERE, backups=(LIN_HERE,))
    assert "user.search" not in site.asked


@pytest.mark.parametrize("backup", ["mo", "MO , linus", ["mo"], [" mo "]])
async def test_backups_may_be_named_by_what_they_are_called(site: Phabricator, backup: object) -> None:
    site.tasks[1000]["custom.train.backup"] = backup
    assert (await train_of(site).on_call(NOW)).backup(RELENG) == (MO_HERE,)


@pytest.mark.parametrize("backup", [None, "", [], [7], ["nobody"]])
async def test_without_a_backup_whom_we_know_there_is_none(site: Phabricator, backup: object) -> None:
    site.tasks[1000]["custom.train.backup"] = backup
    assert await train_of(site).on_call(NOW) == shift(ADA_HERE)


async def test_another_field_may_name_the_backup(site: Phabricator) -> None:
    site.tasks[1000]["custom.second"] = ["mo"]
    assert (await train_of(site, backup="custom.second").on_call(NOW)).backup(RELENG) == (MO_HERE,)


async def test_whoever_conducts_is_not_their_own_backup(site: Phabricator) -> None:
    site.tasks[1000]["custom.train.backup"] = [ADA, LIN, LIN]
    assert await train_of(site).on_call(NOW) == shift(ADA_HERE, backups=(LIN_HERE,))


async def test_nobody_becomes_a_member_of_the_team_by_conducting(site: Phabricator) -> None:
    stranger = Directory((member(ADA_HERE, "ada-l", team=TeamId("sre")), member(LIN_HERE, "linus")))
    with capture_logs() as logged:
        assert await train_of(site, stranger).on_call(NOW) == shift(backups=(LIN_HERE,))
    assert [each["names"] for each in logged] == [[ADA]]


async def test_a_train_that_nobody_has_taken_on_has_no_conductor(site: Phabricator) -> None:
    site.tasks[1000]["ownerPHID"] = None
    assert await train_of(site).on_call(NOW) == shift(backups=(LIN_HERE,))


@pytest.mark.parametrize("task", ["T1000", "1000", 1000, "t1000"])
async def test_the_task_may_be_told_by_name_or_by_number(site: Phabricator, task: object) -> None:
    site.train = {"current": {**ROW, "task_id": task}}
    assert (await train_of(site).on_call(NOW)).of(RELENG) == (ADA_HERE,)


# --- no train ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "train",
    [
        {"dated": {}, "current": None},
        {"current": {**ROW, "status": "declined"}},
        {"current": {**ROW, "date": "2026-08-04"}},
    ],
)
async def test_a_week_without_a_train_has_no_conductor_and_that_is_no_fault(site: Phabricator, train: object) -> None:
    site.train = train
    with capture_logs() as logged:
        assert await train_of(site).on_call(NOW) == OnCall()
    assert (site.asked, logged) == ([TRAIN], [])


async def test_a_train_whose_task_was_declined_does_not_run(site: Phabricator) -> None:
    site.tasks[1000]["status"] = {"value": "declined", "name": "Declined"}
    assert await train_of(site).on_call(NOW) == OnCall()


# --- when something is silent -----------------------------------------------------------------------------------------


async def test_an_answer_serves_for_five_minutes(site: Phabricator) -> None:
    train = train_of(site)
    first = await train.on_call(NOW)
    site.tasks[1000]["ownerPHID"] = LIN
    assert await train.on_call(NOW + FRESH - timedelta(seconds=1)) == first
    assert len(site.asked) == 3
    assert (await train.on_call(NOW + FRESH)).of(RELENG) == (LIN_HERE,)


async def test_the_last_answer_stays_for_a_day_while_something_is_silent(site: Phabricator) -> None:
    train = train_of(site)
    first = await train.on_call(NOW)
    site.statuses[TRAIN] = 500
    with capture_logs() as logged:
        assert await train.on_call(NOW + LONGEST_KEPT - timedelta(seconds=1)) == first
    assert [each["why"] for each in logged] == ["it answered 500"]
    with pytest.raises(Unreachable, match="it answered 500"):
        await train.on_call(NOW + LONGEST_KEPT)


async def test_all_of_it_takes_no_longer_than_it_may(site: Phabricator) -> None:
    site.seconds = 0.2
    with pytest.raises(Unreachable, match=r"train: did not answer within 0\.5 s"):
        await train_of(site, seconds=0.5).on_call(NOW)


@pytest.mark.parametrize(
    "train", [None, [], "x", {}, {"current": 1}, {"current": {}}, {"current": {"task_id": None}}, {"current": []}]
)
async def test_a_page_of_another_shape_is_no_answer(site: Phabricator, train: object) -> None:
    site.train = train
    with pytest.raises(Unreachable, match="does not tell in the known way which train is the current one"):
        await train_of(site).on_call(NOW)


@pytest.mark.parametrize("told", [{"ownerPHID": 7}, {"ownerPHID": [ADA]}, {"status": "open"}])
async def test_a_task_of_another_shape_is_no_answer(site: Phabricator, told: dict[str, Any]) -> None:
    site.tasks[1000].update(told)
    with pytest.raises(Unreachable, match="no task of a train"):
        await train_of(site).on_call(NOW)


async def test_a_task_that_we_are_not_shown_is_named(site: Phabricator) -> None:
    del site.tasks[1000]
    with pytest.raises(Unreachable, match="it does not show us T1000, the task of the train"):
        await train_of(site).on_call(NOW)


async def test_a_wrong_token_is_told(site: Phabricator) -> None:
    with pytest.raises(Unreachable, match="it does not take our token"):
        await train_of(site, token="api-another").on_call(NOW)
