"""Verbs and their usage: what is said about them fits what is understood."""

import pytest

from tocsin.domain.commands import VERBS, Go, Verb
from tocsin.irc.acts import Malformed, act_of, usage


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_usage_of_a_verb_ends_with_an_example(verb: Verb) -> None:
    assert usage(verb.name).endswith(verb.example)


@pytest.mark.parametrize("thanks", ["", "please", "Thanks!", "thank you.", "now"])
def test_a_courtesy_after_a_verb_does_no_harm(thanks: str) -> None:
    assert act_of("go", None, thanks, {}, {}) == Go()


@pytest.mark.parametrize("more", ["not yet", "if bo says so", "E18", "?x", "no"])
def test_anything_else_after_a_verb_that_stands_alone_is_refused(more: str) -> None:
    with pytest.raises(Malformed, match=r"!go <id>"):
        act_of("go", None, more, {}, {})


def test_an_unknown_verb_is_refused() -> None:
    with pytest.raises(Malformed, match="There is no !frob"):
        act_of("frob", None, "", {}, {})
