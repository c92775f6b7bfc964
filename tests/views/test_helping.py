"""Help: five words carry the common night, and every verb tells how it is said and what it does."""

import pytest

from tocsin.domain.commands import VERBS
from tocsin.views.helping import NAMES, help_lines
from tocsin.views.lines import BUDGET_BYTES


def test_help_begins_with_the_words_of_the_common_night_and_names_every_verb() -> None:
    common, every = help_lines("")
    for verb in ("emergency", "confirm", "take", "go", "good"):
        assert f"!{verb}" in common
    assert all(verb.name in every for verb in VERBS)
    assert all(len(line.encode()) <= BUDGET_BYTES for line in (common, every))


def test_a_verb_tells_how_it_is_said_what_it_does_and_an_example() -> None:
    said = (
        "!confirm <id> <check word> [for <team>] \u2014 Confirm a request, with the check word that you were shown;"
        " you may say for which team you speak. E.g.  !confirm E17 plum-otter"
    )
    assert help_lines("confirm") == help_lines(" !Confirm please") == [said]


def test_what_is_missing_is_said_after_the_id_alone() -> None:
    assert help_lines("describe")[0].startswith("!E17 <reason> <remedy> [with <recipe> ...] [anyway] -- <text> \u2014 ")


@pytest.mark.parametrize("name", NAMES)
def test_every_word_has_help_that_fits_one_line(name: str) -> None:
    (line,) = help_lines(name)
    assert line.startswith("!") and "E.g.  !" in line
    assert len(line.encode()) <= BUDGET_BYTES and "\u2026" not in line


def test_a_slip_is_answered_with_the_nearest_verb_and_anything_else_with_the_list() -> None:
    assert help_lines("konfirm") == ["There is no verb !konfirm. Did you mean !help confirm? All verbs: !help"]
    assert help_lines("xyzzy") == ["There is no verb !xyzzy. All verbs: !help"]
    assert len(help_lines("z" * 900)[0].encode()) <= BUDGET_BYTES
