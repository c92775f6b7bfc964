"""Patterns for what stands in a topic: only such as take no time to speak of, whatever somebody writes there.

Law: a repetition holds neither another nor a choice, and there are few of each, so that the longest search takes some
times the cube of the topic's length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

GROUP: Final = "nicks"
MOST_REPETITIONS: Final = 2
MOST_CHOICES: Final = 6

_TOKEN: Final = re.compile(
    r"""(?P<escape>\\.)
    | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<open>\((?:\?:|\?P<\w+>)?(?!\?))
    | (?P<close>\))
    | (?P<choice>\|)
    | (?P<maybe>\?[?+]?)
    | (?P<repeat>(?:[*+]|\{\d*,?\d*\})[?+]?)
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def topic_pattern(text: str) -> str:
    """Return a pattern that may be used; raises `ValueError` that says what to write instead."""
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    if GROUP not in compiled.groupindex:
        raise ValueError(f"names nobody: write the part that holds the nicks as (?P<{GROUP}>[^|]*)")
    if fault := next(_faults(text), ""):
        raise ValueError(fault)
    return text


@dataclass(slots=True)
class _Group:
    """One pair of parentheses: whether a repetition or a choice is within."""

    varies: bool = False


def _faults(text: str) -> Iterator[str]:
    stack, repetitions, choices = [_Group()], 0, 0
    closed: _Group | None = None
    for token in _TOKEN.finditer(text):
        kind, before = token.lastgroup, closed
        closed = None
        if kind == "open":
            stack.append(_Group())
        elif kind == "close":
            closed = stack.pop()
            stack[-1].varies |= closed.varies
        elif kind in ("choice", "maybe", "repeat"):
            if kind == "repeat" and before and before.varies:
                yield "repeats what varies itself, which may take for ever: let a repetition hold plain words only"
            stack[-1].varies = True
            repetitions += kind == "repeat"
            choices += kind != "repeat"
        elif (kind == "other" and token[0] == "(") or (kind == "escape" and token[0][1] in "123456789"):
            yield "may group with ( and (?: and (?P<name> only, and refer to nothing before"
    if repetitions > MOST_REPETITIONS:
        yield f"has {repetitions} repetitions (*, + or {{}}), and a topic is searched with {MOST_REPETITIONS} at most"
    if choices > MOST_CHOICES:
        yield f"has {choices} choices (| or ?), and a topic is searched with {MOST_CHOICES} at most"
