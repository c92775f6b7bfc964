"""Who comes by OpenID Connect is let in when everything fits, and otherwise told in words what to do."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.networks.inspircd import free_ports
from tests.web.forms import Page
from tests.web.house import House, open_house
from tests.web.provided import Provider, know, serving
from tests.web.provider import SECRET
from tocsin.domain.people import PersonId
from tocsin.web.oidc.provider import KEPT, KEYS_AGAIN
from tocsin.web.oidc.transactions import LASTS, MOST, Transactions
from tocsin.web.tries import MOST_FOR_MANY

ADA = PersonId("ada")
COOKIE = "tocsin-oidc"


@pytest.fixture(scope="module")
def running() -> Iterator[int]:
    with serving() as port:
        yield port


@pytest.fixture
async def provider(running: int) -> Provider:
    provider = Provider(running)
    await provider.tell()
    return provider


@pytest.fixture
async def house(provider: Provider) -> AsyncIterator[House]:
    async with open_house(ways={"oidc": provider.settings}) as house:
        know(house, ada=("ada@example.org",), **{"bo-sre": ("bo@example.org",)})
        yield house


async def begun(browser: httpx2.AsyncClient) -> str:
    """Begin to sign in, and return where that leads."""
    answer = await browser.get("/sign-in/oidc")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


async def back(browser: httpx2.AsyncClient, address: str) -> httpx2.Response:
    parts = urlsplit(address)
    assert parts.path == "/sign-in/oidc/back"
    return await browser.get(f"{parts.path}?{parts.query}")


def sessions(house: House) -> int:
    everybody = house.office.directory().people
    return sum(len(house.office.sessions.of(each.id, house.world.clock.now())) for each in everybody)


async def test_the_door_offers_it_by_its_name(house: House) -> None:
    page = Page((await house.browser().get("/sign-in")).text)
    assert ("a", {"href": "/sign-in/oidc", "role": "button"}) in page.tags
    assert "Sign in by Example" in page.text


async def test_whom_the_directory_knows_is_let_in(house: House, provider: Provider) -> None:
    browser = house.browser()
    answer = await back(browser, await provider.sign_in(await begun(browser)))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "ada" in (await browser.get("/")).text
    [session] = house.office.sessions.of(ADA, house.world.clock.now())
    assert session.how == "OpenID Connect, Example"
    assert COOKIE not in browser.cookies


async def test_who_comes_back_from_the_provider_is_led_to_where_they_were(house: House, provider: Provider) -> None:
    browser = house.browser()
    await browser.get("/sign-in", headers={"Referer": f"{house.settings.origin}/E17"})
    wrong = await browser.get("/sign-in/oidc/back", params={"code": "x", "state": "x"})
    assert wrong.status_code == 422
    answer = await back(browser, await provider.sign_in(await begun(browser)))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/E17")
    assert "tocsin-back" not in browser.cookies


async def test_it_is_asked_with_pkce_state_and_a_nonce_and_the_verifier_comes_only_with_the_code(
    house: House, provider: Provider
) -> None:
    browser = house.browser()
    first, second = await begun(browser), await begun(browser)
    asked, again = ({name: each for name, [each] in parse_qs(urlsplit(one).query).items()} for one in (first, second))
    assert (asked["code_challenge_method"], asked["response_type"], asked["scope"]) == ("S256", "code", "openid")
    assert asked["redirect_uri"] == f"{house.settings.public_url}/sign-in/oidc/back"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 43 and asked[name] != again[name]
    await back(browser, await provider.sign_in(second))
    form = (await provider.seen("/oauth2/token"))[-1]["form"]
    assert len(form["code_verifier"]) >= 43
    assert form["code_verifier"] not in second


async def test_the_cookie_of_what_was_begun_is_for_ten_minutes_and_not_for_scripts(house: House) -> None:
    told = (await house.browser().get("/sign-in/oidc")).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=600"} <= set(told.split("; "))


async def test_a_session_of_before_is_ended_with_a_new_one(house: House, provider: Provider) -> None:
    browser = house.browser()
    await back(browser, await provider.sign_in(await begun(browser), "bo@example.org"))
    assert len(house.office.sessions.of(PersonId("bo-sre"), house.world.clock.now())) == 1
    before = dict(browser.cookies)
    await back(browser, await provider.sign_in(await begun(browser)))
    assert before and dict(browser.cookies) != before
    assert house.office.sessions.of(PersonId("bo-sre"), house.world.clock.now()) == ()


@pytest.mark.parametrize("state", ["", "x", "state of another"])
async def test_another_state_is_none_of_ours(house: House, provider: Provider, state: str) -> None:
    browser = house.browser()
    address = await provider.sign_in(await begun(browser))
    code = parse_qs(urlsplit(address).query)["code"][0]
    answer = await browser.get("/sign-in/oidc/back", params={"code": code, "state": state})
    assert answer.status_code == 422
    assert "not begun in this browser" in answer.text
    assert (await back(browser, address)).status_code == 422, "what was begun is used up"
    assert sessions(house) == 0


async def test_what_one_browser_began_is_not_ended_in_another(house: House, provider: Provider) -> None:
    thief, victim = house.browser(), house.browser()
    address = await provider.sign_in(await begun(thief))
    for browser in (victim, house.browser("bo-sre")):
        assert (await back(browser, address)).status_code == 422
    await begun(victim)
    assert (await back(victim, address)).status_code == 422
    assert len(house.office.sessions.of(ADA, house.world.clock.now())) == 0


async def test_a_code_is_good_once(house: House, provider: Provider) -> None:
    browser = house.browser()
    address = await provider.sign_in(await begun(browser))
    kept = browser.cookies[COOKIE]
    assert (await back(browser, address)).status_code == 303
    browser.cookies.set(COOKIE, kept)
    assert (await back(browser, address)).status_code == 422
    assert sessions(house) == 1


async def test_a_code_of_another_sign_in_fits_no_verifier_but_its_own(house: House, provider: Provider) -> None:
    browser, other = house.browser(), house.browser()
    mine, stolen = await provider.sign_in(await begun(browser)), await provider.sign_in(await begun(other))
    said = parse_qs(urlsplit(mine).query) | {"code": parse_qs(urlsplit(stolen).query)["code"]}
    answer = await browser.get("/sign-in/oidc/back", params={name: each[0] for name, each in said.items()})
    assert answer.status_code == 422
    assert "proves nothing" in answer.text
    assert sessions(house) == 0


async def test_what_was_begun_is_good_for_ten_minutes(house: House, provider: Provider) -> None:
    browser = house.browser()
    address = await provider.sign_in(await begun(browser))
    house.world.later(LASTS.total_seconds())
    assert (await back(browser, address)).status_code == 422


@pytest.mark.parametrize(
    "spoilt",
    [
        {"claims": {"sub": "bo@example.org"}, "signed": "tampered"},
        {"claims": {"sub": "bo@example.org"}, "signed": "not", "rotated": True},
        {"claims": {"sub": "bo@example.org"}, "signed": "shared", "rotated": True},
        {"claims": {"sub": "bo@example.org"}, "signed": "own"},
        {"no id token": True},
    ],
    ids=str,
)
async def test_a_token_that_the_provider_did_not_sign_proves_nothing(
    house: House, provider: Provider, spoilt: dict[str, Any]
) -> None:
    await provider.tell(**spoilt)
    await refused(house, provider)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another page"},
        {"aud": ["another page", "a third"]},
        {"aud": "another page", "azp": "tocsin"},
        {"aud": None},
        {"azp": "another page"},
        {"iss": "https://evil.example.org"},
        {"iss": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"iat": 100_000_000_000},
        {"at_hash": "of another token"},
        {"sub": None},
        {"sub": ""},
        {"sub": 4711},
        {"sub": "x" * 256},
        {"sub": "ada\u202e"},
    ],
    ids=str,
)
async def test_a_signed_token_proves_nothing_unless_it_is_for_us_and_for_this_sign_in_and_now(
    house: House, provider: Provider, claims: dict[str, Any]
) -> None:
    await provider.tell(claims=claims, rotated=True)
    await refused(house, provider)


async def test_the_tokens_of_those_tests_are_refused_for_nothing_else(house: House, provider: Provider) -> None:
    await provider.tell(claims={"department": "another"}, rotated=True)
    browser = house.browser()
    assert (await back(browser, await provider.sign_in(await begun(browser)))).status_code == 303


async def test_a_provider_may_change_its_keys(house: House, provider: Provider) -> None:
    first, second, third = house.browser(), house.browser(), house.browser()
    assert (await back(first, await provider.sign_in(await begun(first)))).status_code == 303
    await provider.tell(claims={"department": "another"}, rotated=True)
    assert (await back(second, await provider.sign_in(await begun(second)))).status_code == 422, "asked a moment ago"
    house.world.later(KEYS_AGAIN.total_seconds())
    assert (await back(third, await provider.sign_in(await begun(third)))).status_code == 303


async def test_what_a_provider_says_of_itself_is_asked_again_after_a_while(house: House, provider: Provider) -> None:
    place = "/.well-known/openid-configuration"
    for _ in range(3):
        await begun(house.browser())
    once = len(await provider.seen(place))
    house.world.later(KEPT.total_seconds() + 1)
    await begun(house.browser())
    assert len(await provider.seen(place)) == once + 1


async def test_another_issuer_that_leads_back_is_not_believed(house: House, provider: Provider) -> None:
    browser = house.browser()
    address = await provider.sign_in(await begun(browser))
    answer = await back(browser, f"{address}&iss=https%3A%2F%2Fevil.example.org")
    assert answer.status_code == 422
    assert sessions(house) == 0


async def test_who_is_not_in_the_directory_is_told_what_to_add(house: House, provider: Provider) -> None:
    browser = house.browser()
    answer = await back(browser, await provider.sign_in(await begun(browser), "nobody@example.org"))
    assert answer.status_code == 403
    assert 'sign_in = ["nobody@example.org"]' in Page(answer.text).text
    assert sessions(house) == 0


async def test_a_name_from_elsewhere_is_text(house: House, provider: Provider) -> None:
    browser = house.browser()
    answer = await back(browser, await provider.sign_in(await begun(browser), '<script>alert("x")</script>'))
    assert answer.status_code == 403
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(("sub", "status"), [("ada@example.org", 303), ("bo@example.org", 422)])
async def test_an_address_of_mail_names_nobody_unless_it_is_verified(provider: Provider, sub: str, status: int) -> None:
    by_email = replace(provider.settings, claim="email", scopes=("openid", "email"))
    async with open_house(ways={"oidc": by_email}) as house:
        know(house, ada=("ada@example.org",))
        browser = house.browser()
        assert (await back(browser, await provider.sign_in(await begun(browser), sub))).status_code == status
        assert sessions(house) == (status == 303)


async def test_who_says_no_there_is_told_so(house: House) -> None:
    browser = house.browser()
    state = parse_qs(urlsplit(await begun(browser)).query)["state"][0]
    answer = await browser.get("/sign-in/oidc/back", params={"state": state, "error": "access_denied"})
    assert answer.status_code == 422
    assert "Example did not sign you in (access_denied)" in answer.text


async def test_words_of_an_error_are_repeated_only_when_they_are_a_word(house: House) -> None:
    browser = house.browser()
    state = parse_qs(urlsplit(await begun(browser)).query)["state"][0]
    answer = await browser.get("/sign-in/oidc/back", params={"state": state, "error": "<b>call 555 1234</b>"})
    assert "555" not in answer.text


@pytest.mark.parametrize("place", ["/.well-known/openid-configuration", "/jwks"])
async def test_a_provider_that_hangs_is_said_to_be_silent_within_five_seconds(
    house: House, provider: Provider, place: str
) -> None:
    await provider.tell(slow={place: 6})
    since = time.monotonic()
    answer = await house.browser().get("/sign-in/oidc", timeout=10)
    assert time.monotonic() - since < 5
    assert answer.status_code == 503
    assert "Example did not answer within 4.5 s" in answer.text
    assert "tocsin sign-in" in answer.text


async def test_a_provider_that_hangs_at_the_end_is_said_to_be_silent_too(house: House, provider: Provider) -> None:
    browser = house.browser()
    address = await provider.sign_in(await begun(browser))
    await provider.tell(slow={"/oauth2/token": 6})
    since = time.monotonic()
    parts = urlsplit(address)
    answer = await browser.get(f"{parts.path}?{parts.query}", timeout=10)
    assert time.monotonic() - since < 5
    assert answer.status_code == 503


async def test_a_provider_that_is_down_is_said_to_be_down(provider: Provider) -> None:
    gone = replace(provider.settings, issuer=f"http://127.0.0.1:{free_ports(1)[0]}")
    async with open_house(ways={"oidc": gone, "local": False}) as house:
        answer = await house.browser().get("/sign-in/oidc")
    assert answer.status_code == 503
    assert "Example could not be asked (ConnectError). Try again in a moment." in answer.text
    assert "tocsin sign-in" not in answer.text


@pytest.mark.parametrize(
    "spoilt",
    [
        {"metadata": {"issuer": "http://127.0.0.1:1"}},
        {"metadata": {"jwks_uri": "http://keys.example.org/"}},
        {"metadata": {"authorization_endpoint": "javascript:alert(1)"}},
        {"metadata": {"authorization_endpoint": None}},
        {"raw": {"/.well-known/openid-configuration": "hello"}},
        {"raw": {"/.well-known/openid-configuration": "[]"}},
        {"raw": {"/.well-known/openid-configuration": "[" * 100_000}},
        {"raw": {"/jwks": '{"keys": 4}'}},
        {"raw": {"/jwks": '{"keys": []}'}},
        {"raw": {"/jwks": '{"keys": [7]}'}},
        {"raw": {"/jwks": f'{{"keys": "{"x" * 1_100_000}"}}'}},
    ],
    ids=lambda each: str(each)[:60],
)
async def test_a_provider_that_answers_nonsense_is_told_of_and_breaks_nothing(
    house: House, provider: Provider, spoilt: dict[str, Any]
) -> None:
    await provider.tell(**spoilt)
    answer = await house.browser().get("/sign-in/oidc")
    assert answer.status_code == 503
    assert "Example" in answer.text


@pytest.mark.parametrize("raw", ["hello", "[]", "{}", '{"access_token": 4, "id_token": 5}'])
async def test_a_token_that_is_nonsense_breaks_nothing(house: House, provider: Provider, raw: str) -> None:
    browser = house.browser()
    address = await provider.sign_in(await begun(browser))
    await provider.tell(raw={"/oauth2/token": raw})
    assert (await back(browser, address)).status_code in (422, 503)
    assert sessions(house) == 0


async def test_a_provider_that_takes_our_secret_only_in_the_form_gets_it_there(
    house: House, provider: Provider
) -> None:
    await provider.tell(metadata={"token_endpoint_auth_methods_supported": ["client_secret_post"]})
    browser = house.browser()
    assert (await back(browser, await provider.sign_in(await begun(browser)))).status_code == 303
    assert (await provider.seen("/oauth2/token"))[-1]["form"]["client_secret"] == SECRET


async def test_who_tries_again_and_again_waits(house: House) -> None:
    browser = house.browser()
    for _ in range(MOST_FOR_MANY):
        assert (await browser.get("/sign-in/oidc/back", params={"state": "x"})).status_code == 422
    assert (await browser.get("/sign-in/oidc/back", params={"state": "x"})).status_code == 429
    assert (await browser.post("/sign-in", data={"code": "AAAAA-AAAAA"})).status_code == 429


async def test_no_secret_is_said_on_a_page_or_in_a_log(house: House, provider: Provider) -> None:
    browser = house.browser()
    secrets, pages = [SECRET], []
    with capture_logs() as logs:
        for spoilt in ({}, {"signed": "tampered"}, {"no id token": True}, {"raw": {"/oauth2/token": "hello"}}):
            await provider.tell(**spoilt)
            address = await begun(browser)
            secrets += [parse_qs(urlsplit(address).query)[name][0] for name in ("state", "nonce", "code_challenge")]
            secrets.append(browser.cookies[COOKIE])
            came = await provider.sign_in(address)
            secrets += parse_qs(urlsplit(came).query)["code"]
            pages.append((await back(browser, came)).text)
            secrets.append(browser.cookies.get("tocsin") or SECRET)
    secrets += [each["form"].get("code_verifier", SECRET) for each in await provider.seen("/oauth2/token")]
    assert len(logs) == 4, logs
    said = f"{logs} {pages}"
    assert [each for each in secrets if each in said] == []


def test_what_was_begun_is_forgotten_before_it_is_too_much() -> None:
    from tocsin.web.oidc.provider import Transaction

    now, begun = datetime(2026, 1, 1, tzinfo=UTC), Transactions()
    secrets = [begun.keep(Transaction(now, str(each), "", "")) for each in range(MOST + 1)]
    assert begun.take(secrets[0], now) is None
    assert begun.take(secrets[1], now) is not None
    assert begun.take(secrets[1], now) is None


async def test_without_a_provider_there_is_no_such_way() -> None:
    async with open_house() as house:
        assert (await house.browser().get("/sign-in/oidc")).status_code in (404, 405)
        assert "/sign-in/oidc" not in (await house.browser().get("/sign-in")).text


async def refused(house: House, provider: Provider) -> None:
    browser = house.browser()
    answer = await back(browser, await provider.sign_in(await begun(browser)))
    assert answer.status_code == 422
    assert "What Example sent proves nothing" in answer.text
    assert sessions(house) == 0
