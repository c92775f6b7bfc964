"""Pieces of work for the engine's threads, done on the server's own loop: for each request one at a time.

What a piece is, and what comes next, is left to `service.carrying`.
"""

import asyncio
import threading
from concurrent.futures import CancelledError, Future
from typing import Final

import structlog

from tocsin.domain.people import RequestId
from tocsin.service.carrying import Carrying

log = structlog.get_logger()
AGAIN_SECONDS: Final = 1.0
LAST_SECONDS: Final = 1.0
"""How long the end waits for pieces to let go: one that is just then writing to the record may do so."""


class Ending(BaseException):
    """The server stops. It is no outcome of a workflow, and so no `Exception`: the engine would write that down."""


class Pieces:
    """Takes pieces from threads that wait for them, until the end."""

    def __init__(self, carrying: Carrying) -> None:
        """Belong to the loop that runs now."""
        self._carrying = carrying
        self._loop = asyncio.get_running_loop()
        self._turns: dict[RequestId, asyncio.Lock] = {}
        self._guard = threading.Lock()
        self._waited_for: set[Future[bool]] = set()
        self._tasks: set[asyncio.Task[bool]] = set()
        self._ended = False

    def do(self, request: RequestId) -> bool:
        """Do one piece and say whether there are more; for any thread but the loop's. Raises `Ending`."""
        with self._guard:
            if self._ended:
                raise Ending
            piece = asyncio.run_coroutine_threadsafe(self._done(request), self._loop)
            self._waited_for.add(piece)
        try:
            return piece.result()
        except CancelledError:
            raise Ending from None
        finally:
            with self._guard:
                self._waited_for.discard(piece)

    def working_on(self, request: RequestId) -> bool:
        """Say whether a piece for this request is being done at this moment."""
        return request in self._turns and self._turns[request].locked()

    async def end(self) -> None:
        """Take no more pieces, and let go of those under way; a step that was started goes on by itself."""
        with self._guard:
            self._ended = True
            waited_for = tuple(self._waited_for)
        for piece in waited_for:
            piece.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_SECONDS)

    async def _done(self, request: RequestId) -> bool:
        task = asyncio.current_task()
        assert task is not None, "a piece is a task of the loop"
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        async with self._turns.setdefault(request, asyncio.Lock()):
            return await self._tried(request)

    async def _tried(self, request: RequestId) -> bool:
        """The top of the loop: whatever goes wrong in a piece of work, it is tried again and nothing is run twice."""
        try:
            return await self._carrying.carry(request)
        except Exception:
            log.exception("a piece of work could not be done and is tried again", request=request)
        await asyncio.sleep(AGAIN_SECONDS)
        return True
