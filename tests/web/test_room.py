"""The room of a request: what it shows, to whom, and that a whole night can be carried through by its forms."""

import re

import httpx2
import pytest

from tests.domain.night import WISH, verified
from tests.service.world import E1
from tests.web.house import House
from tocsin.domain.commands.carrying_out import StartStep
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.domain.commands.opening import Ask, Learn, Note
from tocsin.domain.deployment import Direction
from tocsin.domain.request import Status
from tocsin.service.carrying import RUNNER
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


async def asks(house: House) -> None:
    """Have ada ask, with everything that is needed."""
    world = house.world
    await world.handler.start()
    await world.handler.handle(Act(verified("ada"), Ask("help!", WISH, "#ops")))
    await world.handler.handle(Act(ITSELF, Learn(), E1))


def status(house: House) -> Status:
    """Return how it stands now."""
    return house.request.status


async def page(browser: httpx2.AsyncClient, address: str = "/E1") -> str:
    answer = await browser.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


async def presses(browser: httpx2.AsyncClient, verb: str, **typed: str) -> httpx2.Response:
    """Fill in and send the first form of a verb, just as it stands on the page."""
    text = await page(browser)
    found = re.search(rf'<form method="post" action="/E1/{verb}".*?</form>', text, re.DOTALL)
    assert found is not None, f"there is no button for {verb}: {text}"
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', found[0]))
    return await browser.post(f"/E1/{verb}", data={**fields, **typed})


async def test_a_room_shows_what_is_confirmed(house: House) -> None:
    await house.world.ready()
    text = await page(house.browser())
    proposal = house.request.proposal
    assert proposal is not None
    assert proposal.check_word in text
    for step in proposal.plan.steps:
        assert step.arguments[0] in text
    assert proposal.change is not None
    assert proposal.change.sha in text


async def test_a_night_is_carried_through_by_forms(house: House) -> None:
    world = house.world
    await asks(house)
    for person in ("bo-sre", "kim-releng"):
        assert (await presses(house.browser(person), "confirm")).status_code == 303
    assert status(house) is Status.READY
    world.later(15)
    kim, ada = house.browser("kim-releng"), house.browser("ada")
    assert (await presses(kim, "take")).status_code == 303
    await presses(ada, "here")
    await presses(house.browser("bo-sre"), "here")
    assert (await presses(kim, "go")).status_code == 303
    assert status(house) is Status.DEPLOYING
    await presses(ada, "stop", reason="look at the graphs")
    assert status(house) is Status.PAUSED
    assert "look at the graphs" in await page(ada)


async def test_what_is_refused_says_why_and_keeps_what_was_typed(house: House) -> None:
    await house.world.ready()
    browser = house.browser("ada")
    answer = await browser.post("/E1/hold", data={"reason": "x" * 5000})
    assert answer.status_code == 422
    assert "x" * 5000 in answer.text
    assert "say it in at most" in answer.text


async def test_nobody_acts_without_signing_in(house: House) -> None:
    await house.world.ready()
    answer = await house.browser().post("/E1/withdraw", data={})
    assert answer.status_code == 422
    assert "Sign in first" in answer.text
    assert house.request.status is Status.READY


async def test_who_acts_on_what_is_no_longer_so_is_refused(house: House) -> None:
    await house.world.ready()
    browser = house.browser("kim-releng")
    await page(browser)
    stale = {"status": "confirming", "word": "other-word"}
    answer = await browser.post("/E1/go", data=stale)
    assert answer.status_code == 422
    assert "has changed since you saw it" in answer.text
    assert house.request.status is Status.READY


async def test_a_page_that_is_behind_keeps_nobody_from_stopping(house: House) -> None:
    await house.world.go()
    answer = await house.browser("ada").post("/E1/stop", data={"status": "ready", "word": "other-word"})
    assert answer.status_code == 303
    assert house.request.status is Status.PAUSED


async def test_a_form_that_is_sent_twice_acts_once(house: House) -> None:
    await house.world.ready()
    browser = house.browser("ada")
    text = await page(browser)
    found = re.search(r'<form method="post" action="/E1/note".*?</form>', text, re.DOTALL)
    assert found is not None
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', found[0]))
    for _ in range(2):
        assert (await browser.post("/E1/note", data={**fields, "text": "once"})).status_code == 303
    assert house.world.stored.count("Noted") == 1


async def test_what_an_act_brought_about_is_told_once(house: House) -> None:
    await house.world.ready()
    browser = house.browser("ada")
    await presses(browser, "note", text="a remark")
    assert 'class="flash"' in await page(browser)
    assert 'class="flash"' not in await page(browser)


async def test_a_private_room_is_not_there_for_others(house: House) -> None:
    await house.world.ready()
    await house.world.says("ada", MakePrivate())
    stranger, nowhere = await house.browser().get("/E1"), await house.browser().get("/E99")
    assert stranger.status_code == nowhere.status_code == 404
    assert stranger.text == nowhere.text
    assert (await house.browser().post("/E1/stop", data={})).status_code == 404
    assert (await house.browser("ada").get("/E1")).status_code == 200
    board = await page(house.browser(), "/")
    assert "private" in board
    assert "painted" not in board


async def test_what_comes_from_outside_is_text(house: House) -> None:
    world = house.world
    await world.ready()
    await world.says("ada", Note(EVIL))
    await world.says("bo-sre", Note(EVIL))
    await presses(house.browser("bo-sre"), "hold", reason=EVIL)
    for browser in (house.browser(), house.browser("ada")):
        text = await page(browser)
        assert EVIL not in text
        assert "&lt;script&gt;" in text


async def test_an_id_is_found_in_any_case(house: House) -> None:
    await house.world.ready()
    answer = await house.browser().get("/e1")
    assert (answer.status_code, answer.headers["Location"]) == (307, "/E1")


async def test_output_is_for_people_of_the_house(house: House) -> None:
    await house.world.go()
    folder = house.folder / "attempts" / "E1-forward-1-1"
    folder.mkdir(parents=True)
    (folder / "output").write_bytes(b"\x1b[31mred \x1b[0m<b>plain</b>\x1b]0;title\x07\x00\n")
    await house.world.handler.handle(Act(RUNNER, StartStep(Direction.FORWARD, 0, 1), house.request.id))
    shown, hidden = await page(house.browser("ada")), await page(house.browser())
    assert '<span class="ansi-red">red </span>&lt;b&gt;plain&lt;/b&gt;' in shown
    assert "ansi-red" not in hidden
    assert "sign in" in hidden


@pytest.mark.parametrize("verb", ["emergency", "suspend", "nonsense"])
async def test_only_verbs_of_a_room_are_said_in_it(house: House, verb: str) -> None:
    await house.world.ready()
    assert (await house.browser("ada").post(f"/E1/{verb}", data={})).status_code == 422
