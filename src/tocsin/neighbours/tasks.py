"""Tasks as plain names with an address: what a bug tracker that nobody asks still lets us say."""

import re
from dataclasses import dataclass

from tocsin.domain.change import Task, Verdict
from tocsin.domain.errors import Unreachable


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """How tasks are named and where they are shown; `{task}` in the address stands for the name."""

    pattern: str = r"T[0-9]{1,9}"
    url: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class TaskLinks:
    """Knows a task's name and address, and whether the public may read tasks at all; never its title."""

    settings: TaskSettings

    async def task(self, named: str) -> Task:
        """Return what is known of a task; raises `Unreachable` for a name that is none here."""
        if not re.fullmatch(self.settings.pattern, named, re.ASCII):
            raise Unreachable("task", f"{named} is not the name of a task here")
        public = Verdict.YES if self.settings.public else Verdict.UNKNOWN
        return Task(named, public=public, url=self.settings.url.replace("{task}", named))
