"""A room as people without scripts use it: its forms are read, filled in and sent, and nothing else."""

from dataclasses import replace

from tests.domain.night import WISH, verified
from tests.service.world import E1
from tests.web.forms import Form, Page, look, press, send
from tests.web.house import House
from tocsin.domain.change import Task, Verdict
from tocsin.domain.commands.confirming import Confirm
from tocsin.domain.commands.holding import PutOnHold
from tocsin.domain.commands.opening import Ask, Learn, Note
from tocsin.domain.request import Status
from tocsin.domain.wish import Wish
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act

MARKUP = "<script>alert(1)</script><b onclick='x()'>\"&amp;\u202e{{ 7 * 7 }}"


async def asked(house: House, wish: Wish = WISH, wording: str = "help!") -> None:
    """Ada asks, and the systems around say what they know."""
    handler = house.world.handler
    await handler.handle(Act(verified("ada"), Ask(wording, wish, "#ops")))
    await handler.handle(Act(ITSELF, Learn(), E1))


async def at_the_checkpoint(house: House) -> None:
    """Confirmed and begun; the first step ran."""
    await house.world.go()
    await house.world.carry_all()
    house.world.later(10)


def printed(house: House, attempt: str, data: bytes) -> None:
    folder = house.folder / "attempts" / attempt
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "output").write_bytes(data)


async def test_a_whole_night_by_forms_alone(house: House) -> None:
    await asked(house)
    ada, bo, kim = (house.browser(person) for person in ("ada", "bo-sre", "kim-releng"))
    assert "bo-sre confirms for SRE" in (await press(bo, "confirm")).text
    await press(kim, "hold", reason="who is watching the caches?")
    assert "On hold by kim-releng: who is watching the caches?" in (await look(ada)).text
    await press(kim, "lift")
    await press(kim, "confirm")
    house.world.later(15)
    await press(kim, "take")
    assert "deploying" in (await press(kim, "go")).text
    await house.world.carry_all()
    house.world.later(10)
    assert (await look(ada)).form("good").prominent
    await press(ada, "good")
    await press(kim, "good")
    await house.world.carry_all()
    page = await look(ada)
    await send(ada, page.form("live", live="yes"))
    assert house.request.status is Status.DONE
    assert "done" in (await look(house.browser())).text


async def test_everything_that_is_asked_stands_in_the_room(house: House) -> None:
    await asked(house)
    page = await look(house.browser("bo-sre"))
    for words in (
        "ada asks for an emergency disable on mediawiki-config: 1234/3 \u201cStop caching painted pages\u201d",
        "painted pages are cached corrupted",
        house.office.requests.find(E1).proposal.check_word,  # type: ignore[union-attr]  # it was asked for
        "8f3ac21",
        "T1234",
        "SRE",
        "Release Engineering",
        "deploy 8f3ac21",
        "undeploy canary",
        "Expires without an act",
    ):
        assert words in page.text


async def test_the_one_thing_that_is_needed_stands_first_and_large(house: House) -> None:
    await asked(house)
    page = await look(house.browser("bo-sre"))
    assert next((each.action, each.prominent) for each in page.forms if each.action != "/sign-out") == (
        "/E1/confirm",
        True,
    )
    assert [each.action for each in page.forms if each.prominent] == ["/E1/confirm"]
    assert not any(each.prominent for each in (await look(house.browser("lin"))).forms)


async def test_every_button_is_one_of_a_form_with_words_and_labels(house: House) -> None:
    await asked(house)
    await house.world.says("kim-releng", PutOnHold("who watches?"))
    page = await look(house.browser("mo-sre"))
    assert page.verbs >= {"confirm", "hold", "refuse", "note", "here", "take"}
    for form in page.forms:
        assert form.method == "post"
        assert form.button.strip()
        assert {each["id"] for each in form.inputs} <= form.labels
    assert len(page.ids) == len(set(page.ids))
    assert all(tag not in ("script", "style") or "src" in given for tag, given in page.tags)
    assert not any(name.startswith("on") or name == "style" for _, given in page.tags for name in given)


async def test_what_would_not_be_accepted_is_no_button_and_says_why(house: House) -> None:
    await asked(house)
    page = await look(house.browser("ada"))
    assert not page.verbs & {"confirm", "go", "good", "rollback"}
    assert "What cannot be done now, and why" in page.text


async def test_who_is_not_signed_in_sees_the_room_and_acts_nowhere(house: House) -> None:
    await asked(house)
    page = await look(house.browser())
    assert "Stop caching painted pages" in page.text
    assert "Sign in to act" in page.text
    form = Form("/E1/confirm", "post", {"check_word": house.request.proposal.check_word})  # type: ignore[union-attr]
    answer = await send(house.browser(), form)
    assert answer.status_code == 422
    assert "Sign in first" in answer.text
    assert house.request.confirmers == ()


async def test_an_unsigned_visitor_is_told_so_once_and_not_for_every_button(house: House) -> None:
    await asked(house)
    assert (await look(house.browser())).text.count("Sign in first") <= 1


async def test_a_refusal_tells_every_reason_and_keeps_what_was_typed(house: House) -> None:
    await asked(house)
    browser = house.browser("bo-sre")
    form = (await look(browser)).form("refuse")
    answer = await send(browser, form, reason="   ")
    assert answer.status_code == 422
    assert "That was not done" in Page(answer.text).text
    await house.world.says("mo-sre", Confirm(house.request.proposal.check_word))  # type: ignore[union-attr]
    await house.world.says("kim-releng", Confirm(house.request.proposal.check_word))  # type: ignore[union-attr]
    late = await send(browser, form, reason="the caches <are> cold")
    assert late.status_code == 422
    assert "has changed since you saw it" in Page(late.text).text
    assert Page(late.text).form("refuse").fields["reason"] == "the caches <are> cold"


async def test_a_confirmation_of_what_was_shown_before_is_refused_and_shown_anew(house: House) -> None:
    await asked(house)
    bo = house.browser("bo-sre")
    form = (await look(bo)).form("confirm")
    house.world.neighbours.known = replace(house.world.neighbours.known, patchset=4, sha="9" * 40)
    await house.world.handler.handle(Act(ITSELF, Learn(), E1))
    answer = await send(bo, form)
    assert answer.status_code == 422
    assert "has changed since you saw it" in answer.text
    assert house.request.confirmers == ()
    assert Page(answer.text).form("confirm").fields["check_word"] != form.fields["check_word"]


async def test_a_stop_counts_however_old_the_page_is(house: House) -> None:
    await house.world.go()
    browser = house.browser("bo-sre")
    form = (await look(browser)).form("stop")
    await house.world.carry_all()
    assert (await send(browser, form)).status_code == 303
    assert house.request.status is Status.PAUSED


async def test_another_text_on_the_same_form_is_another_act(house: House) -> None:
    await asked(house)
    bo = house.browser("bo-sre")
    form = (await look(bo)).form("note")
    for text in ("one", "two", "two"):
        await send(bo, form, text=text)
    assert house.world.stored.count("Noted") == 2


async def test_no_act_is_done_by_looking(house: House) -> None:
    await asked(house)
    assert (await house.browser("bo-sre").get("/E1/confirm")).status_code in (404, 405)


def _attempt(page: Page) -> str:
    (named,) = [each.removeprefix("output-") for each in page.ids if each.startswith("output-")]
    return named


async def test_whatever_comes_from_outside_is_text(house: House) -> None:
    house.world.neighbours.known = replace(
        house.world.neighbours.known, subject=MARKUP, author_name=MARKUP, branch=MARKUP, url=f"javascript:{MARKUP}"
    )

    async def task(named: str) -> Task:
        return Task(named, MARKUP, Verdict.YES, url=f"javascript:{MARKUP}")

    house.world.neighbours.task = task  # type: ignore[method-assign]  # another task system
    await asked(house, replace(WISH, sentence=MARKUP, why_not_rollback=MARKUP, going_back_why=MARKUP), MARKUP)
    await house.world.says("kim-releng", PutOnHold(MARKUP))
    await house.world.says("bo-sre", Note(MARKUP))
    browser = house.browser("bo-sre")
    refused = await browser.post("/E1/go", data={"status": house.request.status, "word": "x" + MARKUP})
    assert refused.status_code == 422
    for html in ((await browser.get("/E1")).text, refused.text, (await browser.get("/")).text):
        _is_harmless(html)
    assert "<script>alert(1)</script>" in (await look(browser)).text


async def test_the_name_of_somebody_not_known_is_text(house: House) -> None:
    stranger = replace(verified("x"), name=MARKUP, person=None)
    await house.world.handler.handle(Act(stranger, Ask("help!", WISH, "#ops")))
    _is_harmless((await house.browser().get("/E1")).text)


async def test_what_steps_print_is_text(house: House) -> None:
    await at_the_checkpoint(house)
    browser = house.browser("bo-sre")
    printed(house, _attempt(await look(browser)), MARKUP.encode() + b"</pre><script src=x></script>\n")
    _is_harmless((await browser.get("/E1")).text)
    assert "</pre><script src=x></script>" in (await look(browser)).text


def _is_harmless(html: str) -> None:
    page = Page(html)
    scripts = [given.get("src", "") for tag, given in page.tags if tag == "script"]
    assert all(each.startswith("/static/") for each in scripts)
    assert not any(name.startswith("on") for _, given in page.tags for name in given)
    assert not any(given.get("href", "").strip().lower().startswith("javascript") for _, given in page.tags)
    assert "\u202e" not in html
    assert "{{ 7 * 7 }}" in page.text


async def test_a_deployer_out_of_sight_is_told_apart_from_one_who_is_here(house: House) -> None:
    await house.world.ready()
    assert "kim-releng (here)" in (await look(house.browser())).text
    house.world.later(3600)
    assert "kim-releng (here)" not in (await look(house.browser())).text
