"""Asking a forge as anybody, and as whom we are: so it is known whether the public may read what we are told.

Laws: what we cannot ask as anybody is not called public; a token that fails takes nothing away that anybody may read.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from tocsin.domain.change import Verdict
from tocsin.domain.errors import Unreachable
from tocsin.neighbours.asking.remembering import Remembered
from tocsin.neighbours.asking.web import NotSignedIn, Site
from tocsin.neighbours.reviews.reading import Json

PUBLIC_FOR: Final = 600.0
"""Seconds for which a project stays public or not: a forge lets anybody ask only so much, and requests ask on."""
A_PAGE: Final = 100
MOST_PAGES: Final = 5
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """Whoever was shown a change goes on asking about it; `public` says whether anybody may."""

    site: Site
    public: Verdict

    async def needed(self, path: str, what: str) -> Json:
        """Return what a path answers; raises `Unreachable` where it does not tell."""
        answer = await self.site.ask(path)
        if not isinstance(answer, dict):
            raise Unreachable(self.site.system, f"it does not tell {what}")
        return answer

    async def listed(self, path: str, what: str) -> list[Json]:
        """Return a list, page by page, up to a bound; raises `Unreachable` where there is none."""
        found: list[Json] = []
        for page in range(1, MOST_PAGES + 1):
            joined = "&" if "?" in path else "?"
            answer = await self.site.ask(f"{path}{joined}per_page={A_PAGE}&page={page}")
            if not isinstance(answer, list) or not all(isinstance(each, dict) for each in answer):
                raise Unreachable(self.site.system, f"it does not tell {what}")
            found += answer
            if len(answer) < A_PAGE:
                break
        return found

    async def perhaps(self, path: str) -> Any:  # noqa: ANN401 - foreign JSON
        """Return what a path answers, or nothing where that is not to be had: it is then unknown."""
        try:
            return await self.site.ask(path)
        except Unreachable:
            return None


@dataclass(frozen=True, slots=True)
class Asked:
    """The two ways to ask a site, and which of its projects the public was shown lately."""

    anybody: Site
    ourselves: Site | None
    _public: dict[str, tuple[Verdict, float]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, system: str, api: str, seconds: float, *, headers: Headers = (), token: Headers = ()) -> "Asked":
        """Return the ways to ask an API; without a token there is but one."""
        anybody = Site(system, api, seconds, headers=headers, remembered=Remembered())
        ours = Site(system, api, seconds, headers=(*headers, *token), remembered=Remembered()) if token else None
        return cls(anybody, ours)

    async def first(self, project: str, path: str) -> tuple[Json | None, Answers]:
        """Return what a path of a project answers first, nothing when it is not there, and who was shown it."""
        if self.ourselves is None:
            return _object(self.anybody, await self._as_anybody(path)), Answers(self.anybody, Verdict.YES)
        try:
            told, public = await asyncio.gather(self.ourselves.ask(path), self._is_public(project, path))
        except Unreachable as failed:
            return await self._all_the_same(path, failed)
        if told is None:
            return await self._all_the_same(path, None)
        if public is not Verdict.UNKNOWN:
            self._public[project] = (public, monotonic() + PUBLIC_FOR)
        return _object(self.ourselves, told), Answers(self.ourselves, public)

    async def _is_public(self, project: str, path: str) -> Verdict:
        verdict, until = self._public.get(project, (Verdict.UNKNOWN, 0.0))
        if monotonic() < until:
            return verdict
        try:
            return Verdict.NO if await self.anybody.ask(path) is None else Verdict.YES
        except NotSignedIn:
            return Verdict.NO
        except Unreachable:
            return Verdict.UNKNOWN

    async def _as_anybody(self, path: str) -> Any:  # noqa: ANN401 - foreign JSON
        try:
            return await self.anybody.ask(path)
        except NotSignedIn as unknown:
            raise Unreachable(unknown.system, "it shows nothing to those without a token: give it token_file") from None

    async def _all_the_same(self, path: str, failed: Unreachable | None) -> tuple[Json | None, Answers]:
        """Ask as anybody where our token shows nothing; what went wrong with the token is told only if that fails."""
        try:
            told = await self.anybody.ask(path)
        except Unreachable:
            told = None
        if told is None and failed:
            raise _with_the_token(failed)
        return _object(self.anybody, told), Answers(self.anybody, Verdict.YES)


def _with_the_token(failed: Unreachable) -> Unreachable:
    if isinstance(failed, NotSignedIn):
        return Unreachable(failed.system, "it does not take our token: has it expired, was it withdrawn?")
    return failed


def _object(site: Site, told: object) -> Json | None:
    if told is not None and not isinstance(told, Mapping):
        raise Unreachable(site.system, "it answered in a shape that we do not know (no change)")
    return told
