"""Who is suspended stands on a page, where members of teams that confirm suspend and restore by a button."""

from tests.web.forms import Page, look, send
from tests.web.house import House
from tests.web.test_coming_back import uses, with_passkey
from tocsin.domain import events as e
from tocsin.domain.people import PersonId
from tocsin.domain.recorded import HOUSE

KIM, BO, MO = PersonId("kim-releng"), PersonId("bo-sre"), PersonId("mo-sre")
STOLEN = {"whom": "kim-releng", "reason": "their <b>laptop</b> was stolen"}


async def suspends(house: House, person: str = "bo-sre") -> Page:
    """Suspend kim-releng, and return where that leads."""
    await house.world.ready()
    browser = house.browser(person)
    form = (await look(browser, "/me/suspend")).form("suspend")
    answer = await browser.post(form.action, data=form.fields | STOLEN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/suspend")
    return await look(browser, "/me/suspend")


def suspended(house: House) -> frozenset[PersonId]:
    return house.office.requests.house.suspended_people


async def test_a_member_suspends_an_account_at_once_and_everybody_signed_in_reads_why(house: House) -> None:
    assert "Nobody." in (await look(house.browser("bo-sre"), "/me/suspend")).text
    page = await suspends(house)
    assert suspended(house) == {KIM}
    assert "kim-releng is suspended by bo-sre" in page.text
    assert "their <b>laptop</b> was stolen" in page.text
    [event] = [each for each in house.store.read(HOUSE) if isinstance(each.event, e.PersonSuspended)]
    assert event.origin.surface == "page"


async def test_two_others_restore_it_by_a_button_that_the_two_concerned_do_not_have(house: House) -> None:
    page = await suspends(house)
    assert "restore" not in page.verbs
    assert "restore" not in (await look(house.browser("kim-releng"), "/me/suspend")).verbs
    for person in ("mo-sre", "rei-releng"):
        browser = house.browser(person)
        form = (await look(browser, "/me/suspend")).form("restore", whom="kim-releng")
        assert (await send(browser, form)).status_code == 303
    assert suspended(house) == frozenset()
    assert house.store.read(HOUSE)[-1].event == e.PersonRestored(KIM, (MO, PersonId("rei-releng")))


async def test_pressed_twice_is_said_once(house: House) -> None:
    await suspends(house)
    browser = house.browser("mo-sre")
    form = (await look(browser, "/me/suspend")).form("restore")
    assert [(await send(browser, form)).status_code for _ in range(2)] == [303, 303]
    assert house.office.requests.house.restoring(KIM) == (MO,)
    page = await look(browser, "/me/suspend")
    assert "mo-sre would restore them" in page.text
    assert "restore" not in page.verbs


async def test_two_buttons_of_one_page_are_two_acts(house: House) -> None:
    await suspends(house)
    browser = house.browser("mo-sre")
    page = await look(browser, "/me/suspend")
    assert (await send(browser, page.form("restore"))).status_code == 303
    answer = await browser.post(
        "/me/suspend/suspend", data=page.form("suspend").fields | {"whom": "ada", "reason": "x"}
    )
    assert answer.status_code == 303
    assert suspended(house) == {KIM, "ada"}


async def test_a_passkey_that_was_used_is_told_to_who_may_restore(house: House) -> None:
    browser, passkey = await with_passkey(house)
    await uses(browser, passkey)
    member = house.browser("mo-sre")
    page = await look(member, "/me/suspend")
    assert "They used their passkey: one member is enough." in page.text
    assert (await send(member, page.form("restore"))).status_code == 303
    assert suspended(house) == frozenset()


async def test_who_may_not_is_told_why_and_keeps_what_they_typed(house: House) -> None:
    await house.world.ready()
    answer = await house.browser("ada").post("/me/suspend/suspend", data={"act": "a", **STOLEN})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Only members of teams that confirm" in page.text
    assert page.form("suspend").fields["reason"] == STOLEN["reason"]
    assert suspended(house) == frozenset()


async def test_anybody_suspends_their_own_account_without_a_word(house: House) -> None:
    await house.world.ready()
    answer = await house.browser("ada").post("/me/suspend/suspend", data={"act": "a", "whom": "ada", "reason": ""})
    assert answer.status_code == 303
    assert suspended(house) == {"ada"}


async def test_who_is_not_signed_in_reads_nobodys_name_and_does_nothing(house: House) -> None:
    await suspends(house)
    browser = house.browser()
    answer = await browser.post("/me/suspend/restore", data={"act": "a", "whom": "kim-releng"})
    assert answer.status_code == 422
    for page in (Page(answer.text), await look(browser, "/me/suspend")):
        assert "kim-releng" not in page.text
        assert "sign in" in page.text
    assert house.office.requests.house.restoring(KIM) == ()


async def test_there_is_no_other_verb_there(house: House) -> None:
    answer = await house.browser("bo-sre").post("/me/suspend/emergency", data={"act": "a"})
    assert answer.status_code == 422
    assert "There is no verb" in answer.text
