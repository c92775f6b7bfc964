"""Board, history and calendar: what they show, to whom, and how one comes on from there."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from tests.domain.night import WISH, verified
from tests.web.forms import Page, look
from tests.web.house import House
from tocsin.domain.commands.closing import Withdraw
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.domain.commands.opening import Ask
from tocsin.domain.schedule import Calendar, Freeze, Window
from tocsin.service.handler import Act
from tocsin.web.history import ON_A_PAGE

HOUR = timedelta(hours=1)


async def asked_and_withdrawn(house: House, times: int) -> None:
    """Fill the history."""
    await house.world.handler.start()
    for _ in range(times):
        opened = await house.world.handler.handle(Act(verified("ada"), Ask("help!", WISH, "#ops")))
        assert opened.after is not None
        await house.world.handler.handle(Act(verified("ada"), Withdraw(), opened.after.id))


def rows(page: Page) -> list[str]:
    """Return the requests that a page leads to."""
    links = [given.get("href", "") for tag, given in page.tags if tag == "a"]
    return [link[1:] for link in links if re.fullmatch(r"/E\d+", link)]


async def test_an_empty_board_says_how_to_ask(house: House) -> None:
    page = await look(house.browser(), "/")
    assert "Nothing is open" in page.text
    assert "!emergency" in page.text
    assert ("a", {"href": "/ask"}) in page.tags


async def test_every_page_leads_to_the_others_and_says_where_one_is(house: House) -> None:
    for address in ("/", "/history", "/calendar"):
        links = [given for tag, given in (await look(house.browser(), address)).tags if tag == "a"]
        assert {"/", "/ask", "/history", "/calendar"} <= {each["href"] for each in links}
        assert [each["href"] for each in links if each.get("aria-current") == "page"] == [address]


async def test_the_board_tells_who_is_needed_that_they_are(house: House) -> None:
    await house.world.ready()
    for person, needed in (("kim-releng", True), ("ada", False), ("dee", False), (None, False)):
        page = await look(house.browser(person), "/")
        assert ("you are needed" in page.text) == needed, person
        assert (("div", {"id": "board", "data-needed": "yes"}) in page.tags) == needed, person


async def test_a_private_request_is_on_the_board_by_its_state_alone_and_leads_nowhere(house: House) -> None:
    await house.world.ready()
    await house.world.says("ada", MakePrivate())
    page = await look(house.browser(), "/")
    assert "E1 ready" in " ".join(page.text.split())
    assert rows(page) == []
    assert "painted" not in page.text
    assert rows(await look(house.browser("bo-sre"), "/")) == ["E1"]


async def test_history_is_found_by_its_form_and_keeps_what_was_typed(house: House) -> None:
    await asked_and_withdrawn(house, 2)
    browser = house.browser()
    assert rows(await look(browser, "/history")) == ["E2", "E1"]
    form = next(each for each in (await look(browser, "/history")).forms if each.action == "/history")
    assert form.method == "get"
    assert {"text", "person", "target", "reason"} == form.labels
    found = await look(browser, "/history?text=painted+PAGES&person=ad&reason=data")
    assert "2 found" in found.text
    assert next(each for each in found.forms if each.action == "/history").fields == {
        "text": "painted PAGES",
        "person": "ad",
    }
    assert "Nothing found" in (await look(browser, "/history?text=of+another+world")).text


async def test_a_private_request_is_in_no_history_of_a_stranger_not_even_as_a_number(house: House) -> None:
    await house.world.ready()
    await house.world.says("ada", MakePrivate())
    for address in ("/history", "/history?text=painted", "/calendar"):
        page = await look(house.browser(), address)
        assert "E1" not in page.text
        assert rows(await look(house.browser("bo-sre"), address)) == ["E1"]
    assert "no emergency yet" in (await look(house.browser(), "/history")).text


async def test_a_long_history_comes_page_by_page_and_a_search_goes_with_it(house: House) -> None:
    await asked_and_withdrawn(house, ON_A_PAGE + 3)
    browser = house.browser()
    seen, address = [], "/history?text=painted"
    while address:
        page = await look(browser, address)
        seen += rows(page)
        address = next((given["href"] for tag, given in page.tags if tag == "a" and given.get("rel") == "next"), "")
    assert seen == [f"E{number}" for number in range(ON_A_PAGE + 3, 0, -1)]


async def test_no_question_about_history_is_too_strange(house: House) -> None:
    await asked_and_withdrawn(house, 1)
    browser = house.browser()
    for strange in (
        "page=-1",
        "page=99",
        "page=x",
        "page=\u0663",
        f"text={'x' * 3000}",
        "target=nowhere",
        "reason=%00",
    ):
        assert (await browser.get(f"/history?{strange}")).status_code == 200, strange
    answer = await browser.get("/history", params={"text": '"><script>alert(1)</script>', "target": "<b>"})
    assert "<script>alert" not in answer.text
    assert "<b>" not in answer.text


async def test_the_calendar_tells_what_opens_what_is_barred_and_what_was(house: House) -> None:
    now = house.world.clock.now()
    await knows(house, Calendar((Window("morning", now + HOUR, now + 2 * HOUR),)))
    page = await look(house.browser(), "/calendar")
    assert "No deployments scheduled for the next 1 hour(s)" in page.text
    assert "morning" in page.text
    assert "There was none" in page.text
    await knows(house, Calendar((Window("morning", now, now + HOUR),), (Freeze("switch-over", now, now + 9 * HOUR),)))
    await house.world.ready()
    page = await look(house.browser(), "/calendar")
    assert "Deploying is barred by switch-over" in page.text
    assert "barred by a freeze" in page.text
    assert rows(page) == ["E1"]


async def test_a_calendar_that_nobody_knows_is_not_called_empty(house: House) -> None:
    await knows(house, Calendar(known=False))
    page = await look(house.browser(), "/calendar")
    assert "The calendar is not known" in page.text
    assert "Nobody could say" in page.text


async def knows(house: House, calendar: Calendar) -> None:
    """Have the calendar around say this from now on."""

    class Known:
        async def around(self, now: datetime) -> Calendar:
            return calendar

    situations = house.world.situations
    situations.neighbours = replace(situations.neighbours, calendars=Known())
    await situations.refresh(house.world.clock.now())
