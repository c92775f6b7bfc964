"""A throw-away IRC network on loopback, InspIRCd with Atheme's accounts; what is said there is the test's affair."""

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from string import Template

from tests.networks.client import Client
from tests.networks.link import Link
from tocsin.demo.irc_server.certificate import self_signed

PROGRAMS = {"inspircd": "/usr/sbin/inspircd", "atheme-services": "/usr/bin/atheme-services"}
TEMPLATES = Path(__file__).parent
PORTS = range(20000, 32000)  # the system hands out ports from 32768 on: those below stay where they are put
PORTS_OF_A_WORKER = 1500
START_SECONDS = 20.0
MOST_STARTS = 3
STEP_SECONDS = 0.01


def missing() -> str | None:
    """Name the first Debian package that is not installed, or nothing when the network can start."""
    return next((package for package, program in PROGRAMS.items() if not os.access(program, os.X_OK)), None)


@contextmanager
def inspircd_network(folder: Path, accounts: Mapping[str, str], servers: int = 1) -> Iterator["Network"]:
    """Run a network in the folder for as long as the block lasts; `accounts` maps account names to passwords."""
    with reachable(folder) as home:
        network = _started(home, accounts, servers)
        try:
            yield network
        finally:
            network.stop_all()


def _started(home: Path, accounts: Mapping[str, str], servers: int) -> "Network":
    """Start a network; where a port was taken between the look and the start, start it anew on others."""
    for further in reversed(range(MOST_STARTS)):
        network = Network(home, accounts, servers)
        try:
            network.start_all()
        except (TimeoutError, RuntimeError) as failed:
            network.stop_all()
            if not further:
                raise
            print(f"a network did not start, and is started anew on other ports: {failed}")
        except BaseException:
            network.stop_all()
            raise
        else:
            return network
    raise AssertionError("the last start returns or raises")


class Network:
    """A running network. Its parts are called `irc1`, `irc2` and `services`."""

    def __init__(self, folder: Path, accounts: Mapping[str, str], servers: int) -> None:
        assert servers in (1, 2), "a network has one server or two"
        self.folder = folder
        self.passwords = dict(accounts)
        self.entity_ids = {name: _entity_id(place) for place, name in enumerate(accounts, start=1)}
        self.plain_ports = free_ports(servers)
        self.tls_ports = free_ports(servers, taken=self.plain_ports)
        self._link_ports = free_ports(servers + 1, taken=self.plain_ports + self.tls_ports)
        self._servers = [f"irc{number}" for number in range(1, servers + 1)]
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._link: Link | None = None
        self._write_files(accounts)

    @property
    def plain_port(self) -> int:
        """The first server's port without TLS."""
        return self.plain_ports[0]

    @property
    def tls_port(self) -> int:
        """The first server's port with TLS."""
        return self.tls_ports[0]

    @property
    def ca_file(self) -> str:
        """The certificate to trust: valid for localhost and 127.0.0.1."""
        return str(self.folder / "certificate.pem")

    def start_all(self) -> None:
        """Start the servers, then services, then the link between two servers."""
        for part in [*self._servers, "services"]:
            self.start(part)
        if len(self._servers) == 2:
            self._link = Link(listen_port=self._link_ports[2], target_port=self._link_ports[0])
            self.heal()

    def stop_all(self) -> None:
        """End every process of the network."""
        if self._link:
            self._link.close()
        for part in [name for name in (*self._servers, "services") if name in self._running]:
            self.kill(part)

    def start(self, part: str) -> None:
        """Start one part and wait until it serves; services are then linked to the first server."""
        mark = self._log_size()
        process = self._running[part] = self._spawn(part)
        if part == "services":
            self._wait_for_log("end of netburst from services.example.org", mark, process)
        else:
            port = self.plain_ports[self._servers.index(part)]
            wait_until(lambda: answers(port), f"port of {part}", process)

    def kill(self, part: str) -> None:
        """End one part at once, as a power cut would; of services, wait until the first server has noticed."""
        mark = self._log_size()
        process = self._running.pop(part)
        process.kill()
        process.wait()
        if part == "services" and (server := self._running.get("irc1")):
            self._wait_for_log("Server services.example.org split", mark, server)

    def freeze(self, part: str) -> None:
        """Stop one part in its tracks: it answers nothing and closes nothing."""
        self._running[part].send_signal(signal.SIGSTOP)

    def thaw(self, part: str) -> None:
        """Let a frozen part go on."""
        self._running[part].send_signal(signal.SIGCONT)

    def wait_for_services(self) -> None:
        """Wait until the first server knows NickServ, as it does again some time after it was killed and started."""
        with Client(self.plain_port, f"probe{random.randrange(10**6)}") as probe:
            wait_until(lambda: _knows_services(probe), "services", self._running["services"])

    def split(self) -> None:
        """Cut the link between the two servers; both notice at once."""
        self._the_link().cut()

    def hold(self) -> None:
        """Let the link between the two servers go silent; they notice only after their ping time."""
        self._the_link().hold()

    def heal(self) -> None:
        """Undo `split` or `hold`, and wait until the servers are linked."""
        self._the_link().mend()
        with Client(self.plain_ports[1], f"linker{random.randrange(10**6)}") as operator:
            operator.send("OPER operator operator-password")
            operator.wait_for(r" 381 ")
            wait_until(lambda: _linked(operator), "the link", self._running["irc2"])

    def _the_link(self) -> Link:
        assert self._link, "only a network of two servers can split"
        return self._link

    def _write_files(self, accounts: Mapping[str, str]) -> None:
        certificate = self_signed()
        (self.folder / "certificate.pem").write_text(certificate.certificate_pem)
        (self.folder / "key.pem").write_text(certificate.key_pem)
        for number, server in enumerate(self._servers, start=1):
            self._fill("inspircd.conf", f"{server}.conf", self._server_values(number))
        self._fill("atheme.conf", "atheme.conf", {"link_port": self._link_ports[0]})
        (self.folder / "services.db").write_text(_account_file(accounts, self.entity_ids))
        hand_over(self.folder)

    def _fill(self, template: str, name: str, values: Mapping[str, object]) -> None:
        (self.folder / name).write_text(Template((TEMPLATES / template).read_text()).substitute(values))

    def _server_values(self, number: int) -> dict[str, object]:
        return {
            "name": f"irc{number}.example.org",
            "number": number,
            "plain_port": self.plain_ports[number - 1],
            "tls_port": self.tls_ports[number - 1],
            "link_port": self._link_ports[number - 1],
            "server_ping_seconds": 4,
            "links": "\n".join(self._links_of(number)),
        }

    def _links_of(self, number: int) -> Iterator[str]:
        if number == 1:
            yield _link_block("services.example.org", 1)  # services dial in; nobody listens on port 1
        if len(self._servers) == 2:
            yield _link_block(f"irc{3 - number}.example.org", self._link_ports[2])

    def _spawn(self, part: str) -> subprocess.Popen[bytes]:
        return spawn(_command(part, self.folder), self.folder, part)

    def _log_size(self) -> int:
        log = self.folder / "irc1.example.org.log"
        return log.stat().st_size if log.exists() else 0

    def _wait_for_log(self, text: str, mark: int, process: subprocess.Popen[bytes]) -> None:
        """Wait for a line of the first server's log, which is there before any client could see what it tells."""
        log = self.folder / "irc1.example.org.log"
        wait_until(lambda: text.encode() in log.read_bytes()[mark:].replace(b"\x02", b""), text, process)


def spawn(command: list[str], folder: Path, name: str) -> subprocess.Popen[bytes]:
    """Start a daemon inside the folder; they refuse to run as root, so root's tests run them as Debian's `irc`."""
    person = pwd.getpwnam("irc") if os.geteuid() == 0 else None
    with (folder / f"{name}.out").open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            user=person and person.pw_uid,
            group=person and person.pw_gid,
            extra_groups=[] if person else None,
        )


def hand_over(folder: Path) -> None:
    """Give what is in the folder to whoever the daemons run as."""
    if os.geteuid() == 0:
        for path in [folder, *folder.iterdir()]:
            shutil.chown(path, "irc", "irc")


@contextmanager
def reachable(folder: Path) -> Iterator[Path]:
    """Give a place the daemons can reach: as root they run as somebody else, who may not enter a test's folder."""
    if os.geteuid() != 0:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="tocsin-network-") as home:
        try:
            yield Path(home)
        finally:
            shutil.copytree(home, folder, dirs_exist_ok=True)  # the logs, for whoever asks why


def free_ports(count: int, taken: list[int] | None = None) -> list[int]:
    """Find ports that nobody listens on, in that part of the test range which no other worker draws from."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % (len(PORTS) // PORTS_OF_A_WORKER)
    mine = PORTS[worker * PORTS_OF_A_WORKER :][:PORTS_OF_A_WORKER]
    found: list[int] = []
    for port in random.sample(mine, k=len(mine)):
        if len(found) < count and port not in (taken or []) and _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False


def wait_until(reached: Callable[[], bool], what: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not reached():
        if process.poll() is not None:
            raise RuntimeError(f"waiting for {what}: the process ended with {process.returncode}; see its folder")
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {START_SECONDS} s")
        time.sleep(STEP_SECONDS)


def _command(part: str, folder: Path) -> list[str]:
    if part == "services":
        files = {"-c": "atheme.conf", "-D": ".", "-l": "services.log", "-p": "services.pid"}
        located = [word for flag, name in files.items() for word in (flag, str(folder / name))]
        return [PROGRAMS["atheme-services"], "-n", *located]
    return [PROGRAMS["inspircd"], "--nofork", "--nopid", "--config", str(folder / f"{part}.conf")]


def _link_block(name: str, port: int) -> str:
    words = 'sendpass="link-password" recvpass="link-password" allowmask="127.0.0.0/8" timeout="5"'
    return f'<link name="{name}" ipaddr="127.0.0.1" port="{port}" {words}>'


def _linked(operator: Client) -> bool:
    operator.send("CONNECT irc1.example.org")
    operator.send("LINKS")
    return any(" 364 " in line and "irc1.example.org" in line for line in operator.settle())


def _knows_services(probe: Client) -> bool:
    probe.say("NickServ", "STATUS")
    return not any(" 401 " in line for line in probe.settle())


def _account_file(accounts: Mapping[str, str], entity_ids: Mapping[str, str]) -> str:
    """Write Atheme's own account file (version 12), so that no account has to be registered over IRC."""
    now = int(time.time())
    lines = ["DBV 12", *([f"LUID {list(entity_ids.values())[-1]}"] if entity_ids else []), "CF +AFHORVabefhioqrstv"]
    for name, password in accounts.items():
        lines.append(f"MU {entity_ids[name]} {name} {password} {name}@example.org {now} {now} +s default")
        lines.append(f"MN {name} {name} {now} {now}")
    return "\n".join(lines) + "\n"


def _entity_id(place: int) -> str:
    """Spell a number as Atheme does: nine letters, A for zero."""
    letters = []
    for _ in range(9):
        place, digit = divmod(place, 26)
        letters.append(chr(ord("A") + digit))
    return "".join(reversed(letters))
