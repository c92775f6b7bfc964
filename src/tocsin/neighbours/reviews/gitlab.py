"""Code review on GitLab, over its REST API (version 4); a change is a merge request, a patchset one of its versions.

Laws: only configured projects are asked; what GitLab does not say is unknown; what else would go live, whose the
commits are and which version it is are part of the answer, or there is none.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote

from tocsin.domain.change import Change, ChangeStatus
from tocsin.domain.errors import Refused, Unreachable
from tocsin.neighbours.reviews import gitlab_reading as reading
from tocsin.neighbours.reviews.forge_asking import Answers, Asked
from tocsin.neighbours.reviews.forge_naming import Forge
from tocsin.neighbours.reviews.reading import Json, PersonOf, Unfamiliar

GITLAB_SECONDS: Final = 4.5
MOST_BELOW: Final = 5
"""Merge requests that one stands on, and that are named; each is asked for in turn."""


@dataclass(frozen=True, slots=True)
class GitlabSettings:
    """One GitLab: its address, the projects that we may ask for, and who we are."""

    site: str
    projects: tuple[str, ...]
    token: str = field(default="", repr=False)

    @property
    def system(self) -> str:
        """Return what people call it when it does not answer."""
        return self.site.partition("://")[2]

    @property
    def forge(self) -> Forge:
        """Return how its changes are named."""
        return Forge(self.site, self.projects, "!", "-/merge_requests")


@dataclass(frozen=True, slots=True)
class GitlabReviews:
    """Answers from one GitLab as it is now; `person_of` knows authors by address and by login."""

    settings: GitlabSettings
    person_of: PersonOf
    seconds: float = GITLAB_SECONDS
    _asked: Asked = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the ways to ask, which remember silence, marks of answers, and what is public."""
        token = (("PRIVATE-TOKEN", self.settings.token),) if self.settings.token else ()
        api = f"{self.settings.site}/api/v4"
        object.__setattr__(self, "_asked", Asked.of(self.settings.system, api, self.seconds, token=token))

    async def change(self, named: str) -> Change:
        """Return a merge request as it is now, as `group/name!12` or by address; raises `Unreachable` or `Refused`."""
        project, number = self.settings.forge.meant(named)
        place = f"/projects/{quote(project, safe='')}"
        request, answers = await self._asked.first(project, f"{place}/merge_requests/{number}")
        if request is None:
            there = self.settings.forge.named(project, number)
            raise Refused([f"There is no merge request {there} on {self.settings.system} that tocsin may read."])
        try:
            change = reading.change_of(request, project, number, self.person_of)
            return await self._told(change, request, place, answers)
        except Unfamiliar as other:
            raise Unreachable(self.settings.system, f"it answered in a shape that we do not know ({other})") from other

    async def _told(self, change: Change, request: Json, place: str, answers: Answers) -> Change:
        """Ask for the rest side by side; of what is over, nothing else goes live and nobody is asked what stops it."""
        over = change.status in (ChangeStatus.MERGED, ChangeStatus.ABANDONED)
        here = f"{place}/merge_requests/{change.number}"
        commits, versions, diffs, below, blocks, reviewers = await asyncio.gather(
            answers.listed(f"{here}/commits", "whose commits it has"),
            answers.listed(f"{here}/versions", "which version it is"),
            answers.perhaps(f"{here}/diffs?per_page=100"),
            _nothing() if over else _below(change.branch, place, answers),
            answers.perhaps(f"{here}/blocks"),
            answers.perhaps(f"{here}/reviewers"),
        )
        status = change.status
        if status is ChangeStatus.OPEN and reading.asked_for_changes(reviewers):
            status = ChangeStatus.BLOCKED
        return replace(
            change,
            status=status,
            patchset=reading.version_of(change.sha, versions),
            authors=change.authors | reading.authors_of(commits, self.person_of),
            size=reading.size_of(request, diffs),
            brings=() if over else reading.brought(request, commits, below, blocks),
            public=answers.public,
            url=self.settings.forge.page(change.project, change.number),
        )


async def _nothing() -> list[Json]:
    return []


async def _below(branch: str, place: str, answers: Answers) -> list[Json]:
    """Return the open merge requests that one for this branch stands on; nothing stands below the default branch."""
    default = (await answers.needed(place, "its default branch")).get("default_branch")
    below: list[Json] = []
    while len(below) < MOST_BELOW and branch != default:
        path = f"{place}/merge_requests?state=opened&source_branch={quote(branch, safe='')}"
        there = reading.of_branch(await answers.listed(path, "what it stands on"), branch)
        if there is None:
            break
        below.append(there)
        branch = reading.target_of(there)
    return below
