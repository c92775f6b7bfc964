"""The whole story on a real network: a cry on IRC becomes a confirmed deployment, carried out, proved and recorded."""

from pathlib import Path

import pytest

from tests.networks.inspircd import Network as RealNetwork
from tocsin.demo.people import Network
from tocsin.demo.stage import Stage, stage
from tocsin.demo.story import Night

pytestmark = pytest.mark.network


async def status(on: Stage, request: str) -> str:
    """Ask the command line how a request stands."""
    code, printed = await on.command("request", "show", request)
    assert code == 0, printed
    return next(word for word in ("done", "rolled back") if f"{request} is {word}" in printed)


async def told_by_nobody(_: str) -> None:
    """Nobody watches."""


async def test_a_cry_on_irc_becomes_a_confirmed_deployment_and_a_wrong_one_is_undone(
    real_network: RealNetwork, network: Network, tmp_path: Path
) -> None:
    heard: list[str] = []
    async with stage(tmp_path, network, real_network.entity_ids) as on:
        night = Night(network, on.site, told_by_nobody, lambda nick, _, text: heard.append(f"<{nick}> {text}"))
        try:
            await night.begin()
            await night.first()
            await night.second()
        finally:
            await night.end()
        code, printed = await on.command("record", "verify")
        assert (code, printed.startswith("record verified")) == (0, True), printed
        assert [await status(on, each) for each in ("E1", "E2")] == ["done", "rolled back"]
    assert all(len(line.encode()) <= 420 for line in heard)
