"""Gerrit's own stream of events, over SSH: what it tells of is learned long before anybody would have asked for it."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.gerrit.asking import SECONDS, confirmed, world_beside
from tests.gerrit.checkout import Checkout, Uploaded
from tests.gerrit.server import ADMIN, Account, Gerrit
from tests.service.world import until
from tocsin.neighbours.reviews.gerrit_events import GerritEvents, Tell
from tocsin.service.clockwork import LEARN_EVERY

pytest_plugins = ["tests.gerrit.fixture"]
pytestmark = pytest.mark.gerrit

KNOCK_SECONDS = 0.5
numbers = count(1)


@pytest.fixture(scope="session")
def stream(gerrit: Gerrit, require: Require, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The command that people would configure, for an account whose key Gerrit knows."""
    require("openssh-client", shutil.which("ssh") and shutil.which("ssh-keygen"))
    folder = tmp_path_factory.mktemp("ssh")
    key, known = folder / "key", folder / "known"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True, stdin=subprocess.DEVNULL
    )
    gerrit.add_key(ADMIN, key.with_suffix(".pub").read_text())
    options = ["BatchMode=yes", "IdentitiesOnly=yes", "StrictHostKeyChecking=accept-new", f"UserKnownHostsFile={known}"]
    ssh = ["ssh", "-F", "none", "-p", str(gerrit.ssh_port), "-i", str(key), *(f"-o{each}" for each in options)]
    return (*ssh, f"{ADMIN.login}@127.0.0.1", "gerrit", "stream-events")


@asynccontextmanager
async def listening(
    gerrit: Gerrit, stream: tuple[str, ...], uploaded: Uploaded, also: Tell = lambda _: None
) -> AsyncIterator[list[int]]:
    """Follow the stream, and begin when it is known to flow."""
    told: list[int] = []

    def tell(number: int) -> None:
        told.append(number)
        also(number)

    running = asyncio.create_task(GerritEvents("gerrit", stream).run(tell))
    try:
        async with asyncio.timeout(SECONDS):
            while uploaded.number not in told:
                await asyncio.to_thread(gerrit.vote, uploaded.number, ADMIN, Verified=next(numbers) % 2)
                await asyncio.sleep(KNOCK_SECONDS)
        told.clear()
        yield told
    finally:
        running.cancel()
        await asyncio.wait([running])


async def hears(told: list[int], number: int) -> None:
    await until(lambda: number in told, SECONDS)
    await asyncio.sleep(KNOCK_SECONDS)  # what comes with it is over, too
    told.clear()


async def test_each_turn_that_a_change_takes_is_told(
    gerrit: Gerrit, stream: tuple[str, ...], clone: Checkout, uploaded: Uploaded
) -> None:
    number = uploaded.number
    async with listening(gerrit, stream, uploaded) as told:
        clone.upload_again(uploaded, {"page": "another\n"})
        await hears(told, number)
        for turn in (gerrit.set_work_in_progress, gerrit.set_ready, gerrit.abandon, gerrit.restore):
            turn(number)
            await hears(told, number)
        gerrit.write("POST", f"/changes/{number}/private")
        await hears(told, number)
        gerrit.write("DELETE", f"/changes/{number}/private")
        await hears(told, number)
        gerrit.approve(number)
        await hears(told, number)
        gerrit.submit(number)
        await hears(told, number)
        clone.begin()
        unwanted = clone.upload("Not this", {"other": "one\n"})
        await hears(told, unwanted.number)
        gerrit.write("DELETE", f"/changes/{unwanted.number}", account=ADMIN)
        await hears(told, unwanted.number)


async def test_a_second_patchset_in_the_middle_of_a_request_voids_every_yes_long_before_the_poll(
    gerrit: Gerrit, stream: tuple[str, ...], ada: Account, config: str, tmp_path: Path
) -> None:
    world = world_beside(gerrit, tmp_path)
    clone = Checkout(gerrit, config, ada, tmp_path / "work")
    uploaded = clone.upload("Mend the page", {"page": "one\n"})
    await confirmed(world, uploaded)
    async with listening(gerrit, stream, uploaded, world.clockwork.learn_soon):
        assert world.request.confirmations
        again = await asyncio.to_thread(clone.upload_again, uploaded, {"page": "another\n"})
        began = time.monotonic()
        await until(lambda: not world.request.confirmations, SECONDS)
        took = time.monotonic() - began
    assert world.request.facts.change is not None
    assert world.request.facts.change.sha == again.sha
    assert took < LEARN_EVERY.total_seconds()  # and no clock ticked here, so that no poll helped
