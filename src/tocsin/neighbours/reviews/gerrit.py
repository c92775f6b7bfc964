"""Code review in Gerrit, over its REST API: asked as anybody first, so that it is known whether the public may read it.

Laws: only the configured site is asked; what it does not say is unknown; what else would go live with a change is part
of the answer, or there is none.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote

from tocsin.domain.change import Change, ChangeStatus, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.asking.web import SignIn, Site
from tocsin.neighbours.reviews.gerrit_naming import meant
from tocsin.neighbours.reviews.gerrit_reading import OPTIONS, brought, change_of, message_of
from tocsin.neighbours.reviews.reading import Json, Unfamiliar

GERRIT_SECONDS: Final = 5.0
BEFORE_JSON: Final = b")]}'"
"""Stands before every answer, so that no page of another site can run it as a script."""


@dataclass(frozen=True, slots=True)
class GerritSettings:
    """One Gerrit: the address behind which changes have theirs, who we are there, and the label that tells of CI.

    `events` is a command that prints its events; only where `write` is set is anything ever done there.
    """

    site: str
    sign_in: SignIn | None = None
    ci_label: str = "Verified"
    events: tuple[str, ...] = ()
    write: bool = False

    @property
    def system(self) -> str:
        """Return what people call it when it does not answer."""
        return self.site.partition("://")[2]


@dataclass(frozen=True, slots=True)
class GerritReviews:
    """Answers from one Gerrit as it is now; `person_of` knows authors by address."""

    settings: GerritSettings
    person_of: Callable[[str], PersonId | None]
    seconds: float = GERRIT_SECONDS
    _site: Site = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one site, which remembers whether it answers."""
        site = Site(self.settings.system, self.settings.site, self.seconds, BEFORE_JSON)
        object.__setattr__(self, "_site", site)

    async def change(self, named: str) -> Change:
        """Return a change as it is now, by number, address or Change-Id; raises `Unreachable` or `Refused`."""
        asked = meant(named, self.settings.site)
        info, sign_in = await self._found(asked)
        try:
            return await self._told(info, sign_in)
        except Unfamiliar as other:
            raise Unreachable(self.settings.system, f"it answered in a shape that we do not know ({other})") from other

    async def _found(self, asked: str) -> tuple[Json, SignIn | None]:
        """Ask as anybody, and where nothing is shown, as whom we are; return with whom it was that found it."""
        for sign_in in (None, self.settings.sign_in) if self.settings.sign_in else (None,):
            found = await self._ask(f"/changes/?q=change:{quote(asked, safe='')}{OPTIONS}", sign_in)
            if changes := self._listed(found):
                return _the_one(changes, asked), sign_in
        raise Refused([f"There is no change {asked} on {self.settings.system} that tocsin may read."])

    def _listed(self, found: Any) -> list[Json]:  # noqa: ANN401 - foreign JSON
        """Return what a query found; a whole answer that is not there found nothing."""
        if found is None:
            return []
        if isinstance(found, list) and all(isinstance(each, dict) for each in found):
            return found
        raise Unreachable(self.settings.system, "it answered in a shape that we do not know (no list of changes)")

    async def _told(self, info: Json, sign_in: SignIn | None) -> Change:
        settings = self.settings
        change = change_of(info, settings.site, settings.ci_label, self.person_of)
        place = f"/changes/{quote(change.project, safe='')}~{change.number}"
        related, together, mergeable = await asyncio.gather(
            self._needed(self._ask(f"{place}/revisions/{change.sha}/related", sign_in)),
            self._needed(self._ask(f"{place}/submitted_together?o=NON_VISIBLE_CHANGES", sign_in)),
            self._mergeable(f"{place}/revisions/{change.sha}/mergeable", change, sign_in),
        )
        ended = change.status in (ChangeStatus.MERGED, ChangeStatus.ABANDONED)
        return replace(
            change,
            mergeable=mergeable,
            brings=() if ended else brought(change.number, related, together, message_of(info)),
            public=Verdict.YES if sign_in is None else Verdict.NO,
        )

    async def _needed(self, asking: Awaitable[Any]) -> Json:
        answer = await asking
        if not isinstance(answer, dict):
            raise Unreachable(self.settings.system, "it does not tell what else would go live with the change")
        return answer

    async def _mergeable(self, place: str, change: Change, sign_in: SignIn | None) -> Verdict:
        """Not every server works it out, and none of them for a change that is over."""
        if change.status in (ChangeStatus.MERGED, ChangeStatus.ABANDONED):
            return Verdict.UNKNOWN
        try:
            answer = await self._ask(place, sign_in)
        except Unreachable:
            return Verdict.UNKNOWN
        said = answer.get("mergeable") if isinstance(answer, dict) else None
        if not isinstance(said, bool):
            return Verdict.UNKNOWN
        return Verdict.YES if said else Verdict.NO

    async def _ask(self, path: str, sign_in: SignIn | None) -> Any:  # noqa: ANN401 - foreign JSON
        return await self._site.ask(f"/a{path}" if sign_in else path, sign_in)


def _the_one(found: list[Json], asked: str) -> Json:
    if len(found) > 1:
        numbers = ", ".join(f"{each.get('_number')} for {each.get('branch')}" for each in found[:5])
        raise Refused([f"There are {len(found)} changes {asked[:12]}: say the number of one: {numbers}."])
    return found[0]
