"""Carrying out that survives a crash: a workflow for each start, in the record's own file; the only importer of DBOS.

Law: the engine's rows may change, so they are never believed. What is to be done is read from the record each time.
"""

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import Connection

from tocsin.domain.people import RequestId
from tocsin.domain.progress import Wait, next_step
from tocsin.service.carrying import Carrying

log = structlog.get_logger()
NAME: Final = "tocsin"
VERSION: Final = "1"
"""Pinned, for the engine would strand what an older version began. A piece of work is the same in all of ours."""
QUEUE: Final = "carry"
WORKFLOW: Final = "carry"
LOOK_SECONDS: Final = 0.05
AT_ONCE: Final = 16
"""Requests that are carried out at the same time; a target has one at a time anyway."""
AGAIN_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """The record's file, and what this server calls itself: the same after every restart."""

    database: Path
    executor: str


class Engine:
    """Starts workflows together with the append that makes them necessary, and runs them on the server's own loop."""

    def __init__(self, settings: EngineSettings) -> None:
        """Take the settings; nothing is opened before it is needed."""
        self._settings = settings
        self._opening = threading.Lock()
        self._client: DBOSClient | None = None
        self._carrying: Carrying | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns: dict[RequestId, asyncio.Lock] = {}
        self._pieces: set[Future[bool]] = set()

    def start_in(self, connection: Connection, request: RequestId, position: int) -> None:
        """Start carrying a request out, by the very transaction of the append at this position."""
        options = _options(f"{WORKFLOW}-{request}-{position}")
        self._opened().enqueue_in_transaction(connection, options, request)

    async def launch(self, carrying: Carrying) -> None:
        """Go on with what an earlier process left, and take up what is started from now on."""
        self._carrying, self._loop = carrying, asyncio.get_running_loop()
        await asyncio.to_thread(self._launch)
        for request in carrying.requests.open():
            if not isinstance(next_step(request), Wait):
                await asyncio.to_thread(self._start_again, request.id, carrying.requests.position)

    async def stop(self) -> None:
        """Let go of everything; a step that runs goes on without us, and its workflow is taken up again next time."""
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        for piece in tuple(self._pieces):
            piece.cancel()
        if self._client:
            await asyncio.to_thread(self._client.destroy)

    def _launch(self) -> None:
        DBOS(
            config=DBOSConfig(
                name=NAME,
                system_database_url=self._url,
                executor_id=self._settings.executor,
                application_version=VERSION,
                serializer=DBOSPortableJSONSerializer(),
                notification_listener_polling_interval_sec=LOOK_SECONDS,
                log_level="WARNING",
            )
        )

        @DBOS.step(name="piece")
        def piece(request: str) -> bool:
            return self._piece(request)

        @DBOS.workflow(name=WORKFLOW)
        def carry(request: str) -> None:
            while piece(request):
                pass

        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=LOOK_SECONDS)

    def _start_again(self, request: RequestId, position: int) -> None:
        """What the record says is under way goes on, whatever became of the engine's own rows; twice does no harm."""
        self._opened().enqueue(_options(f"{WORKFLOW}-{request}-again-{position}"), request)

    def _piece(self, request: str) -> bool:
        """Do one piece of work on the server's loop, for a thread of the engine's."""
        assert self._loop is not None, "the engine is launched"
        piece = asyncio.run_coroutine_threadsafe(self._carried(RequestId(request)), self._loop)
        self._pieces.add(piece)
        try:
            return piece.result()
        finally:
            self._pieces.discard(piece)

    async def _carried(self, request: RequestId) -> bool:
        """The top of the loop: whatever goes wrong in a piece of work, it is tried again and nothing is run twice."""
        assert self._carrying is not None, "the engine is launched"
        async with self._turns.setdefault(request, asyncio.Lock()):
            try:
                return await self._carrying.carry(request)
            except Exception:
                log.exception("a piece of work could not be done and is tried again", request=request)
        await asyncio.sleep(AGAIN_SECONDS)
        return True

    def _opened(self) -> DBOSClient:
        with self._opening:
            if self._client is None:
                serializer = DBOSPortableJSONSerializer()
                self._client = DBOSClient(
                    system_database_url=self._url, serializer=serializer, use_listen_notify=False, lazy=True
                )
            return self._client

    @property
    def _url(self) -> str:
        return f"sqlite:///{self._settings.database}"


def _options(workflow_id: str) -> EnqueueOptions:
    return EnqueueOptions(workflow_name=WORKFLOW, queue_name=QUEUE, workflow_id=workflow_id, app_version=VERSION)
