"""Who has a code of the command line is let in once; nobody guesses one, and nobody stays in for ever."""

import pytest

from tests.web.house import House
from tocsin.domain.people import PersonId
from tocsin.web.tries import MOST

ADA = PersonId("ada")


def code(house: House) -> str:
    return house.office.codes.issue(ADA, house.world.clock.now())


async def test_a_code_of_the_command_line_signs_in(house: House) -> None:
    browser = house.browser()
    answer = await browser.post("/sign-in", data={"code": code(house)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Sign out" in (await browser.get("/")).text


@pytest.mark.parametrize("typed", ["{lower}", " {code} ", "{bare}"])
async def test_a_code_is_read_as_people_type_it(house: House, typed: str) -> None:
    given = code(house)
    said = typed.format(lower=given.lower(), code=given, bare=given.replace("-", ""))
    assert (await house.browser().post("/sign-in", data={"code": said})).status_code == 303


async def test_a_code_is_good_once(house: House) -> None:
    given = code(house)
    await house.browser().post("/sign-in", data={"code": given})
    answer = await house.browser().post("/sign-in", data={"code": given})
    assert answer.status_code == 422
    assert "tocsin sign-in" in answer.text


async def test_a_code_is_good_for_five_minutes(house: House) -> None:
    given = code(house)
    house.world.later(300)
    assert (await house.browser().post("/sign-in", data={"code": given})).status_code == 422


async def test_nobody_guesses_codes(house: House) -> None:
    browser = house.browser()
    for _ in range(MOST):
        assert (await browser.post("/sign-in", data={"code": "AAAAA-AAAAA"})).status_code == 422
    answer = await browser.post("/sign-in", data={"code": code(house)})
    assert answer.status_code == 429
    assert "try again in" in answer.text
    house.world.later(301)
    assert (await browser.post("/sign-in", data={"code": code(house)})).status_code == 303


async def test_a_session_begins_anew_with_each_signing_in(house: House) -> None:
    browser = house.browser()
    await browser.post("/sign-in", data={"code": code(house)})
    before = dict(browser.cookies)
    await browser.post("/sign-in", data={"code": code(house)})
    assert dict(browser.cookies) != before
    assert len(house.office.sessions.of(ADA, house.world.clock.now())) == 1


async def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    browser = house.browser()
    await browser.post("/sign-in", data={"code": code(house)})
    kept = dict(browser.cookies)
    await browser.post("/sign-out")
    browser.cookies.update(kept)
    assert "Sign out" not in (await browser.get("/")).text


async def test_the_cookie_is_for_this_site_and_not_for_scripts(house: House) -> None:
    answer = await house.browser().post("/sign-in", data={"code": code(house)})
    [told] = [each for each in answer.headers.get_list("set-cookie") if "Max-Age=43200" in each]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(told.split("; "))


async def test_who_left_the_directory_is_nobody(house: House) -> None:
    answer = await house.browser("stranger").get("/")
    assert "Sign out" not in answer.text
