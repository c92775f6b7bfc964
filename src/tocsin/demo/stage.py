"""The stage of the story: network, site, configuration, and a real `tocsin serve` of its own, all in one folder."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tocsin.demo.installation import ACCOUNTS, BOT, PRIVATE_CHANNEL, Installation, tocsin
from tocsin.demo.irc_server.network import Account
from tocsin.demo.irc_server.server import IrcServer
from tocsin.demo.people import Network, NotHeard, Person
from tocsin.demo.site import Site
from tocsin.demo.story import CHANNEL

START_SECONDS = 30
ASK_AGAIN_SECONDS = 1.0
STOP_SECONDS = 10.0
AGE = timedelta(days=400)


class NotStarted(Exception):
    """The server did not come up; its log says why."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A running installation and where to find its parts."""

    folder: Path
    network: Network
    site: Site

    async def command(self, *words: str) -> tuple[int, str]:
        """Run the command line, as ada's account on this machine, and return its exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            *tocsin(self.folder, *words), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        printed, _ = await process.communicate()
        return process.returncode or 0, printed.decode()


@asynccontextmanager
async def own_network(folder: Path) -> AsyncIterator[tuple[Network, dict[str, str]]]:
    """Run our own small IRC server for as long as the block lasts, and give each account's registration."""
    passwords = {name: secrets.token_urlsafe(9) for name in ACCOUNTS}
    registrations = {name: f"{number:09d}" for number, name in enumerate(ACCOUNTS, start=1)}
    registered = datetime.now(UTC).replace(microsecond=0) - AGE
    server = IrcServer([Account(name, passwords[name], registrations[name], registered) for name in ACCOUNTS])
    certificate = folder / "irc-certificate.pem"
    certificate.write_text(server.certificate_pem)
    await server.start()
    try:
        yield Network(server.tls_port, str(certificate), passwords), registrations
    finally:
        await server.stop()


@asynccontextmanager
async def stage(folder: Path, network: Network, registrations: dict[str, str]) -> AsyncIterator[Stage]:
    """Build the site and the configuration, and serve them for as long as the block lasts."""
    site = Site(folder)
    await asyncio.to_thread(site.build)
    try:
        home = folder / "tocsin"
        Installation(home, network, site, registrations).write()
        async with serving(home, network):
            yield Stage(home, network, site)
    finally:
        site.close()


@asynccontextmanager
async def serving(home: Path, network: Network) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `tocsin serve` until the block ends; begins when the bot answers in its channel."""
    with (home / "serve.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(*tocsin(home, "serve"), stdout=log, stderr=log)
    try:
        await _until_it_answers(process, home, network)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()


async def _until_it_answers(process: asyncio.subprocess.Process, home: Path, network: Network) -> None:
    asker = await Person("doorkeeper", "").enter(network, CHANNEL, PRIVATE_CHANNEL)
    for _ in range(START_SECONDS):
        if process.returncode is not None:
            break
        asker.say(CHANNEL, f"{BOT}: list")
        try:
            await asker.hear(r"open", ASK_AGAIN_SECONDS)
        except NotHeard:
            continue
        await asker.leave()
        return
    raise NotStarted(f"tocsin serve does not answer in {CHANNEL}. Its log:\n{(home / 'serve.log').read_text()[-2000:]}")
