"""A yes by passkey: for one act of one person on one page, once; and what is kept of it holds by the record alone."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx2
import pytest

from tests.domain.night import WISH, verified
from tests.service.world import E1
from tests.web.authenticator import Authenticator, ask, enrol, sign_form
from tests.web.forms import Form, look, send
from tests.web.house import House
from tests.web.test_acting import asked
from tocsin.domain import events as e
from tocsin.domain.commands import Confirm, Unconfirm
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.people import PersonId, RequestId
from tocsin.domain.policy import Fresh
from tocsin.domain.recorded import Origin, Recorded
from tocsin.domain.situation import Catalogue
from tocsin.record.passkeys import Bound, Flaw, answer_in, flaws, verify_proof
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act

BO, MO = PersonId("bo-sre"), PersonId("mo-sre")
NOT_FOR_THIS, TOO_LATE = "did not answer for what is asked", "too old or was used already"


def ask_for(house: House, fresh: Fresh) -> None:
    """Have the policy ask for more than a session."""
    situations = house.world.situations
    [target] = situations.configuration.catalogue.targets
    stricter = replace(target, policy=replace(target.policy, fresh=fresh))
    situations.configuration = replace(situations.configuration, catalogue=Catalogue((stricter,)))


@dataclass
class Holder:
    """Bo with a browser and a passkey."""

    house: House
    browser: httpx2.AsyncClient
    passkey: Authenticator

    @property
    def word(self) -> str:
        assert self.house.request.proposal is not None
        return self.house.request.proposal.check_word

    async def form(self, request: str = "E1") -> Form:
        return (await look(self.browser, f"/{request}")).form("confirm")

    async def signed(self, form: Form | None = None) -> dict[str, str]:
        form = form or await self.form()
        return await sign_form(self.browser, form, self.passkey, f"{form.action.removesuffix('/confirm')}/passkey")

    async def refused(self, fields: dict[str, str], browser: httpx2.AsyncClient | None = None) -> str:
        answer = await (browser or self.browser).post("/E1/confirm", data=fields)
        assert answer.status_code == 422
        assert self.house.request.confirmers == ()
        return answer.text


@pytest.fixture
async def bo(house: House) -> AsyncIterator[Holder]:
    """A request that asks for passkeys, and bo with one."""
    ask_for(house, Fresh.PASSKEY)
    await asked(house)
    browser, passkey = house.browser("bo-sre"), Authenticator(house.settings.origin)
    answer = await enrol(browser, passkey)
    assert answer.status_code == 303, answer.text
    yield Holder(house, browser, passkey)


def recorded(house: House) -> list[Recorded]:
    return list(house.store.since(0, 1000))


# --- a yes ------------------------------------------------------------------------------------------------------------


async def test_a_yes_with_a_passkey_counts_and_its_answer_is_kept_with_it(bo: Holder) -> None:
    answer = await bo.browser.post("/E1/confirm", data=await bo.signed())
    assert answer.status_code == 303, answer.text
    assert bo.house.request.confirmers == (BO,)
    [given] = [each for each in recorded(bo.house) if isinstance(each.event, e.ConfirmationGiven)]
    kept = answer_in(given.origin.proof)
    assert kept is not None
    assert kept.credential == bo.passkey.credential
    assert given.origin.proof.startswith("session by a test; passkey nonce=")


async def test_without_a_passkey_a_yes_says_what_is_missing_and_another_way(bo: Holder) -> None:
    said = await bo.refused((await bo.form()).fields)
    assert "Your yes needs your passkey here" in said
    assert f"!confirm E1 {bo.word}" in said
    assert "one-time code" not in said


async def test_what_is_no_yes_needs_none(bo: Holder) -> None:
    form = (await look(bo.browser)).form("hold")
    assert (await send(bo.browser, form, reason="who watches?")).status_code == 303


async def test_where_the_policy_asks_for_nothing_the_session_is_enough(house: House) -> None:
    await asked(house)
    browser = house.browser("bo-sre")
    form = (await look(browser)).form("confirm")
    assert "assertion" not in form.fields
    assert (await send(browser, form)).status_code == 303


async def test_a_yes_on_another_surface_is_as_it_was(bo: Holder) -> None:
    await bo.house.world.says("bo-sre", Confirm(bo.word))
    assert bo.house.request.confirmers == (BO,)


async def test_pressed_twice_is_said_once_and_nobody_is_told_that_it_failed(bo: Holder) -> None:
    fields = await bo.signed()
    for _ in range(2):
        assert (await bo.browser.post("/E1/confirm", data=fields)).status_code == 303


async def test_who_could_not_confirm_is_told_before_they_lift_a_finger(bo: Holder) -> None:
    fields = (await bo.form()).fields
    answer = await bo.house.browser("ada").post("/E1/passkey", data=fields)
    assert answer.status_code == 422
    assert any("asked for" in each or "Only" in each or "members" in each for each in answer.json()["reasons"])
    answer = await bo.house.browser().post("/E1/passkey", data=fields)
    assert answer.json() == {"reasons": ["Sign in first: there is a link at the top of the page."]}


async def test_who_has_no_passkey_is_told_where_to_get_one(bo: Holder) -> None:
    mo = bo.house.browser("mo-sre")
    answer = await mo.post("/E1/passkey", data=(await look(mo)).form("confirm").fields)
    assert answer.status_code == 422
    assert "/me/passkeys" in answer.text


# --- what does not count ----------------------------------------------------------------------------------------------


async def test_an_answer_counts_once(bo: Holder) -> None:
    fields = await bo.signed()
    assert (await bo.browser.post("/E1/confirm", data=fields)).status_code == 303
    await bo.house.world.says("bo-sre", Unconfirm())
    assert TOO_LATE in await bo.refused({**fields, "act": "another"})


async def test_an_answer_is_too_old_after_five_minutes(bo: Holder) -> None:
    fields = await bo.signed()
    bo.house.world.later(5 * 60)
    assert TOO_LATE in await bo.refused(fields)


async def test_an_answer_that_was_stolen_counts_in_no_other_session(bo: Holder) -> None:
    fields = await bo.signed()
    for thief in ("bo-sre", "mo-sre"):
        assert TOO_LATE in await bo.refused(fields, bo.house.browser(thief))
    assert (await bo.browser.post("/E1/confirm", data=fields)).status_code == 303


async def test_an_answer_for_another_request_does_not_count(bo: Holder) -> None:
    other = await bo.signed()
    handler = bo.house.world.handler
    around = bo.house.world.neighbours
    around.known = replace(around.known, number=77, sha="7" * 40)
    await handler.handle(Act(verified("dee"), Ask("help!", replace(WISH, named="77"), "#ops")))
    await handler.handle(Act(ITSELF, Learn(), RequestId("E2")))
    second = bo.house.office.requests.find(RequestId("E2"))
    assert second is not None and second.proposal is not None
    fields = {**other, "check_word": second.proposal.check_word, "word": second.proposal.check_word}
    answer = await bo.browser.post("/E2/confirm", data={**fields, "status": second.status})
    assert answer.status_code == 422
    assert NOT_FOR_THIS in answer.text


async def test_an_answer_for_another_check_word_does_not_count(bo: Holder) -> None:
    fields = await bo.signed()
    before = bo.word
    bo.house.world.neighbours.known = replace(bo.house.world.neighbours.known, patchset=4, sha="9" * 40)
    await bo.house.world.handler.handle(Act(ITSELF, Learn(), E1))
    assert bo.word != before
    now = (await bo.form()).fields
    assert NOT_FOR_THIS in await bo.refused({**now, "assertion": fields["assertion"]})


async def test_an_answer_for_another_act_does_not_count(bo: Holder) -> None:
    form = await bo.form()
    change = {"change": "remove", "passkey": bo.passkey.credential}
    assertion = bo.passkey.sign(await ask(bo.browser, "/me/passkeys/question", change))
    assert NOT_FOR_THIS in await bo.refused({**form.fields, "assertion": assertion})


async def test_an_answer_for_another_team_does_not_count(bo: Holder) -> None:
    pat, passkey = bo.house.browser("pat-both"), Authenticator(bo.house.settings.origin)
    await enrol(pat, passkey)
    form = (await look(pat)).form("confirm")
    form.fields["team"] = "sre"
    fields = await sign_form(pat, form, passkey, "/E1/passkey")
    assert NOT_FOR_THIS in await bo.refused({**fields, "team": "releng"}, pat)
    fields = await sign_form(pat, form, passkey, "/E1/passkey")
    assert (await pat.post("/E1/confirm", data=fields)).status_code == 303
    assert list(flaws(recorded(bo.house), bo.house.settings.origin)) == []


async def test_the_passkey_of_somebody_else_does_not_count(bo: Holder) -> None:
    mo, passkey = bo.house.browser("mo-sre"), Authenticator(bo.house.settings.origin)
    await enrol(mo, passkey)
    fields = await sign_form(bo.browser, await bo.form(), passkey, "/E1/passkey")
    assert "none of yours here" in await bo.refused(fields)


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://elsewhere.example.org"},
        {"host": "elsewhere.example.org"},
        {"flags": 0x01},
        {"flags": 0x04},
    ],
)
async def test_an_answer_of_another_page_or_of_nobody_in_particular_does_not_count(
    bo: Holder, lie: dict[str, object]
) -> None:
    bo.passkey = replace(bo.passkey, **lie)  # type: ignore[arg-type]  # by name
    assert NOT_FOR_THIS in await bo.refused(await bo.signed())


async def test_another_key_under_the_same_name_does_not_count(bo: Holder) -> None:
    bo.passkey = Authenticator(bo.house.settings.origin, raw_id=bo.passkey.raw_id)
    assert NOT_FOR_THIS in await bo.refused(await bo.signed())


async def test_a_passkey_that_counts_backwards_may_be_a_copy(bo: Holder) -> None:
    copy = replace(bo.passkey)
    fields = await bo.signed()
    assert (await bo.browser.post("/E1/confirm", data=fields)).status_code == 303
    await bo.house.world.says("bo-sre", Unconfirm())
    bo.passkey = copy
    assert "there may be a copy of it" in await bo.refused(await bo.signed())


async def test_a_passkey_that_never_counts_is_believed(house: House) -> None:
    ask_for(house, Fresh.PASSKEY)
    await asked(house)
    browser, passkey = house.browser("bo-sre"), Authenticator(house.settings.origin, counts=False)
    await enrol(browser, passkey)
    holder = Holder(house, browser, passkey)
    for _ in range(2):
        assert (await browser.post("/E1/confirm", data=await holder.signed())).status_code == 303
        await house.world.says("bo-sre", Unconfirm())


@pytest.mark.parametrize(
    "nonsense",
    [
        "{",
        "[]",
        "7",
        "{}",
        '{"credential": {}}',
        '{"nonce": 7, "credential": {"id": 7}}',
        '{"nonce": "x", "credential": {"id": "x", "response": []}}',
        "[" * 5000,
        json.dumps({"credential": {"id": "x" * 20_000}}),
    ],
)
async def test_nonsense_is_no_answer(bo: Holder, nonsense: str) -> None:
    said = await bo.refused({**(await bo.form()).fields, "assertion": nonsense})
    assert "cannot be read" in said or TOO_LATE in said


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
@pytest.mark.parametrize("value", ["", "AA", "!", 7, None])
async def test_an_answer_with_a_broken_part_is_refused_in_words(bo: Holder, part: str, value: object) -> None:
    fields = await bo.signed()
    answer = json.loads(fields["assertion"])
    answer["credential"]["response"][part] = value
    assert "nothing was done" in await bo.refused({**fields, "assertion": json.dumps(answer)})


# --- by the record alone ----------------------------------------------------------------------------------------------


async def proof_of(bo: Holder) -> tuple[Recorded, Bound, str]:
    await bo.browser.post("/E1/confirm", data=await bo.signed())
    [given] = [each for each in recorded(bo.house) if isinstance(each.event, e.ConfirmationGiven)]
    [enrolled] = [each.event for each in recorded(bo.house) if isinstance(each.event, e.PasskeyEnrolled)]
    return given, Bound(bo.house.settings.origin, BO, "confirm", "E1", bo.word), enrolled.public_key


async def test_an_auditor_verifies_a_yes_from_the_stored_events_with_cryptography_alone(bo: Holder) -> None:
    given, bound, public_key = await proof_of(bo)
    assert verify_proof(given.origin.proof, public_key, bound) == ""
    for wrong in (
        replace(bound, person=MO),
        replace(bound, verb="unconfirm"),
        replace(bound, about="E2"),
        replace(bound, check_word="mild-heron"),
        replace(bound, team="sre"),
        replace(bound, origin="http://elsewhere.example.org"),
    ):
        assert verify_proof(given.origin.proof, public_key, wrong) != ""
    assert verify_proof("session by a test", public_key, bound) == "No passkey answered."


async def test_a_whole_record_is_looked_through_with_the_keys_of_each_moment(bo: Holder) -> None:
    given, _, _ = await proof_of(bo)
    origin = bo.house.settings.origin
    whole = recorded(bo.house)
    assert list(flaws(whole, origin)) == []
    assert list(flaws([each for each in whole if not isinstance(each.event, e.PasskeyEnrolled)], origin)) == [
        Flaw(given.position, "The passkey was none of bo-sre then.")
    ]
    forged = [replace(each, origin=_without_proof(each.origin)) if each is given else each for each in whole]
    assert list(flaws(forged, origin)) == [Flaw(given.position, "No passkey answered.")]
    assert isinstance(given.event, e.ConfirmationGiven)
    moved = replace(given, event=replace(given.event, check_word="mild-heron"))
    found = list(flaws([moved if each is given else each for each in whole], origin))
    assert found == [Flaw(given.position, "The passkey was asked about another act.")]


def _without_proof(origin: Origin) -> Origin:
    return replace(origin, proof="session by a test")
