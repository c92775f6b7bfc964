"""A whole installation on a real network, as processes: what is measured there is what people would meet."""

import json
import os
import pwd
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.networks.client import Client
from tests.networks.inspircd import Network as RealNetwork
from tests.networks.inspircd import inspircd_network
from tocsin.demo.installation import ACCOUNTS, BOT, Installation, tocsin
from tocsin.demo.people import Network
from tocsin.demo.site import Site
from tocsin.demo.story import CHANNEL

START_SECONDS = 60.0
STOP_SECONDS = 20.0
SLOW = "seconds_per_line = 0.1"
FAST = "seconds_per_line = 0.001"  # what is measured is the bot, not its good manners


@dataclass(frozen=True, slots=True)
class Program:
    """How a bot is started, what it is then told, under which nick it joins, and whose process it is, if not ours."""

    nick: str
    words: Sequence[str]
    folder: Path
    person: pwd.struct_passwd | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The network, and a folder with the configuration of an installation on it."""

    network: RealNetwork
    folder: Path
    home: Path

    @property
    def tocsin(self) -> Program:
        """The whole of it."""
        return Program(BOT, tocsin(self.home, "serve"), self.home)

    def enter(self, nick: str, account: str | None = None) -> Client:
        """Return somebody in the channel, signed in where there is an account."""
        network = self.network
        client = QuickClient(network.plain_port, nick, account, network.passwords[account] if account else None)
        client.join(CHANNEL)
        return client


class QuickClient(Client):
    """Acknowledges at once: a server that waits for that before its next line would show 40 ms of our own making."""

    def _receive(self, deadline: float, wanted: str) -> None:
        super()._receive(deadline, wanted)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


@contextmanager
def installation() -> Iterator[Place]:
    """Run the network, and write what is to be served on it; without TLS, as everybody here is on one machine."""
    passwords = {name: f"pw-of-{name}" for name in ACCOUNTS}
    with TemporaryDirectory(prefix="tocsin-bench-") as name, inspircd_network(Path(name) / "net", passwords) as network:
        folder, site = Path(name), Site(Path(name))
        site.build()
        try:
            people = Network(network.tls_port, network.ca_file, passwords)
            Installation(folder / "tocsin", people, site, network.entity_ids).write()
            _without_tls(folder / "tocsin" / "tocsin.toml", people, network.plain_port)
            folder.chmod(0o711)
            yield Place(network, folder, folder / "tocsin")
        finally:
            site.close()


@contextmanager
def running(program: Program, watcher: Client, seconds: list[float]) -> Iterator[int]:
    """Run a program until the block ends; begins when it has joined, and notes how long that took. Gives its id."""
    began = time.perf_counter()
    with (program.folder / f"{program.nick}.log").open("ab") as log:
        process = subprocess.Popen(
            program.words,
            cwd=program.folder,
            env=_surroundings(program.folder),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            user=program.person and program.person.pw_uid,
            group=program.person and program.person.pw_gid,
            extra_groups=[] if program.person else None,
        )
    try:
        assert process.stdin is not None
        with process.stdin:
            process.stdin.write(f"{program.said}\n".encode())
        watcher.wait_for(rf":{program.nick}!\S+ JOIN :?{CHANNEL}", START_SECONDS)
        seconds.append(time.perf_counter() - began)
        yield process.pid
    finally:
        _end(process)
        watcher.wait_for(rf":{program.nick}!\S+ QUIT", STOP_SECONDS)


def megabytes(process: int) -> float:
    """Return how much memory a process has in use now."""
    told = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert told is not None
    return int(told[1]) / 1024


def _without_tls(path: Path, people: Network, port: int) -> None:
    text = path.read_text()
    plain = text.replace(f"port = {people.port}, ca_file = {json.dumps(people.ca_file)}", f"port = {port}, tls = false")
    hurried = plain.replace(SLOW, FAST)
    assert text != plain != hurried, "the configuration of the demonstration has changed its form"
    path.write_text(hurried)


def _surroundings(folder: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    return {**kept, "HOME": str(folder)}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
