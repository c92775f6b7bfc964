"""The cry for help: the lines of the source as people type them, and `!emergency` in its short form."""

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple

from tocsin.domain.commands.opening import EXAMPLE, Ask
from tocsin.domain.wish import Wish
from tocsin.irc import wording
from tocsin.irc.wishes import TASK, head_of, split_at_dashes, with_text

CLOSE_ENOUGH = 0.8
_URL = re.compile(r"https?://[^\s<>\"]{3,300}", re.ASCII | re.IGNORECASE)
_TASK_URL = re.compile(r"https?://\S*/(?!E[0-9])[A-Z][A-Z0-9]*-?[0-9]+[.,:;!?)']*", re.ASCII)
_NUMBER = re.compile(
    r"(?<![\w/.-])[#!]?(?P<number>[0-9]{1,9}(?:/[0-9]{1,4})?)(?![\w-]|[.:][0-9])"
    r"(?!\s*(?:min|minutes?|s|sec|seconds?|h|hours?|%|people|users?|wikis?|times|changes|errors)\b)",
    re.ASCII,
)
_OF_A_PROJECT = re.compile(r"(?<![\w/.-])[\w.-]{1,100}(?:/[\w.-]{1,100}){1,20}[#!][1-9][0-9]{0,8}(?![\w-])", re.ASCII)
_CHANGE_ID = re.compile(r"\bI[0-9a-f]{40}\b", re.ASCII)
_CONTEXT = re.compile(rf"\b(?:context|task|bug|ticket)\b[\s:]*(?:is\b[\s:]*)?(?:\S*/)?({TASK})\b", re.ASCII)
_ANY_TASK = re.compile(rf"\b({TASK})\b", re.ASCII)
_PRIVATE = re.compile(r"\bprivate(?:ly)?\b", re.ASCII | re.IGNORECASE)
_RECIPE = re.compile(r"\brecipe(?::\s*|\s+)([A-Za-z0-9][A-Za-z0-9._-]*)", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;&+]{1,20}(?:and\s{1,20})?", re.ASCII)
MOST_COUNTED = 100
WHICH = f"For which change? Say e.g.  {EXAMPLE}"


class _Found(NamedTuple):
    """What was found in a text, how many more such stand right behind it, and the text without it."""

    named: str
    left: str
    more: int = 0


def cry_of(text: str) -> Ask | str | None:
    """Return the cry in a line of plain words, a sentence that says what to type, or nothing when it is just talk."""
    emergency = _emergency(text)
    if emergency is None:
        return None
    plain = text.casefold().replace("\u2019", "'")
    found = _change(text[emergency.end() :])
    found = found if found.named else _change(text)
    recipe = _RECIPE.search(text)
    if wording.NO_WISH.search(plain) or not wording.WANTS_ONE.search(plain):
        starts = wording.STARTS_AS_ONE.match(plain) or "help" in plain
        return f"If you ask for one, say:  !emergency {found.named} -- why" if found.named and starts else None
    if not found.named and not recipe:
        return _which(text)
    if found.more:
        return _one_by_one(found)
    wish = Wish(named=found.named, task=_task(text).upper(), recipe=recipe[1] if recipe else "")
    return Ask(text, wish, channel="", private=bool(_PRIVATE.search(text)), told=_told(plain))


def emergency_of(words: str) -> Ask | str:
    """Return the cry of `!emergency <change> [task] [reason] [remedy] -- text`, parts in any order."""
    head, why = split_at_dashes(words)
    found = _change(head)
    task = _task(found.left)
    private = bool(_PRIVATE.search(found.left))
    left = _TASK_URL.sub(" ", _PRIVATE.sub(" ", found.left))
    read = head_of(left.replace(task, " ", 1) if task else left)
    if not found.named and not read.wish.recipe:
        return _which(head)
    if found.more:
        return _one_by_one(found)
    wish = with_text(replace(read.wish, named=found.named, task=task.upper()), f"{read.rest} {why}".strip())
    return Ask(f"!emergency {words}", wish, channel="", private=private, other_reason=read.other_reason)


def _emergency(text: str) -> re.Match[str] | None:
    """Find the two words, *emergency* and *deploy* in any form, a slip of the fingers allowed in each."""
    if not wording.SECOND_OF_TWO.search(text):  # nearly all talk ends here, and sooner than by looking at each word
        return None
    return next((found for found in wording.TWO_WORDS.finditer(text) if _is_close(found)), None)


def _is_close(found: re.Match[str]) -> bool:
    first, second = found[1].casefold(), found[2].casefold()
    deploys = max(_likeness(second, form) for form in wording.DEPLOY)
    return _likeness(first, "emergency") >= CLOSE_ENOUGH and deploys >= CLOSE_ENOUGH


def _likeness(word: str, meant: str) -> float:
    return SequenceMatcher(None, word, meant, autojunk=False).ratio()


def _change(text: str) -> _Found:
    """Return the first thing that can be a change, as typed, and the text without it."""
    found = min(_changes(text), key=lambda each: each.start(), default=None)
    if found is None:
        return _Found("", text)
    return _Found(_named(found), f"{text[: found.start()]} {text[found.end() :]}", _further(text, found))


def _named(found: re.Match[str]) -> str:
    return found.groupdict().get("number") or found[0].rstrip(".,:;!?)'")


def _further(text: str, first: re.Match[str]) -> int:
    """Count the changes that are listed right behind the first; a number further on may count anything."""
    others: set[str] = set()
    end = first.end() - len(first[0]) + len(first[0].rstrip(".,:;!?)'"))
    while len(others) < MOST_COUNTED and (between := _BETWEEN.match(text, end)):
        found = first.re.match(text, between.end())
        if found is None or _TASK_URL.fullmatch(found[0]) or not _is_alike(_named(first), _named(found)):
            break
        others.add(_named(found))
        end = found.end() - len(found[0]) + len(found[0].rstrip(".,:;!?)'"))
    return len(others - {_named(first)})


def _is_alike(one: str, other: str) -> bool:
    """Two changes are of one site, or have numbers of about the same length; anything else is about the first."""
    if "://" in one:
        return one.split("/")[2].casefold() == other.split("/")[2].casefold()
    of_a_project = "#" in one or "!" in one
    return of_a_project or abs(len(one.partition("/")[0]) - len(other.partition("/")[0])) <= 1


def _one_by_one(found: _Found) -> str:
    stack = "or put one on top of the other and ask for the topmost, which brings them all"
    return f"That names {found.more + 1} changes, and a request is for one: ask for each by itself, {stack}."


def _which(text: str) -> str:
    """Whoever named the task alone is told so, with a line to complete."""
    task = _task(text).upper()
    return f"{task} is a task. {WHICH.replace('T1234', task)}" if task else WHICH


def _changes(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_URL, _OF_A_PROJECT, _CHANGE_ID, _NUMBER):
        yield from (found for found in pattern.finditer(text) if not _TASK_URL.fullmatch(found[0]))


def _task(text: str) -> str:
    """Return the task as typed: the one that is said to be the context, or else the first."""
    found = _CONTEXT.search(text) or _ANY_TASK.search(text)
    return found[1] if found else ""


def _told(plain: str) -> str:
    if wording.HAS_DEPLOYER.search(plain):
        return "already has a deployer"
    return "needs a deployer" if wording.NEEDS_DEPLOYER.search(plain) else ""
