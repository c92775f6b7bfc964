"""From the bytes of a cry to the answers: whom it names at once, and what the systems around say of it after that.

Real adapters ask over loopback; each question takes a system that is healthy 300 ms, and one that hangs for ever.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace

from tests.bench.bots import bot_on_the_wire
from tests.bench.figures import Figure, halves_and_tails
from tests.bench.wire import PATIENCE_SECONDS, Wire
from tests.neighbours.conduits import fields, phabricator
from tests.neighbours.sites import Answer, Site, site
from tocsin.neighbours.reviews.gerrit import GerritReviews, GerritSettings
from tocsin.neighbours.tasks.conduit import ConduitSettings
from tocsin.neighbours.tasks.links import TaskSettings
from tocsin.neighbours.tasks.phabricator import PhabricatorSettings, tasks_from
from tocsin.service.situating import Neighbours

HEALTHY, HANGING = 0.3, 600.0
ROUNDS = 5
CRIES = {HEALTHY: 4, HANGING: 1}
GOALS = {HEALTHY: "p99 < 1,500 ms", HANGING: "what does not answer is said after 5 s"}
FIRST_GOAL = "p99 < 250 ms"
SHA = "8f3ac21" + "0" * 33
FIRST_CHANGE = 1000
PEOPLE = ("ada", "bo-sre", "kim-releng", "mo-sre")
UNHURRIED_SECONDS = 0.5
"""One person is answered eight times in ten seconds, and no more."""


def measure() -> Iterator[Figure]:
    """Yield both answers, with every system healthy and with every system hanging."""
    for seconds, how in ((HEALTHY, "systems take 300 ms each"), (HANGING, "every system hangs")):
        rounds = asyncio.run(_rounds(seconds))
        first, facts = ([[pair[place] for pair in each] for each in rounds] for place in (0, 1))
        yield from halves_and_tails(f"a cry, {how}: people named", first, "ms", FIRST_GOAL)
        yield from halves_and_tails(f"a cry, {how}: what it is about", facts, "ms", GOALS[seconds])


async def _rounds(seconds: float) -> list[list[tuple[float, float]]]:
    cries = CRIES[seconds]
    numbers = range(1, ROUNDS * cries + 1)
    with site() as gerrit, phabricator() as tracker:
        tracker.seconds = seconds
        for number in numbers:
            _lay_out(gerrit, FIRST_CHANGE + number, seconds)
            tracker.tasks[FIRST_CHANGE + number] = fields()
        settings = PhabricatorSettings(ConduitSettings(tracker.address, tracker.token))
        tasks = tasks_from(settings, TaskSettings())

        def slow(near: Neighbours) -> Neighbours:
            return replace(near, reviews=GerritReviews(GerritSettings(gerrit.address), lambda _: None), tasks=tasks)

        async with bot_on_the_wire(0, ticking=True, around=slow) as wire:
            told = [await _cry(wire, number, healthy=seconds < HANGING) for number in numbers]
            return [told[start : start + cries] for start in range(0, len(told), cries)]


async def _cry(wire: Wire, number: int, *, healthy: bool) -> tuple[float, float]:
    """Cry about a change of its own, hear both answers, and take it back: nobody may have many open."""
    heard, began = wire.hear(f"E{number} for "), time.perf_counter()
    who = PEOPLE[number % len(PEOPLE)]
    wire.feed(wire.line(who, who, f"!emergency {FIRST_CHANGE + number} T{FIRST_CHANGE + number}"))
    told = wire.hear(f"{FIRST_CHANGE + number}/3" if healthy else "No answer from")
    async with asyncio.timeout(PATIENCE_SECONDS):
        first = 1000 * (await heard - began)
        facts = 1000 * (await told - began)
    home = "#ops" if healthy else "#ops-private"  # what nobody vouches for is private
    await wire.until(wire.line(who, who, f"!withdraw E{number}", home), "is withdrawn")
    await asyncio.sleep(UNHURRIED_SECONDS)
    return first, facts


def _lay_out(gerrit: Site, number: int, seconds: float) -> None:
    """Have the site answer all four questions about a change."""
    revision = {
        "_number": 3,
        "uploader": {"_account_id": 1, "email": "lin@example.org"},
        "commit": {"author": {"name": "Lin", "email": "lin@example.org"}, "message": "Stop caching painted pages"},
        "files": {"a.php": {"lines_inserted": 2}},
    }
    change = {
        "_number": number,
        "project": "config",
        "branch": "main",
        "subject": "Stop caching painted pages",
        "status": "NEW",
        "owner": {"_account_id": 2},
        "current_revision": SHA,
        "revisions": {SHA: revision},
        "labels": {},
    }
    place = f"/changes/config~{number}"
    told = {
        f"/changes/?q=change:{number}": [change],
        f"{place}/revisions/{SHA}/related": {"changes": []},
        f"{place}/submitted_together": {"changes": [], "non_visible_changes": 0},
        f"{place}/revisions/{SHA}/mergeable": {"mergeable": True},
    }
    for path, answer in told.items():
        gerrit.says(path, answer)
        gerrit.answers[path] = Answer(gerrit.answers[path].body, seconds=seconds)
