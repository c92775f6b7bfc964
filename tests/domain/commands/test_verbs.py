"""The list of verbs: each word once, said as people write it, explained by its own command."""

import pytest

from tocsin.domain.commands import VERBS, Verb

OF_THE_PROCESS = """
    emergency adopt note confirm unconfirm refuse hold lift need waive take give here go good stop resume rollback abort
    ran live close unlock renew withdraw wake private public suspend restore
""".split()


def test_every_verb_of_the_process_that_does_something_is_here() -> None:
    assert set(OF_THE_PROCESS) <= {verb.name for verb in VERBS}


def test_no_verb_is_here_twice() -> None:
    assert len({verb.name for verb in VERBS}) == len(VERBS)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_says_in_one_sentence_what_it_does_and_gives_an_example(verb: Verb) -> None:
    assert verb.help.endswith(".") and verb.help[0].isupper()
    assert verb.example.startswith("!")
    assert verb.name == "describe" or verb.example.split()[0] == f"!{verb.name}"


def test_a_command_without_a_sentence_has_no_help() -> None:
    assert Verb("nothing", type("Nothing", (), {"__doc__": ""})).help == ""
