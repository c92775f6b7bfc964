"""A served installation on a real network that can be broken, and the people who talk there; what the record holds."""

import json
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.networks.client import Client
from tests.networks.inspircd import Network, inspircd_network
from tocsin.demo.installation import ACCOUNTS, BOT, Installation, tocsin
from tocsin.demo.people import Network as Doorway
from tocsin.demo.site import BETTER_FIX, FIX, Site
from tocsin.demo.story import CHANNEL, GO_AFTER_YES_SECONDS
from tocsin.domain.events import HouseEvent, RequestEvent
from tocsin.domain.evolving import evolve
from tocsin.domain.people import PersonId
from tocsin.domain.request import Request, Stamp, Status
from tocsin.record.canonical import read_time
from tocsin.storage.codec.events import Stored, event_codec
from tocsin.storage.record_file import RecordFile

PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.1
WHY = "painted pages are cached corrupted; a rollback would lose today's paints; going back is safe"

Door = Callable[[Network], tuple[int, bool]]


class Ear(Client):
    """Somebody in the channel, who reads names without the mark that keeps them from being highlighted."""

    def _take(self, line: str) -> None:
        super()._take(line.replace("\u2060", ""))


@dataclass(slots=True)
class Scene:
    """What is played: a real server with its bot, on a network of its own; every wait has a bound."""

    network: Network
    home: Path
    site: Site
    people: dict[str, Ear] = field(default_factory=dict)
    server: subprocess.Popen[bytes] | None = None

    # --- people -------------------------------------------------------------------------------------------------------

    def enter(self, nick: str, account: str | None = None, irc: int = 1) -> Ear:
        """Let somebody join, signed in when an account is given, through one of the servers."""
        password = self.network.passwords.get(account) if account else None
        ear = Ear(self.network.plain_ports[irc - 1], nick, account, password)
        ear.join(CHANNEL)
        self.people[nick] = ear
        return ear

    def enter_all(self, irc: int = 1) -> None:
        """Let the requester in at the first server, and those who may confirm at this one."""
        self.enter("ada", "ada")
        for name in ("bo-sre", "kim-releng", "mo-sre"):
            self.enter(name, name, irc)

    def says(self, nick: str, text: str) -> None:
        """Have somebody say a line in the channel."""
        self.people[nick].say(CHANNEL, text)

    def hears(self, pattern: str, nick: str = "ada", seconds: float = PATIENCE_SECONDS) -> str:
        """Wait until somebody hears the bot say such a line there; return what the pattern's group took, or all."""
        line = self.people[nick].wait_for(rf":{BOT}_*!\S+ PRIVMSG {CHANNEL} :.*{pattern}", seconds)
        found = re.search(pattern, line)
        assert found is not None
        return found[1] if found.groups() else found[0]

    def hears_nothing(self, pattern: str, nick: str = "ada") -> None:
        """Show that nothing of the kind was said up to now."""
        heard = [line for line in self.people[nick].settle() if re.search(pattern, line)]
        assert heard == []

    def leave(self, nick: str) -> None:
        """Drop somebody's connection."""
        self.people.pop(nick).close()

    # --- the request --------------------------------------------------------------------------------------------------

    def ask(self) -> str:
        """Have ada ask for the fix; return the check word."""
        self.cry()
        return self.describe()

    def cry(self) -> None:
        """Have ada cry for help."""
        self.says("ada", f"help! I'd like to do an emergency deploy for {FIX.number} -- context is T1234")
        self.hears("E1 needs a reason")

    def describe(self) -> str:
        """Have ada say all that is missing; return the check word."""
        self.says("ada", f"!E1 data fix -- {WHY}")
        return self.hears(r"!confirm E1 (\S+)")

    def confirm(self, nick: str, word: str) -> None:
        """Have somebody confirm, and see it acknowledged by name."""
        self.confirm_as(nick, nick, word)

    def confirm_as(self, nick: str, person: str, word: str) -> None:
        """Have somebody confirm who is called otherwise than they are."""
        self.says(nick, f"!confirm E1 {word}")
        self.hears(f"E1: {person} confirms|E1 is confirmed by .*{person}")

    def start(self) -> None:
        """Have kim start it, when the last yes is old enough."""
        time.sleep(GO_AFTER_YES_SECONDS)
        self.says("kim-releng", "!go E1")
        self.hears("E1 is being deployed by kim-releng")

    def go(self) -> None:
        """Have kim start it, and see the checkpoint."""
        self.start()
        self.hears("Look at it, then !good E1")

    def back_to_work(self) -> None:
        """Have everybody say that they are here again, and the pause ended."""
        for nick in ("ada", "bo-sre", "kim-releng"):
            self.says(nick, "!here E1")
        time.sleep(1)
        self.says("kim-releng", "!resume E1")
        self.comes_to(lambda request: request.status is Status.DEPLOYING)

    def look_and_end(self) -> None:
        """Have both find the checkpoint good, and see the fix live."""
        self.says("ada", "!good E1 test server")
        self.says("kim-releng", "!good E1 test server")
        self.hears(r"E1 is live\b")

    def confirmed(self) -> None:
        """Have it asked for, and both teams confirm it."""
        word = self.ask()
        self.confirm("bo-sre", word)
        self.confirm("kim-releng", word)
        assert self.request.status is Status.READY

    # --- the site -----------------------------------------------------------------------------------------------------

    def site_falls_silent(self) -> None:
        """Let the site take connections and answer nothing."""
        self.site.live_server.shutdown()

    def site_answers_again(self) -> None:
        """Undo that."""
        threading.Thread(target=self.site.live_server.serve_forever, daemon=True).start()

    # --- the record ---------------------------------------------------------------------------------------------------

    @property
    def events(self) -> list[tuple[RequestEvent, Stamp]]:
        """Return what the record holds of the one request."""
        return list(_events(self.home / "data" / "record.db"))

    @property
    def request(self) -> Request:
        """Return the one request as the record holds it."""
        request: Request | None = None
        for event, stamp in self.events:
            request = evolve(request, event, stamp)
        assert request is not None, "it was asked for"
        return request

    @property
    def confirmers(self) -> set[str]:
        """Return whose yes stands in the record."""
        return set(self.request.confirmers)

    @property
    def surfaces(self) -> set[str]:
        """Return from where people's acts came, by the record."""
        file = RecordFile(self.home / "data" / "record.db")
        try:
            return {entry.surface for entry in file.all_entries() if entry.person}
        finally:
            file.close()

    def comes_to(self, so: Callable[[Request], object], seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until the record holds the request so."""
        deadline = time.monotonic() + seconds
        while not so(self.request):
            assert time.monotonic() < deadline, f"{self.request.status}: {self.events[-3:]}"
            time.sleep(LOOK_SECONDS)

    # --- the server ---------------------------------------------------------------------------------------------------

    def command(self, *words: str) -> str:
        """Run the command line as ada's login, and return what it printed."""
        ended = subprocess.run(
            tocsin(self.home, *words), capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
        )
        return ended.stdout + ended.stderr

    def loses_irc(self) -> None:
        """Wait until the command line says that the bot is no longer connected."""
        deadline = time.monotonic() + 3 * PATIENCE_SECONDS
        while "not connected to IRC" not in self.command("request", "list"):
            assert time.monotonic() < deadline, "it is still connected"
            time.sleep(1)

    def serve(self, *, counting: bool = True) -> None:
        """Start `tocsin serve`, and wait until what is said counts, or at least the command line is answered."""
        with (self.home / "serve.log").open("ab") as log:
            self.server = subprocess.Popen(tocsin(self.home, "serve"), stdout=log, stderr=log)
        if counting:
            self.counts_again()
        else:
            self.answers_the_command_line()

    def answers_the_command_line(self) -> str:
        """Wait until the server answers, and return what it says of itself and of what is open."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "There is no server here" in (said := self.command("request", "list")) or "does not answer" in said:
            assert time.monotonic() < deadline, said
        return said

    def counts_again(self, nick: str = "") -> None:
        """Wait until the bot answers in the channel, and has nothing to warn of."""
        if not nick:
            asker = self.enter(f"asker{random.randrange(10**6)}")  # no history holds an answer to that name
            self.counts_again(asker.nick)
            self.leave(asker.nick)
            return
        deadline = time.monotonic() + 3 * PATIENCE_SECONDS
        while time.monotonic() < deadline:
            assert self.server is not None and self.server.poll() is None, (self.home / "serve.log").read_text()[-2000:]
            self.says(nick, f"{BOT}: status")
            time.sleep(1)
            answers = [line for line in self.people[nick].settle() if f" PRIVMSG {CHANNEL} :{nick}" in line]
            if answers and not any("Take care" in line for line in answers):
                return
        raise TimeoutError(f"the bot does not hear everybody: {(self.home / 'serve.log').read_text()[-2000:]}")

    def kill_server(self) -> None:
        """End the server as a power cut would."""
        assert self.server is not None
        self.server.kill()
        self.server.wait()

    def end(self) -> None:
        """End the server, and let everybody go."""
        for ear in self.people.values():
            ear.close()
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(PATIENCE_SECONDS)
            finally:
                self.server.kill()


@contextmanager
def scene(
    folder: Path, servers: int = 1, door: Door | None = None, *, served: bool = True, first_step_seconds: int = 0
) -> Iterator[Scene]:
    """Run network, site and server until the block ends; `door` gives the bot another port, with or without TLS."""
    with ExitStack() as stack:
        passwords = {name: f"{name}-word" for name in ACCOUNTS}
        network = stack.enter_context(inspircd_network(folder / "network", passwords, servers))
        site = Site(folder)
        site.build()
        stack.callback(site.close)
        port, tls = door(network) if door else (network.tls_port, True)
        home = folder / "tocsin"
        Installation(home, Doorway(port, network.ca_file, passwords), site, network.entity_ids).write()
        _change(home / "tocsin.toml", "burst = 20", 'burst = 20\nsplit_quarantine = "3 s"')
        if not tls:
            _change(home / "tocsin.toml", f"port = {port}, ca_file", f"port = {port}, tls = false, ca_file")
        if first_step_seconds:
            _change(home / "targets" / "website.toml", 'run = ["git"', f"run = {_slowly(first_step_seconds)}")
        site.upload(BETTER_FIX)
        played = Scene(network, home, site)
        stack.callback(played.end)
        if served:
            played.serve()
        yield played
        assert "record verified" in played.command("record", "verify")


def _slowly(seconds: int) -> str:
    """Return the beginning of a command that waits, and then runs what follows."""
    return json.dumps(["sh", "-c", f'sleep {seconds}; exec "$@"', "sh", "git"])[:-1]


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def _events(record: Path) -> Iterator[tuple[RequestEvent, Stamp]]:
    codec, file = event_codec(), RecordFile(record)
    try:
        for entry in file.all_entries():
            assert entry.body is not None
            event = codec.decode(Stored(entry.kind, entry.shape, entry.body))
            if not isinstance(event, HouseEvent):
                yield event, Stamp(read_time(entry.at), PersonId(entry.person) if entry.person else None)
    finally:
        file.close()
