"""Two bots that many channels know, each in a virtual environment of its own, asked for what they record nowhere.

Neither is slowed down by its own good manners, as ours is not; both run as somebody who is not root.
"""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.served import Place, Program
from tocsin.demo.story import CHANNEL

INSTALL_SECONDS = 300.0
OTHERS_MAY_RUN = stat.S_IROTH | stat.S_IXOTH


class NotInstalled(Exception):
    """It cannot be had here; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One of them: what to install, what to start, how it is configured, what it is asked and how it answers."""

    nick: str
    pinned: str
    start: tuple[str, ...]
    settings: str
    asked: str
    answer: str


PEERS = (
    Peer(
        "sopel",
        "sopel==8.0.4",
        ("sopel", "start", "--config", "sopel.cfg"),
        """[core]
nick = sopel
host = 127.0.0.1
port = {port}
use_ssl = false
owner = ada
channels = "{channel}"
enable = ping
homedir = {folder}
flood_max_wait = 0
antiloop_threshold = 0
""",
        ".ping",
        "Pong!",
    ),
    Peer(
        "limnoria",
        "limnoria==2026.10.4",
        ("limnoria", "limnoria.cfg"),
        """supybot.nick: limnoria
supybot.ident: limnoria
supybot.networks: bench
supybot.networks.bench.servers: 127.0.0.1:{port}
supybot.networks.bench.channels: {channel}
supybot.networks.bench.ssl: False
supybot.plugins: Misc
supybot.plugins.Misc: True
supybot.protocols.irc.throttleTime: 0
supybot.abuse.flood.command: False
supybot.reply.whenAddressedBy.chars: @
supybot.log.stdout: False
supybot.directories.backup: {folder}/backup
supybot.directories.conf: {folder}/conf
supybot.directories.data: {folder}/data
supybot.directories.data.tmp: {folder}/tmp
supybot.directories.log: {folder}/log
""",
        "@ping",
        "pong",
    ),
)


def installed(peer: Peer, place: Place) -> Program:
    """Install a peer if it is not there yet, and configure it; raises NotInstalled."""
    home = _environment(peer)
    folder = place.folder / peer.nick
    folder.mkdir()
    filled = peer.settings.format(port=place.network.plain_port, channel=CHANNEL, folder=folder)
    (folder / f"{peer.nick}.cfg").write_text(filled)
    person = pwd.getpwnam("irc") if os.geteuid() == 0 else None
    if person:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, person.pw_uid, person.pw_gid)
    return Program(peer.nick, (str(home / "bin" / peer.start[0]), *peer.start[1:]), folder, person)


def _environment(peer: Peer) -> Path:
    """Return the virtual environment that has it; one that was made before is used again."""
    home = _cache() / peer.pinned
    if (home / "whole").exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    _run(peer, _python(), "-m", "venv", str(home))
    _run(peer, str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", peer.pinned)
    (home / "whole").touch()
    return home


def _cache() -> Path:
    """Return a folder of ours that others may read; anybody else's under that name is not taken."""
    folder = Path(tempfile.gettempdir()) / f"tocsin-bench-peers-{os.geteuid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.stat().st_uid != os.geteuid() or folder.is_symlink():
        raise NotInstalled(f"{folder} belongs to somebody else")
    return folder


def _python() -> str:
    """Return a Python that the person may run as whom it is started: root's own may lie where nobody else looks."""
    ours = Path(sys.base_prefix)
    reachable = all(each.stat().st_mode & OTHERS_MAY_RUN for each in (ours, *ours.parents))
    return sys.executable if reachable or os.geteuid() != 0 else "/usr/bin/python3"


def _run(peer: Peer, *words: str) -> None:
    try:
        subprocess.run(words, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotInstalled(f"{peer.pinned} could not be installed: {type(error).__name__}") from error
