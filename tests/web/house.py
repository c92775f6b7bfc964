"""A page on a real port with the real handler behind it, and browsers of people who are signed in there or not."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

import httpx2

from tests.local.office import in_words
from tests.networks.inspircd import free_ports
from tests.service.world import World
from tocsin.domain.people import PersonId
from tocsin.domain.request import Request
from tocsin.executors.printed import PrintedOutputs
from tocsin.service.codes import OneTimeCodes
from tocsin.service.credentials import Session
from tocsin.service.looking_up import LookedUp
from tocsin.service.ports import Store
from tocsin.service.presences import SeveralPresences
from tocsin.service.questions import Questions
from tocsin.service.situating import Neighbours
from tocsin.service.tokens import Scope, TokenDesk
from tocsin.storage.credentials_file import CredentialsFile
from tocsin.storage.devices import StoredDevices
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore
from tocsin.storage.sessions import StoredSessions
from tocsin.storage.tokens import StoredTokens
from tocsin.web.office import Office
from tocsin.web.presence import PagePresence
from tocsin.web.server import WebServer
from tocsin.web.settings import OidcSettings, ProxySettings, WebSettings
from tocsin.web.visitors import cookie_name, session_id

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30


class Ways(TypedDict, total=False):
    """Ways to sign in beside a code."""

    local: bool
    oidc: OidcSettings
    proxy: ProxySettings


NO_MORE: Ways = {}


class House:
    """One installation with a page; its clock stands still until it is moved."""

    def __init__(self, folder: Path, store: Store | None = None, ways: Ways = NO_MORE) -> None:
        self.folder = folder
        self.store = store or MemoryStore(lambda request, position: None)
        self.world = World(self.store, StopJournal(folder / "stops.jsonl"))
        self.credentials = CredentialsFile(folder / "credentials.db")
        self.settings = WebSettings("Example", f"http://localhost:{(port := free_ports(1)[0])}", HOST, port, **ways)
        self.presence = PagePresence(self.world.clock)
        self.tokens = TokenDesk(StoredTokens(self.credentials), self.world.clock)
        around = self.world.neighbours
        several = SeveralPresences((around, self.presence))
        self.world.situations.neighbours = Neighbours(around, around, around, around, several)
        self.begun = asyncio.Event()
        self.begun.set()
        self.office = self._office()
        self._serving: asyncio.Task[None] | None = None
        self._browsers: list[httpx2.AsyncClient] = []

    def _office(self) -> Office:
        world = self.world
        return Office(
            settings=self.settings,
            handler=world.handler,
            requests=world.requests,
            questions=Questions(world.requests, world.situations, world.clock, self.store),
            store=self.store,
            clock=world.clock,
            configuration=lambda: world.situations.configuration,
            situation=lambda request, who: world.situations.situation(world.clock.now(), who, request, LookedUp()),
            in_words=in_words,
            outputs=PrintedOutputs(self.folder / "attempts"),
            sessions=StoredSessions(self.credentials),
            devices=StoredDevices(self.credentials),
            codes=OneTimeCodes(),
            presence=self.presence,
            tokens=self.tokens,
            begun=self.begun,
        )

    @property
    def request(self) -> Request:
        """Return the request of these tests, E1."""
        return self.world.request

    async def start(self) -> None:
        """Listen."""
        server = WebServer(self.office)
        server.start()
        await self.start_anew(server)

    async def start_anew(self, server: WebServer) -> None:
        """Serve with a server that listens already."""
        self._serving = asyncio.create_task(server.run())

    async def stop(self) -> None:
        """End the server and every browser."""
        for browser in self._browsers:
            await browser.aclose()
        await self.stop_serving()
        self.credentials.close()

    async def stop_serving(self) -> None:
        """End the server alone."""
        if self._serving:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)

    def browser(self, person: str | None = None) -> httpx2.AsyncClient:
        """Return a browser, in which somebody is signed in where one is named."""
        cookies = {cookie_name(self.office): self.session_of(person)} if person else {}
        return self._browser(cookies, {"Origin": self.settings.origin})

    def program(self, person: str | None = None, *scopes: Scope) -> httpx2.AsyncClient:
        """Return a program, with a new token of somebody where one is named."""
        if person is None:
            return self._browser({}, {})
        name = f"for-tests-{len(self._browsers)}"
        secret, _ = self.tokens.make(PersonId(person), name, scopes)
        return self._browser({}, {"Authorization": f"Bearer {secret}"})

    def _browser(self, cookies: Mapping[str, str], headers: Mapping[str, str]) -> httpx2.AsyncClient:
        address = f"http://{HOST}:{self.settings.port}"
        browser = httpx2.AsyncClient(
            base_url=address, cookies=dict(cookies), headers=dict(headers), trust_env=False, timeout=PATIENCE_SECONDS
        )
        self._browsers.append(browser)
        return browser

    def session_of(self, person: str) -> str:
        """Begin a session of somebody, and return the secret that their browser holds."""
        secret, now = secrets.token_urlsafe(32), self.world.clock.now()
        ends = now + self.settings.session_lasts
        self.office.sessions.begin(Session(session_id(secret), PersonId(person), "a test", now, ends))
        return secret


@asynccontextmanager
async def open_house(store: Store | None = None, ways: Ways = NO_MORE) -> AsyncIterator[House]:
    """Let the page listen for as long as the block lasts; the record is in memory, unless one is given."""
    with TemporaryDirectory() as folder:
        house = House(Path(folder), store, ways)
        await house.world.situations.refresh(house.world.clock.now())
        await house.start()
        try:
            yield house
        finally:
            await house.stop()
