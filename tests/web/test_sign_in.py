"""Who has a code of the command line is let in once; nobody guesses one, and nobody stays in for ever."""

from datetime import timedelta

import pytest

from tests.domain.night import BEGIN
from tests.web.house import House
from tocsin.domain.people import PersonId
from tocsin.web.tries import MOST, MOST_FOR_MANY, MOST_OF_ONE, MOST_PLACES, Tries, most_from, place_named

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
    for _ in range(MOST_FOR_MANY):
        assert (await browser.post("/sign-in", data={"code": "AAAAA-AAAAA"})).status_code == 422
    answer = await browser.post("/sign-in", data={"code": code(house)})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert "try again in 5 min" in answer.text
    house.world.later(301)
    assert (await browser.post("/sign-in", data={"code": code(house)})).status_code == 303


async def test_nobody_is_let_in_by_a_program_again_and_again(house: House) -> None:
    for _ in range(MOST_OF_ONE):
        assert (await house.browser().post("/sign-in", data={"code": code(house)})).status_code == 303
    answer = await house.browser().post("/sign-in", data={"code": code(house)})
    assert answer.status_code == 429
    assert "ada signed in 20 times" in answer.text


@pytest.mark.parametrize(
    ("place", "most"),
    [("192.0.2.1", MOST), ("2001:db8::1", MOST), ("", MOST), ("127.0.0.1", MOST_FOR_MANY), ("::1", MOST_FOR_MANY)],
)
def test_a_place_has_few_tries_unless_it_speaks_for_many(place: str, most: int) -> None:
    assert most_from(place) == most


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::1"),
        ("", ""),
    ],
)
def test_one_network_of_ipv6_is_one_place(host: str, place: str) -> None:
    assert place_named(host) == place


def test_a_place_that_failed_too_often_waits_until_the_oldest_of_its_tries_is_old() -> None:
    tries, now = Tries(), BEGIN
    for second in range(3):
        tries.note("192.0.2.1", now + timedelta(seconds=second))
    assert tries.wait("192.0.2.1", now + timedelta(seconds=3), 3) == timedelta(minutes=5, seconds=-3)
    assert tries.wait("192.0.2.1", now + timedelta(minutes=5), 3) is None
    assert tries.wait("192.0.2.2", now, 3) is None


def test_places_are_forgotten_before_they_are_too_many() -> None:
    tries, now = Tries(), BEGIN
    for number in range(MOST_PLACES + 1):
        tries.note(str(number), now)
    assert tries.wait("0", now, 1) is None
    assert tries.wait(str(MOST_PLACES), now, 1) is not None


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
