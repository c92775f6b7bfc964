"""Tasks as plain names with an address: what a bug tracker that nobody asks still lets us say."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from tocsin.domain.change import Task, Verdict
from tocsin.domain.errors import Unreachable

LONGEST_NAME: Final = 64


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
        if not self._is_name(named):
            raise Unreachable("task", f"{named[:LONGEST_NAME]!r} is not the name of a task here")
        public = Verdict.YES if self.settings.public else Verdict.UNKNOWN
        return Task(named, public=public, url=self.settings.url.replace("{task}", quote(named, safe="")))

    def _is_name(self, named: str) -> bool:
        """A pattern may be written too wide: a name is short and is seen as a whole, whatever the pattern says."""
        fits = len(named) <= LONGEST_NAME and named.isprintable()
        return fits and re.fullmatch(self.settings.pattern, named, re.ASCII) is not None
