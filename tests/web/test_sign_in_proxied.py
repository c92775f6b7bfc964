"""The header of a proxy counts when the proxy itself sent it; from anybody else it is nothing."""

from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest
from structlog.testing import capture_logs

from tests.web.forms import Page, look, press
from tests.web.house import HOST, House, open_house
from tests.web.provided import know
from tests.web.test_live import following
from tocsin.domain.people import PersonId
from tocsin.domain.recorded import StreamId
from tocsin.web.live import PROXY_AGAIN, SESSIONS_AGAIN
from tocsin.web.settings import ProxySettings

HEADER = "X-Signed-In"
ADA = "ada@example.org"


def proxy(place: str) -> ProxySettings:
    return ProxySettings(HEADER, (ip_network("192.0.2.0/28"), ip_network(place)))


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A page behind a proxy that connects from where these tests do."""
    async with open_house(ways={"proxy": proxy(HOST)}) as house:
        know(house, ada=(ADA,))
        yield house


@pytest.fixture
async def elsewhere() -> AsyncIterator[House]:
    """A page behind a proxy that stands elsewhere, so that these tests are anybody."""
    async with open_house(ways={"proxy": proxy("192.0.2.99")}) as house:
        know(house, ada=(ADA,))
        yield house


async def test_whom_the_proxy_names_is_signed_in(house: House) -> None:
    page = Page((await house.browser().get("/", headers={HEADER: ADA})).text)
    assert ("a", {"href": "/me"}) in page.tags
    assert "ada" in page.text


async def test_the_proxy_says_it_anew_each_time(house: House) -> None:
    browser = house.browser()
    await browser.get("/", headers={HEADER: ADA})
    assert len(browser.cookies) == 0
    assert "Sign in" in (await browser.get("/")).text
    assert house.office.sessions.of(PersonId("ada"), house.world.clock.now()) == ()


async def test_what_they_say_counts_and_the_record_tells_by_what(house: House) -> None:
    await house.world.ready()
    browser = house.browser()
    browser.headers[HEADER] = ADA
    page = await press(browser, "note", text="users in Asia see it too")
    assert "users in Asia see it too" in page.text
    last = house.store.read(StreamId("E1"))[-1]
    assert (last.origin.person, last.origin.proof) == ("ada", "session by the word of the proxy")


async def test_an_act_needs_our_own_origin_behind_a_proxy_too(house: House) -> None:
    await house.world.ready()
    headers = {HEADER: ADA, "Origin": "http://evil.example.org"}
    assert (await house.browser().post("/E1/stop", headers=headers)).status_code == 403


@pytest.mark.parametrize("forwarded", [{}, {"X-Forwarded-For": "192.0.2.99"}, {"Forwarded": "for=192.0.2.99"}])
async def test_from_anybody_else_the_header_is_nothing_and_is_told_of_once(
    elsewhere: House, forwarded: dict[str, str]
) -> None:
    browser = elsewhere.browser()
    with capture_logs() as logs:
        for _ in range(3):
            assert "Sign in" in (await browser.get("/", headers={HEADER: ADA, **forwarded})).text
    [told] = logs
    assert told["event"] == "the header of the proxy was ignored"
    assert told["place"] == HOST
    assert ADA not in str(told)


async def test_from_anybody_else_it_takes_nothing_from_a_session(elsewhere: House) -> None:
    assert "bo-sre" in (await elsewhere.browser("bo-sre").get("/", headers={HEADER: ADA})).text


@pytest.mark.parametrize("said", [(ADA, "bo"), ("bo", ADA), (ADA, ADA)])
async def test_what_a_browser_adds_beside_the_proxys_word_makes_it_void(house: House, said: tuple[str, str]) -> None:
    headers = [(HEADER, each) for each in said]
    assert "Sign in" in (await house.browser().get("/", headers=headers)).text


@pytest.mark.parametrize("said", [b"", b"x" * 256, b"ada\xff", b"ada@example.org,bo", "ada\u202e".encode()])
async def test_what_is_no_name_names_nobody(house: House, said: bytes) -> None:
    headers = [(HEADER.encode(), said)]
    assert "Sign in" in (await house.browser().get("/", headers=headers)).text


async def test_the_proxys_word_stands_above_a_session_of_somebody_else(house: House) -> None:
    browser = house.browser("bo-sre")
    assert "ada" in Page((await browser.get("/", headers={HEADER: ADA})).text).text
    assert "Sign in" in (await browser.get("/", headers={HEADER: "stranger"})).text


async def test_whom_the_directory_does_not_know_is_told_what_to_add(house: House) -> None:
    answer = await house.browser().get("/sign-in", headers={HEADER: "cy@example.org"})
    assert answer.status_code == 403
    assert 'sign_in = ["cy@example.org"]' in Page(answer.text).text


async def test_who_left_the_directory_is_nobody_at_once(house: House) -> None:
    know(house)
    assert "Sign in" in (await house.browser().get("/", headers={HEADER: ADA})).text


async def test_an_open_page_goes_past_the_proxy_again_after_a_while_and_loses_nothing_by_it(house: House) -> None:
    await house.world.ready()
    browser = house.browser()
    browser.headers[HEADER] = ADA
    async with following(browser) as stream:
        await stream.message()
        for _ in range(2 * SESSIONS_AGAIN):
            await stream.beat()
        house.world.later(PROXY_AGAIN.total_seconds() + 1)
        heard = []
        with pytest.raises(EOFError):
            while True:
                heard.append(await stream.message())
    assert [each for each in heard if each.get("event") == "gone"] == [], "it would load itself anew"


async def test_signing_out_is_the_proxys(house: House) -> None:
    browser = house.browser()
    browser.headers[HEADER] = ADA
    page = await look(browser, "/me")
    assert "Sign out" not in page.text
    assert "the proxy in front of Example says who you are: sign out there" in page.text


async def test_without_such_a_proxy_the_header_is_one_like_any_other() -> None:
    async with open_house() as house:
        know(house, ada=(ADA,))
        with capture_logs() as logs:
            assert "Sign in" in (await house.browser().get("/", headers={HEADER: ADA})).text
        assert logs == []


async def test_codes_sign_nobody_in_where_they_are_switched_off() -> None:
    async with open_house(ways={"local": False, "proxy": proxy(HOST)}) as house:
        given = house.office.codes.issue(PersonId("ada"), house.world.clock.now())
        page = await look(house.browser(), "/sign-in")
        assert "One-time code" not in page.text
        assert (await house.browser().post("/sign-in", data={"code": given})).status_code == 422
