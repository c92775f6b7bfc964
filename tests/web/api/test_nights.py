"""Whole nights over the API alone, through the real port; and that every verb has its route and its scope."""

import httpx2
import pytest

from tests.local.office import WISH
from tests.web.api.programs import said
from tests.web.house import House
from tests.web.test_acting import asked
from tests.web.test_passkeys import ask_for
from tocsin.cli.routes import ACTS, QUESTIONS, TOP, WHATEVER_RUNS
from tocsin.domain.commands import VERBS
from tocsin.domain.people import RequestId
from tocsin.domain.policy import Fresh
from tocsin.domain.request import Status
from tocsin.service.tokens import SCOPE_OF, Scope


def test_every_verb_has_a_scope() -> None:
    assert {verb.name for verb in VERBS} == set(SCOPE_OF)


async def test_the_document_has_every_verb_and_question_where_the_command_line_looks_for_it(house: House) -> None:
    document = (await house.program().get("/api/openapi.json")).json()
    there = {(method.upper(), f"/api{path}") for path, methods in document["paths"].items() for method in methods}
    routes = (*ACTS.values(), *QUESTIONS.values(), WHATEVER_RUNS)
    assert {(each.method, each.of("{request_id}")) for each in routes} <= there


async def test_a_night_is_carried_through_by_programs_alone(house: House) -> None:
    await house.world.handler.start()
    ada, bo, kim = (house.program(person, *Scope) for person in ("ada", "bo-sre", "kim-releng"))
    asked = await said(ada, "", {"wording": "help!", "wish": WISH, "channel": "#ops"})
    assert asked["request"] == "E1"
    proposal = house.request.proposal
    assert proposal is not None
    for program in (bo, kim):
        await said(program, "E1/confirm", {"check_word": proposal.check_word})
    assert status(house) is Status.READY
    house.world.later(15)
    for program, verb in ((kim, "take"), (ada, "here"), (bo, "here"), (kim, "go")):
        await said(program, f"E1/{verb}")
    assert status(house) is Status.DEPLOYING
    stopped = await ada.post(f"{TOP}/stop", json={"reason": "look at the graphs"})
    assert stopped.json()["status"] == "paused", stopped.text
    await said(ada, "E1/resume")
    await said(kim, "E1/resume")
    assert status(house) is Status.DEPLOYING
    timeline = (await ada.get(f"{TOP}/requests/E1/timeline")).json()
    assert "look at the graphs" in " ".join(timeline["lines"])
    assert [each["request"] for each in (await ada.get(f"{TOP}/requests")).json()["requests"]] == ["E1"]


@pytest.mark.parametrize("verb", [each.name for each in VERBS])
async def test_every_verb_reaches_the_rules_of_its_request(house: House, verb: str) -> None:
    """Each is done, or refused with reasons by the rules or by the reader of its fields: none is lost on its way."""
    await house.world.ready()
    answer = await house.program("kim-releng", *Scope).post(ACTS[verb].of("E1"), json={})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:
        assert answer.json()["reasons"]
    else:
        assert answer.json()["outcome"] == "done"


async def test_questions_are_answered_in_the_words_of_every_surface(house: House) -> None:
    await house.world.ready()
    program = house.program("ada", Scope.READ)
    for verb, route in QUESTIONS.items():
        answer = await program.get(route.of("E1"))
        assert answer.status_code == 200, f"{verb}: {answer.text}"
        assert answer.json()["lines"], verb
        assert answer.json()["position"] == house.world.requests.position


async def test_an_act_says_in_the_record_by_which_token_it_was_done(house: House) -> None:
    await house.world.ready()
    await said(house.program("ada", Scope.REQUEST), "E1/note", {"text": "users in Asia see it too"})
    origin = house.store.since(house.world.requests.position - 1, 1)[0].origin
    assert (origin.person, origin.surface) == ("ada", "api")
    assert origin.proof.startswith("token for-tests-")
    assert "scopes request" in origin.proof


async def test_a_key_makes_an_act_happen_once(house: House) -> None:
    await house.world.ready()
    ada, bo = house.program("ada", Scope.REQUEST), house.program("bo-sre", Scope.REQUEST)
    key = {"Idempotency-Key": "a-key-of-a-note"}
    assert (await noted(ada, key)).status_code == 200
    before = house.world.requests.position
    again = await noted(ada, key)
    assert (again.status_code, again.json()["outcome"]) == (409, "repeated")
    assert house.world.requests.position == before
    assert (await noted(bo, key)).status_code == 200, "another's key is another key"
    other = await ada.post(f"{TOP}/requests/E1/note", json={"text": "it is over"}, headers=key)
    assert other.status_code == 200, "another text is another act"


async def test_an_act_on_what_has_changed_is_refused(house: House) -> None:
    await house.world.ready()
    program = house.program("ada", Scope.REQUEST)
    seen = house.world.requests.position
    expected = {"Expected-Position": str(seen)}
    assert (await noted(program, expected)).status_code == 200
    late = await noted(program, expected)
    assert (late.status_code, late.json()["outcome"]) == (409, "conflict")
    assert f"since position {seen}" in late.json()["reasons"][0]
    assert house.world.requests.position == seen + 1


def status(house: House) -> Status:
    """Return how it stands now."""
    return house.request.status


async def noted(program: httpx2.AsyncClient, headers: dict[str, str]) -> httpx2.Response:
    return await program.post(f"{TOP}/requests/E1/note", json={"text": "it spreads"}, headers=headers)


async def test_what_is_refused_is_a_problem_with_every_reason(house: House) -> None:
    await house.world.ready()
    answer = await house.program("lin", Scope.CARRY_OUT).post(f"{TOP}/requests/E1/go")
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["status"], told["outcome"], told["title"]) == (422, "refused", "Unprocessable Entity")
    assert told["reasons"]
    assert told["detail"] == " ".join(told["reasons"])


@pytest.mark.parametrize(
    "body", [b"[", b"[]", b'"x"', b"\xff", b"[" * 60000, b'{"": 1, "x": 2}', b'{"\\ud800": 1}', b'{"text": "\\ud800"}']
)
async def test_a_body_that_is_no_object_of_fields_is_malformed(house: House, body: bytes) -> None:
    await house.world.ready()
    answer = await house.program("ada", Scope.REQUEST).post(f"{TOP}/requests/E1/note", content=body)
    assert (answer.status_code, answer.json()["outcome"]) == (422, "malformed")


async def test_an_address_that_is_not_there_is_a_problem_too(house: House) -> None:
    answer = await house.program().get("/api/v2")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_the_page_of_the_api_shows_every_route_without_any_script_of_its_own(house: House) -> None:
    document = (await house.program().get("/api/openapi.json")).json()
    shown = (await house.program().get("/api/docs")).text
    for path in document["paths"]:
        assert f"/api{path}</code>" in shown
    assert "<script>" not in shown
    assert RequestId("check_word") in shown


@pytest.mark.parametrize("fresh", [Fresh.PASSKEY, Fresh.PASSKEY_OR_CODE])
async def test_no_token_gives_a_yes_for_which_the_policy_wants_a_device(house: House, fresh: Fresh) -> None:
    """Else whoever steals a file could confirm; a no, and every stop, are taken."""
    ask_for(house, fresh)
    await asked(house)
    proposal = house.request.proposal
    assert proposal is not None
    bo = house.program("bo-sre", *Scope)
    answer = await bo.post(f"{TOP}/requests/E1/confirm", json={"check_word": proposal.check_word})
    assert (answer.status_code, answer.json()["outcome"]) == (422, "refused")
    assert f"{house.settings.public_url}/E1 or on IRC: !confirm E1" in answer.json()["detail"]
    assert house.request.confirmers == ()
    await said(bo, "E1/hold", {"reason": "wait for the caches"})


async def test_a_key_that_comes_again_with_its_position_is_told_that_it_was_done(house: House) -> None:
    await house.world.ready()
    ada, expected = house.program("ada", Scope.REQUEST), str(house.world.requests.position)
    headers = {"Idempotency-Key": "a-key-of-a-note", "Expected-Position": expected}
    assert (await noted(ada, headers)).status_code == 200
    assert (await noted(ada, headers)).json()["outcome"] == "repeated"
