"""What a repository tells of a change: its newest patchset, whose it is, how big, merged or not, and what it brings.

A plain repository does not say which branch a change is for. It is the configured branch to which it would add the
fewest commits, so the one that it was begun on; of equals the first configured. A change that adds nothing to a branch
is merged there. One that was merged under another sha is not known to be merged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.asking.git_copy import Copy, Refs
from tocsin.neighbours.asking.git_program import TooLong
from tocsin.neighbours.reviews.git_naming import ReviewSettings

MOST_BROUGHT: Final = 20
"""Commits that are named as coming along; more are told as a number."""
LONGEST_SUBJECT: Final = 300
SHA_SHOWN: Final = 10
"""Of a fixed length: git's own short form grows with the repository, and would void what was confirmed."""
TRIES: Final = 2
"""A ref may move or vanish between being listed and being fetched."""


@dataclass(frozen=True, slots=True)
class Describing:
    """Describes the changes of one repository; `person_of` knows authors by their address."""

    copy: Copy
    settings: ReviewSettings
    person_of: Callable[[str], PersonId | None]

    async def newest(self, number: int, tries: int = TRIES) -> Change | None:
        """Return the newest patchset of a change, or nothing when there is none; raises `Unreachable`."""
        listed = await self.copy.listed(f"{_folder(number)}/*", *map(_head, self.settings.branches))
        patchset = max(_patchsets(number, listed), default=None)
        if patchset is None:
            return None
        ref, branches = f"{_folder(number)}/{patchset}", self._branches(listed)
        try:
            held = await self.copy.holding({name: listed[name] for name in (ref, *map(_head, branches))})
        except Unreachable:
            if tries == 1:
                raise
            return await self.newest(number, tries - 1)
        return await self._described(number, patchset, held[ref], branches)

    def _branches(self, listed: Refs) -> list[str]:
        branches = [branch for branch in self.settings.branches if _head(branch) in listed]
        if not branches:
            raise Unreachable(self.settings.system, f"it has no branch {' or '.join(self.settings.branches)}")
        return branches

    async def _described(self, number: int, patchset: int, sha: str, branches: list[str]) -> Change:
        subject, author, *addresses = (await self._log("-1", "--format=%s%x00%an%x00%ae%x00%ce", sha)).split("\0")
        added = {branch: await self._added(branch, sha) for branch in branches}
        branch = min(branches, key=lambda each: added[each])
        merged = not added[branch]
        people = (self.person_of(address.strip()) for address in addresses)
        return Change(
            number=number,
            patchset=patchset,
            sha=sha,
            project=self.settings.project,
            branch=branch,
            subject=subject[:LONGEST_SUBJECT],
            authors=frozenset(person for person in people if person),
            author_name=author[:LONGEST_SUBJECT],
            status=ChangeStatus.MERGED if merged else ChangeStatus.OPEN,
            merged_as=sha if merged else "",
            size=_size(await self._log("-1", "--diff-merges=first-parent", "--numstat", "--format=", sha)),
            brings=() if merged else await self._brought(branch, sha, added[branch] - 1),
            public=Verdict.YES if self.settings.public else Verdict.UNKNOWN,
            url=self.settings.page(number),
        )

    async def _added(self, branch: str, sha: str) -> int:
        """Count the commits that the change would add to a branch, itself included."""
        return int(await self.copy.ask("rev-list", "--count", sha, f"^{_head(branch)}", "--"))

    async def _brought(self, branch: str, sha: str, count: int) -> tuple[str, ...]:
        """Name the commits below the change that are not on its branch: they go live with it."""
        if not count:
            return ()
        wanted = ("-z", "--topo-order", "--skip=1", f"--max-count={MOST_BROUGHT}", "--format=%H%s")
        lines = (await self._log(*wanted, sha, f"^{_head(branch)}")).split("\0")
        numbers = await self._numbers()
        named = [f"{numbers.get(line[:40], line[:SHA_SHOWN])} {line[40:][:LONGEST_SUBJECT]}" for line in lines if line]
        return (*named, f"and {count - len(named)} more") if count > len(named) else tuple(named)

    async def _numbers(self) -> dict[str, str]:
        """Return what is a change, by its sha; where there are more than can be listed, shas stand for themselves."""
        try:
            listed = await self.copy.listed("refs/changes/*")
        except TooLong:
            return {}
        parts = {sha: ref.split("/") for ref, sha in sorted(listed.items())}
        return {sha: f"{ref[3]}/{ref[4]}" for sha, ref in parts.items() if len(ref) == 5 and _is_number(ref[4])}

    async def _log(self, *words: str) -> str:
        return await self.copy.ask("log", "--no-show-signature", "--no-ext-diff", "--no-textconv", *words, "--")


def _folder(number: int) -> str:
    return f"refs/changes/{number % 100:02d}/{number}"


def _head(branch: str) -> str:
    return f"refs/heads/{branch}"


def _patchsets(number: int, listed: Refs) -> list[int]:
    """Beside its patchsets a change may have refs of other names, such as `meta`."""
    begin = f"{_folder(number)}/"
    return [int(ref[len(begin) :]) for ref in listed if ref.startswith(begin) and _is_number(ref[len(begin) :])]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6 and not text.startswith("0")


def _size(numstat: str) -> Size:
    """Add up lines of `added<TAB>removed<TAB>file`; a file that is no text has dashes, and counts as a file alone."""
    rows = [line.split("\t") for line in numstat.splitlines() if line.count("\t") >= 2]
    added, removed = (sum(int(row[column]) for row in rows if row[column].isdigit()) for column in (0, 1))
    return Size(len(rows), added, removed)
