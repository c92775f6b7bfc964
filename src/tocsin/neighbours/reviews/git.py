"""Code review in plain git: a change is `refs/changes/NN/NUMBER/PATCHSET` of a configured repository.

Laws: only configured repositories are asked, never an address as typed; what a repository does not say (CI, mergeable)
is unknown; a number that two repositories have is nobody's guess.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tocsin.domain.change import Change
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.asking.git_copy import Copy
from tocsin.neighbours.asking.git_program import Git
from tocsin.neighbours.reviews.git_describing import Describing
from tocsin.neighbours.reviews.git_naming import Meant, ReviewSettings, meant

GIT_SECONDS: Final = 20.0
MOST_AT_ONCE: Final = 4
"""Repositories that are asked side by side: git takes a process or three for each."""


@dataclass(slots=True)
class _Repository:
    """One repository, and whose turn it is: its copy answers one question at a time."""

    describing: Describing
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class GitReviews:
    """Answers from copies in `folder`, brought up to date by each question; `person_of` knows authors by address."""

    settings: tuple[ReviewSettings, ...]
    folder: Path
    person_of: Callable[[str], PersonId | None]
    seconds: float = GIT_SECONDS
    _repositories: dict[str, _Repository] = field(default_factory=dict, repr=False)
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE), repr=False)

    async def change(self, named: str) -> Change:
        """Return a change as it is now, by its number or an address of our sites; raises `Unreachable` or `Refused`."""
        asked = meant(named, self.settings)
        answers = await asyncio.gather(*(self._answer(each, asked.number) for each in asked.places))
        found = [each for each in answers if isinstance(each, Change)]
        silent = [each for each in answers if isinstance(each, Unreachable)]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused([_which(asked, found)])
        if silent:
            raise silent[0]
        raise Refused([f"There is no change {asked.number} in {asked.projects}: is its number right, is it uploaded?"])

    async def _answer(self, settings: ReviewSettings, number: int) -> Change | Unreachable | None:
        """One repository that is silent does not keep the others from answering."""
        if settings.project not in self._repositories:
            self._repositories[settings.project] = _Repository(self._describing(settings))
        asked = self._repositories[settings.project]
        try:
            async with self._at_once, asked.turn:
                return await asked.describing.newest(number)
        except Unreachable as silent:
            return silent

    def _describing(self, settings: ReviewSettings) -> Describing:
        name = settings.project.replace("/", "%2F")
        git = Git(settings.system, self.folder / f"{name}.settings", self.seconds)
        return Describing(Copy(git, settings.repository, self.folder / f"{name}.git"), settings, self.person_of)


def _which(asked: Meant, found: list[Change]) -> str:
    """Say how to name one of several changes that have the same number."""
    places = " and in ".join(change.project for change in found)
    pages = [f"{each.site.rstrip('/')}/c/{each.project}/+/{asked.number}" for each in asked.places if each.site]
    if not pages:
        return f"There is a change {asked.number} in {places}: give them a site in tocsin.toml, then say its address."
    return f"There is a change {asked.number} in {places}: say its address, such as {pages[0]}"
