"""Where only who is on call counts, an outside system says who that is, and it is judged when the yes is given."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import RELENG, SRE, WISH, verified
from tests.neighbours.sites import Answer, Site, site
from tests.service.world import E1, World
from tocsin.domain.commands.confirming import Confirm
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.errors import Refused
from tocsin.domain.events import ConfirmationGiven
from tocsin.domain.policy import Demand, Policy
from tocsin.domain.request import Status
from tocsin.domain.situation import Catalogue
from tocsin.neighbours.rotas.building import several_rotas
from tocsin.neighbours.rotas.several import BELIEVED
from tocsin.neighbours.rotas.sources import SplunkSettings
from tocsin.neighbours.rotas.splunk_on_call import CURRENT, SPLUNK
from tocsin.neighbours.rotas.written import RotaSettings
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act

ON_CALL = Policy("sre-oncall", "1", (Demand(SRE, on_call=True),), informed=(RELENG,))


@pytest.fixture
def splunk() -> Iterator[Site]:
    with site() as served:
        says(served, "bo-sre")
        yield served


@pytest.fixture
def night(world: World, splunk: Site) -> World:
    """A world whose policy asks for who is on call, and whose rota is that system."""
    [target] = world.situations.configuration.catalogue.targets
    catalogue = Catalogue((replace(target, policy=ON_CALL),))
    world.situations.configuration = replace(world.situations.configuration, catalogue=catalogue)
    settings = RotaSettings(sources=(SplunkSettings(SRE, "SRE", "id", "key", address=splunk.address),))
    rota = several_rotas(settings, world.situations.configuration.directory, lambda channel: None)
    world.situations.neighbours = replace(world.situations.neighbours, rota=rota)
    return world


def says(served: Site, *users: str) -> None:
    listed = [{"onCalluser": {"username": user}} for user in users]
    policy = {"escalationPolicy": {"name": "default", "slug": "pol-1"}, "users": listed}
    served.says(CURRENT, {"teamsOnCall": [{"team": {"name": "SRE", "slug": "team-1"}, "oncallNow": [policy]}]}, b"")


def is_silent(served: Site) -> None:
    served.answers[CURRENT] = Answer(b"", 500)


async def asked(world: World) -> None:
    await world.situations.refresh(world.clock.now())
    await world.handler.start()
    await world.handler.handle(Act(verified("ada"), Ask("help!", WISH, "#ops")))
    await world.handler.handle(Act(ITSELF, Learn(), E1))


async def later(world: World, after: timedelta) -> None:
    world.later(after.total_seconds())
    await world.situations.refresh(world.clock.now())


async def confirms(world: World, person: str) -> ConfirmationGiven:
    assert world.request.proposal is not None
    happening = await world.says(person, Confirm(world.request.proposal.check_word))
    return next(each for each in happening.events if isinstance(each, ConfirmationGiven))


def status(world: World) -> Status:
    return world.request.status


async def test_the_first_answer_names_who_is_on_call_there(night: World) -> None:
    await asked(night)
    assert dict(night.request.asked)[SRE] == ("bo-sre",)


async def test_a_yes_of_who_is_on_call_counts_and_that_of_another_member_does_not(night: World) -> None:
    await asked(night)
    with pytest.raises(Refused, match="SRE on call must confirm: bo-sre"):
        await confirms(night, "mo-sre")
    assert status(night) is Status.CONFIRMING
    assert (await confirms(night, "bo-sre")).on_call_for == {SRE}
    assert status(night) is Status.READY


async def test_being_on_call_there_makes_nobody_a_member(night: World, splunk: Site) -> None:
    says(splunk, "lin", "bo-sre")
    await asked(night)
    with pytest.raises(Refused):
        await confirms(night, "lin")


async def test_who_is_on_call_is_judged_when_the_yes_is_given_and_a_change_of_shift_takes_nothing_away(
    night: World, splunk: Site
) -> None:
    await asked(night)
    says(splunk, "mo-sre")
    await later(night, timedelta(minutes=1))
    with pytest.raises(Refused, match="SRE on call must confirm: mo-sre"):
        await confirms(night, "bo-sre")
    await confirms(night, "mo-sre")
    says(splunk, "bo-sre")
    await later(night, timedelta(minutes=1))
    await night.clockwork.once()
    assert status(night) is Status.READY and night.request.confirmers == ("mo-sre",)


async def test_while_the_system_is_silent_its_last_answer_counts_for_an_hour(night: World, splunk: Site) -> None:
    await night.situations.refresh(night.clock.now())
    is_silent(splunk)
    await later(night, BELIEVED - timedelta(minutes=1))
    await asked(night)
    with pytest.raises(Refused, match="SRE on call must confirm: bo-sre"):
        await confirms(night, "mo-sre")


async def test_where_the_system_has_been_silent_for_longer_any_member_counts_and_the_line_says_why(
    night: World, splunk: Site
) -> None:
    await night.situations.refresh(night.clock.now())
    is_silent(splunk)
    await later(night, BELIEVED)
    await asked(night)
    assert night.request.facts.unknown == (SPLUNK,)
    given = await confirms(night, "mo-sre")
    assert given.on_call_for == {SRE} and "who is on call is not known" in given.remark
    assert status(night) is Status.READY
