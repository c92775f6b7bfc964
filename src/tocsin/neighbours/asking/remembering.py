"""Answers kept with the mark that a site gave them: asked again, it says that nothing changed, which costs it little.

Where questions are counted, GitHub's way, one whose answer did not change is not counted for those who sign in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx2

MOST_KEPT: Final = 64
LARGEST_KEPT_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a site answered last to each of a few questions, the oldest forgotten first."""

    _kept: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)

    def asking(self, path: str) -> Mapping[str, str]:
        """Return the header by which the site may say that nothing changed."""
        return {"If-None-Match": self._kept[path][0]} if path in self._kept else {}

    def unchanged(self, path: str, answer: httpx2.Response) -> bytes | None:
        """Return what was answered before, where that still holds."""
        return self._kept[path][1] if answer.status_code == httpx2.codes.NOT_MODIFIED and path in self._kept else None

    def keep(self, path: str, answer: httpx2.Response, content: bytes) -> None:
        """Keep an answer that bears a mark and is not too long."""
        self._kept.pop(path, None)
        if (mark := answer.headers.get("ETag")) and len(content) <= LARGEST_KEPT_BYTES:
            self._kept[path] = (mark, content)
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
