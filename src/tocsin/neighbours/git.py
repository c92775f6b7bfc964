"""Code review in plain git: a change is `refs/changes/NN/NUMBER/PATCHSET` of a configured repository.

Laws: only configured repositories are asked, never an address as typed; git runs without hooks, prompts or settings of
this machine; what a repository does not say (CI, mergeable) is unknown.
"""

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId

GIT_SECONDS: Final = 20.0
MOST_BROUGHT: Final = 20
"""Commits that are named as coming along; more are told as a number."""
LARGEST_ANSWER_BYTES: Final = 8 * 1024 * 1024
SAFELY: Final = (
    "-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "credential.helper=",
    "-c", "gc.auto=0", "-c", "core.fsmonitor=false",
)  # fmt: skip
_NUMBER: Final = re.compile(r"([1-9][0-9]{0,8})(?:/[0-9]{1,4})?", re.ASCII)
_ADDRESS: Final = re.compile(
    r"(?P<site>https?://[^/\s]+(?:/r)?)/(?:c/(?P<project>.+?)/\+/|#/c/|c/|\+/)?(?P<number>[1-9][0-9]{0,8})(?:/[0-9]{0,4})?/?",
    re.ASCII,
)
_REF: Final = re.compile(r"([0-9a-f]{40})\trefs/changes/[0-9]{2}/[0-9]+/([0-9]{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """One repository: its project's name, where git finds it, the branch its changes are for, and its page, if any."""

    project: str
    repository: str
    branch: str = "main"
    site: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class GitReviews:
    """Answers from copies in `folder`, brought up to date by each question; `person_of` knows authors by address."""

    settings: tuple[ReviewSettings, ...]
    folder: Path
    person_of: Callable[[str], PersonId | None]
    _turns: dict[str, asyncio.Lock] = field(default_factory=dict, repr=False)

    async def change(self, named: str) -> Change:
        """Return a change as it is now, by its number or an address of our sites; raises `Unreachable` or `Refused`."""
        number, asked = self._meant(named)
        for each in asked:
            async with self._turns.setdefault(each.project, asyncio.Lock()):
                found = await _Copy(each, self.folder / f"{each.project.replace('/', '%2F')}.git").newest(number)
            if found:
                return found.with_author(self.person_of)
        projects = " or ".join(each.project for each in asked)
        raise Refused([f"There is no change {number} in {projects}: is the number right, and is it uploaded?"])

    def _meant(self, named: str) -> tuple[int, tuple[ReviewSettings, ...]]:
        if plain := _NUMBER.fullmatch(named):
            return int(plain[1]), self._some(self.settings, "no repository with reviews is configured")
        address = _ADDRESS.fullmatch(named)
        if address is None:
            raise Refused([f"{named[:80]} is no change: say its number, such as 1234, or its address."])
        here = [each for each in self.settings if each.site and each.site.rstrip("/") == address["site"]]
        project = address["project"]
        fitting = [each for each in here if project in (None, each.project)]
        return int(address["number"]), self._some(fitting, f"{address['site']} is no review site of ours")

    def _some(self, found: Iterable[ReviewSettings], otherwise: str) -> tuple[ReviewSettings, ...]:
        some = tuple(found)
        if not some:
            raise Refused([f"I cannot look at that: {otherwise}. Say the change's number, such as 1234."])
        return some


@dataclass(frozen=True, slots=True)
class _Found:
    """A change, and the address of who wrote it and of who uploaded it."""

    change: Change
    addresses: tuple[str, ...]

    def with_author(self, person_of: Callable[[str], PersonId | None]) -> Change:
        known = frozenset(person for address in self.addresses if (person := person_of(address)))
        return replace(self.change, authors=known)


@dataclass(frozen=True, slots=True)
class _Copy:
    """Our copy of one repository: the branch and the changes that were asked about."""

    settings: ReviewSettings
    path: Path

    async def newest(self, number: int) -> _Found | None:
        """Return the newest patchset of a change; nothing when the repository has none."""
        refs = f"refs/changes/{number % 100:02d}/{number}"
        listed = _REF.findall(await self._remote("ls-remote", "--", f"{refs}/*"))
        patchsets = {int(patchset): sha for sha, patchset in listed}
        if not patchsets:
            return None
        patchset = max(patchsets)
        await self._fetch(f"{refs}/{patchset}")
        return await self._described(number, patchset, patchsets[patchset])

    async def _fetch(self, ref: str) -> None:
        if not (self.path / "HEAD").exists():
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            await self._git("init", "--quiet", "--bare", str(self.path))
        branch = f"+refs/heads/{self.settings.branch}:refs/heads/{self.settings.branch}"
        await self._remote("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", branch, f"+{ref}:{ref}")

    async def _described(self, number: int, patchset: int, sha: str) -> _Found:
        shown = await self._here("log", "-1", "--no-show-signature", "--format=%s%x00%an%x00%ae%x00%ce", sha)
        subject, author, *addresses = shown.rstrip("\n").split("\0")
        merged = await self._merged(sha)
        change = Change(
            number=number,
            patchset=patchset,
            sha=sha,
            project=self.settings.project,
            branch=self.settings.branch,
            subject=subject,
            author_name=author,
            status=ChangeStatus.MERGED if merged else ChangeStatus.OPEN,
            merged_as=sha if merged else "",
            size=_size(await self._here("diff-tree", "--numstat", "--no-commit-id", "--root", "-r", sha)),
            brings=() if merged else await self._brought(sha),
            public=Verdict.YES if self.settings.public else Verdict.UNKNOWN,
            url=f"{self.settings.site.rstrip('/')}/{number}" if self.settings.site else "",
        )
        return _Found(change, tuple(dict.fromkeys(addresses)))

    async def _merged(self, sha: str) -> bool:
        base = await self._here("merge-base", sha, f"refs/heads/{self.settings.branch}", may_fail=True)
        return base.strip() == sha

    async def _brought(self, sha: str) -> tuple[str, ...]:
        """Name the commits below the change that are not on its branch: they go live with it."""
        below = f"refs/heads/{self.settings.branch}..{sha}"
        lines = (
            await self._here("log", "--format=%h %s", "--skip=1", f"--max-count={MOST_BROUGHT + 1}", below)
        ).splitlines()
        more = (f"and more than {MOST_BROUGHT} in all",) if len(lines) > MOST_BROUGHT else ()
        return (*lines[:MOST_BROUGHT], *more)

    async def _remote(self, verb: str, *words: str) -> str:
        """Ask the repository itself; words that say what is wanted come after the address."""
        place = words.index("--")
        folder = ["-C", str(self.path)] if verb == "fetch" else []
        return await self._git(*folder, verb, *words[:place], "--", self.settings.repository, *words[place + 1 :])

    async def _here(self, *words: str, may_fail: bool = False) -> str:
        return await self._git("-C", str(self.path), *words, may_fail=may_fail)

    async def _git(self, *words: str, may_fail: bool = False) -> str:
        process = await asyncio.create_subprocess_exec(
            "git",
            *SAFELY,
            *words,
            env=_surroundings(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LARGEST_ANSWER_BYTES,
            start_new_session=True,
        )
        talking = asyncio.ensure_future(process.communicate())
        try:
            _, late = await asyncio.wait([talking], timeout=GIT_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            printed, complaint = await talking
        if late:
            raise self._silent(f"no answer within {GIT_SECONDS:.0f} s")
        if process.returncode and not may_fail:
            last = complaint.decode("utf-8", "replace").strip().splitlines()
            raise self._silent(last[-1] if last else f"git ended with {process.returncode}")
        return printed[:LARGEST_ANSWER_BYTES].decode("utf-8", "replace")

    def _silent(self, why: str) -> Unreachable:
        return Unreachable(f"the reviews of {self.settings.project}", why)


def _surroundings() -> dict[str, str]:
    """Neither prompts nor settings of this machine or of its people."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "SSH_AUTH_SOCK") if key in os.environ}
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
        "LC_ALL": "C.UTF-8",
    }


def _size(numstat: str) -> Size:
    """Add up lines of `added<TAB>removed<TAB>file`; a file that is no text has dashes, and counts as a file alone."""
    rows = [line.split("\t") for line in numstat.splitlines() if line.count("\t") >= 2]
    added, removed = (sum(int(row[column]) for row in rows if row[column].isdigit()) for column in (0, 1))
    return Size(len(rows), added, removed)
