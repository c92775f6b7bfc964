"""Whether a commit holds a change: itself, a later one, or one that bears its Change-Id; and not taken back since."""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.asking.git_copy import Copy
from tocsin.neighbours.asking.git_program import Git

SECONDS: Final = 5.0
_BRANCH: Final = re.compile(r"(?!.*(\.\.|//|/\.|[./]$))[A-Za-z0-9][A-Za-z0-9._/-]{0,127}", re.ASCII)
_CHANGE_ID: Final = re.compile(r"^Change-Id: (I[0-9a-f]{40})\s*$", re.MULTILINE)
SHORT: Final = 7


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the commit that was confirmed, and the number of its change, under which it may be found."""

    sha: str
    change: str


@dataclass(frozen=True, slots=True)
class Held:
    """Whether it is held: yes, no, or (None) that cannot be told, with words that say why."""

    live: bool | None
    why: str


@dataclass(slots=True)
class Histories:
    """Copies of the histories that proofs ask about, each in a folder of its own; a cache like any other."""

    folder: Path
    seconds: float = SECONDS
    _copies: dict[str, Copy] = field(default_factory=dict)

    async def tell(self, repository: str, branch: str, shown: str, sought: Sought) -> Held:
        """Say whether the commit shown, on that branch, holds what is sought; raises `Unreachable`."""
        if _BRANCH.fullmatch(branch) is None:
            raise Unreachable("the wiki", "it tells of a branch that is none")
        copy = self._copy(repository)
        pinned = f"refs/changes/*/{sought.change}/*" if sought.change.isdigit() else "refs/changes/none"
        listed = await copy.listed(f"refs/heads/{branch}", pinned)
        wanted = {name: sha for name, sha in listed.items() if name.startswith("refs/heads/") or sha == sought.sha}
        await copy.holding(wanted)
        if not await _has(copy, shown):
            return Held(None, f"{shown[:SHORT]} is not on {branch} of {repository}")
        return await _told(copy, shown, sought)

    def _copy(self, repository: str) -> Copy:
        if repository not in self._copies:
            name = sha256(repository.encode()).hexdigest()[:16]
            git = Git(repository, self.folder / f"{name}.config", self.seconds)
            self._copies[repository] = Copy(git, repository, self.folder / f"{name}.git")
        return self._copies[repository]


async def _told(copy: Copy, shown: str, sought: Sought) -> Held:
    known = await _has(copy, sought.sha)
    bears = _CHANGE_ID.findall(await copy.ask("log", "-1", "--format=%B", sought.sha)) if known else []
    if known and await _comes_after(copy, shown, sought.sha):
        landed = sought.sha
    else:
        landed = await _saying(copy, f"^Change-Id: {bears[-1]}$", shown) if bears else ""
    if landed:
        taken_back = await _saying(copy, f"This reverts commit {landed}", f"{landed}..{shown}")
        if taken_back:
            return Held(False, f"it was taken back there by {taken_back[:SHORT]}")
        return Held(True, f"{shown[:SHORT]} holds it")
    if bears or (known and await _comes_after(copy, sought.sha, shown)):
        return Held(False, f"{shown[:SHORT]} does not hold it")
    return Held(None, f"whether {shown[:SHORT]} holds {sought.sha[:SHORT]} cannot be told")


async def _has(copy: Copy, sha: str) -> bool:
    try:
        await copy.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{sha}^{{commit}}")
    except Unreachable:
        return False
    return True


async def _comes_after(copy: Copy, later: str, earlier: str) -> bool:
    """Two commits have no base where one of them is of another history: then neither comes after the other."""
    try:
        base = await copy.ask("merge-base", earlier, later)
    except Unreachable:
        return False
    return base.strip() == earlier


async def _saying(copy: Copy, words: str, commits: str) -> str:
    """Return the newest commit whose message has such a line, or nothing."""
    said = ("log", "-1", "--format=%H", "--extended-regexp", f"--grep={words}", "--end-of-options", commits)
    return (await copy.ask(*said)).strip()
