"""Code review on GitHub, over its REST API (version 2022-11-28); a change is a pull request.

Laws: only configured repositories are asked; what GitHub does not say is unknown; what else would go live, whose the
commits are and whether somebody asked for changes are part of the answer, or there is none.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote

from tocsin.domain.change import Change, ChangeStatus, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.neighbours.reviews import github_reading as reading
from tocsin.neighbours.reviews.forge_asking import Answers, Asked
from tocsin.neighbours.reviews.forge_naming import Forge
from tocsin.neighbours.reviews.reading import Json, PersonOf, Unfamiliar

GITHUB_SECONDS: Final = 4.5
HEADERS: Final = (("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28"))
MOST_BELOW: Final = 5
"""Pull requests that one stands on, and that are named; each is asked for in turn."""


@dataclass(frozen=True, slots=True)
class GithubSettings:
    """One GitHub: its pages, its API, the repositories that we may ask for, who we are, and the checks that count."""

    site: str
    api: str
    repositories: tuple[str, ...]
    token: str = field(default="", repr=False)
    required_checks: tuple[str, ...] = ()

    @property
    def system(self) -> str:
        """Return what people call it when it does not answer."""
        return self.site.partition("://")[2]

    @property
    def forge(self) -> Forge:
        """Return how its changes are named."""
        return Forge(self.site, self.repositories, "#", "pull")


@dataclass(frozen=True, slots=True)
class GithubReviews:
    """Answers from one GitHub as it is now; `person_of` knows authors by address and by login."""

    settings: GithubSettings
    person_of: PersonOf
    seconds: float = GITHUB_SECONDS
    _asked: Asked = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the ways to ask, which remember silence, marks of answers, and what is public."""
        settings = self.settings
        token = (("Authorization", f"Bearer {settings.token}"),) if settings.token else ()
        asked = Asked.of(settings.system, settings.api, self.seconds, headers=HEADERS, token=token)
        object.__setattr__(self, "_asked", asked)

    async def change(self, named: str) -> Change:
        """Return a pull request as it is now, as `owner/name#12` or by address; raises `Unreachable` or `Refused`."""
        project, number = self.settings.forge.meant(named)
        pull, answers = await self._asked.first(project, f"/repos/{project}/pulls/{number}")
        if pull is None:
            there = self.settings.forge.named(project, number)
            raise Refused([f"There is no pull request {there} on {self.settings.system} that tocsin may read."])
        try:
            change = reading.change_of(pull, project, number, self.person_of)
            return await self._told(change, pull, answers)
        except Unfamiliar as other:
            raise Unreachable(self.settings.system, f"it answered in a shape that we do not know ({other})") from other

    async def _told(self, change: Change, pull: Json, answers: Answers) -> Change:
        """Ask for the rest side by side; of what is over, nothing else goes live and nobody is asked what stops it."""
        over = change.status in (ChangeStatus.MERGED, ChangeStatus.ABANDONED)
        place = f"/repos/{change.project}"
        commits, ci, below, opinions = await asyncio.gather(
            answers.listed(f"{place}/pulls/{change.number}/commits", "whose commits it has"),
            self._ci(f"{place}/commits/{change.sha}", answers),
            _nothing() if over else _below(pull, change.project, answers),
            _nothing() if over else answers.listed(f"{place}/pulls/{change.number}/reviews", "who asked for changes"),
        )
        status = change.status
        if status is ChangeStatus.OPEN and reading.asked_for_changes(opinions):
            status = ChangeStatus.BLOCKED
        return replace(
            change,
            status=status,
            authors=change.authors | reading.authors_of(commits, self.person_of),
            ci=ci,
            brings=() if over else reading.brought(pull, commits, below),
            public=answers.public,
            url=self.settings.forge.page(change.project, change.number),
        )

    async def _ci(self, commit: str, answers: Answers) -> Verdict:
        """Checks and statuses are two ways to say the same; what cannot be read says nothing."""
        runs, statuses = await asyncio.gather(
            answers.perhaps(f"{commit}/check-runs?per_page=100"), answers.perhaps(f"{commit}/status?per_page=100")
        )
        return reading.ci_of(runs, statuses, self.settings.required_checks)


async def _nothing() -> list[Json]:
    return []


async def _below(pull: Json, project: str, answers: Answers) -> list[Json]:
    """Return the open pull requests that this one stands on: each is of the branch that the one above is for."""
    below: list[Json] = []
    while len(below) < MOST_BELOW and (branch := reading.base_of(below[-1] if below else pull)):
        head = quote(f"{project.partition('/')[0]}:{branch}", safe="")
        found = await answers.listed(f"/repos/{project}/pulls?state=open&head={head}", "what it stands on")
        there = reading.of_branch(found, project, branch)
        if there is None:
            break
        below.append(there)
    return below
