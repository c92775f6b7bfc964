"""Which channel hears what."""

from dataclasses import replace

from tests.irc.night_shift import OPS, PRIVATE, NightShift
from tocsin.domain.people import TargetId
from tocsin.domain.situation import Catalogue


async def test_a_request_is_at_home_in_its_targets_channel_and_a_private_one_in_the_private_one() -> None:
    shift = NightShift()
    await shift.asked()
    request = shift.request()
    hidden = replace(request, private=True)
    assert shift.where.home(request) == OPS
    assert shift.where.home(hidden) == PRIVATE
    assert shift.where.is_home(request, "#OPS")
    assert not shift.where.is_home(request, PRIVATE)
    assert not shift.where.is_home(request, None)


async def test_of_a_private_request_only_that_much_is_said_elsewhere() -> None:
    shift = NightShift()
    await shift.asked()
    assert shift.where.elsewhere(shift.request()) == "Say it in #ops, where everybody of E1 sees it."
    hidden = shift.where.elsewhere(replace(shift.request(), private=True))
    assert hidden == "E1 is handled in its private channel, or on the command line."


async def test_a_private_request_whose_target_is_gone_is_at_home_nowhere() -> None:
    shift = NightShift()
    await shift.asked()
    shift.configuration = replace(shift.configuration, catalogue=Catalogue())
    hidden = replace(shift.request(), private=True, target=TargetId("gone"))
    assert shift.where.home(hidden) == ""
    assert not shift.where.is_home(hidden, "")


def test_every_channel_is_listed_once() -> None:
    shift = NightShift()
    targets = shift.configuration.catalogue.targets * 2
    shift.configuration = replace(shift.configuration, catalogue=Catalogue(targets))
    assert shift.where.channels() == (OPS, PRIVATE)
    assert shift.where.is_private("#ops-PRIVATE")
    assert not shift.where.is_private(OPS)
