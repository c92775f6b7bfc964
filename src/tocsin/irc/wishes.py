"""What is said of a request becomes a wish: `data disable with <recipe> anyway -- why; safe to go back?`."""

import re
from dataclasses import replace
from typing import NamedTuple

from tocsin.domain.change import Verdict
from tocsin.domain.commands.opening import Describe
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.wish import WikiEdit, Wish
from tocsin.irc import wording

TASK = r"(?!E[0-9])(?:[A-Z][A-Z0-9]*-?[0-9]+|t[0-9]{2,})"
FIVE = ", ".join(reason.value for reason in Reason)
SAID = "!E17 data disable -- what is broken; going back is safe"
BACKWARDS = (Remedy.ROLLBACK, Remedy.REVERT)
_DASHES = re.compile(r"(?:^|\s)(?:--|\u2014)(?:\s+|$)")
_CLAUSES = re.compile(r"\s*;\s*|(?<=[a-z0-9])\.\s+(?=[A-Za-z])")
_PART = re.compile(r",\s+|\s+and\s+", re.ASCII)
_VALUE = re.compile(r'([a-z][a-z0-9_]*)=(?:"([^"]*)"|(\S+))', re.ASCII)
_RECIPE = re.compile(r"(?:with|recipe:?)\s*(?<=[\s:])([A-Za-z0-9][A-Za-z0-9._-]*)", re.ASCII | re.IGNORECASE)
_FEW = re.compile(r"(?:few users|new feature|few)\b", re.ASCII | re.IGNORECASE)
_TWO = re.compile(rf"({'|'.join(wording.OF_TWO_WORDS)})\b", re.ASCII | re.IGNORECASE)
_WORD = re.compile(r"\S+")
_BETWEEN = re.compile(r"[\s,;:]*")


class Head(NamedTuple):
    """What the words before the text say; `rest` begins with the first that means nothing here.

    `other_reason` is a reason that is known to be none of the five.
    """

    wish: Wish
    rest: str
    other_reason: str = ""


def wish_of(text: str) -> Describe | str:
    """Return what the words add to a wish, or a sentence that says what was not understood."""
    words, why = split_at_dashes(text)
    head = head_of(words)
    if head.rest and (why or (head.wish == Wish() and not head.other_reason)):
        word = head.rest.split()[0].strip(",;:")[:40]
        return f"{word} is neither one of the five reasons ({FIVE}) nor a remedy ({', '.join(Remedy)})."
    described = with_text(head.wish, why or head.rest)
    if described == Wish() and not head.other_reason:
        return f"Say a reason ({FIVE}), a remedy, and why, e.g.  {SAID}"
    return Describe(described, head.other_reason)


def split_at_dashes(text: str) -> tuple[str, str]:
    """Return what stands before the first two dashes, and what after them."""
    words, *why = _DASHES.split(text, maxsplit=1)
    return words.strip(), why[0].strip() if why else ""


def head_of(words: str) -> Head:
    """Read words that each mean something here, up to the first that does not."""
    wish, rest, other = Wish(), _after_between(words), ""
    while rest:
        first = _WORD.match(rest)
        if first and (reason := first[0].strip(".,:;!").casefold()) in wording.NO_REASONS:
            other, length = reason, first.end()
        elif read := _read(wish, rest):
            wish, length = read
        else:
            break
        rest = _after_between(rest[length:])
    return Head(wish, rest.rstrip(), other)


def with_text(wish: Wish, text: str) -> Wish:
    """Add what a text says: why, why not roll back, whether going back is safe, where on a wiki."""
    said: list[str] = []
    for clause in _clauses(text):
        plain = clause.casefold().replace("\u2019", "'")
        if place := wording.WIKI.match(clause):
            wish = replace(wish, wiki=WikiEdit(place["wiki"], place["page"], place["told"]))
        elif wording.ABOUT_GOING_BACK.search(plain) and (verdict := _verdict(plain)):
            wish = replace(wish, going_back=verdict, going_back_why=clause)
        elif wording.ABOUT_ROLLING_BACK.search(plain) and wish.remedy not in BACKWARDS:
            wish = replace(wish, why_not_rollback=clause)
        else:
            said.append(clause)
    return replace(wish, sentence="; ".join(said)) if said else wish


def _read(wish: Wish, rest: str) -> tuple[Wish, int] | None:
    """Read what stands first, and return with it how long it was."""
    if value := _VALUE.match(rest):
        return replace(wish, values=(*wish.values, (value[1], value[2] or value[3] or ""))), value.end()
    if recipe := _RECIPE.match(rest):
        return replace(wish, recipe=recipe[1]), recipe.end()
    if few := _FEW.match(rest):
        return replace(wish, few_affected=True), few.end()
    if two := _TWO.match(rest):
        read = _word(wish, wording.OF_TWO_WORDS[two[1].casefold()])
        return (read, two.end()) if read else None
    found = _WORD.match(rest)
    assert found is not None, "what was stripped and is not empty begins with a word"
    read = _word(wish, found[0].strip(".,:;!"))
    return (read, found.end()) if read else None


def _after_between(words: str) -> str:
    return _BETWEEN.sub("", words, count=1)


def _word(wish: Wish, word: str) -> Wish | None:
    plain = word.casefold()
    if plain in wording.REASONS:
        return replace(wish, reason=wording.REASONS[plain])
    if plain in wording.REMEDIES:
        return replace(wish, remedy=wording.REMEDIES[plain])
    if plain == "anyway":
        return replace(wish, anyway=True)
    if re.fullmatch(TASK, word, re.ASCII):
        return replace(wish, task=word.upper())
    return wish if plain in wording.FILLERS else None


def _clauses(text: str) -> list[str]:
    """Split a text where its sentences end, and what it says of going back from what stands before that."""
    clauses: list[str] = []
    for clause in _CLAUSES.split(text):
        back = wording.ABOUT_GOING_BACK.search(clause.casefold())
        before = list(_PART.finditer(clause, 0, back.start())) if back and len(clause.casefold()) == len(clause) else []
        if before:
            clauses += [clause[: before[-1].start()], clause[before[-1].end() :]]
        else:
            clauses.append(clause)
    return [each.strip() for each in clauses if each.strip()]


def _verdict(clause: str) -> Verdict | None:
    return next((verdict for verdict, pattern in wording.GOING_BACK if pattern.search(clause)), None)
