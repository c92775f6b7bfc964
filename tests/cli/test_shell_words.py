"""What the lines of IRC say to type is said as it is typed in a shell."""

import shlex

import pytest

from tocsin.cli.shell_words import harmless, in_shell_words
from tocsin.domain.commands import VERBS


@pytest.mark.parametrize(
    ("line", "here"),
    [
        ("To confirm: !confirm E17 plum-otter", "To confirm: tocsin request confirm E17 plum-otter"),
        ("!take E17, then !go E17", "tocsin request take E17, then tocsin request go E17"),
        ("Look, then !good E17 (ada, kim-releng)", "Look, then tocsin request good E17 (ada, kim-releng)"),
        ("Is it so? !not live E17", "Is it so? tocsin request live E17 no"),
        ("see !status E17", "see tocsin request show E17"),
        ("All verbs: !help", "All verbs: tocsin request help"),
        ("ask anew: !emergency", "ask anew: tocsin request open"),
        ("!hold E17 <reason>", "tocsin request hold E17 <reason>"),
        ("!hold E17 who is there?", 'tocsin request hold E17 "who is there?"'),
        ("!refuse E17 it costs $5", "tocsin request refuse E17 'it costs $5'"),
        ("!suspend lin their laptop was stolen", "tocsin request suspend lin their laptop was stolen"),
        ("e.g.  !E17 data disable -- it's so; safe to go back",
         'e.g.  tocsin request describe E17 data disable -- "it\'s so; safe to go back"'),
        ("!emergency <change> <task> -- why", "tocsin request open <change> <task> -- why"),
    ],
)  # fmt: skip
def test_a_command_in_a_line_is_shown_as_it_is_typed_here(line: str, here: str) -> None:
    assert in_shell_words(line) == here


@pytest.mark.parametrize(
    "line", ["E17 is done.", "help! I'd like it", "!log E17 done", "!!go", "it works!confirm", "Wow! status quo"]
)
def test_what_is_no_command_stays_as_it_is(line: str) -> None:
    assert in_shell_words(line) == line


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_the_example_of_every_verb_can_be_typed_into_a_shell(verb: object) -> None:
    example = next(each.example for each in VERBS if each is verb)
    words = shlex.split(in_shell_words(example))
    assert words[:2] == ["tocsin", "request"]
    assert "!" not in "".join(words)


def test_nothing_that_a_terminal_would_obey_is_shown() -> None:
    assert harmless("a\x1b[31mb\x07\u202e é") == "a\ufffd[31mb\ufffd\ufffd é"
