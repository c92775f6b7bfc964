"""Carrying out that survives a crash: a workflow for each start, in the record's own file; the only importer of DBOS.

Law: the engine's rows may change or get lost, so they are never believed. What is to be done is read from the record.
"""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import structlog
from sqlalchemy import Connection

from tocsin.domain.people import RequestId
from tocsin.domain.progress import Wait, next_step
from tocsin.engine.older_sqlite import complete_sqlite
from tocsin.engine.pieces import Pieces
from tocsin.service.carrying import Carrying

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

log = structlog.get_logger()
NAME: Final = "tocsin"
VERSION: Final = "1"
"""Pinned, for the engine would strand what an older version began. A piece of work is the same in all of ours."""
QUEUE: Final = "carry"
WORKFLOW: Final = "carry"
LOOK_SECONDS: Final = 0.1
"""How often the queue is looked at: a step starts within a tenth of a second, and looking costs 5 % of a processor."""
AT_ONCE: Final = 64
"""Requests that are carried out or proved at the same time; a target has one at a time anyway."""
WATCH_SECONDS: Final = 2.0
"""How often the record is asked whether work lies idle; it is taken up when it did so twice, so within twice this."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """The record's file, and what this server calls itself: the same after every restart."""

    database: Path
    executor: str


class Engine:
    """Starts workflows together with the append that makes them necessary; one engine at a time in a process."""

    def __init__(self, settings: EngineSettings) -> None:
        """Take the settings; nothing is opened, and the library not even loaded, before it is needed."""
        complete_sqlite()
        self._settings = settings
        self._opening = threading.Lock()
        self._client: DBOSClient | None = None
        self._pieces: Pieces | None = None
        self._watch: asyncio.Task[None] | None = None

    def start_in(self, connection: Connection, request: RequestId, position: int) -> None:
        """Start carrying a request out, by the very transaction of the append at this position."""
        self._opened().enqueue_in_transaction(connection, _options(f"{request}-{position}"), request)

    async def launch(self, carrying: Carrying) -> None:
        """Go on with what an earlier process left, and take up what is started from now on."""
        self._pieces = Pieces(carrying)
        await asyncio.to_thread(self._launch, self._pieces)
        idle = self._idle(carrying, self._pieces)
        await self._start_again(idle)
        self._watch = asyncio.create_task(self._watched(carrying, self._pieces))

    async def stop(self) -> None:
        """Let go of everything; a step that runs goes on without us, and its workflow is taken up again next time."""
        if self._watch:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        if self._pieces:
            await self._pieces.end()
        await asyncio.to_thread(_destroy)
        if self._client:
            await asyncio.to_thread(self._client.destroy)

    def _launch(self, pieces: Pieces) -> None:
        from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

        DBOS(
            config=DBOSConfig(
                name=NAME,
                system_database_url=self._url,
                executor_id=self._settings.executor,
                application_version=VERSION,
                serializer=DBOSPortableJSONSerializer(),
                log_level="WARNING",
            )
        )

        @DBOS.step(name="piece")
        def piece(request: str) -> bool:
            return pieces.do(RequestId(request))

        @DBOS.workflow(name=WORKFLOW)
        def carry(request: str) -> None:
            while piece(request):
                pass

        DBOS.launch()
        # After the launch: a queue is a row of the engine's own, and the launch makes the table for it.
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=LOOK_SECONDS)

    async def _watched(self, carrying: Carrying, pieces: Pieces) -> None:
        """Take up what lies idle: a workflow may die of a full disk that the record got over."""
        before: set[RequestId] = set()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            now = self._idle(carrying, pieces)
            await self._start_again(now & before)
            before = now - before

    def _idle(self, carrying: Carrying, pieces: Pieces) -> set[RequestId]:
        """Return what the record says is to be done, and nobody here does."""
        due = (each.id for each in carrying.requests.open() if not isinstance(next_step(each), Wait))
        return {request for request in due if not pieces.working_on(request)}

    async def _start_again(self, requests: set[RequestId]) -> None:
        """Start beside whatever became of the engine's own rows; two workflows for one request do no harm."""
        for request in sorted(requests):
            try:
                await asyncio.to_thread(self._opened().enqueue, _options(f"{request}-again-{uuid4()}"), request)
            except Exception:  # whatever the engine's database raises: the next look tries again
                log.exception("the engine cannot take up a request yet", request=request)

    def _opened(self) -> "DBOSClient":
        from dbos import DBOSClient, DBOSPortableJSONSerializer

        with self._opening:
            if self._client is None:
                self._client = DBOSClient(
                    system_database_url=self._url,
                    serializer=DBOSPortableJSONSerializer(),
                    use_listen_notify=False,
                    lazy=True,
                    retry_connection_errors=False,
                )
            return self._client

    @property
    def _url(self) -> str:
        return f"sqlite:///{self._settings.database}"


def _options(started_by: str) -> "EnqueueOptions":
    return {
        "workflow_name": WORKFLOW,
        "queue_name": QUEUE,
        "workflow_id": f"{WORKFLOW}-{started_by}",
        "app_version": VERSION,
    }


def _destroy() -> None:
    from dbos import DBOS

    DBOS.destroy(destroy_registry=True)
