"""The words that people use for things, and what they mean by them: data for the grammar."""

import re
from types import MappingProxyType

from tocsin.domain.change import Verdict
from tocsin.domain.plan import Reason, Remedy

REASONS = MappingProxyType(
    {
        **{reason.value: reason for reason in Reason},
        "vulnerability": Reason.SECURITY,
        "corruption": Reason.DATA,
        "dataloss": Reason.DATA,
        "outage": Reason.AVAILABILITY,
        "down": Reason.AVAILABILITY,
        "vandalism": Reason.ABUSE,
        "spam": Reason.ABUSE,
        "broken": Reason.FUNCTIONALITY,
        "appearance": Reason.FUNCTIONALITY,
    }
)
NO_REASONS = frozenset({"other", "none", "feature", "convenience", "deadline", "cleanup", "refactoring", "typo"})
"""Known to be none of the five; any other word is asked about."""
REMEDIES = MappingProxyType(
    {
        **{remedy.value: remedy for remedy in Remedy},
        "wikiedit": Remedy.WIKI_EDIT,
        "undeploy": Remedy.ROLLBACK,
        "hotfix": Remedy.FIX,
    }
)
OF_TWO_WORDS = MappingProxyType(
    {"data loss": "dataloss", "roll back": "rollback", "turn off": "disable", "wiki edit": "wiki-edit"}
)
FILLERS = frozenset({"for", "by", "and", "private", "reason", "remedy", "is", "because", "of", "-"})
GOING_BACK = (
    (
        Verdict.UNKNOWN,
        re.compile(
            r"\b(unknown|unsure|unclear|untested|not (?:known|sure|tested|clear)|(?:don't|do not) know|maybe|perhaps"
            r"|probably|should be|i think|i guess)\b",
            re.ASCII,
        ),
    ),
    (
        Verdict.NO,
        re.compile(
            r"\b(?:unsafe|is no|cannot|can't|impossible|never|dangerous)\b"
            r"|(?:\bnot|n't)\s+(?:\w+\s+){0,2}(?:safe|fine|ok)|[?:=,]\s*no\b|\bback no\b",
            re.ASCII,
        ),
    ),
    (Verdict.YES, re.compile(r"\b(safe|fine|ok|okay|yes)\b", re.ASCII)),
)
"""Tried in this order: what is not safe is safe only if nothing says otherwise."""
ABOUT_GOING_BACK = re.compile(r"\b(going back|go back|to go back)\b", re.ASCII)
ABOUT_ROLLING_BACK = re.compile(r"\b(roll(ing|ed)?[ -]?back|revert(ing)?)\b", re.ASCII)
WIKI = re.compile(
    r"^\s*wiki:?\s+(?P<wiki>\S+?),?\s+page:?\s+(?P<page>\S.*?),?\s+told:?\s+(?P<told>\S.*)$", re.IGNORECASE
)

OBJECTIONS = (
    "not yet", "wait", "no", "stop", "don't", "dont", "do not", "hold on", "hold it", "please wait", "please don't",
    "nope", "not now", "stop it", "no no", "no wait",
)  # fmt: skip
BEGIN_AS_OBJECTION = tuple(f"{words}{end}" for words in OBJECTIONS for end in (" ", ","))
NO_OBJECTION = ("no problem", "no worries", "no objection", "no objections", "don't worry", "dont worry", "no idea")
LONGEST_OBJECTION = 6
"""Words: a longer line says more than *not yet*, and its meaning is left to people."""
ASSENTS = frozenset(
    {"yes", "ok", "okay", "+1", "lgtm", "approved", "confirm", "confirmed", "sure", "go ahead", "do it"}
)

WANTS_ONE = re.compile(
    r"\b(i'd like|id like|i would like|i need|i want|we need|we want|we'd like|we would like|help|can i|can we"
    r"|can (someone|somebody)|could (someone|somebody|we|i)|may i|needs? an|please|pls)\b",
    re.ASCII,
)
NO_WISH = re.compile(
    r"\b(don't|dont|do not|no need for|no|not|never|cancel|avoid|after|during|about) (\w+ ){0,3}emergency", re.ASCII
)
"""Talk about emergency deployments, and not a cry for one."""
STARTS_AS_ONE = re.compile(r"[\s:,]*(?:[^\s:,]+[:,][\s:,]*)*(?:an? )?em\w+[\s-]+d", re.ASCII)
"""After names with a colon or comma. No two parts take the same letter, or a row of colons would be read for ever."""
TWO_WORDS = re.compile(r"\b([a-z]{6,12})[\s_-]+(d[a-z]{4,12})\b", re.ASCII | re.IGNORECASE)
SECOND_OF_TWO = re.compile(r"[\s_-]d[a-z]{4}", re.ASCII | re.IGNORECASE)
DEPLOY = ("deploy", "deploys", "deployed", "deploying", "deployment", "deployments")
HAS_DEPLOYER = re.compile(r"\b(i|we) already have (someone|somebody)\b", re.ASCII)
NEEDS_DEPLOYER = re.compile(r"\b(i|we) need (someone|somebody)\b", re.ASCII)
