"""The pages on which people keep that by which they are known: nothing of it is changed by a stolen session alone."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pyotp
import pytest

from tests.domain.night import BEGIN
from tests.web.authenticator import Authenticator, ask, enrol, sign_form
from tests.web.forms import Form, Page, look, send
from tests.web.house import House
from tests.web.test_acting import asked
from tests.web.test_passkeys import BO, MO, ask_for
from tocsin.domain import events as e
from tocsin.domain.policy import Fresh
from tocsin.domain.recorded import HOUSE
from tocsin.record.passkeys import flaws
from tocsin.service.tokens import Scope
from tocsin.web.nonces import MOST_OF_ONE, Nonces

PAGES = ("/me/passkeys", "/me/codes", "/me/tokens", "/me/vouch")


def events(house: House) -> list[e.Event]:
    return [each.event for each in house.store.read(HOUSE)]


def names(house: House) -> list[str]:
    return [each.name for each in house.office.requests.house.passkeys_of(BO)]


def made(house: House, secret: str, steps: int = 0) -> str:
    """Return the code that an app shows now, or some steps away."""
    return pyotp.TOTP(secret).at(house.world.clock.now(), counter_offset=steps)


async def begin_codes(house: House, browser: httpx2.AsyncClient) -> str:
    """Have a secret of one-time codes count, and return it."""
    page = await follow(browser, await send(browser, (await look(browser, "/me/codes")).form("codes", do="begin")))
    secret = next(given["href"] for tag, given in page.tags if given.get("href", "").startswith("otpauth://"))
    key = pyotp.parse_uri(secret)
    assert isinstance(key, pyotp.TOTP)
    done = await send(browser, first_form(page), first=made(house, key.secret))
    assert done.status_code == 303, done.text
    house.world.later(90)
    return key.secret


def first_form(page: Page) -> Form:
    return next(each for each in page.forms if "first" in each.fields)


async def follow(browser: httpx2.AsyncClient, answer: httpx2.Response) -> Page:
    assert answer.status_code == 303, answer.text
    return await look(browser, answer.headers["Location"])


async def refused(browser: httpx2.AsyncClient, address: str, fields: dict[str, str]) -> str:
    answer = await browser.post(address, data=fields)
    assert answer.status_code == 422, answer.text
    return Page(answer.text).text


@pytest.fixture
async def bo(house: House) -> AsyncIterator[httpx2.AsyncClient]:
    yield house.browser("bo-sre")


# --- the pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
async def test_each_page_has_labels_and_words_and_no_script_inside(
    house: House, bo: httpx2.AsyncClient, address: str
) -> None:
    await enrol(bo, Authenticator(house.settings.origin))
    page = await look(bo, address)
    for form in page.forms:
        assert form.method == "post"
        assert form.button.strip()
        assert {each["id"] for each in form.inputs} <= form.labels
    assert len(page.ids) == len(set(page.ids))
    assert all(tag not in ("script", "style") or "src" in given for tag, given in page.tags)


@pytest.mark.parametrize("address", PAGES)
async def test_who_is_not_signed_in_is_told_so(house: House, address: str) -> None:
    nobody = house.browser()
    assert "You are not signed in" in (await look(nobody, address)).text
    assert "Sign in first" in await refused(nobody, address, {"change": "enrol"})
    assert events(house) == []


async def test_an_act_that_there_is_not_is_refused(bo: httpx2.AsyncClient) -> None:
    assert "no such change" in await refused(bo, "/me/passkeys", {"change": "steal"})


# --- passkeys ---------------------------------------------------------------------------------------------------------


async def test_the_first_passkey_needs_the_session_alone_and_the_page_shows_it(
    house: House, bo: httpx2.AsyncClient
) -> None:
    page = await follow(bo, await enrol(bo, Authenticator(house.settings.origin), "my telephone"))
    assert "The passkey my telephone is enrolled" in page.text
    assert "It is your only one" in page.text
    [enrolled] = events(house)
    assert isinstance(enrolled, e.PasskeyEnrolled)
    assert enrolled.how is e.Enrolment.FIRST


async def test_a_second_passkey_needs_the_first_and_the_record_shows_that_it_was_used(
    house: House, bo: httpx2.AsyncClient
) -> None:
    first, second = Authenticator(house.settings.origin), Authenticator(house.settings.origin)
    await enrol(bo, first)
    assert "Use a passkey that you have" in (await enrol(bo, second, "blue key")).text
    assert (await enrol(bo, second, "blue key", older=first)).status_code == 303
    assert names(house) == ["telephone", "blue key"]
    assert list(flaws(house.store.since(0, 1000), house.settings.origin)) == []


async def test_an_older_passkey_lets_in_that_new_one_and_no_other(house: House, bo: httpx2.AsyncClient) -> None:
    first, second, thief = (Authenticator(house.settings.origin) for _ in range(3))
    await enrol(bo, first)
    fields = {"change": "enrol", "name": "blue key"}
    fields["credential"] = second.make(await ask(bo, "/me/passkeys/new", fields))
    fields["assertion"] = first.sign(await ask(bo, "/me/passkeys/question", fields))
    fields["credential"] = thief.make(await ask(bo, "/me/passkeys/new", fields))
    assert "did not answer for what is asked" in await refused(bo, "/me/passkeys", fields)
    assert names(house) == ["telephone"]


@pytest.mark.parametrize("lie", [{"flags": 0x01}, {"origin": "http://elsewhere.example.org"}, {"host": "example.org"}])
async def test_a_device_that_lies_or_is_not_sure_who_it_is_is_not_enrolled(
    house: House, bo: httpx2.AsyncClient, lie: dict[str, object]
) -> None:
    device = Authenticator(**{"origin": house.settings.origin, **lie})  # type: ignore[arg-type]  # by name
    answer = await enrol(bo, device)
    assert answer.status_code == 422
    assert "nothing was done" in answer.text
    assert names(house) == []


async def test_an_invitation_is_good_once_and_in_its_own_session(house: House, bo: httpx2.AsyncClient) -> None:
    fields = {"change": "enrol", "name": "telephone"}
    fields["credential"] = Authenticator(house.settings.origin).make(await ask(bo, "/me/passkeys/new", fields))
    for thief in ("bo-sre", "mo-sre"):
        assert "too old or was used" in await refused(house.browser(thief), "/me/passkeys", fields)
    assert (await bo.post("/me/passkeys", data=fields)).status_code == 303
    assert "too old or was used" in await refused(bo, "/me/passkeys", fields)


async def test_a_passkey_is_removed_with_a_passkey_alone(house: House, bo: httpx2.AsyncClient) -> None:
    passkey = Authenticator(house.settings.origin)
    await enrol(bo, passkey)
    fields = (await look(bo, "/me/passkeys")).form("passkeys", change="remove").fields
    assert "Use a passkey that you have" in await refused(bo, "/me/passkeys", fields)
    fields["assertion"] = passkey.sign(await ask(bo, "/me/passkeys/question", fields))
    page = await follow(bo, await bo.post("/me/passkeys", data=fields))
    assert "let a colleague of your team vouch for you" in page.text
    assert names(house) == []
    assert list(flaws(house.store.since(0, 1000), house.settings.origin)) == []


async def test_who_has_codes_shows_one_for_their_first_passkey(house: House, bo: httpx2.AsyncClient) -> None:
    secret = await begin_codes(house, bo)
    fields = {"change": "enrol", "name": "telephone"}
    device = Authenticator(house.settings.origin)
    fields["credential"] = device.make(await ask(bo, "/me/passkeys/new", fields))
    assert "Type a one-time code" in await refused(bo, "/me/passkeys", fields)
    fields["credential"] = device.make(await ask(bo, "/me/passkeys/new", fields))
    await follow(bo, await bo.post("/me/passkeys", data={**fields, "code": made(house, secret)}))
    assert names(house) == ["telephone"]


# --- a colleague's word -----------------------------------------------------------------------------------------------


async def test_a_colleague_vouches_and_a_new_passkey_ends_the_older_ones(house: House, bo: httpx2.AsyncClient) -> None:
    lost, new, mo = Authenticator(house.settings.origin), Authenticator(house.settings.origin), house.browser("mo-sre")
    await enrol(bo, lost)
    form = (await look(mo, "/me/vouch")).form("vouch")
    word = {**form.fields, "whom": "bo-sre", "reason": "lost their telephone, we spoke"}
    page = await follow(mo, await mo.post("/me/vouch", data=word))
    assert "bo-sre can enrol a passkey anew within 1 h" in page.text
    assert "mo-sre vouched for you" in (await look(bo, "/me/passkeys")).text
    await follow(bo, await enrol(bo, new, "new telephone"))
    assert names(house) == ["new telephone"]
    assert list(flaws(house.store.since(0, 1000), house.settings.origin)) == []


async def test_who_has_a_passkey_vouches_with_it(house: House, bo: httpx2.AsyncClient) -> None:
    mo, passkey = house.browser("mo-sre"), Authenticator(house.settings.origin)
    await enrol(mo, passkey)
    form = (await look(mo, "/me/vouch")).form("vouch")
    word = {**form.fields, "whom": "bo-sre", "reason": "we spoke"}
    said = await refused(mo, "/me/vouch", word)
    assert "Use a passkey that you have" in said
    word["assertion"] = passkey.sign(await ask(mo, "/me/passkeys/question", word))
    assert "did not answer for what" in await refused(mo, "/me/vouch", {**word, "whom": "pat-both"})
    word["assertion"] = passkey.sign(await ask(mo, "/me/passkeys/question", word))
    await follow(mo, await mo.post("/me/vouch", data=word))
    assert list(flaws(house.store.since(0, 1000), house.settings.origin)) == []


async def test_what_was_typed_stays_when_a_word_is_refused(bo: httpx2.AsyncClient) -> None:
    fields = {"change": "vouch", "whom": "bo-sre", "reason": "we spoke <b>"}
    answer = await bo.post("/me/vouch", data=fields)
    assert "Nobody vouches for themselves" in answer.text
    assert 'value="we spoke &lt;b&gt;"' in answer.text


# --- tokens -----------------------------------------------------------------------------------------------------------


async def test_a_token_is_made_shown_once_and_revoked(house: House, bo: httpx2.AsyncClient) -> None:
    form = (await look(bo, "/me/tokens")).form("tokens", do="make")
    page = await follow(bo, await send(bo, form, name="dashboard", days="7", **{"may-confirm": "yes"}))
    secret = next(each for each in page.text.split() if each.startswith("tcsn_"))
    token = house.tokens.known(secret)
    assert token is not None
    assert (token.person, token.scopes) == (BO, frozenset({Scope.READ, Scope.CONFIRM}))
    again = await look(bo, "/me/tokens")
    assert secret not in again.text
    assert "dashboard may confirm, read" in again.text
    await follow(bo, await send(bo, again.form("tokens", do="revoke")))
    assert house.tokens.known(secret) is None


async def test_what_was_typed_for_a_token_is_kept_when_it_is_refused(house: House, bo: httpx2.AsyncClient) -> None:
    fields = {"change": "tokens", "do": "make", "name": "two words", "days": "7", "may-carry-out": "yes"}
    answer = await bo.post("/me/tokens", data=fields)
    assert answer.status_code == 422
    assert "A token's name has" in Page(answer.text).text
    kept = Page(answer.text).form("tokens", do="make").fields
    assert (kept["name"], kept["days"]) == ("two words", "7")
    assert "may-carry-out" in kept
    assert "may-read" not in kept


async def test_a_stolen_session_makes_no_token(house: House, bo: httpx2.AsyncClient) -> None:
    form = (await look(bo, "/me/tokens")).form("tokens", do="make")
    await begin_codes(house, bo)
    assert "Type a one-time code" in await refused(bo, "/me/tokens", {**form.fields, "name": "ci"})
    mo = house.browser("mo-sre")
    await enrol(mo, Authenticator(house.settings.origin))
    assert "Use a passkey that you have" in await refused(mo, "/me/tokens", {**form.fields, "name": "ci"})
    assert house.tokens.of(BO) == house.tokens.of(MO) == ()


async def test_a_passkey_vouches_for_the_one_token_that_it_was_asked_about(
    house: House, bo: httpx2.AsyncClient
) -> None:
    device = Authenticator(house.settings.origin)
    await enrol(bo, device)
    form = (await look(bo, "/me/tokens")).form("tokens", do="make")
    signed = await sign_form(bo, replace(form, fields={**form.fields, "name": "ci"}), device, "/me/passkeys/question")
    assert "did not answer for what" in await refused(bo, "/me/tokens", {**signed, "name": "other"})
    signed = await sign_form(bo, replace(form, fields={**form.fields, "name": "ci"}), device, "/me/passkeys/question")
    await follow(bo, await bo.post("/me/tokens", data=signed))
    assert [each.name for each in house.tokens.of(BO)] == ["ci"]


# --- one-time codes ---------------------------------------------------------------------------------------------------


async def test_a_yes_with_a_code_counts_where_the_policy_takes_one(house: House, bo: httpx2.AsyncClient) -> None:
    ask_for(house, Fresh.PASSKEY_OR_CODE)
    secret = await begin_codes(house, bo)
    await asked(house)
    form = (await look(bo)).form("confirm")
    assert "One-time code" in (await look(bo)).text
    assert (await send(bo, form, code=made(house, secret))).status_code == 303
    assert house.request.confirmers == (BO,)
    [given] = [each for each in house.store.since(0, 1000) if isinstance(each.event, e.ConfirmationGiven)]
    assert given.origin.proof == "session by a test; one-time code"


async def test_where_the_policy_asks_for_a_passkey_a_code_is_not_enough(house: House, bo: httpx2.AsyncClient) -> None:
    ask_for(house, Fresh.PASSKEY)
    secret = await begin_codes(house, bo)
    await asked(house)
    form = (await look(bo)).form("confirm")
    assert "code" not in form.fields
    assert "Your yes needs your passkey" in await refused(
        bo, "/E1/confirm", {**form.fields, "code": made(house, secret)}
    )


async def test_a_code_counts_once_and_so_does_every_one_before_it(house: House, bo: httpx2.AsyncClient) -> None:
    ask_for(house, Fresh.PASSKEY_OR_CODE)
    secret = await begin_codes(house, bo)
    await asked(house)
    form = (await look(bo)).form("confirm")
    assert (await send(bo, form, code=made(house, secret))).status_code == 303
    other = house.browser("bo-sre")
    for steps in (0, -1):
        fields = {**form.fields, "act": "another", "code": made(house, secret, steps)}
        assert "That code is not good" in await refused(other, "/E1/confirm", fields)
    assert (await send(bo, form, code=made(house, secret))).status_code == 303, "the same form pressed twice"


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
async def test_clocks_may_differ_by_half_a_minute(house: House, bo: httpx2.AsyncClient, steps: int, good: bool) -> None:
    ask_for(house, Fresh.PASSKEY_OR_CODE)
    secret = await begin_codes(house, bo)
    await asked(house)
    answer = await send(bo, (await look(bo)).form("confirm"), code=made(house, secret, steps))
    assert (answer.status_code == 303) is good


async def test_after_five_wrong_codes_nobody_guesses_on_for_five_minutes(house: House, bo: httpx2.AsyncClient) -> None:
    ask_for(house, Fresh.PASSKEY_OR_CODE)
    secret = await begin_codes(house, bo)
    await asked(house)
    fields = (await look(bo)).form("confirm").fields
    for _ in range(5):
        assert "That code is not good" in await refused(bo, "/E1/confirm", {**fields, "code": "12345"})
    good = {**fields, "code": made(house, secret)}
    assert "try again in 5 min" in await refused(house.browser("bo-sre"), "/E1/confirm", good)
    house.world.later(5 * 60)
    good["code"] = made(house, secret)
    assert (await bo.post("/E1/confirm", data=good)).status_code == 303


async def test_a_key_counts_only_after_a_right_code_was_shown(house: House, bo: httpx2.AsyncClient) -> None:
    page = await follow(bo, await send(bo, (await look(bo, "/me/codes")).form("codes", do="begin")))
    assert "That code is not good" in await refused(bo, "/me/codes", {**first_form(page).fields, "first": "000000"})
    assert house.office.devices.secret(BO) is None
    house.world.later(15 * 60)
    late = {"change": "codes", "first": "000000"}
    assert "begin again" in await refused(bo, "/me/codes", late)


async def test_a_key_is_shown_in_the_session_that_began_with_it_alone(house: House, bo: httpx2.AsyncClient) -> None:
    page = await follow(bo, await send(bo, (await look(bo, "/me/codes")).form("codes", do="begin")))
    assert "otpauth://totp/Example:bo-sre?secret=" in page.text
    assert "otpauth" not in (await look(house.browser("bo-sre"), "/me/codes")).text
    secret = await begin_codes(house, bo)
    assert secret not in (await look(bo, "/me/codes")).text


async def test_a_stolen_session_takes_no_new_key_and_ends_no_codes(house: House, bo: httpx2.AsyncClient) -> None:
    secret = await begin_codes(house, bo)
    thief = house.browser("bo-sre")
    for do in ("begin", "end"):
        assert "Type a one-time code" in await refused(thief, "/me/codes", {"change": "codes", "do": do})
    fields = (await look(bo, "/me/codes")).form("codes", do="end").fields
    assert (await bo.post("/me/codes", data={**fields, "code": made(house, secret)})).status_code == 303
    assert house.office.devices.secret(BO) is None


async def test_who_has_a_passkey_changes_their_codes_with_it(house: House, bo: httpx2.AsyncClient) -> None:
    passkey = Authenticator(house.settings.origin)
    await enrol(bo, passkey)
    fields = (await look(bo, "/me/codes")).form("codes", do="begin").fields
    assert "Use a passkey that you have" in await refused(bo, "/me/codes", fields)
    fields["assertion"] = passkey.sign(await ask(bo, "/me/passkeys/question", fields))
    assert "Put this into your app" in (await follow(bo, await bo.post("/me/codes", data=fields))).text


async def test_who_has_no_codes_is_told_where_to_get_them(house: House, bo: httpx2.AsyncClient) -> None:
    ask_for(house, Fresh.PASSKEY_OR_CODE)
    await asked(house)
    form = (await look(bo)).form("confirm")
    assert "/me/codes" in await refused(bo, "/E1/confirm", {**form.fields, "code": "123456"})


async def test_counts_and_keys_outlive_a_restart_and_the_file_is_for_nobody_else(
    house: House, bo: httpx2.AsyncClient
) -> None:
    secret = await begin_codes(house, bo)
    kept = house.office.devices.secret(BO)
    assert kept is not None
    assert kept.secret == secret
    assert (house.folder / "credentials.db").stat().st_mode & 0o777 == 0o600


# --- numbers used once ------------------------------------------------------------------------------------------------


def test_a_number_is_good_once_for_its_session_and_one_session_holds_only_so_many() -> None:
    nonces, now = Nonces(), BEGIN
    mine = [nonces.give("mine", now) for _ in range(MOST_OF_ONE + 1)]
    other = nonces.give("other", now)
    assert not nonces.take(mine[0], "mine", now)
    assert not nonces.take(other, "mine", now)
    assert nonces.take(mine[1], "mine", now)
    assert not nonces.take(mine[1], "mine", now)
    assert nonces.take(other, "other", now)
