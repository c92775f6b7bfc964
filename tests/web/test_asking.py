"""One form asks for everything that a line on IRC can say, and keeps what was typed when it is refused."""

import re

import httpx2

from tests.web.house import House
from tocsin.domain.people import RequestId
from tocsin.domain.plan import Reason, Remedy

WHOLE = {
    "named": "1234",
    "task": "T1234",
    "reason": "data",
    "remedy": "disable",
    "sentence": "painted pages are cached corrupted",
    "why_not_rollback": "it would lose today's paints",
    "going_back": "yes",
}


async def sends(browser: httpx2.AsyncClient, address: str, **typed: str) -> httpx2.Response:
    """Fill in and send the form at an address."""
    text = (await browser.get(address)).text
    found = re.search(r'name="act" value="([^"]+)"', text)
    assert found is not None
    return await browser.post(address, data={"act": found[1], **typed})


async def test_one_form_opens_a_request_that_can_be_confirmed(house: House) -> None:
    await house.world.handler.start()
    answer = await sends(house.browser("ada"), "/ask", **WHOLE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/E1")
    assert (house.request.wish.reason, house.request.wish.remedy) == (Reason.DATA, Remedy.DISABLE)
    assert house.request.proposal is not None
    assert house.request.requester == "ada"


async def test_the_change_alone_is_enough_and_the_rest_is_said_later(house: House) -> None:
    await house.world.handler.start()
    browser = house.browser("ada")
    assert (await sends(browser, "/ask", named="1234", task="T1234")).status_code == 303
    assert house.request.proposal is None
    assert 'href="/E1/describe"' in (await browser.get("/E1")).text
    assert (await sends(browser, "/E1/describe", **WHOLE)).status_code == 303
    assert house.request.proposal is not None


async def test_what_is_refused_keeps_everything_that_was_typed(house: House) -> None:
    await house.world.handler.start()
    answer = await sends(house.browser("ada"), "/ask", **WHOLE, other_reason="x" * 3000, private="yes")
    assert answer.status_code == 422
    for typed in ("T1234", "painted pages are cached corrupted", "x" * 3000):
        assert typed in answer.text
    assert re.search(r'value="data" checked', answer.text)
    assert house.world.requests.find(RequestId("E1")) is None


async def test_nobody_asks_without_signing_in_and_nothing_typed_is_lost(house: House) -> None:
    answer = await sends(house.browser(), "/ask", **WHOLE)
    assert answer.status_code == 422
    assert "Sign in first" in answer.text
    assert "painted pages" in answer.text


async def test_a_form_that_is_sent_twice_opens_one_request(house: House) -> None:
    await house.world.handler.start()
    browser = house.browser("ada")
    for _ in range(2):
        assert (await browser.post("/ask", data={"act": "0123456789abcdef", **WHOLE})).status_code == 303
    assert len(house.world.requests.all()) == 1


async def test_a_wiki_edit_says_where_and_whether_the_community_knows(house: House) -> None:
    await house.world.handler.start()
    wiki = {"wiki": "en.example.org", "page": "MediaWiki:Common.js", "community_told": "on the village pump"}
    await sends(house.browser("ada"), "/ask", **{**WHOLE, "remedy": "wiki-edit"}, **wiki)
    assert house.request.wish.wiki is not None
    assert house.request.wish.wiki.page == "MediaWiki:Common.js"


async def test_a_recipes_values_are_said_as_on_irc(house: House) -> None:
    await house.world.handler.start()
    assert (await sends(house.browser("ada"), "/ask", **WHOLE, recipe="config", values="host=a b=c")).status_code == 303
    assert house.request.wish.values == (("host", "a"), ("b", "c"))
