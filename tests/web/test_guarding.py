"""Every answer binds the browser, and no other page can act through it."""

import asyncio

import pytest

from tests.web.house import House
from tocsin.web import guarding
from tocsin.web.guarding import HEADERS, LONGEST_BODY


@pytest.mark.parametrize("address", ["/", "/E1", "/nothing/at/all", "/static/0/vendor/pico.min.css"])
async def test_every_answer_bears_the_headers_that_bind_a_browser(house: House, address: str) -> None:
    answer = await house.browser().get(address)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


async def test_the_worker_that_notifies_stands_before_no_page_and_is_kept_by_no_cache(house: House) -> None:
    answer = await house.browser().get("/notify/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Service-Worker-Allowed" not in answer.headers  # so it stands before what lies in its own folder alone
    assert not any(each in answer.text for each in ("fetch(", '"fetch"', "caches", "importScripts"))
    for each in ("/notify/", "/notify/E1"):
        assert not (await house.browser().get(each)).is_success


@pytest.mark.parametrize("origin", ["http://evil.example.org", "null", ""])
async def test_an_act_from_another_origin_is_none(house: House, origin: str) -> None:
    answer = await house.browser("ada").post("/sign-out", headers={"Origin": origin})
    assert answer.status_code == 403
    assert "nothing was done" in answer.text


async def test_a_token_does_not_stand_for_the_origin(house: House) -> None:
    headers = {"Origin": "http://evil.example.org", "Authorization": "Bearer x"}
    for browser in (house.browser("ada"), house.browser()):
        assert (await browser.post("/sign-out", headers=headers)).status_code == 403


async def test_a_body_has_a_bound(house: House) -> None:
    async def endless() -> object:
        for _ in range(100):
            yield b"x" * 4096

    browser = house.browser("ada")
    assert (await browser.post("/sign-out", content=b"x" * (LONGEST_BODY + 1))).status_code == 413
    assert (await browser.post("/sign-out", content=endless())).status_code == 413  # type: ignore[arg-type]


async def test_before_the_whole_server_is_there_people_can_look_and_what_they_do_waits(house: House) -> None:
    house.begun.clear()
    browser = house.browser("ada")
    act = asyncio.create_task(browser.post("/sign-out"))
    assert "ada" in (await browser.get("/")).text
    assert not (await asyncio.wait([act], timeout=0.1))[0]
    house.begun.set()
    assert (await act).status_code == 303
    assert "Sign in" in (await browser.get("/")).text


async def test_an_act_that_waited_too_long_is_not_done_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "STARTING_SECONDS", 0.01)
    house.begun.clear()
    browser = house.browser("ada")
    late = await browser.post("/sign-out")
    assert (late.status_code, late.headers["Retry-After"]) == (503, "5")
    assert "nothing was done" in late.text
    assert "ada" in (await browser.get("/")).text


async def test_who_is_signed_in_is_named(house: House) -> None:
    assert "ada" in (await house.browser("ada").get("/")).text
    assert "Sign in" in (await house.browser().get("/")).text


async def test_a_session_ends(house: House) -> None:
    browser = house.browser("ada")
    house.world.later(house.settings.session_lasts.total_seconds())
    assert "Sign in" in (await browser.get("/")).text
