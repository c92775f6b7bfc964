"""A record, an engine and real commands in one folder: what a server is made of, as far as carrying out goes."""

import asyncio
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.service.world import World, until
from tocsin.domain.commands import Good
from tocsin.domain.plan import ExecutorKind, Step
from tocsin.domain.request import Status
from tocsin.engine.carrying import Engine, EngineSettings
from tocsin.executors.shell import ShellExecutor
from tocsin.storage.journal import StopJournal
from tocsin.storage.keys import Signer
from tocsin.storage.sqlite import SqliteStore

SIGNER = Signer("example.org/tocsin", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def step(name: str, code: str, look: str = "") -> Step:
    """Return a step that runs a line of shell."""
    return Step(name, ("/bin/sh", "-c", code), look=look)


def noted(folder: Path, name: str, then: str = "true", look: str = "") -> Step:
    """Return a step that notes in the file `ran` that it began, and then does something."""
    return step(name, f"echo {name} >> {shlex.quote(str(folder))}/ran; {then}", look)


def ran(folder: Path) -> list[str]:
    """Return what began, in order."""
    path = folder / "ran"
    return path.read_text().split() if path.exists() else []


class Installation:
    """The parts as `wiring` joins them."""

    def __init__(self, folder: Path, *steps: Step) -> None:
        self.engine = Engine(EngineSettings(folder / "record.db", "here"))
        self.store = SqliteStore(folder / "record.db", SIGNER, self.engine.start_in)
        executor = ShellExecutor(folder / "attempts", grace=timedelta(milliseconds=300))
        self.world = World(
            self.store,
            StopJournal(folder / "stops.jsonl"),
            steps=steps or (noted(folder, "first", look="canaries"), noted(folder, "second")),
            executors={ExecutorKind.SHELL: executor},
        )

    @property
    def status(self) -> Status:
        return self.world.request.status

    async def launch(self) -> None:
        """Read the record, then launch the engine, as a server does."""
        await self.world.situations.refresh(self.world.clock.now())
        await self.world.handler.start()
        await self.engine.launch(self.world.carrying)

    async def looked(self) -> None:
        """Wait for the checkpoint; the requester and the deployer find it good."""
        await until(lambda: self.world.request.underway.checkpoint)
        self.world.later(10)
        await self.world.says("ada", Good())
        await self.world.says("kim-releng", Good())

    async def stop(self) -> None:
        await self.engine.stop()
        await asyncio.to_thread(self.store.close)


@asynccontextmanager
async def launched(folder: Path, *steps: Step) -> AsyncIterator[Installation]:
    installation = Installation(folder, *steps)
    await installation.launch()
    try:
        yield installation
    finally:
        await installation.stop()
