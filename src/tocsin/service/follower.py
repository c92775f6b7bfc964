"""Following the record: what others must hear is read from it, act by act, from where the last process came to."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from tocsin.domain.errors import RecordUnavailable
from tocsin.service.ports import Cursor, Store
from tocsin.service.requests import Happening, Requests

log = structlog.get_logger()
AGAIN_AFTER_SECONDS = 1.0


class Follower:
    """Hands each act of the record to one listener, once for each process and at least once in all."""

    def __init__(self, name: str, store: Store, cursor: Cursor, listen: Callable[[Happening], Awaitable[None]]) -> None:
        """Name the follower as the logs show it; nothing is read yet."""
        self._name = name
        self._store = store
        self._cursor = cursor
        self._listen = listen
        self._requests = Requests()
        self._grown = asyncio.Event()

    def grown(self) -> None:
        """Say that the record may have grown; carries nothing, may be said too often."""
        self._grown.set()

    async def run(self) -> None:
        """Follow until cancelled."""
        await asyncio.to_thread(self._skip_what_was_heard)
        self._grown.set()
        while True:
            await self._grown.wait()
            self._grown.clear()
            try:
                await self._hear()
            except RecordUnavailable as gone:
                log.error("cannot follow the record", follower=self._name, why=str(gone))
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
                self._grown.set()

    async def _hear(self) -> None:
        for happening in await asyncio.to_thread(lambda: list(self._requests.catch_up(self._store))):
            await self._listen(happening)
            self._cursor.move(happening.recorded[-1].position)

    def _skip_what_was_heard(self) -> None:
        for _ in self._requests.catch_up(self._store, self._cursor.position()):
            pass
