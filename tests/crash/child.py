"""A real server with a played night in it, as a process of its own: it kills itself right after a named kind of event.

    python -m tests.crash.child FOLDER NIGHT [EVENT | "before EVENT"]

Started again, it plays the same night: what the record holds already is refused as repeated, and the rest goes on.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from tests.crash.installation import Counted
from tests.crash.nights import NIGHTS, WORD, Item, Later, Said, Until, World
from tocsin import wiring
from tocsin.domain.commands import Confirm, HouseCommand, PasskeyCommand
from tocsin.domain.commands.opening import Ask
from tocsin.domain.errors import AlreadyActed
from tocsin.domain.people import Marks, PersonId, RequestId, Speaker, Surface
from tocsin.domain.recorded import Recorded
from tocsin.domain.request import Request
from tocsin.record.verifying import verify
from tocsin.service.handler import Act
from tocsin.service.ports import Draft
from tocsin.storage.sqlite import SqliteStore

PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.02
TICK = timedelta(seconds=0.05)
E1 = RequestId("E1")


class PlayedClock:
    """The machine's clock, moved forward by the night."""

    ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + PlayedClock.ahead


class KillingStore(SqliteStore):
    """The real record of a process that is killed as soon as a kind of event is in it, or just before it would be."""

    kills = ""

    def append(self, draft: Draft, carry: RequestId | None = None) -> tuple[Recorded, ...]:
        names = [type(each).__name__ for each in draft.events]
        self._kill_at(f"before {name}" for name in names)
        recorded = super().append(draft, carry)
        self._kill_at(names)
        return recorded

    def _kill_at(self, moments: Iterable[str]) -> None:
        if self.kills in moments:
            os.kill(os.getpid(), signal.SIGKILL)


class Player:
    """Plays a night on a server, from wherever the record says that it has come to."""

    def __init__(self, server: wiring.Server, installation: Counted, items: tuple[Item, ...]) -> None:
        self._server = server
        self._installation = installation
        self._items = items

    async def play(self) -> None:
        await self._server.ready.wait()
        done = await asyncio.to_thread(self._recorded)
        for number, item in enumerate(self._items):
            await self._one(number, item, over=number <= done)

    def _recorded(self) -> int:
        """Return the place of the last act that the record holds; all before it is over."""
        numbers = [n for n, item in enumerate(self._items) if isinstance(item, Said)]
        return max((n for n in numbers if self._server._store.has_act(_act_id(n))), default=-1)

    async def _one(self, number: int, item: Item, *, over: bool) -> None:
        match item:
            case Later():
                PlayedClock.ahead += item.by
            case Said() if not over:
                await self._say(number, item)
            case Until() if not over:
                await self._wait(number, item)
            case World() if not over:
                await asyncio.to_thread(item.does, self._installation)
            case _:
                pass

    async def _say(self, number: int, said: Said) -> None:
        command = said.command
        if isinstance(command, Confirm) and command.check_word == WORD:
            proposal = self._request().proposal
            assert proposal is not None
            command = replace(command, check_word=proposal.check_word)
        about = None if isinstance(command, Ask | HouseCommand | PasskeyCommand) else E1
        try:
            await self._server._handler.handle(Act(_speaker(number, said), command, about))
        except AlreadyActed:
            return

    async def _wait(self, number: int, until: Until) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not until.so(self._request()):
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise TimeoutError(
                f"item {number} did not come to be; {self._request().status}: {self._request()}"
            ) from None

    def _request(self) -> Request:
        found = self._server._requests.find(E1)
        assert found is not None
        return found


async def main(folder: Path, night: str) -> None:
    """Serve, play, and print what came of it."""
    installation, begun = Counted(folder), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(wiring.served(folder, begun.set_result))
    await asyncio.wait([serving, begun], return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        await serving
        return
    server: wiring.Server = begun.result()
    server._clockwork.tick = TICK
    playing = asyncio.create_task(Player(server, installation, NIGHTS[night].items).play())
    await asyncio.wait([serving, playing], return_when=asyncio.FIRST_COMPLETED)
    if playing.done():
        await playing
        print(json.dumps(_outcome(server, installation)))
    server.stop()
    await serving


def _outcome(server: wiring.Server, installation: Counted) -> dict[str, object]:
    store, request = server._store, server._requests.find(E1)
    assert request is not None
    size = store.size()
    verdict = verify(store.all_entries(size), store.all_heads(size), store.public_keys())
    return {
        "status": request.status,
        "events": Counter(type(each.event).__name__ for each in store.since(0, 10_000)),
        "ran": installation.ran.read_text().split() if installation.ran.exists() else [],
        "verified": verdict.holds,
    }


def _speaker(number: int, said: Said) -> Speaker:
    if said.as_stranger:
        marks = Marks(nick=said.person, host="elsewhere.example.org")
        claimed = PersonId(said.person) if said.person.endswith("-sre") else None
        return Speaker(said.person, Surface.IRC, None, claimed, marks, "", "not signed in", _act_id(number))
    return Speaker(said.person, Surface.CLI, PersonId(said.person), proof="played", act=_act_id(number))


def _act_id(number: int) -> str:
    return f"played {number}"


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    KillingStore.kills = sys.argv[3] if len(sys.argv) > 3 else ""
    for name, played in (("SqliteStore", KillingStore), ("SystemClock", PlayedClock)):
        setattr(wiring, name, played)  # the parts that a power cut and the time are played by
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
