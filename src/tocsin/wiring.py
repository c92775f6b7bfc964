"""Builds every part from the configuration; the only file that knows all the rooms."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from tocsin.config.differences import changes
from tocsin.config.loading import Loaded, load
from tocsin.config.problems import Misconfigured
from tocsin.domain import events as e
from tocsin.domain.people import Directory, RequestId
from tocsin.domain.plan import ExecutorKind
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation
from tocsin.engine.carrying import Engine, EngineSettings
from tocsin.executors.printed import PrintedOutputs
from tocsin.executors.rehearsal import RehearsalExecutor
from tocsin.executors.shell import ShellExecutor
from tocsin.irc.building import Irc, Office
from tocsin.local.server import LocalServer
from tocsin.neighbours.ldap.building import elsewhere
from tocsin.neighbours.pagers.paging import Paging
from tocsin.neighbours.proofs.history import Histories
from tocsin.neighbours.proofs.looking import Proofs
from tocsin.neighbours.reviews.gerrit_events import listening
from tocsin.neighbours.webhooks import Webhook
from tocsin.service.brake import Brake
from tocsin.service.carrying import Carrying
from tocsin.service.clock import SystemClock
from tocsin.service.clockwork import ITSELF, Clockwork
from tocsin.service.codes import Door, OneTimeCodes
from tocsin.service.follower import Follower
from tocsin.service.handler import Handler
from tocsin.service.lately import Lately
from tocsin.service.looking_up import LookedUp
from tocsin.service.memberships import Teams
from tocsin.service.noting import Noting
from tocsin.service.ports import Executor
from tocsin.service.presences import SeveralPresences
from tocsin.service.questions import Questions
from tocsin.service.requests import Happening, Requests
from tocsin.service.situating import Configuration, Situations
from tocsin.service.telling import Telling
from tocsin.service.waking import Waking
from tocsin.storage.alone import only_one
from tocsin.storage.credentials import open_credentials
from tocsin.storage.cursors import FileCursor
from tocsin.storage.journal import StopJournal
from tocsin.storage.kept_members import MembersFile
from tocsin.storage.keys import Signer, load_or_make_key
from tocsin.storage.sqlite import SqliteStore
from tocsin.surroundings import neighbours, ways, webhooks
from tocsin.views.announcing import announcements, house_lines
from tocsin.web.presence import PagePresence

if TYPE_CHECKING:
    from tocsin.web.server import WebServer

log = structlog.get_logger()
NONCE_BYTES = 16
FIRST_LOOK_SECONDS = 1.0
FIRST_READ = ("the configuration was read at the start of the server",)


class Server:
    """One running installation: bot, record, engine, clockwork and this machine's socket."""

    def __init__(self, loaded: Loaded) -> None:
        """Build every part; raises `RecordUnavailable` when the record is not as it was left."""
        self._loaded, self.ready = loaded, asyncio.Event()
        settings, clock = loaded.settings, SystemClock()
        data = settings.site.data
        self._engine = Engine(EngineSettings(settings.record.database, settings.engine.executor))
        self._store = SqliteStore(settings.record.database, _signer(loaded), self._engine.start_in)
        self._requests = Requests()
        self._in_front = PagePresence(clock)
        self._situations = Situations(
            neighbours(loaded, SeveralPresences(), self._topic), self._requests, _configuration(loaded), _nonce
        )
        self._brake = Brake(StopJournal(data / "stops.jsonl"))
        self._handler = Handler(self._store, self._requests, self._situations, clock, self._brake)
        self._questions = Questions(self._requests, self._situations, clock, self._store, settings.site.public_url)
        self._irc = self._build_irc(loaded, clock)
        if self._irc:
            self._questions.bot = self._irc
        surfaces = (*((self._irc.presences,) if self._irc else ()), self._in_front)
        self._situations.neighbours = neighbours(loaded, SeveralPresences(surfaces), self._topic)
        proofs = Proofs(Histories(data / "histories"))
        executors: dict[ExecutorKind, Executor] = {
            ExecutorKind.SHELL: ShellExecutor(settings.engine.attempts),
            ExecutorKind.REHEARSAL: RehearsalExecutor(),
        }
        self._carrying = Carrying(self._handler, self._requests, executors, proofs, self._brake)
        self._clockwork = Clockwork(
            self._handler, self._requests, self._situations, proofs, self._brake, self._store, clock
        )
        self._handler.tell(self._clockwork.grown)
        self._teams = Teams(self._situations, self._handler, MembersFile(data / "members.json"), clock)
        self._teams.use(_configuration(loaded), elsewhere(loaded.ldap))
        self._waking = Waking(self._handler, self._requests, clock, Paging(settings.waking), settings.site.public_url)
        self._handler.tell(self._waking.grown)
        self._codes = OneTimeCodes()
        self._door = Door(self._codes, clock, settings.site.public_url) if settings.web and settings.web.local else None
        self._local = LocalServer(self._handler, self._directory, self._questions, self._in_words, self._door)
        self._followers = list(self._make_followers(data, clock))
        for follower in self._followers:
            self._handler.tell(follower.grown)
        self._telling = self._build_telling(loaded, clock)
        self._web = self._build_web(loaded, clock)
        self._stopping = asyncio.Event()
        self._aside: set[asyncio.Task[None]] = set()
        self._brake.killed = self._kill

    async def run(self) -> None:
        """Serve until `stop`, or until a part breaks, which ends everything rather than half of it."""
        await self._handler.start()
        await self._teams.note(FIRST_READ if self._requests.house.digest else ())
        await self._look_around()
        tasks = list[asyncio.Task[None]]()
        if self._web:  # it can be looked at from now on; what is done on it waits for `ready`
            self._web.start()
            tasks.append(asyncio.create_task(self._web.run()))
        try:
            await self._engine.launch(self._carrying)
            await self._local.start(self._loaded.settings.local.socket)
            tasks.extend(asyncio.create_task(work) for work in self._endless())
            self.ready.set()
            log.info("serving", folder=str(self._loaded.folder), socket=str(self._loaded.settings.local.socket))
            stopped = asyncio.create_task(self._stopping.wait())
            done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopped}:
                await task
        finally:
            await self._wind_up(tasks)

    async def _look_around(self) -> None:
        """Look at calendar and rota before the first act, and wait for no system that does not answer."""
        await asyncio.wait([self._beside(self._situations.refresh(SystemClock().now()))], timeout=FIRST_LOOK_SECONDS)

    def stop(self) -> None:
        """End `run`; a step that is carried out goes on without us, and is followed again after the next start."""
        self._stopping.set()

    def reload(self) -> None:
        """Read the configuration again, in the background; a broken one is refused, and the old one kept."""
        self._beside(self._reload())

    async def _reload(self) -> None:
        try:
            fresh = await asyncio.to_thread(load, self._loaded.folder)
        except Misconfigured as broken:
            log.error("the configuration is broken and the old one kept", problems=[p.text for p in broken.problems])
            return
        before, self._loaded = replace(self._loaded, directory=self._teams.recorded), fresh
        earlier = self._situations.neighbours
        self._situations.neighbours = neighbours(fresh, earlier.presences, self._topic, earlier)
        self._teams.use(_configuration(fresh), elsewhere(fresh.ldap))
        what = changes(before, replace(fresh, directory=self._directory()))
        self._waking.use(Paging(fresh.settings.waking))
        await self._teams.note(what)
        await self._situations.refresh(SystemClock().now())
        log.info("the configuration was read again", what=what)

    def _endless(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield self._clockwork.run()
        yield self._waking.run()
        yield from listening(self._loaded.settings.gerrit, self._clockwork.learn_soon)
        yield self._teams.run()
        yield from (follower.run() for follower in self._followers)
        if self._telling.ways:
            yield self._telling.run()
        if self._irc:
            yield self._irc.run()

    async def _wind_up(self, tasks: list[asyncio.Task[None]]) -> None:
        await self._local.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._engine.stop()
        await asyncio.to_thread(self._store.close)

    def _build_irc(self, loaded: Loaded, clock: SystemClock) -> Irc | None:
        if loaded.settings.irc is None:
            return None
        office = Office(
            handler=self._handler,
            requests=self._requests,
            questions=self._questions,
            configuration=lambda: self._situations.configuration,
            clock=clock,
            situation_of=self._situation_of,
            public_url=loaded.settings.site.public_url,
            log_channel=loaded.settings.log_channel,
            topic_changed=lambda: self._beside(self._situations.refresh_rota(clock.now())),
        )
        return Irc(loaded.settings.irc, office)

    def _build_web(self, loaded: Loaded, clock: SystemClock) -> "WebServer | None":
        if loaded.settings.web is None:
            return None
        from tocsin.web.office import Office as WebOffice
        from tocsin.web.server import WebServer

        credentials = open_credentials(loaded.settings.site.data, clock)
        self._local.tokens = credentials.tokens
        office = WebOffice(
            settings=loaded.settings.web,
            handler=self._handler,
            requests=self._requests,
            questions=self._questions,
            store=self._store,
            clock=clock,
            configuration=lambda: self._situations.configuration,
            situation=lambda request, who: self._situations.situation(clock.now(), who, request, LookedUp()),
            in_words=self._in_words,
            outputs=PrintedOutputs(loaded.settings.engine.attempts),
            codes=self._codes,
            presence=self._in_front,
            sessions=credentials.sessions,
            devices=credentials.devices,
            tokens=credentials.tokens,
            begun=self.ready,
        )
        return WebServer(office)

    def _make_followers(self, data: Path, clock: SystemClock) -> Iterator[Follower | Webhook]:
        """Those who hear the record: each goes on where it had come to, in an earlier process too."""
        listeners = {"abort": self._abort} | ({"irc": self._irc.announce} if self._irc else {})
        for name, listen in listeners.items():
            yield Follower(name, self._store, FileCursor(data / f"heard-by-{name}"), listen)
        yield from webhooks(self._loaded, self._store, self._requests, clock)

    def _build_telling(self, loaded: Loaded, clock: SystemClock) -> Telling:
        """Those outside who are told how a deployment goes; without any way to them nobody is."""
        lately, public_url = Lately(self._requests, self._store, clock), loaded.settings.site.public_url
        telling = Telling(
            lately,
            Noting(self._handler),
            ways(loaded, self._irc, self._situations.neighbours.tasks),
            self._store.tree_head,
            public_url,
        )
        self._handler.tell(telling.grown)
        return telling

    async def _abort(self, happening: Happening) -> None:
        if happening.after and any(isinstance(event, e.AbortAsked) for event in happening.events):
            await self._carrying.kill(happening.after.id)

    def _kill(self, request: RequestId) -> None:
        self._beside(self._carrying.kill(request))

    def _beside(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)
        return task

    def _topic(self, channel: str) -> str | None:
        return self._irc.topic(channel) if self._irc else None

    def _directory(self) -> Directory:
        return self._situations.configuration.directory

    def _in_words(self, happening: Happening) -> list[str]:
        if happening.after is None:
            return [line.text for line in house_lines(happening.recorded)]
        url, around = self._loaded.settings.site.public_url, self._situation_of(happening.after)
        said = announcements(happening.before, happening.after, happening.recorded, url, around)
        return [line.text for line in said]

    def _situation_of(self, request: Request) -> Situation:
        return self._situations.situation(SystemClock().now(), ITSELF, request, LookedUp())


async def served(folder: Path, on_ready: Callable[[Server], None]) -> None:
    """Serve an installation until it is told to stop; raises `Misconfigured`, or another `TocsinError`, in words."""
    loaded = load(folder)
    with only_one(loaded.settings.site.data):
        server = Server(loaded)
        on_ready(server)
        await server.run()


def _signer(loaded: Loaded) -> Signer:
    return Signer(loaded.settings.record.origin, load_or_make_key(loaded.settings.record.key_file))


def _configuration(loaded: Loaded) -> Configuration:
    return Configuration(loaded.directory, loaded.catalogue, loaded.digest)


def _nonce() -> str:
    return secrets.token_hex(NONCE_BYTES)
