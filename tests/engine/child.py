"""An installation in a process of its own, made to be killed: it carries out what it finds, and says where that ended.

python -m tests.engine.child FOLDER
"""

import asyncio
import sys
from pathlib import Path

from tests.engine.installation import Installation, launched, noted
from tests.service.world import until
from tocsin.domain.commands import Go, Good
from tocsin.domain.plan import Step
from tocsin.domain.request import Status

NAMES = ("one", "two", "three")


def steps(folder: Path) -> tuple[Step, ...]:
    return tuple(noted(folder, name, "sleep 0.7", look="canaries" if name == "one" else "") for name in NAMES)


async def night(installation: Installation) -> None:
    """Do what is left to be done, wherever an earlier process was killed."""
    world = installation.world
    await world.ready()
    if world.request.deployment is None:
        await world.says("kim-releng", Go())
    await until(lambda: world.request.underway.checkpoint or world.request.underway.forward[1].ran)
    while looked := world.request.underway.checkpoint:
        world.later(10)
        await world.says("kim-releng" if "ada" in looked.goods else "ada", Good())
    await until(lambda: installation.status is not Status.DEPLOYING, 30)


async def main(folder: Path) -> None:
    async with launched(folder, *steps(folder)) as installation:
        await night(installation)
        print(installation.status)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
