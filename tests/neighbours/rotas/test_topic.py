"""Who is on call as a topic says: nicks behind the words of a pattern, whatever else people write there."""

from datetime import UTC, datetime
from time import perf_counter

import pytest
from structlog.testing import capture_logs

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Account, Directory, OnCall, Person, PersonId, TeamId
from tocsin.neighbours.rotas.people import RotaPeople
from tocsin.neighbours.rotas.sources import TopicSettings
from tocsin.neighbours.rotas.topic import TopicRota, topic_of

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SRE = TeamId("sre")
BO, CY, LIN = (PersonId(name) for name in ("bo-sre", "cy-sre", "lin"))
DIRECTORY = Directory(
    (
        Person(BO, frozenset({SRE}), nicks=("bo-sre", "bo|away")),
        Person(CY, frozenset({SRE}), accounts=(Account("cyrene"),)),
        Person(LIN, nicks=("lin",)),
    )
)


async def on_call(topic: str | None, pattern: str = TopicSettings(SRE, "").pattern) -> OnCall:
    settings = TopicSettings(SRE, "#ops", pattern)
    people = RotaPeople(DIRECTORY, SRE, topic_of(settings), by_nick=True)
    return await TopicRota(settings, people, {"#ops": topic}.get).on_call(NOW)


@pytest.mark.parametrize(
    "topic",
    [
        "Status: up | SRE on call: bo-sre, cy-sre | https://sal.example.org",
        "Status: up | SRE oncall: BO-SRE and Cyrene",
        "On-Call bo-sre/cy-sre|Status: up",
        "SRE on call: bo-sre; cy-sre (until 08:00)",
        "Status: \x0304down\x03 | \x02SRE on call:\x02 b\u2060o-sre, c\u200by-sre | x",
    ],
)
async def test_the_nicks_behind_on_call_are_those_of_the_shift(topic: str) -> None:
    assert (await on_call(topic)).of(SRE) == (BO, CY)


async def test_a_topic_narrows_a_team_and_makes_nobody_a_member() -> None:
    with capture_logs() as said:
        shift = await on_call("SRE on call: lin, zed")
    assert shift == OnCall(unknown=frozenset({SRE}))
    assert [each["remedy"][-40:] for each in said] == [
        "add the team to their teams, or mend the rota"[-40:],
        "add it to nicks of that person in directory.toml"[-40:],
    ]


@pytest.mark.parametrize("topic", ["", "Status: up", "SRE on call: | Status: up", "SRE on call: nobody", "on call: -"])
async def test_a_topic_that_names_nobody_leaves_it_unknown(topic: str) -> None:
    with capture_logs() as said:
        assert await on_call(topic) == OnCall(unknown=frozenset({SRE}))
    assert said == []


async def test_a_topic_that_was_not_told_is_no_answer() -> None:
    with pytest.raises(Unreachable, match="the topic of #ops"):
        await on_call(None)


async def test_a_pattern_of_ones_own_may_tell_who_stands_in() -> None:
    pattern = r"primary=(?P<nicks>\S+)(?: secondary=(?P<backups>\S+))?"
    assert await on_call("x primary=bo-sre secondary=cyrene", pattern) == OnCall(((SRE, (BO,)),), ((SRE, (CY,)),))
    assert await on_call("x primary=bo-sre", pattern) == OnCall(((SRE, (BO,)),))


async def test_a_long_topic_is_read_at_its_beginning_alone() -> None:
    assert (await on_call(f"{'x' * 500} on call: bo-sre")).of(SRE) == ()
    began = perf_counter()
    await on_call("a" * 1_000_000, r"a+b(?P<nicks>a+c)")
    assert perf_counter() - began < 2
