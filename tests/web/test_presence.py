"""A room that is in front of somebody shows them; one that says nothing for a minute does not."""

import pytest

from tests.web.house import House
from tocsin.domain.people import PersonId

ADA = PersonId("ada")
PAGE = "page-0000-0001"


def is_here(house: House) -> bool:
    presence = house.office.presence.presence()
    return presence.shows(ADA, house.world.clock.now().replace(hour=0))


async def test_a_room_in_front_of_somebody_shows_them(house: House) -> None:
    await house.world.ready()
    browser = house.browser("ada")
    assert not is_here(house)
    assert (await browser.post("/E1/beat", content=PAGE)).status_code == 204
    assert is_here(house)


async def test_a_page_that_sleeps_shows_nobody_after_a_minute(house: House) -> None:
    await house.world.ready()
    await house.browser("ada").post("/E1/beat", content=PAGE)
    house.world.later(59)
    assert is_here(house)
    house.world.later(1)
    assert not is_here(house)


async def test_who_closes_their_last_page_is_gone(house: House) -> None:
    await house.world.ready()
    browser = house.browser("ada")
    await browser.post("/E1/beat", content=PAGE)
    await browser.post("/E1/beat", content="another-page")
    await browser.post("/E1/left", content=PAGE)
    assert is_here(house)
    await browser.post("/E1/left", content="another-page")
    assert not is_here(house)


async def test_nobody_is_present_without_signing_in(house: House) -> None:
    await house.world.ready()
    assert (await house.browser().post("/E1/beat", content=PAGE)).status_code == 422


@pytest.mark.parametrize("page", ["", "x" * 65, "a b c d e f g h", "\u00e4" * 10])
async def test_a_page_has_a_name_of_its_own(house: House, page: str) -> None:
    await house.world.ready()
    assert (await house.browser("ada").post("/E1/beat", content=page)).status_code == 422
