"""People woken by a served installation: through the pagers of its file, and through others once that is read again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.crash.installation import CHANGE, Counted
from tests.neighbours.pager_services import Service, json_service
from tests.service.world import until
from tocsin import wiring
from tocsin.domain.commands import Ask, Command, Wake
from tocsin.domain.people import PersonId, RequestId, Speaker, Surface
from tocsin.domain.wish import Wish
from tocsin.service.handler import Act

PATIENCE_SECONDS = 40.0
E1 = RequestId("E1")
CALLED = ["/bo-sre", "/kim-releng"]


def pagers(service: Service) -> tuple[tuple[str, str], ...]:
    return tuple((path.removeprefix("/"), service.json(path.removeprefix("/"))) for path in CALLED)


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[wiring.Server]:
    """Serve in this very process until the block ends."""
    begun: asyncio.Future[wiring.Server] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(wiring.served(folder, begun.set_result))
    await until(lambda: begun.done() or serving.done(), PATIENCE_SECONDS)
    if serving.done():
        await serving
    server = begun.result()
    await server.ready.wait()
    try:
        yield server
    finally:
        server.stop()
        await serving


async def says(server: wiring.Server, command: Command, request: RequestId | None = E1) -> None:
    await server._handler.handle(Act(Speaker("ada", Surface.CLI, PersonId("ada"), proof="played"), command, request))


async def rung(service: Service) -> None:
    """Wait until both who are called have been rung there."""
    await until(lambda: len(service.paths) >= len(CALLED), PATIENCE_SECONDS)
    assert sorted(service.paths) == CALLED


async def test_people_are_woken_through_their_pagers_and_through_others_once_the_file_is_read_again(
    tmp_path: Path,
) -> None:
    installation = Counted(tmp_path / "installation")
    with json_service() as before, json_service() as after:
        installation.write(pagers(before))
        async with served(installation.folder) as server:
            await says(server, Ask("help", Wish(named=CHANGE, task="T1"), "#website"), None)
            await rung(before)
            waking = installation.folder / "waking.toml"
            waking.write_text(waking.read_text().replace(str(before.port), str(after.port)))
            old = server._waking.notifier
            server.reload()
            await until(lambda: server._waking.notifier is not old, PATIENCE_SECONDS)
            await says(server, Wake())
            await rung(after)
    assert len(before.paths) == len(CALLED)
