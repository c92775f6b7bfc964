"""A plan, dry: everything that would be run, seen before anybody asks for it."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Ended, run
from tocsin.cli import exits

TARGET = """
[target]
channel = "#operations"
private_channel = "#operations-private"
policy = "both"
sources = [{ project = "wikis" }]

[[recipe]]
name = "disable-config"
remedies = ["disable"]
executor = "rehearsal"
folder = "/srv/deploy"
environment = { LANG = "C.UTF-8" }

[[recipe.value]]
name = "wiki"
choices = ["enwiki", "testwiki"]

[[recipe.value]]
name = "level"
default = "one"

[[recipe.step]]
name = "canaries"
run = ["deploy", "--canary", "{sha}", "a b", "{wiki}"]
undo = ["deploy", "--back", "{level}"]
look = "the canaries"
limit = "90 s"

[[recipe.step]]
name = "everywhere"
run = ["deploy", "{change}", "{patchset}", "{branch}", "{task}"]
folder = "/srv/other"
repeatable = true

[[recipe.proof]]
fetch = "https://www.example.org/"
text = "fixed"

[[recipe.proof]]
fetch = "https://www.example.org/old"
absent = "broken"

[[recipe.proof]]
command = ["check", "{sha}"]
folder = "/srv/check"

[[recipe.proof]]
word = true
"""


@pytest.fixture
def folder(configuration: Path) -> Path:
    (configuration / "targets/wikis.toml").write_text(TARGET)
    directory = configuration / "directory.toml"
    directory.write_text(directory.read_text().replace('may_deploy = ["website"]', 'may_deploy = ["website", "wikis"]'))
    return configuration


def shown(folder: Path, *words: str) -> Ended:
    return run("--config", str(folder), "recipe", "show", *words)


def test_the_whole_plan_is_shown_with_places_for_what_is_not_known(folder: Path) -> None:
    assert (
        shown(folder, "wikis").out
        == """\
wikis: disable-config (disable), carried out by rehearsal
  values: wiki={wiki}, level=one
  1. canaries: at most 1 min 30 s
     run ["deploy", "--canary", "{sha}", "a b", "{wiki}"]
     in /srv/deploy
     with LANG=C.UTF-8
     then it waits for good: look at the canaries
  2. everywhere: at most 10 min, may be run again
     run ["deploy", "{change}", "{patchset}", "{branch}", "{task}"]
     in /srv/other
     with LANG=C.UTF-8
  undo 2. everywhere: nothing takes it back
  undo 1. canaries: run ["deploy", "--back", "one"]
  proof: https://www.example.org/ shows "fixed"
  proof: https://www.example.org/old no longer shows "broken"
  proof: ["check", "{sha}"] in /srv/check ends with 0, within 30 s
  proof: the requester's word, or the deployer's with a confirmer's
"""
    )


def test_what_is_given_is_filled_in(folder: Path) -> None:
    out = shown(
        folder, "wikis", "disable-config", "--value", "wiki=enwiki", "--value", "level=two", "--sha", "8f3ac21",
        "--change", "1234", "--patchset", "3", "--branch", "main", "--task", "T1234",
    ).out  # fmt: skip
    assert 'run ["deploy", "--canary", "8f3ac21", "a b", "enwiki"]' in out
    assert 'run ["deploy", "1234", "3", "main", "T1234"]' in out
    assert 'undo 1. canaries: run ["deploy", "--back", "two"]' in out
    assert "values: wiki=enwiki, level=two" in out


def test_programs_get_the_same(folder: Path) -> None:
    (plan,) = json.loads(shown(folder, "wikis", "disable-config", "--json").out)
    assert plan["steps"][0]["run"] == ["deploy", "--canary", "{sha}", "a b", "{wiki}"]
    assert plan["steps"][0]["limit_seconds"] == 90
    assert plan["values"] == {"wiki": None, "level": "one"}


def test_every_recipe_of_the_starter_can_be_shown(configuration: Path) -> None:
    out = shown(configuration, "website").out
    assert "website: deploy (" in out
    assert "website: go-back (rollback)" in out


def test_a_value_that_does_not_fit_is_refused_with_what_does(folder: Path) -> None:
    ended = shown(folder, "wikis", "disable-config", "--value", "wiki=dewiki", "--value", "colour=red")
    assert ended.code == exits.REFUSED
    assert set(ended.err.splitlines()) == {
        "The recipe disable-config takes no value named colour.",
        "wiki=dewiki is not something that disable-config takes: it is one of enwiki, testwiki.",
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("wiki",), "There is no target wiki. Did you mean: wikis"),
        (("xyz",), "There is no target xyz. There are website, wikis."),
        (("wikis", "disable"), "wikis has no recipe disable. Did you mean: disable-config"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(folder: Path, words: tuple[str, ...], sentence: str) -> None:
    ended = shown(folder, *words)
    assert (ended.code, ended.err) == (exits.UNKNOWN, f"{sentence}\n")


def test_a_broken_configuration_is_told_in_full(folder: Path) -> None:
    (folder / "calendar.toml").write_text("timezone = 7")
    ended = shown(folder, "wikis")
    assert ended.code == exits.MISCONFIGURED
    assert ended.err.startswith("calendar.toml:1: ")


def test_a_value_without_a_name_is_wrong_use(folder: Path) -> None:
    ended = shown(folder, "wikis", "--value", "enwiki")
    assert ended.code == exits.USAGE
    assert ended.error == "Error: Invalid value for --value: enwiki is not NAME=VALUE, such as wiki=enwiki."
