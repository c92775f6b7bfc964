"""The conductor before the rota: asked first for their team; a train of which nothing is heard takes nobody away."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.neighbours.conduits import ADA, LIN, TOKEN, TRAIN, Phabricator, fields, phabricator
from tocsin.domain.people import Directory, Person, PersonId, TeamId
from tocsin.neighbours.conducted import ConductedRota, conducted
from tocsin.neighbours.conduit import Conduit, ConduitSettings
from tocsin.neighbours.on_call import ConfiguredRota, RotaSettings, Shift
from tocsin.neighbours.phabricator import PhabricatorSettings, tasks_from
from tocsin.neighbours.tasks import TaskLinks, TaskSettings
from tocsin.neighbours.train import TrainRota, TrainSettings

RELENG, SRE = TeamId("releng"), TeamId("sre")
NOW = datetime(2026, 8, 13, 2, 0, tzinfo=UTC)
ADA_HERE, LIN_HERE, MO, BO = (PersonId(name) for name in ("ada", "lin", "mo", "bo-sre"))
SHIFTS = RotaSettings((Shift(RELENG, (MO, ADA_HERE), (LIN_HERE,)), Shift(SRE, (BO,))))


@pytest.fixture
def site() -> Iterator[Phabricator]:
    with phabricator() as served:
        served.train = {"current": {"date": "2026-08-11", "task_id": "T1000", "status": "open"}}
        served.tasks[1000] = fields(**{"ownerPHID": ADA, "custom.train.backup": [LIN]})
        yield served


def person(known: PersonId, name: str) -> Person:
    return Person(known, frozenset({RELENG}), known_as=(name,))


def rota(site: Phabricator, shifts: RotaSettings = SHIFTS) -> ConductedRota:
    people = Directory((person(ADA_HERE, ADA), person(LIN_HERE, LIN)))
    conduit = Conduit(ConduitSettings(site.address, TOKEN))
    return ConductedRota(
        TrainRota(TrainSettings(site.address + TRAIN, RELENG), conduit, people), ConfiguredRota(shifts)
    )


async def test_the_conductor_is_asked_before_the_shift_of_their_team(site: Phabricator) -> None:
    told = await rota(site).on_call(NOW)
    assert (told.of(RELENG), told.backup(RELENG)) == ((ADA_HERE, MO), (LIN_HERE,))
    assert told.of(SRE) == (BO,)


async def test_a_team_without_a_shift_is_asked_by_its_conductor_alone(site: Phabricator) -> None:
    told = await rota(site, RotaSettings()).on_call(NOW)
    assert (told.of(RELENG), told.backup(RELENG), told.unknown) == ((ADA_HERE,), (LIN_HERE,), frozenset())


async def test_without_a_train_the_rota_is_what_it_is(site: Phabricator) -> None:
    site.train = {"current": None}
    assert (await rota(site).on_call(NOW)).of(RELENG) == (MO, ADA_HERE)


async def test_a_train_of_which_nothing_is_heard_takes_nobody_away(site: Phabricator) -> None:
    site.statuses[TRAIN] = 500
    told = await rota(site).on_call(NOW)
    assert (told.of(RELENG), told.of(SRE)) == ((MO, ADA_HERE), (BO,))


async def test_what_is_configured_is_what_is_asked(site: Phabricator) -> None:
    settings = PhabricatorSettings(ConduitSettings(site.address, TOKEN))
    train, people = TrainSettings(site.address + TRAIN, RELENG), Directory((person(ADA_HERE, ADA),))
    plain, tasks = tasks_from(None, TaskSettings()), tasks_from(settings, TaskSettings())
    assert isinstance(plain, TaskLinks)
    assert (await tasks.task("T1000")).title == "Painted pages are lost"
    asked = await conducted(ConfiguredRota(SHIFTS), train, tasks, people).on_call(NOW)
    assert asked.of(RELENG) == (ADA_HERE, MO)
    for none in (
        conducted(ConfiguredRota(SHIFTS), None, tasks, people),
        conducted(ConfiguredRota(SHIFTS), train, plain, people),
    ):
        assert (await none.on_call(NOW)).of(RELENG) == (MO, ADA_HERE)
