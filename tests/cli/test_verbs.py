"""Words as they are typed in a shell become what the server takes; the table and the rules agree."""

from dataclasses import MISSING, fields
from typing import Any

import pytest

from tocsin.cli import client, opening
from tocsin.cli.verbs import LIKE, NOT_LIVE, OTHER_WORDS, QUESTIONS, VERBS, CliVerb, Unfit, read_id
from tocsin.domain.commands import VERBS as RULES
from tocsin.domain.plan import Reason, Remedy
from tocsin.irc import grammar
from tocsin.local import messages
from tocsin.service.questions import QUESTIONS as ANSWERED

BY_NAME = {verb.name: verb for verb in (*VERBS, NOT_LIVE)}


def test_every_verb_of_the_rules_can_be_said_here() -> None:
    assert {verb.name for verb in RULES} == {verb.name for verb in VERBS} | {"emergency", "describe"}


def test_every_question_that_is_answered_can_be_asked_here() -> None:
    asked = {"status" if name == "show" else name for name in QUESTIONS} | {"help"}
    assert asked == set(ANSWERED)


def test_every_other_word_for_a_verb_on_irc_is_one_here() -> None:
    assert dict(OTHER_WORDS) == {**grammar.OTHER_WORDS, "emergency": "open"}
    assert dict(LIKE) == grammar.LIKE


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_verb_has_every_field_of_its_command_and_no_other(verb: CliVerb) -> None:
    meaning = next(each.meaning for each in RULES if each.name == verb.name)
    asked = {each.name for each in fields(meaning)}
    _, given = verb.read(["E17", *_words_for(verb)] if verb.of_request else _words_for(verb))
    assert set(given) | set(verb.options) <= asked
    assert {each.name for each in fields(meaning) if each.default is MISSING} <= set(given)


def test_what_is_known_on_both_sides_of_the_socket_is_the_same() -> None:
    assert client.LONGEST_LINE == messages.LONGEST_LINE
    assert tuple(Reason) == opening.REASONS
    assert tuple(Remedy) == opening.REMEDIES


@pytest.mark.parametrize(
    ("words", "request_", "given"),
    [
        ("confirm E17 plum-otter", "E17", {"check_word": "plum-otter"}),
        ("confirm e17 plum otter", "E17", {"check_word": "plum otter"}),
        ("confirm plum-otter", "", {"check_word": "plum-otter"}),
        ("confirm E17", "E17", {"check_word": ""}),
        ("confirm #E17, plum-otter for Release Engineering", "E17", {
            "check_word": "plum-otter", "team": "Release Engineering",
        }),
        ("hold E17 who is watching the caches?", "E17", {"reason": "who is watching the caches?"}),
        ("hold not yet", "", {"reason": "not yet"}),
        ("stop", "", {"reason": ""}),
        ("stop errors", "", {"reason": "errors"}),
        ("lift E17", "E17", {"reason": ""}),
        ("waive E17 security nobody answers", "E17", {"team": "security", "reason": "nobody answers"}),
        ("give E17 mo-sre", "E17", {"to": "mo-sre"}),
        ("good", "", {"checkpoint": ""}),
        ("live E17", "E17", {"live": True}),
        ("live E17 no", "E17", {"live": False}),
        ("notlive E17", "E17", {"live": False}),
        ("ran E17 Yes.", "E17", {"ran": True}),
        ("ran no", "", {"ran": False}),
        ("abort E17 now", "E17", {}),
        ("abort NOW", "", {}),
        ("suspend lin their laptop was stolen", "", {"whom": "lin", "reason": "their laptop was stolen"}),
        ("suspend E17 a person may be called so", "", {"whom": "E17", "reason": "a person may be called so"}),
        ("go E17", "E17", {}),
    ],
)  # fmt: skip
def test_words_become_the_id_and_the_fields(words: str, request_: str, given: dict[str, Any]) -> None:
    verb, *rest = words.split()
    assert BY_NAME[verb].read(rest) == (request_, given)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("go 17", "17 is not the id of a request: ids look like E17."),
        ("go E-17", "E-17 is not the id of a request: ids look like E17."),
        ("go E017", "E017 is not the id of a request: ids look like E17."),
        ("note 17 it broke", "17 is not the id of a request: ids look like E17."),
        ("go E17 E18", "One request at a time: E17 or E18?"),
        ("stop e17 e18", "One request at a time: E17 or E18?"),
        ("go E17 please", "'please' is too much: go takes [ID]."),
        ("restore lin now", "'now' is too much: restore takes WHOM."),
        ("need E17", "need takes [ID] TEAM."),
        ("ran E17", "ran takes [ID] yes|no."),
        ("ran E17 perhaps", "'perhaps' is neither yes nor no: ran takes [ID] yes|no."),
        ("live E17 perhaps", "'perhaps' is neither yes nor no: live takes [ID] [yes|no]."),
        ("abort E17", "That kills the running step, and nobody knows then what it did."
                      " If you mean it:  tocsin request abort E17 now"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_with_what_does(words: str, sentence: str) -> None:
    verb, *rest = words.split()
    with pytest.raises(Unfit) as caught:
        BY_NAME[verb].read(rest)
    assert str(caught.value) == sentence


def test_a_question_takes_an_id_in_any_case_or_none() -> None:
    assert (read_id(["e17"]), read_id([])) == ("E17", "")
    with pytest.raises(Unfit, match="'plum' is not the id of a request: ids look like E17"):
        read_id(["plum"])


def _words_for(verb: CliVerb) -> list[str]:
    return {"ran": ["yes"], "abort": ["now"], "confirm": ["plum-otter"]}.get(
        verb.name, ["bo-sre"] if any(field.needed for field in verb.fields) else []
    )
