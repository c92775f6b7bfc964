"""Every verb as the command line takes it: one table, and words made into fields; what a verb does is for the rules."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

_ID = re.compile(r"#?(E[1-9][0-9]{0,8})[.,:;!?]*", re.ASCII | re.IGNORECASE)
_NEARLY_AN_ID = re.compile(r"#?E?[-_#]?[0-9]+[.,:;!?]*", re.ASCII | re.IGNORECASE)
_YES_NO = MappingProxyType({"yes": True, "no": False})


class Unfit(Exception):
    """The words do not fit the verb; the sentence says what to type."""


class Kind(Enum):
    """What a field takes of the words."""

    WORD = auto()
    TEXT = auto()
    YES_NO = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a command; what is not `needed` may be left out, and the rule then says what it lacks."""

    name: str
    kind: Kind
    needed: bool = False


Settle = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CliVerb:
    """One verb: its fields, and whether it is said of a request; `options` are given with two dashes.

    `settle` makes of the fields what the command takes, where that is something else.
    """

    name: str
    fields: tuple[Field, ...] = ()
    of_request: bool = True
    options: tuple[str, ...] = ()
    settle: Settle = dict
    said_as: str = ""

    def __post_init__(self) -> None:
        """Say a verb under its own name, unless it is another word for one."""
        object.__setattr__(self, "said_as", self.said_as or self.name)

    def read(self, words: Sequence[str]) -> tuple[str, dict[str, Any]]:
        """Return the id, empty where none is named, and the fields; raises `Unfit`."""
        request, left = take_id(words) if self.of_request else ("", list(words))
        given: dict[str, Any] = {}
        for field in self.fields:
            value = self._value(field, left)
            if value is not None:
                given[field.name] = value
        if left:
            raise Unfit(f"{left[0]!r} is too much: {self.name} takes {self._usage()}.")
        return request, self.settle(given)

    def _value(self, field: Field, left: list[str]) -> str | bool | None:
        """Take a field off the words that are left."""
        if field.kind is Kind.TEXT:
            text = " ".join(left)
            left.clear()
            return text
        if not left:
            if field.needed:
                raise Unfit(f"{self.name} takes {self._usage()}.")
            return None
        word = left.pop(0)
        if field.kind is Kind.WORD:
            return word
        if (answer := word.casefold().strip(".,;!")) not in _YES_NO:
            raise Unfit(f"{word!r} is neither yes nor no: {self.name} takes {self._usage()}.")
        return _YES_NO[answer]

    def _usage(self) -> str:
        return self.usage or "no more words"

    @property
    def usage(self) -> str:
        """Return the words that it takes, in short."""
        spelled = (_spelled(each) for each in self.fields)
        return " ".join([*(["[ID]"] if self.of_request else []), *spelled])


def _for_a_team(given: dict[str, Any]) -> dict[str, Any]:
    """`plum-otter for SRE` says for whom the yes is, too."""
    word, for_, team = given["check_word"].partition(" for ")
    return {"check_word": word, "team": team} if for_ else given


def _live_or_not(given: dict[str, Any]) -> dict[str, Any]:
    return {"live": given.get("live", True)}


def _not_live(_: dict[str, Any]) -> dict[str, Any]:
    return {"live": False}


def _meant(given: dict[str, Any]) -> dict[str, Any]:
    """Killing takes one word more than anything else."""
    if given.get("now", "").casefold() != "now":
        sure = "If you mean it:  tocsin request abort E17 now"
        raise Unfit(f"That kills the running step, and nobody knows then what it did. {sure}")
    return {}


_REASON = Field("reason", Kind.TEXT)
VERBS = (
    CliVerb("confirm", (Field("check_word", Kind.TEXT),), options=("team",), settle=_for_a_team),
    CliVerb("unconfirm"),
    CliVerb("hold", (_REASON,)),
    CliVerb("lift", (_REASON,), options=("holder",)),
    CliVerb("take"),
    CliVerb("go"),
    CliVerb("good", (Field("checkpoint", Kind.TEXT),)),
    CliVerb("stop", (_REASON,)),
    CliVerb("resume", (_REASON,)),
    CliVerb("rollback"),
    CliVerb("live", (Field("live", Kind.YES_NO),), settle=_live_or_not),
    CliVerb("abort", (Field("now", Kind.WORD),), settle=_meant),
    CliVerb("ran", (Field("ran", Kind.YES_NO, needed=True),)),
    CliVerb("here"),
    CliVerb("wake"),
    CliVerb("note", (Field("text", Kind.TEXT),)),
    CliVerb("adopt"),
    CliVerb("refuse", (_REASON,)),
    CliVerb("need", (Field("team", Kind.WORD, needed=True),)),
    CliVerb("waive", (Field("team", Kind.WORD, needed=True), _REASON)),
    CliVerb("give", (Field("to", Kind.WORD, needed=True),)),
    CliVerb("unlock", (Field("why", Kind.TEXT),)),
    CliVerb("renew"),
    CliVerb("withdraw"),
    CliVerb("close", (Field("what", Kind.TEXT),)),
    CliVerb("private"),
    CliVerb("public"),
    CliVerb("suspend", (Field("whom", Kind.WORD, needed=True), _REASON), of_request=False),
    CliVerb("restore", (Field("whom", Kind.WORD, needed=True),), of_request=False),
)
NOT_LIVE = CliVerb("notlive", settle=_not_live, said_as="live")
OTHER_WORDS = MappingProxyType({"page": "wake", "pause": "stop", "emergency": "open"})
"""Understood as well, as on IRC: they only call people or make things safer; a test compares."""
LIKE = MappingProxyType(
    {"approve": "confirm", "deploy": "go", "start": "go", "back": "rollback", "undo": "rollback", "ok": "good"}
)
"""Not understood, and answered with what is probably meant, as on IRC; a test compares."""
QUESTIONS = MappingProxyType(
    {
        "list": "The requests, open ones first.",
        "show": "How a request stands, and what to do next (also: status).",
        "who": "Who must confirm, who could, and who is here.",
        "timeline": "Everything that happened, in sentences.",
        "report": "Who, what, when, and how long each wait was.",
        "now": "The windows that are open now, or the freeze.",
        "next": "The windows that open next.",
        "nowandnext": "Both.",
        "irc": "How the bot stands on IRC.",
    }
)
ABOUT_A_TARGET = frozenset({"now", "next", "nowandnext"})
ABOUT_ONE = frozenset({"show", "who", "timeline", "report"})
ALL_NAMES = ("open", "describe", *QUESTIONS, "watch", *(each.name for each in VERBS), "help")


def read_id(words: Sequence[str]) -> str:
    """Return the id of a question's words, in capitals, or nothing; raises `Unfit`."""
    request, left = take_id(words)
    if left:
        raise Unfit(f"{left[0][:40]!r} is not the id of a request: ids look like E17.")
    return request


def take_id(words: Sequence[str]) -> tuple[str, list[str]]:
    """Take the id off the beginning; what nearly is one is asked about, for it would become a part of the text."""
    ids = [match[1].upper() for word in words[:2] if (match := _ID.fullmatch(word))]
    if len(ids) > 1:
        raise Unfit(f"One request at a time: {' or '.join(ids)}?")
    if not words:
        return "", []
    if found := _ID.fullmatch(words[0]):
        return found[1].upper(), list(words[1:])
    if _NEARLY_AN_ID.fullmatch(words[0]):
        raise Unfit(f"{words[0]} is not the id of a request: ids look like E17.")
    return "", list(words)


def _spelled(field: Field) -> str:
    name = {Kind.YES_NO: "yes|no"}.get(field.kind, field.name.replace("_", "-").upper())
    words = f"{name}..." if field.kind is Kind.TEXT else name
    return words if field.needed else f"[{words}]"
