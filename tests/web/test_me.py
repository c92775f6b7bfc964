"""Everybody sees in which browsers they are signed in, and ends what is theirs alone."""

from dataclasses import replace

from tests.domain.night import verified
from tests.web.forms import Page, look, send
from tests.web.house import House
from tocsin.domain.commands.suspending import Suspend
from tocsin.domain.people import Directory, PersonId
from tocsin.service.handler import Act
from tocsin.web.me import HANDLE

ADA = PersonId("ada")


def ways(page: Page) -> int:
    """Return how many sessions a page shows."""
    return len([each for each in page.forms if each.action == "/me/sessions/end"])


async def test_who_is_not_signed_in_is_led_to_the_door(house: House) -> None:
    answer = await house.browser().get("/me")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")


async def test_it_says_who_one_is_for_whom_one_speaks_and_how_one_came_in(house: House) -> None:
    page = await look(house.browser("kim-releng"), "/me")
    assert "kim-releng" in page.text
    assert "You speak for Release Engineering." in page.text
    assert "By a test" in page.text
    assert "this browser" in page.text


async def test_every_page_leads_there_by_ones_name(house: House) -> None:
    page = await look(house.browser("ada"), "/")
    assert ("a", {"href": "/me"}) in page.tags


async def test_a_session_elsewhere_is_ended_at_once(house: House) -> None:
    lost = house.browser("ada")
    [before] = house.office.sessions.of(ADA, house.world.clock.now())
    here = house.browser("ada")
    page = await look(here, "/me")
    assert ways(page) == 2
    assert (await send(here, page.form("end", session=before.id[:HANDLE]))).status_code == 303
    assert "Sign out" not in (await lost.get("/")).text
    assert "Sign out" in (await here.get("/")).text


async def test_all_others_are_ended_together(house: House) -> None:
    elsewhere = [house.browser("ada"), house.browser("ada")]
    here, bo = house.browser("ada"), house.browser("bo-sre")
    page = await look(here, "/me")
    assert (await send(here, page.form("end-others"))).headers["Location"] == "/me"
    for each in elsewhere:
        assert "Sign out" not in (await each.get("/")).text
    assert "Sign out" in (await here.get("/")).text
    assert "Sign out" in (await bo.get("/")).text


async def test_with_one_session_there_are_no_others_to_end(house: House) -> None:
    assert "/me/sessions/end-others" not in {each.action for each in (await look(house.browser("ada"), "/me")).forms}


async def test_ending_the_session_of_this_browser_is_signing_out(house: House) -> None:
    here = house.browser("ada")
    [mine] = [each for each in (await look(here, "/me")).forms if each.action == "/me/sessions/end"]
    answer = await send(here, mine)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert house.office.sessions.of(ADA, house.world.clock.now()) == ()


async def test_nobody_ends_a_session_of_somebody_else(house: House) -> None:
    house.browser("ada")
    [theirs] = house.office.sessions.of(ADA, house.world.clock.now())
    for browser in (house.browser("bo-sre"), house.browser()):
        for handle in (theirs.id[:HANDLE], theirs.id, ""):
            await browser.post("/me/sessions/end", data={"session": handle})
        await browser.post("/me/sessions/end-others")
    assert house.office.sessions.of(ADA, house.world.clock.now()) == (theirs,)


async def test_nothing_that_signs_in_stands_on_the_page(house: House) -> None:
    secret = house.session_of("ada")
    text = (await house.browser("ada").get("/me")).text
    assert secret not in text
    for each in house.office.sessions.of(ADA, house.world.clock.now()):
        assert each.id not in text


async def test_who_left_the_directory_is_told_so(house: House) -> None:
    browser = house.browser("ada")
    configuration = house.world.situations.configuration
    people = tuple(each for each in configuration.directory.people if each.id != ADA)
    house.world.situations.configuration = replace(configuration, directory=Directory(people))
    page = await look(browser, "/me")
    assert "The directory has nobody named ada any more" in page.text
    assert ways(page) == 1


async def test_who_is_suspended_is_told_what_still_counts(house: House) -> None:
    await house.world.ready()
    await house.world.handler.handle(Act(verified("bo-sre"), Suspend(PersonId("kim-releng"), "a stolen laptop")))
    page = await look(house.browser("kim-releng"), "/me")
    assert "You are suspended" in page.text
    assert "!restore kim-releng" in page.text
