"""Patterns for a topic: those that no topic can make slow are taken, all others are told what to write instead."""

import re
from time import perf_counter

import pytest

from tocsin.config.topic_patterns import topic_pattern
from tocsin.neighbours.rotas.sources import TopicSettings
from tocsin.neighbours.rotas.topic import LONGEST_TOPIC

NICKS = "(?P<nicks>[^|]*)"
TAKEN = [
    TopicSettings.__dataclass_fields__["pattern"].default,
    NICKS,
    rf"\(on call\) {NICKS}",
    rf"on[ -]?call(?: now)?: {NICKS}",
    rf"(?:oncall|on call|pager) = {NICKS}",
    r"primary=(?P<nicks>\S+)(?: secondary=(?P<backups>\S+))?",
    rf"[*+?(|]: {NICKS}",
    rf"[]*+]x[^]|]: {NICKS}",
    rf"\*\+ {NICKS}",
    rf"a{{,3}} {NICKS}",
    r"(?P<nicks>.*).*x",
]
REFUSED = [
    ("(?P<nicks>a", "is not a regular expression"),
    ("on call: ([^|]*)", "names nobody: write the part that holds the nicks as (?P<nicks>[^|]*)"),
    ("(?P<nicks>(a+)+)b", "repeats what varies itself"),
    ("(?P<nicks>(a|a)*)b", "repeats what varies itself"),
    ("(?P<nicks>(a?a)*)b", "repeats what varies itself"),
    ("(?P<nicks>(?:(a{1,9}))+?)b", "repeats what varies itself"),
    ("(?P<nicks>(?:a*){9})b", "repeats what varies itself"),
    ("(?P<nicks>.*).*.*x", "has 3 repetitions"),
    ("(?P<nicks>a?a?a?a?a?a?a?)", "has 7 choices"),
    (r"(?P<nicks>.)\1", "refer to nothing before"),
    ("(?P<nicks>.)(?P=nicks)", "may group with"),
    ("(?P<nicks>.(?=x))", "may group with"),
    ("(?x)(?P<nicks>.)", "may group with"),
]


@pytest.mark.parametrize("pattern", TAKEN)
def test_a_pattern_that_is_taken_is_quick_on_any_topic(pattern: str) -> None:
    assert topic_pattern(pattern) == pattern
    for piece in ("a", "x", " ", "on call: ", "on call:", "primary=", "*x", "|"):
        topic = (piece * LONGEST_TOPIC)[: LONGEST_TOPIC - 1] + "\n"
        began = perf_counter()
        re.search(pattern, topic, re.IGNORECASE)
        assert perf_counter() - began < 3


@pytest.mark.parametrize(("pattern", "sentence"), REFUSED)
def test_any_other_is_refused_with_what_to_write(pattern: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        topic_pattern(pattern)
