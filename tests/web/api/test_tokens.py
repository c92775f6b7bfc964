"""Personal tokens: for one person, for a while, for no more than they were made for, and shown once."""

import sqlite3
from datetime import timedelta

import click
import pytest

from tests.web.api.programs import program_by
from tests.web.house import House
from tocsin.cli.routes import ACTS, TOP
from tocsin.cli.tokens import token
from tocsin.domain.commands.hiding import MakePrivate
from tocsin.domain.commands.opening import Note
from tocsin.domain.errors import Malformed, Refused
from tocsin.domain.people import PersonId
from tocsin.service.tokens import MOST_DAYS, MOST_OF_ONE, SCOPE_OF, USUAL_DAYS, WITH_ANY, Scope

ADA = PersonId("ada")


async def test_an_act_takes_a_token_and_what_is_public_does_not(house: House) -> None:
    await house.world.ready()
    program = house.program()
    assert (await program.get(f"{TOP}/requests/E1")).status_code == 200
    answer = await program.post(f"{TOP}/requests/E1/stop")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("verb", sorted(SCOPE_OF))
async def test_a_token_does_no_more_than_it_was_made_for(house: House, verb: str) -> None:
    """Save stopping and holding, for which no token is too weak."""
    await house.world.ready()
    others = frozenset(Scope) - {SCOPE_OF[verb]}
    before = house.world.requests.position
    answer = await house.program("kim-releng", *others).post(ACTS[verb].of("E1"), json={})
    if verb in WITH_ANY:
        assert answer.status_code in (200, 422)
    else:
        assert answer.status_code == 403
        assert SCOPE_OF[verb] in answer.json()["detail"]
        assert house.world.requests.position == before


async def test_a_token_without_read_reads_nothing(house: House) -> None:
    await house.world.ready()
    program = house.program("ada", Scope.ADMIN)
    for path in ("requests", "requests/E1", "requests/E1/timeline", "calendar/now", "irc", "events"):
        assert (await program.get(f"{TOP}/{path}")).status_code == 403, path


async def test_a_token_ends_by_itself(house: House) -> None:
    program = house.program("ada", Scope.READ)
    assert (await program.get(f"{TOP}/me")).json()["person"] == "ada"
    house.world.later(timedelta(days=30).total_seconds() - 1)
    assert (await program.get(f"{TOP}/me")).status_code == 200
    house.world.later(1)
    assert (await program.get(f"{TOP}/me")).status_code == 401


async def test_a_revoked_token_is_worth_nothing_at_once(house: House) -> None:
    program = house.program("ada", Scope.READ)
    name = house.tokens.tokens.of(ADA, house.world.clock.now())[0].name
    house.tokens.answer("token-revoke", ADA, {"name": name})
    assert (await program.get(f"{TOP}/me")).status_code == 401


async def test_nobody_revokes_anothers_token(house: House) -> None:
    program = house.program("ada", Scope.READ)
    name = house.tokens.tokens.of(ADA, house.world.clock.now())[0].name
    with pytest.raises(Refused):
        house.tokens.answer("token-revoke", PersonId("lin"), {"name": name})
    assert (await program.get(f"{TOP}/me")).status_code == 200


async def test_whoever_leaves_the_directory_has_no_token_any_more(house: House) -> None:
    secret, _ = house.tokens.make(PersonId("somebody-gone"), "old", ["read"])
    assert (await program_by(house, secret).get(f"{TOP}/me")).status_code == 401


async def test_no_field_header_or_cookie_makes_a_token_act_for_another(house: House) -> None:
    await house.world.ready()
    headers = {"X-Forwarded-User": "bo-sre", "Cookie": f"tocsin={house.session_of('bo-sre')}", "From": "bo-sre"}
    answer = await house.program("ada", Scope.REQUEST).post(
        f"{TOP}/requests/E1/note?person=bo-sre", json={"text": "it spreads"}, headers=headers
    )
    assert answer.status_code == 200
    assert house.store.since(house.world.requests.position - 1, 1)[0].origin.person == "ada"
    forged = {"text": "it spreads", "person": "bo-sre"}
    assert (await house.program("ada", *Scope).post(f"{TOP}/requests/E1/note", json=forged)).status_code == 422


async def test_a_session_is_nothing_to_the_api_and_a_token_nothing_to_the_pages(house: House) -> None:
    await house.world.ready()
    assert (await house.browser("ada").post(f"{TOP}/requests/E1/note", json={"text": "x"})).status_code == 401
    secret, _ = house.tokens.make(ADA, "for pages".replace(" ", "-"), list(Scope))
    before = house.world.requests.position
    answer = await program_by(house, secret).post("/E1/note", data={"text": "x"})
    assert answer.status_code != 303
    assert house.world.requests.position == before


async def test_of_a_private_request_a_stranger_learns_no_more_than_of_none(house: House) -> None:
    await house.world.ready()
    await house.world.says("ada", Note("sekrit"))
    await house.world.says("ada", MakePrivate())
    for program in (house.program(), house.program("lin", *Scope)):
        for path in ("", "/who", "/timeline", "/report", "/events"):
            hidden, none = [await program.get(f"{TOP}/requests/{name}{path}") for name in ("E1", "E99")]
            assert (hidden.status_code, hidden.text) == (404, none.text), path
    assert (await house.program("lin", *Scope).post(f"{TOP}/requests/E1/confirm", json={})).status_code in (404, 422)
    assert "sekrit" in (await house.program("ada", Scope.READ).get(f"{TOP}/requests/E1/timeline")).text
    assert "sekrit" not in (await house.program("lin", Scope.READ).get(f"{TOP}/requests")).text


@pytest.mark.parametrize("given", ["", "Bearer", "Basic YTpi", "bearer tcsn_x", "Bearer tcsn_" + "x" * 5000])
async def test_what_is_no_token_is_told_so(house: House, given: str) -> None:
    answer = await house.program().get(f"{TOP}/requests", headers={"Authorization": given})
    assert answer.status_code == 401
    assert "xxxxx" not in answer.text


async def test_use_is_noted_once_a_minute(house: House) -> None:
    program = house.program("ada", Scope.READ)
    begin = house.world.clock.now()
    for _ in range(3):
        await program.get(f"{TOP}/me")
        house.world.later(30)
    assert house.tokens.tokens.of(ADA, house.world.clock.now())[0].used == begin + timedelta(seconds=60)


async def test_no_secret_is_kept(house: House) -> None:
    secret, made = house.tokens.make(ADA, "ci", ["read"])
    with sqlite3.connect(house.folder / "credentials.db") as file:
        kept = str(file.execute("SELECT * FROM tokens").fetchall())
    assert secret not in kept
    assert made.id in kept


async def test_a_person_has_so_many_tokens_and_no_two_of_one_name(house: House) -> None:
    house.tokens.make(ADA, "ci", ["read"])
    with pytest.raises(Refused, match="already"):
        house.tokens.make(ADA, "ci", ["read"])
    for number in range(MOST_OF_ONE - 1):
        house.tokens.make(ADA, f"ci-{number}", ["read"])
    with pytest.raises(Refused, match="revoke one"):
        house.tokens.make(ADA, "one-more", ["read"])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "two words"},
        {"name": "ci", "scopes": ["everything"]},
        {"name": "ci", "scopes": [[]]},
        {"name": "ci", "scopes": []},
        {"name": "ci", "scopes": "read"},
        {"name": "ci", "days": 0},
        {"name": "ci", "days": 366},
        {"name": "ci", "days": True},
        {"name": "ci", "days": "7"},
    ],
)
async def test_a_token_that_makes_no_sense_is_not_made(house: House, fields: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        house.tokens.answer("token-make", ADA, fields)
    assert house.tokens.tokens.of(ADA, house.world.clock.now()) == ()


def test_the_command_line_offers_what_there_is() -> None:
    """It loads none of the rules, so it has these anew."""
    offered = {each.name: each for each in token.commands["make"].params}
    scopes, days = offered["scopes"], offered["days"]
    assert isinstance(scopes.type, click.Choice)
    assert isinstance(days.type, click.IntRange)
    assert tuple(scopes.type.choices) == tuple(Scope)
    assert (days.type.min, days.type.max, days.default) == (1, MOST_DAYS, USUAL_DAYS)
