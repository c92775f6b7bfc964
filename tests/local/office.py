"""A real socket with the real handler behind it, and somebody who talks to it; who that is may change at any time."""

import asyncio
import json
import os
import pwd
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.domain.night import CHANGE, WIKI
from tests.service.world import E1, World, everybody
from tocsin.domain.people import Directory, Person, RequestId, TargetId
from tocsin.domain.request import Request
from tocsin.domain.situation import Catalogue
from tocsin.local.server import LocalServer
from tocsin.service.codes import Door, OneTimeCodes
from tocsin.service.questions import Questions
from tocsin.service.requests import Happening
from tocsin.service.situating import Configuration
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore
from tocsin.views.announcing import announcements, house_lines

LOGIN = pwd.getpwuid(os.getuid()).pw_name
WISH: dict[str, Any] = {
    "named": "1234",
    "task": "T1234",
    "reason": "data",
    "remedy": "disable",
    "sentence": "painted pages are cached corrupted",
    "why_not_rollback": "it would lose today's paints",
    "going_back": "yes",
}
E2 = RequestId("E2")
SITE = TargetId("site")
PATIENCE_SECONDS = 10.0


class Office:
    """The server of one installation; the login of this test belongs to the person who was last named."""

    def __init__(self, folder: Path, *, has_page: bool = True) -> None:
        self.has_page = has_page
        self.store = MemoryStore(lambda request, position: None)
        self.world = World(self.store, StopJournal(folder / "stops.jsonl"))
        self.path = folder / "tocsin.sock"
        self.codes = OneTimeCodes()
        self.server = self.another()
        self.keys = 0
        self.becomes("ada")

    @property
    def request(self) -> Request:
        return self.world.request

    @property
    def word(self) -> str:
        return self.word_of(E1)

    def word_of(self, request: RequestId) -> str:
        found = self.world.requests.find(request)
        assert found is not None and found.proposal is not None
        return found.proposal.check_word

    def another(self) -> LocalServer:
        """Return one more server around the same installation, not started."""
        world = self.world
        questions = Questions(world.requests, world.situations, world.clock, world.store)
        door = Door(self.codes, world.clock, "https://tocsin.example.org")
        return LocalServer(world.handler, self.directory, questions, in_words, door if self.has_page else None)

    def directory(self) -> Directory:
        return self.world.situations.configuration.directory

    def becomes(self, person: str) -> "Office":
        """Give this test's login to a person, or to nobody when nobody has that name."""
        people = tuple(_with_login(each, mine=each.id == person) for each in everybody().people)
        (wiki, *_) = self.world.situations.configuration.catalogue.targets
        site = replace(wiki, id=SITE, sources=(("site", "*"),))
        directory = replace(everybody(), people=people)
        self.world.situations.configuration = Configuration(directory, Catalogue((wiki, site)))
        return self

    async def says(self, verb: str, request: str = "", /, **fields: object) -> dict[str, Any]:
        """Say one verb on a connection of its own."""
        self.keys += 1
        key = f"key-{self.keys:08d}"
        return await self.sends({"verb": verb, "request": request, "fields": fields, "key": key})

    async def sends(self, sent: object) -> dict[str, Any]:
        """Send one line on a connection of its own, and return the answer."""
        return await self.sends_raw(json.dumps(sent).encode() + b"\n")

    async def sends_raw(self, data: bytes) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_unix_connection(self.path, limit=2**24)
            try:
                writer.write(data)
                await writer.drain()
                answer: dict[str, Any] = json.loads(await reader.readline())
                return answer
            finally:
                writer.close()

    async def asks(self, person: str = "ada") -> dict[str, Any]:
        """Open the request of these tests, with everything that it needs."""
        return await self.becomes(person).says("emergency", wording="help!", wish=WISH, channel="")

    async def asks_for_another(self, person: str = "ada") -> None:
        """Open a second request, for another change on another target."""
        self.world.neighbours.known = replace(CHANGE, number=77, project="site")
        wish = WISH | {"named": "77"}
        answer = await self.becomes(person).says("emergency", wording="help!", wish=wish, channel="")
        assert answer["request"] == "E2", answer

    async def starts(self) -> None:
        """Ask, confirm, take and go, all through the socket."""
        await self.asks()
        await self.carries_out(E1)

    async def carries_out(self, request: RequestId) -> None:
        """Confirm, take and go."""
        for person in ("bo-sre", "kim-releng"):
            answer = await self.becomes(person).says("confirm", request, check_word=self.word_of(request))
            assert answer["outcome"] == "done", answer
        self.world.later(15)
        assert (await self.says("take", request))["outcome"] == "done"
        answer = await self.says("go", request)
        assert answer["status"] == "deploying", answer

    def connects_as(self, uid: int) -> int:
        """Connect as another account of this machine, where this one may; return the descriptor."""
        talking = socket.socket(socket.AF_UNIX)
        before = os.geteuid()
        os.seteuid(uid)
        try:
            talking.connect(str(self.path))
        finally:
            os.seteuid(before)
        return talking.detach()


@asynccontextmanager
async def open_office(*, has_page: bool = True) -> AsyncIterator[Office]:
    """Let the server listen for as long as the block lasts, in a folder that every account of the machine can reach."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        office = Office(Path(folder), has_page=has_page)
        await office.world.situations.refresh(office.world.clock.now())
        await office.server.start(office.path)
        try:
            yield office
        finally:
            await office.server.stop()


def in_words(happening: Happening) -> list[str]:
    """Say what happened as the wiring does."""
    if happening.after is None:
        return [line.text for line in house_lines(happening.recorded)]
    return [line.text for line in announcements(happening.before, happening.after, happening.recorded)]


def _with_login(person: Person, *, mine: bool) -> Person:
    deploys = person.may_deploy | {SITE} if WIKI in person.may_deploy else person.may_deploy
    return replace(person, logins=(LOGIN,) if mine else (f"{person.id}-unix",), may_deploy=deploys)
