"""Recipes and plans: whole arguments are filled in, never a program and never half an argument."""

from dataclasses import replace

import pytest

from tests.domain.night import WIKI
from tocsin.domain.errors import Refused
from tocsin.domain.plan import (
    CommandProof,
    DeployedProof,
    ExecutorKind,
    FetchProof,
    MetricProof,
    Recipe,
    Remedy,
    Step,
    Value,
    VersionProof,
    WordProof,
    place_name,
)

FACTS = {"sha": "8f3ac21", "change": "1234", "patchset": "3", "branch": "main", "task": "T1234"}
STEP = Step("sync", ("deploy", "{sha}", "--why={task}", "{group}"), undo=("undeploy", "{change}"), look="canaries")
GROUP = Value("group", choices=("group0", "group1"))
RECIPE = Recipe(
    "train", WIKI, frozenset({Remedy.ROLLBACK}), ExecutorKind.REHEARSAL, (STEP,),
    (FetchProof("https://example.org/", "ok"), CommandProof(("check", "{sha}")), WordProof()), (GROUP,),
)  # fmt: skip


def reasons(recipe: Recipe, **given: str) -> str:
    with pytest.raises(Refused) as refused:
        recipe.plan(FACTS, given)
    return " ".join(refused.value.reasons)


def test_whole_arguments_are_filled_in_and_a_part_of_one_never_is() -> None:
    plan = RECIPE.plan(FACTS, {"group": "group1"})
    assert plan.steps[0].arguments == ("deploy", "8f3ac21", "--why={task}", "group1")
    assert plan.steps[0].undo == ("undeploy", "1234") and plan.values == (("group", "group1"),)


def test_a_proof_by_command_is_filled_in_too() -> None:
    proof = RECIPE.plan(FACTS, {"group": "group1"}).proofs[1]
    assert isinstance(proof, CommandProof) and proof.arguments == ("check", "8f3ac21")


def test_a_plan_knows_which_proofs_need_no_person() -> None:
    plan = RECIPE.plan(FACTS, {"group": "group1"})
    assert plan.machine_proofs == (0, 1) and plan.asks_people


def test_a_value_that_is_missing_unknown_or_malformed_is_a_reason_each() -> None:
    two = replace(RECIPE, values=(GROUP, Value("host")))
    said = reasons(two, host="a b", color="red")
    assert "The recipe train takes no value named color." in said
    assert "The recipe train needs group=..., e.g. with train group=group0." in said
    assert "host=a b is not something that train takes." in said


def test_a_value_that_is_no_choice_names_the_choices() -> None:
    assert "it is one of group0, group1." in reasons(RECIPE, group="group2")


def test_a_value_without_choices_has_a_plain_example() -> None:
    assert "e.g. with train host=..." in reasons(replace(RECIPE, values=(Value("host"),)), color="red")


def test_a_value_that_was_not_given_has_its_default() -> None:
    recipe = replace(RECIPE, values=(replace(GROUP, default="group0"),))
    assert recipe.plan(FACTS, {}).values == (("group", "group0"),)


def test_what_is_not_known_yet_is_named() -> None:
    with pytest.raises(Refused, match=r"The recipe train needs change and sha, not known yet\."):
        RECIPE.plan({"task": "T1"}, {"group": "group0"})


@pytest.mark.parametrize("text", ["-rf", "a;b", "$(x)", "a b", "", "a" * 65, "../x", "a\n"])
def test_a_value_takes_nothing_that_could_be_read_as_something_else(text: str) -> None:
    assert not Value("host").accepts(text)


@pytest.mark.parametrize("text", ["mw1001", "1.46.0-wmf.12", "a_b"])
def test_a_value_takes_plain_names(text: str) -> None:
    assert Value("host").accepts(text)


@pytest.mark.parametrize(
    ("argument", "name"), [("{sha}", "sha"), ("{sha} ", ""), ("x{sha}", ""), ("{}", ""), ("{Sha}", "")]
)
def test_only_an_argument_that_is_a_place_as_a_whole_is_one(argument: str, name: str) -> None:
    assert place_name(argument) == name


def test_a_recipe_says_whether_it_can_do_nothing_without_a_change() -> None:
    assert RECIPE.needs_change
    bare = replace(RECIPE, steps=(Step("back", ("train", "back", "{group}")),), proofs=(WordProof(),))
    assert not bare.needs_change
    assert replace(bare, proofs=(DeployedProof("https://wiki.example.org/info", "config"),)).needs_change


def test_what_a_proof_looks_for_is_filled_in_like_arguments() -> None:
    looks = (
        DeployedProof("https://wiki.example.org/info", "config"),
        VersionProof("https://wiki.example.org/api", version="{sha}"),
        VersionProof("https://wiki.example.org/api", "Painting", "2.1"),
        MetricProof("https://prometheus.example.org", "errors", below="1"),
    )
    plan = replace(RECIPE, proofs=looks).plan(FACTS, {"group": "group0"})
    assert plan.proofs == (
        DeployedProof("https://wiki.example.org/info", "config", sha="8f3ac21", change="1234"),
        VersionProof("https://wiki.example.org/api", version="8f3ac21"),
        *looks[2:],
    )
