"""Who is on call by a channel's topic on IRC: whoever it names is asked by the next request, and nobody else counts."""

import asyncio
from dataclasses import replace

import pytest

from tests.domain.night import RELENG, SRE
from tests.irc.night_shift import OPS, NightShift
from tests.irc.test_building import CRY, on_irc, say, server, settings, signed_in, until
from tocsin.demo.irc_server.server import IrcServer
from tocsin.domain.policy import Demand, Policy
from tocsin.domain.situation import Catalogue
from tocsin.irc.building import Irc, Office
from tocsin.irc.settings import IrcSettings
from tocsin.neighbours.rotas.building import several_rotas
from tocsin.neighbours.rotas.sources import TopicSettings
from tocsin.neighbours.rotas.written import RotaSettings

__all__ = ["server", "settings"]
ON_CALL = Policy("sre-oncall", "1", (Demand(SRE, on_call=True),), informed=(RELENG,))
SETTINGS = RotaSettings(sources=(TopicSettings(SRE, OPS),))

pytestmark = pytest.mark.anyio


class OnTopic(NightShift):
    """A night whose policy asks for who is on call, and whose rota is the topic of the channel."""

    def __init__(self) -> None:
        super().__init__()
        targets = tuple(replace(each, policy=ON_CALL) for each in self.configuration.catalogue.targets)
        self.configuration = replace(self.configuration, catalogue=Catalogue(targets))
        self.situations.configuration = self.configuration
        self.topics = 0

    def office(self) -> Office:
        """The office as the server has it: a topic that changes is taken in at once."""
        return replace(super().office(), topic_changed=self._topic_changed)

    def _topic_changed(self) -> None:
        self._task = asyncio.create_task(self._taken_in())

    async def _taken_in(self) -> None:
        await self.situations.refresh_rota(self.now())
        self.topics += 1

    def reads(self, irc: Irc) -> None:
        rota = several_rotas(SETTINGS, self.configuration.directory, irc.topic)
        self.situations.neighbours = replace(self.situations.neighbours, rota=rota)


async def test_the_topic_changes_and_the_next_request_names_the_other_person(
    settings: IrcSettings, server: IrcServer
) -> None:
    shift = OnTopic()
    async with signed_in(server, "bo-sre", "ada") as people, on_irc(settings, shift) as irc:
        shift.reads(irc)
        for number, on_call in enumerate(("bo-sre", "mo-sre"), start=1):
            before = shift.topics
            people["bo-sre"].send(f"TOPIC {OPS} :Status: up | SRE on call: {on_call}, lin | E9 confirming")
            await until(lambda before=before: shift.topics > before)  # type: ignore[misc] # each round has its own
            assert irc.topic(OPS) == f"Status: up | SRE on call: {on_call}, lin"
            say(people["ada"], CRY.replace("1234", f"123{number}"))
            said = (await people["ada"].wait_for(f"E{number} for")).replace("\u2060", "")
            assert f"Asking {on_call} (SRE, on call)." in said
            await shift.says("ada", f"!withdraw E{number}")


async def test_of_several_on_call_who_is_in_the_channel_is_named_first(
    settings: IrcSettings, server: IrcServer
) -> None:
    shift = OnTopic()
    async with signed_in(server, "lin", "ada", "bo-sre") as people, on_irc(settings, shift) as irc:
        shift.reads(irc)
        before = shift.topics
        people["lin"].send(f"TOPIC {OPS} :SRE on call: pat-both, mo-sre, bo-sre")
        await until(lambda: shift.topics > before)
        await until(lambda: "bo-sre" in irc.presences.presence().joined)
        say(people["ada"], CRY)
        said = (await people["ada"].wait_for("E1 for")).replace("\u2060", "")
        assert "Asking bo-sre and pat-both (SRE, on call)." in said


async def test_a_topic_is_not_known_before_the_bot_is_there_and_when_it_has_lost_its_connection(
    settings: IrcSettings, server: IrcServer
) -> None:
    async with signed_in(server, "bo-sre") as people, on_irc(settings, OnTopic()) as irc:
        people["bo-sre"].send(f"TOPIC {OPS} :SRE on call: bo-sre")
        await until(lambda: irc.topic(OPS) == "SRE on call: bo-sre")
        assert irc.topic("#elsewhere") is None
        await server.stop()
        await until(lambda: bool(irc.degraded))
        assert irc.topic(OPS) is None
