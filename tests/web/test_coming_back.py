"""Who is suspended signs in, reads how to come back, and comes back by a passkey and one member; no session does it."""

import httpx2

from tests.domain.night import verified
from tests.web.authenticator import Authenticator, ask, enrol, sign_form
from tests.web.forms import Page, look, send
from tests.web.house import House
from tests.web.test_sign_in import code
from tocsin.domain import events as e
from tocsin.domain.commands import Restore, Suspend
from tocsin.domain.people import PersonId
from tocsin.domain.recorded import HOUSE
from tocsin.record.passkeys import flaws
from tocsin.service.handler import Act

KIM, BO, MO = PersonId("kim-releng"), PersonId("bo-sre"), PersonId("mo-sre")
ASKED = "/me/passkeys/question"


async def suspended(house: House, by: str = "bo-sre") -> None:
    await house.world.handler.handle(Act(verified(by), Suspend(KIM, "a <b>stolen</b> laptop")))


async def with_passkey(house: House) -> tuple[httpx2.AsyncClient, Authenticator]:
    """Return the browser of kim-releng, who enrolled a passkey before they were suspended."""
    await house.world.ready()
    browser, passkey = house.browser("kim-releng"), Authenticator(house.settings.origin)
    assert (await enrol(browser, passkey)).status_code == 303
    await suspended(house)
    return browser, passkey


async def uses(browser: httpx2.AsyncClient, passkey: Authenticator) -> httpx2.Response:
    form = (await look(browser, "/me")).form("restore")
    return await browser.post(form.action, data=await sign_form(browser, form, passkey, ASKED))


async def restores(house: House, person: str) -> None:
    await house.world.handler.handle(Act(verified(person), Restore(KIM)))


def counts(house: House) -> bool:
    return KIM not in house.office.requests.house.suspended_people


async def test_who_is_suspended_signs_in_and_every_page_leads_to_how_to_come_back(house: House) -> None:
    await house.world.ready()
    await house.world.handler.handle(Act(verified("bo-sre"), Suspend(PersonId("ada"), "a stolen laptop")))
    browser = house.browser()
    assert (await browser.post("/sign-in", data={"code": code(house)})).status_code == 303
    for address in ("/", "/E1", "/calendar", "/me/passkeys"):
        page = await look(browser, address)
        assert "You are suspended: your yes counts nowhere." in page.text, address
    own = await look(browser, "/me")
    assert "You are suspended by bo-sre: a stolen laptop" in own.text
    assert "Call two members of teams that confirm (not bo-sre). Each says !restore ada" in own.text
    assert "restore" not in own.verbs
    assert "suspended" not in (await look(house.browser("bo-sre"), "/")).text


async def test_a_passkey_and_one_member_bring_somebody_back(house: House) -> None:
    browser, passkey = await with_passkey(house)
    page = await look(browser, "/me")
    assert "You are suspended by bo-sre: a <b>stolen</b> laptop" in page.text
    assert "one member of a team that confirms (not bo-sre) restores you" in page.text
    answer = await uses(browser, passkey)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me")
    told = await look(browser, "/me")
    assert "You used your passkey. Now call one member of a team that confirms (not bo-sre)." in told.text
    assert "restore" not in told.verbs
    assert not counts(house)
    await restores(house, "mo-sre")
    assert counts(house)
    assert "suspended" not in (await look(browser, "/me")).text
    written = house.store.read(HOUSE)
    assert [each.event for each in written][-1] == e.PersonRestored(KIM, (KIM, MO))
    assert list(flaws(written, house.settings.origin)) == []


async def test_where_a_member_agreed_before_the_passkey_is_enough(house: House) -> None:
    browser, passkey = await with_passkey(house)
    await restores(house, "mo-sre")
    assert "mo-sre agreed already" in (await look(browser, "/me")).text
    await uses(browser, passkey)
    assert counts(house)
    assert "kim-releng is restored by their own passkey and mo-sre" in (await look(browser, "/me")).text


async def test_after_an_hour_the_passkey_is_used_again(house: House) -> None:
    browser, passkey = await with_passkey(house)
    await uses(browser, passkey)
    house.world.later(3600)
    await restores(house, "mo-sre")
    assert not counts(house)
    await uses(browser, passkey)
    assert counts(house)


async def test_the_session_alone_brings_nobody_back(house: House) -> None:
    browser, _ = await with_passkey(house)
    answer = await send(browser, (await look(browser, "/me")).form("restore"))
    assert answer.status_code == 422
    assert "Use a passkey of yours: the session alone may be in other hands." in Page(answer.text).text
    assert house.office.requests.house.suspension(KIM).proven_at is None  # type: ignore[union-attr]


async def test_an_answer_for_another_act_or_of_another_passkey_brings_nobody_back(house: House) -> None:
    browser, passkey = await with_passkey(house)
    form = (await look(browser, "/me")).form("restore")
    for fields in ({"change": "codes"}, {"change": "vouch", "whom": "mo-sre"}):
        answer = passkey.sign(await ask(browser, ASKED, fields))
        refused = await browser.post(form.action, data={**form.fields, "assertion": answer})
        assert refused.status_code == 422
        assert "did not answer for what is asked here" in Page(refused.text).text
    stranger = Authenticator(house.settings.origin)
    assert (await uses(browser, stranger)).status_code == 422
    assert house.office.requests.house.suspension(KIM).proven_at is None  # type: ignore[union-attr]


async def test_a_form_for_another_change_is_none_for_coming_back(house: House) -> None:
    browser, passkey = await with_passkey(house)
    fields = {"change": "codes"}
    answer = passkey.sign(await ask(browser, ASKED, fields))
    refused = await browser.post("/me/restore", data={**fields, "assertion": answer})
    assert refused.status_code == 422
    assert house.office.requests.house.suspension(KIM).proven_at is None  # type: ignore[union-attr]


async def test_who_is_not_signed_in_is_led_to_the_door(house: House) -> None:
    answer = await house.browser().post("/me/restore", data={"change": "restore"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me")


async def test_who_suspended_themselves_reads_no_name_that_may_not_help(house: House) -> None:
    await house.world.ready()
    await suspended(house, "kim-releng")
    page = await look(house.browser("kim-releng"), "/me")
    assert "You suspended your own account" in page.text
    assert "(not" not in page.text
