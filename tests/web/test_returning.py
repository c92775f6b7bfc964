"""Who signs in is led back to the page on which they were, by whatever way they come; nothing else is led to."""

import httpx2
import pytest

from tests.web.forms import Page
from tests.web.house import House
from tests.web.test_room import asks
from tests.web.test_sign_in import code
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.web.returning import page_of_ours


async def led_to(house: House, browser: httpx2.AsyncClient, came_from: str | None) -> str:
    """Press "Sign in" on a page, type a code, and return where that leads."""
    origin = house.settings.origin
    await browser.get("/sign-in", headers={"Referer": f"{origin}{came_from}"} if came_from else {})
    answer = await browser.post("/sign-in", data={"code": code(house)}, headers={"Referer": f"{origin}/sign-in"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


@pytest.mark.parametrize("page", ["/", "/ask", "/history", "/calendar", "/E1", "/E1/describe", "/me/passkeys"])
async def test_who_signs_in_is_led_back_to_where_they_were(house: House, page: str) -> None:
    await house.world.ready()
    browser = house.browser()
    assert await led_to(house, browser, page) == page
    assert (await browser.get(page)).status_code == 200


async def test_it_leads_back_once(house: House) -> None:
    browser = house.browser()
    await led_to(house, browser, "/E1")
    await browser.post("/sign-out")
    assert await led_to(house, browser, None) == "/"


async def test_a_slip_in_the_code_forgets_nothing(house: House) -> None:
    browser = house.browser()
    door = await browser.get("/sign-in", headers={"Referer": f"{house.settings.origin}/E1"})
    assert "led back to /E1" in Page(door.text).text
    wrong = await browser.post("/sign-in", data={"code": "AAAAA-AAAAA"})
    assert "led back to /E1" in Page(wrong.text).text
    assert await led_to(house, browser, None) == "/E1"


async def test_a_code_opened_by_its_own_address_leads_back_too(house: House) -> None:
    browser = house.browser()
    await browser.get("/sign-in", headers={"Referer": f"{house.settings.origin}/E1"})
    await browser.get("/sign-in")  # as `tocsin sign-in` prints it, in another window
    assert await led_to(house, browser, None) == "/E1"


async def test_the_page_on_which_it_was_pressed_last_counts(house: House) -> None:
    browser = house.browser()
    await browser.get("/sign-in", headers={"Referer": f"{house.settings.origin}/E1"})
    assert await led_to(house, browser, "/") == "/"


async def test_who_was_refused_for_not_being_signed_in_comes_back_to_the_room(house: House) -> None:
    await asks(house)
    assert await led_to(house, house.browser(), "/E1/hold") == "/E1"


async def test_ones_own_page_asks_to_sign_in_and_comes_back(house: House) -> None:
    browser = house.browser()
    assert (await browser.get("/me")).headers["Location"] == "/sign-in"
    assert await led_to(house, browser, None) == "/me"


@pytest.mark.parametrize(
    "referer",
    [
        "http://evil.example.org/E1",
        "{origin}.evil.example.org/E1",
        "{origin}@evil.example.org/E1",
        "{origin}//evil.example.org",
        "{origin}/sign-in",
        "{origin}/sign-out",
        "{origin}/E1/../sign-out",
        "{origin}/api/v1/requests",
        "{origin}/static/0/x",
        "{origin}/E0",
        "{origin}/E12345678901",
        "{origin}/%2F%2Fevil.example.org",
        "{origin}/E1%0d%0aLocation:x",
        "http://[",
        "",
    ],
)
async def test_what_is_no_page_of_ours_is_not_kept(house: House, referer: str) -> None:
    browser = house.browser()
    answer = await browser.get("/sign-in", headers={"Referer": referer.format(origin=house.settings.origin)})
    assert "set-cookie" not in answer.headers
    assert await led_to(house, browser, None) == "/"


@pytest.mark.parametrize(
    "kept",
    ["http://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "javascript:alert(1)", "/" * 9000, "x"],
)
async def test_a_cookie_of_somebody_elses_making_leads_nowhere_else(house: House, kept: str) -> None:
    browser = house.browser()
    browser.cookies.set("tocsin-back", kept)
    assert await led_to(house, browser, None) == "/"


async def test_what_was_searched_for_is_not_kept(house: House) -> None:
    assert await led_to(house, house.browser(), "/history?text=lost+laptop") == "/history"


async def test_the_cookie_is_for_half_an_hour_and_not_for_scripts(house: House) -> None:
    answer = await house.browser().get("/sign-in", headers={"Referer": f"{house.settings.origin}/E1"})
    [told] = answer.headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=1800"} <= set(told.split("; "))


async def test_a_stranger_may_sign_in_from_what_is_hidden_and_learns_nothing_by_it(house: House) -> None:
    await house.world.ready()
    await house.world.says("ada", MakePrivate())
    browser = house.browser()
    hidden, missing = await browser.get("/E1"), await browser.get("/E99")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text == missing.text
    assert ("a", {"href": "/sign-in", "role": "button"}) in Page(hidden.text).tags
    doors = [
        await browser.get("/sign-in", headers={"Referer": f"{house.settings.origin}{each}"}) for each in ("/E1", "/E99")
    ]
    assert doors[0].text.replace("/E1<", "/E99<") == doors[1].text
    assert await led_to(house, browser, "/E1") == "/E1"
    assert (await browser.get("/E1")).status_code == 200
    assert await led_to(house, house.browser(), "/E99") == "/E99"


async def test_who_is_signed_in_is_not_asked_to_by_a_page_that_is_not_there(house: House) -> None:
    answer = await house.browser("ada").get("/E99")
    assert answer.status_code == 404
    assert "Sign in" not in answer.text


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/e17", "/E17"),
        ("/E17/DESCRIBE", "/E17/describe"),
        ("/E17/confirm", "/E17"),
        ("/E17/", ""),
        ("E17", ""),
        ("/E17/a/b", ""),
    ],
)
def test_a_room_is_named_by_its_one_address(path: str, page: str) -> None:
    assert page_of_ours(path) == page
