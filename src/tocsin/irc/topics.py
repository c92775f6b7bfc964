"""What a channel's topic tells of what is open there, in one piece: `E17 confirming`; setting it is for topic_keeping.

Law: of what others wrote there nothing is changed and nothing cut; where our piece has no room it is left out.
"""

import re
from collections.abc import Iterable
from typing import Final

from tocsin.domain.request import Request, Status
from tocsin.irc.where import Where

BAR: Final = "|"
PRIVATE: Final = "private"
_STATE: Final = "|".join(re.escape(state) for state in (*Status, PRIVATE))
_ONE: Final = rf"E[1-9][0-9]* (?:{_STATE})"
_PIECE: Final = re.compile(rf"{_ONE}(?:, {_ONE})*")


def piece(channel: str, requests: Iterable[Request], where: Where) -> str:
    """Return what a channel's topic tells of the requests that are open; nothing when none is to be told there."""
    return ", ".join(filter(None, (_told(each, channel, where) for each in requests)))


def updated(topic: str, wanted: str, room: int) -> str:
    """Return a topic with our piece as wanted: in the place where it is, or at the end; none where it has no room."""
    words = topic.split(BAR)
    ours = [place for place, word in enumerate(words) if _PIECE.fullmatch(word.strip(" "))]
    bare = _without(words, ours)
    if not wanted:
        return bare
    with_ours = _with(words, ours, wanted) if ours else f"{topic} {BAR} {wanted}" if topic else wanted
    return with_ours if len(with_ours.encode()) <= room else bare


def _told(request: Request, channel: str, where: Where) -> str:
    if where.is_home(request, channel):
        return f"{request.id} {request.status}"
    hidden = request.private and where.are_equal(request.channel, channel)
    return f"{request.id} {PRIVATE}" if hidden else ""


def _with(words: list[str], ours: list[int], wanted: str) -> str:
    """Put the piece where the first of ours is; there are several only when somebody has copied it."""
    old = words[ours[0]]
    return _without([*words[: ours[0]], old.replace(old.strip(" "), wanted), *words[ours[0] + 1 :]], ours[1:])


def _without(words: list[str], ours: list[int]) -> str:
    """Take pieces out, each with one bar and the spaces that belong to it; those of others stay."""
    left = words.copy()
    for place in reversed(ours):
        del left[place]
        if left and place == len(left):
            left[-1] = left[-1].removesuffix(" ")
        elif left and place == 0:
            left[0] = left[0].removeprefix(" ")
    return BAR.join(left)
