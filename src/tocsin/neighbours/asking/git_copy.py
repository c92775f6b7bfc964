"""Our bare copy of one repository: the branches and changes that were asked about, fetched only when they moved.

Laws: one process at a time writes to it. A fetch goes on when nobody waits for it any more, so that a large repository
is there at the next question. The folder is a cache: whoever deletes it loses nothing.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tocsin.neighbours.asking.git_program import Git

FETCH_SECONDS: Final = 600.0
"""Enough for the first copy of a large repository; nobody waits that long, the request goes on without it."""
_LISTED: Final = re.compile(r"([0-9a-f]{40})[\t ](refs/[^\s]+)", re.ASCII)

Refs = Mapping[str, str]
"""The sha of each ref."""


@dataclass(slots=True)
class Copy:
    """The copy in `folder` of what git finds at `repository`."""

    git: Git
    repository: str
    folder: Path
    _settled: bool = field(default=False, repr=False)
    _fetching: "asyncio.Task[None] | None" = field(default=None, repr=False)

    async def listed(self, *patterns: str) -> Refs:
        """Return the refs that the repository itself has now; raises `Unreachable`."""
        await self._prepared()
        return _refs(await self.ask("ls-remote", "--refs", "--", self.repository, *patterns))

    async def holding(self, wanted: Refs) -> Refs:
        """Return those refs as the copy has them, fetched before when they moved; raises `Unreachable`."""
        await self._fetched()
        if (held := await self._held(wanted)) != wanted:
            self._fetching = asyncio.ensure_future(self._fetch(list(wanted)))
            self._fetching.add_done_callback(_heard)
            await self._fetched()
            held = await self._held(wanted)
        return held

    async def ask(self, *words: str) -> str:
        """Ask git about what the copy has."""
        return await self.git.ask(f"--git-dir={self.folder}", *words)

    async def _prepared(self) -> None:
        """Never start git outside of the copy: it would look for a repository around us, and for its settings."""
        if not self._settled:
            await asyncio.to_thread(self.git.settle, self.repository)
            self._settled = True
        if not (self.folder / "HEAD").exists():
            await self.git.ask("init", "--quiet", "--bare", "--", str(self.folder))

    async def _fetched(self) -> None:
        if self._fetching and not self._fetching.done():
            await asyncio.shield(self._fetching)

    async def _held(self, wanted: Refs) -> Refs:
        held = _refs(await self.ask("for-each-ref", "--format=%(objectname) %(refname)", *wanted))
        return {name: held[name] for name in wanted if name in held}

    async def _fetch(self, names: list[str]) -> None:
        """Fetch these refs and nothing else, neither tags nor other people's changes."""
        await asyncio.to_thread(self._unlock)
        words = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
        specs = [f"+{name}:{name}" for name in names]
        place = f"--git-dir={self.folder}"
        await self.git.ask(place, *words, "--", self.repository, *specs, seconds=FETCH_SECONDS)

    def _unlock(self) -> None:
        """Take away the locks of a fetch that was killed: none runs now, and none runs that long."""
        for lock in self.folder.rglob("*.lock"):
            with contextlib.suppress(OSError):
                if time.time() - lock.stat().st_mtime > FETCH_SECONDS:
                    lock.unlink()


def _refs(text: str) -> Refs:
    return {found[2]: found[1] for line in text.splitlines() if (found := _LISTED.fullmatch(line))}


def _heard(fetching: "asyncio.Task[None]") -> None:
    """Whoever waited has the error; of a fetch that nobody waits for it is told by the next question."""
    if not fetching.cancelled():
        fetching.exception()
