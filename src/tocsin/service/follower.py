"""Following the record: what others must hear is read from it, act by act, from where the last process came to."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from tocsin.domain.errors import RecordUnavailable
from tocsin.service.ports import Cursor, Store
from tocsin.service.requests import Happening, Requests

log = structlog.get_logger()
AGAIN_AFTER_SECONDS = 1.0


class News:
    """Reads the record act by act, from where somebody had come to. Its methods block."""

    def __init__(self, store: Store) -> None:
        """Take the record; nothing is read yet."""
        self._store = store
        self._requests = Requests()
        self._skipped = False

    def skip(self, until: int | None) -> int:
        """Take in once what was heard before, up to a position or all of it; return how far it has come now."""
        if not self._skipped:
            for _ in self._requests.catch_up(self._store, until):
                pass
            self._skipped = True
        return self._requests.position

    def read(self) -> list[Happening]:
        """Return what is new; what was read before the record broke off is taken in already, and so must be heard."""
        news: list[Happening] = []
        try:
            news.extend(self._requests.catch_up(self._store))
        except RecordUnavailable:
            if not news:
                raise
        return news


class Follower:
    """Hands each act of the record to one listener, once for each process and at least once in all."""

    def __init__(self, name: str, store: Store, cursor: Cursor, listen: Callable[[Happening], Awaitable[None]]) -> None:
        """Name the follower as the logs show it; nothing is read yet."""
        self._name = name
        self._news = News(store)
        self._cursor = cursor
        self._listen = listen
        self._grown = asyncio.Event()

    def grown(self) -> None:
        """Say that the record may have grown; carries nothing, may be said too often."""
        self._grown.set()

    async def run(self) -> None:
        """Follow until cancelled."""
        self._grown.set()
        while True:
            await self._grown.wait()
            self._grown.clear()
            try:
                await asyncio.to_thread(self._skip_what_was_heard)
                await self._hear()
            except RecordUnavailable as gone:
                log.error("cannot follow the record", follower=self._name, why=str(gone))
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
                self._grown.set()

    async def _hear(self) -> None:
        while news := await asyncio.to_thread(self._news.read):
            for happening in news:
                await self._hear_one(happening)
                await self._move(happening.recorded[-1].position)

    async def _move(self, position: int) -> None:
        """Keep how far it has come, even when it is ended just then: what was heard is not heard again."""
        moving = asyncio.ensure_future(asyncio.to_thread(self._cursor.move, position))
        try:
            await asyncio.shield(moving)
        except asyncio.CancelledError:
            await moving
            raise

    async def _hear_one(self, happening: Happening) -> None:
        """The top of the loop: an act that a listener cannot bear must not silence it, nor come again for ever."""
        try:
            await self._listen(happening)
        except Exception:
            log.exception("an act was not heard", follower=self._name, position=happening.recorded[-1].position)

    def _skip_what_was_heard(self) -> None:
        self._news.skip(self._cursor.position())
