"""A request for a change of a real Gerrit: the real services around it, and people who confirm at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.domain.night import TWO_STEPS, WISH, verified
from tests.gerrit.checkout import Uploaded
from tests.gerrit.server import Gerrit
from tests.service.world import E1, World
from tocsin.domain.commands.confirming import Confirm
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.plan import ExecutorKind, Step
from tocsin.neighbours.reviews.gerrit import GerritReviews, GerritSettings
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act
from tocsin.service.ports import Executor
from tocsin.storage.journal import StopJournal
from tocsin.storage.memory import MemoryStore

PROJECT = "config"
"""Of which the world's target takes changes."""
SECONDS = 30.0
"""A busy machine starts a Java thread slowly; how long people wait is tested elsewhere."""


def world_beside(
    gerrit: Gerrit,
    folder: Path,
    steps: tuple[Step, ...] = TWO_STEPS,
    executors: Mapping[ExecutorKind, Executor] | None = None,
) -> World:
    """Return an installation that asks this Gerrit; its clock stands still until it is moved."""
    world = World(MemoryStore(lambda request, position: None), StopJournal(folder / "stops.jsonl"), steps, executors)
    reviews = GerritReviews(GerritSettings(gerrit.url), lambda _: None, SECONDS)
    world.situations.neighbours = replace(world.situations.neighbours, reviews=reviews)
    world.situations.look_ups.limit = timedelta(seconds=SECONDS)
    return world


async def confirmed(world: World, uploaded: Uploaded) -> None:
    """Have a request opened for a change, and confirmed by both teams."""
    await world.handler.start()
    await world.handler.handle(Act(verified("ada"), Ask("help!", replace(WISH, named=str(uploaded.number)), "#ops")))
    await world.handler.handle(Act(ITSELF, Learn(), E1))
    assert world.request.proposal is not None
    for person in ("bo-sre", "kim-releng"):
        await world.says(person, Confirm(world.request.proposal.check_word))
    assert world.request.confirmations
