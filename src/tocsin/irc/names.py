"""Names as the network compares them, and how much of a line is left for text; who holds a name is for others."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

Fold = Callable[[str], str]

LONGEST_TEXT_BYTES = 380  # of one line, however short our own name is: what other bots and logs still show whole
WORST_PREFIX_BYTES = 110  # `:nick!user@host `, as long as the usual networks allow it, until ours is known
LINE_BYTES = 510  # 512 without the line end
ELLIPSIS = "…"
SPEAKERS = 512  # whose names are kept taken apart and compared: those who talk now talk again

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TABLES = {
    "ascii": str.maketrans(_LETTERS, _LETTERS.lower()),
    "rfc1459-strict": str.maketrans(_LETTERS + "[]\\", _LETTERS.lower() + "{}|"),
    "rfc1459": str.maketrans(_LETTERS + "[]\\^", _LETTERS.lower() + "{}|~"),
}


class Source(NamedTuple):
    """Who or what a line comes from; servers are a nick alone."""

    nick: str
    user: str
    host: str


@lru_cache(maxsize=SPEAKERS)
def split_source(source: str) -> Source:
    """Take `nick!user@host` apart; what is missing is empty."""
    head, _, host = source.partition("@")
    nick, _, user = head.partition("!")
    return Source(nick, user, host)


def folding(casemapping: str) -> Fold:
    """Return the function after which equal names are equal; an unknown casemapping is taken for ascii."""
    table = _TABLES.get(casemapping, _TABLES["ascii"])

    @lru_cache(maxsize=2 * SPEAKERS)
    def fold(name: str) -> str:
        return name.translate(table)

    return fold


def budget(prefix_bytes: int, target: str) -> int:
    """Return how many bytes of text a PRIVMSG to the target may carry and still reach everybody whole."""
    left = LINE_BYTES - prefix_bytes - len(f"PRIVMSG {target} :".encode())
    return max(min(left, LONGEST_TEXT_BYTES), len(ELLIPSIS.encode()))


def cut(text: str, budget_bytes: int) -> str:
    """Shorten a text to that many bytes of UTF-8: at a space if one is near, and with an ellipsis to show it."""
    encoded = text.encode()
    if len(encoded) <= budget_bytes:
        return text
    room = budget_bytes - len(ELLIPSIS.encode())
    kept = encoded[:room].decode("utf-8", "ignore")
    space = kept.rfind(" ")
    if encoded[room : room + 1] != b" " and space > len(kept) * 3 // 4:
        kept = kept[:space]
    return kept.rstrip(" ") + ELLIPSIS
