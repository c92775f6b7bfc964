"""Splunk On-Call as documented, and doing anything else: the policies that are the rota, and never everybody."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Directory, OnCall, Person, PersonId, TeamId
from tocsin.neighbours.rotas.people import RotaPeople
from tocsin.neighbours.rotas.sources import SplunkSettings
from tocsin.neighbours.rotas.splunk_on_call import CURRENT, SPLUNK, SplunkOnCall

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SRE = TeamId("sre")
NAMES = ("bo", "cy", "mo", "di", "ed", "fe")
DIRECTORY = Directory(tuple(Person(PersonId(f"{name}-sre"), frozenset({SRE}), known_as=(name,)) for name in NAMES))


def policy(name: str, *users: str) -> dict[str, object]:
    listed = [{"onCalluser": {"username": user}} for user in users]
    return {"escalationPolicy": {"name": name, "slug": f"pol-{name.lower()}9"}, "users": listed}


def team(name: str, *policies: dict[str, object]) -> dict[str, object]:
    return {"team": {"name": name, "slug": f"team-{name.lower()}9"}, "oncallNow": list(policies)}


@pytest.fixture
def splunk() -> Iterator[Site]:
    with site() as served:
        tells(
            served,
            team("SRE", policy("default", "bo", "Cy"), policy("batphone", *NAMES)),
            team("Web", policy("x", "mo")),
        )
        yield served


def tells(served: Site, *teams: object) -> None:
    served.says(CURRENT, {"teamsOnCall": list(teams)}, b"")


def rota(served: Site, vo_team: str = "team-sre9", seconds: float = 4.0, **other: object) -> SplunkOnCall:
    settings = SplunkSettings(SRE, vo_team, "our-id", "our-key", address=served.address, **other)  # type: ignore[arg-type] # by name
    return SplunkOnCall(settings, RotaPeople(DIRECTORY, SRE, SPLUNK), seconds)


async def on_call(served: Site, **other: object) -> tuple[PersonId, ...]:
    return (await rota(served, **other).on_call(NOW)).of(SRE)  # type: ignore[arg-type] # by name


async def test_who_is_on_call_is_told_for_the_team_alone_and_everybody_is_nobody(splunk: Site) -> None:
    assert await on_call(splunk) == ("bo-sre", "cy-sre")
    assert splunk.asked == [CURRENT]


@pytest.mark.parametrize("name", ["SRE", "sre", "team-SRE9"])
async def test_a_team_is_meant_by_its_name_or_its_slug(splunk: Site, name: str) -> None:
    assert await on_call(splunk, vo_team=name) == ("bo-sre", "cy-sre")


async def test_the_id_and_the_key_go_with_the_question_and_are_in_no_error(splunk: Site) -> None:
    await on_call(splunk)
    assert [splunk.headers[0][name] for name in ("X-VO-Api-Id", "X-VO-Api-Key")] == ["our-id", "our-key"]
    splunk.answers[CURRENT] = Answer(b"{}", 500)
    asked = rota(splunk)
    with pytest.raises(Unreachable) as caught:
        await asked.on_call(NOW)
    assert "our-" not in f"{caught.value!r} {asked!r}"


async def test_only_the_policies_named_are_the_rota_in_the_order_named(splunk: Site) -> None:
    tells(splunk, team("SRE", policy("a", "bo"), policy("b", "cy"), policy("c", "mo")))
    assert await on_call(splunk, policies=("c", "pol-a9")) == ("mo-sre", "bo-sre")


async def test_a_policy_that_calls_everybody_is_no_rota_whatever_it_is_called(splunk: Site) -> None:
    tells(splunk, team("SRE", policy("Batphone-EU", "mo"), policy("all hands", *NAMES), policy("default", "bo")))
    with capture_logs() as said:
        assert await on_call(splunk) == ("bo-sre",)
    assert [(each["policy"], each["most_people"]) for each in said] == [("all hands", 5)]


async def test_a_site_may_name_its_own_policies_that_call_everybody(splunk: Site) -> None:
    tells(splunk, team("SRE", policy("batphone", "bo"), policy("all-hands", "cy")))
    assert await on_call(splunk, not_on_call=("all-*",)) == ("bo-sre",)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"policies": ("defualt",)}, "no policy of the team is its rota"),
        ({"vo_team": "sres"}, "nobody is on call for a team, or there is no such team"),
    ],
)
async def test_a_rota_that_is_not_there_is_not_known_and_said(
    splunk: Site, other: dict[str, object], what: str
) -> None:
    with capture_logs() as said:
        shift = await rota(splunk, **other).on_call(NOW)  # type: ignore[arg-type] # by name
    assert shift == OnCall(unknown=frozenset({SRE}))
    assert [each["event"] for each in said] == [what]


@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"teamsOnCall": None},
        {"teamsOnCall": [{"team": "SRE"}]},
        {"teamsOnCall": [team("SRE", {"users": []})]},
        {"teamsOnCall": [team("SRE", {**policy("default"), "users": [{"onCallUser": {"username": "bo"}}]})]},
        {"teamsOnCall": [team("SRE", {**policy("default"), "users": [{"onCalluser": {"username": 7}}]})]},
    ],
)
async def test_another_shape_is_no_answer(splunk: Site, told: object) -> None:
    splunk.says(CURRENT, told, b"")
    with pytest.raises(Unreachable, match="in a shape that we do not know"):
        await on_call(splunk)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(b"", 403), "does not show our key"),
        (Answer(b"", 429), "we asked it too often"),
        (Answer(b"<html>", 200), "something else than JSON"),
        (Answer(b"{}", seconds=9), "did not answer within 0.2 s"),
    ],
)
async def test_whatever_else_it_does_is_no_answer(splunk: Site, answer: Answer, why: str) -> None:
    splunk.answers[CURRENT] = answer
    with pytest.raises(Unreachable, match=why):
        await on_call(splunk, seconds=0.2 if answer.seconds else 4.0)
