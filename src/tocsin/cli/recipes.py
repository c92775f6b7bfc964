"""`tocsin recipe show`: what a recipe would do, dry: argument lists, folders, limits, checkpoints, undo and proofs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tocsin.cli import exits
from tocsin.cli.completing import recipes, targets
from tocsin.cli.configuration import loaded
from tocsin.cli.nearest import did_you_mean

if TYPE_CHECKING:
    from tocsin.domain.plan import Plan, Proof, Recipe, Step
    from tocsin.domain.situation import Target

FACTS = ("sha", "change", "patchset", "branch", "task")


@click.group()
def recipe() -> None:
    """Show what a target's recipes would do."""


@recipe.command()
@click.argument("target", shell_complete=targets)
@click.argument("recipe", required=False, shell_complete=recipes)
@click.option("--value", "values", multiple=True, metavar="NAME=VALUE", help="A value that the recipe takes.")
@click.option("--sha", metavar="SHA", help="What stands for {sha}.")
@click.option("--change", metavar="NUMBER", help="What stands for {change}.")
@click.option("--patchset", metavar="NUMBER", help="What stands for {patchset}.")
@click.option("--branch", metavar="NAME", help="What stands for {branch}.")
@click.option("--task", metavar="TASK", help="What stands for {task}.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def show(
    ctx: click.Context,
    /,
    target: str,
    recipe: str | None,
    values: tuple[str, ...],
    as_json: bool,  # noqa: FBT001 - click's way
    **facts: str | None,
) -> None:
    """Show the plan that RECIPE makes on TARGET, or each of its recipes; what is not given stays a place: {sha}."""
    from tocsin.domain.errors import Refused

    found = _target(ctx, target)
    given = dict(_name_and_value(each) for each in values)
    chosen = [_recipe(ctx, found, recipe)] if recipe else found.recipes
    known = {name: value for name, value in facts.items() if value}
    try:
        plans = [(each, dry_plan(each, known, given)) for each in chosen]
    except Refused as refused:
        for reason in refused.reasons:
            click.echo(reason, err=True)
        ctx.exit(exits.REFUSED)
    if as_json:
        click.echo(json.dumps([_plain(*each) for each in plans], ensure_ascii=False, indent=2))
        return
    for each, plan in plans:
        for line in _lines(each, plan):
            click.echo(line)


def dry_plan(recipe: "Recipe", facts: dict[str, str], given: dict[str, str]) -> "Plan":
    """Fill a recipe in as far as it goes; raises `Refused` when a value does not fit it."""
    left = [each for each in recipe.values if each.name not in given and each.default is None]
    places = {name: f"{{{name}}}" for name in (*FACTS, *(each.name for each in left))}
    asked = replace(recipe, values=tuple(each for each in recipe.values if each not in left))
    return asked.plan({**places, **facts}, given)


def _target(ctx: click.Context, name: str) -> "Target":
    known = loaded(ctx).catalogue.targets
    found = next((each for each in known if each.id == name), None)
    if found is None:
        _unknown(ctx, f"There is no target {name}.", name, [each.id for each in known])
    return found


def _recipe(ctx: click.Context, target: "Target", name: str) -> "Recipe":
    found = target.recipe(name)
    if found is None:
        _unknown(ctx, f"{target.id} has no recipe {name}.", name, [each.name for each in target.recipes])
    return found


def _unknown(ctx: click.Context, sentence: str, name: str, known: Sequence[str]) -> NoReturn:
    near = did_you_mean(name, known) or f"There are {', '.join(known)}."
    click.echo(f"{sentence} {near}", err=True)
    ctx.exit(exits.UNKNOWN)


def _name_and_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise click.BadParameter(f"{text} is not NAME=VALUE, such as wiki=enwiki.", param_hint="--value")
    return name, value


def _lines(recipe: "Recipe", plan: "Plan") -> Iterator[str]:
    yield f"{plan.target}: {plan.recipe} ({', '.join(sorted(recipe.remedies))}), carried out by {plan.executor}"
    if recipe.values:
        yield f"  values: {', '.join(_value(each.name, plan) for each in recipe.values)}"
    for number, step in enumerate(plan.steps, start=1):
        yield from _step(number, step)
    yield from _undo(plan.steps)
    for proof in plan.proofs:
        yield f"  proof: {_proof(proof)}"


def _value(name: str, plan: "Plan") -> str:
    return f"{name}={dict(plan.values).get(name, f'{{{name}}}')}"


def _step(number: int, step: "Step") -> Iterator[str]:
    from tocsin.views.phrases import lasting

    again = ", may be run again" if step.repeatable else ""
    yield f"  {number}. {step.name}: at most {lasting(step.limit)}{again}"
    yield f"     run {_arguments(step.arguments)}"
    if step.folder:
        yield f"     in {step.folder}"
    for name, value in step.environment:
        yield f"     with {name}={value}"
    if step.look:
        yield f"     then it waits for good: look at {step.look}"


def _undo(steps: "Sequence[Step]") -> Iterator[str]:
    """A rollback goes backwards, through the steps that ran."""
    for number, step in reversed(list(enumerate(steps, start=1))):
        what = f"run {_arguments(step.undo)}" if step.undo else "nothing takes it back"
        yield f"  undo {number}. {step.name}: {what}"


def _proof(proof: "Proof") -> str:
    from tocsin.domain import plan
    from tocsin.views.phrases import lasting

    match proof:
        case plan.FetchProof():
            text = json.dumps(proof.text, ensure_ascii=False)
            return f"{proof.url} {'shows' if proof.present else 'no longer shows'} {text}"
        case plan.CommandProof():
            place = f" in {proof.folder}" if proof.folder else ""
            return f"{_arguments(proof.arguments)}{place} ends with 0, within {lasting(proof.limit)}"
        case plan.DeployedProof():
            history = f", or one after it in {proof.repository}" if proof.repository else ""
            return f"{proof.url} tells of {proof.project} at {proof.sha}{history}"
        case plan.VersionProof():
            return f"{proof.url} tells of {proof.component} {proof.version}"
        case plan.MetricProof():
            side = f"below {proof.below}" if proof.below else f"above {proof.above}"
            return f"{proof.url} has {proof.query} {side} for {lasting(proof.span)}"
        case plan.WordProof():
            return "the requester's word, or the deployer's with a confirmer's"


def _arguments(arguments: Sequence[str]) -> str:
    """Return an argument list so that nobody can mistake where an argument ends."""
    return json.dumps(list(arguments), ensure_ascii=False)


def _plain(recipe: "Recipe", plan: "Plan") -> dict[str, Any]:
    return {
        "target": plan.target,
        "recipe": plan.recipe,
        "remedies": sorted(recipe.remedies),
        "executor": plan.executor,
        "values": {each.name: dict(plan.values).get(each.name) for each in recipe.values},
        "steps": [_plain_step(each) for each in plan.steps],
        "proofs": [_proof(each) for each in plan.proofs],
    }


def _plain_step(step: "Step") -> dict[str, Any]:
    return {
        "name": step.name,
        "run": list(step.arguments),
        "undo": list(step.undo),
        "folder": step.folder,
        "environment": dict(step.environment),
        "limit_seconds": step.limit.total_seconds(),
        "look": step.look,
        "repeatable": step.repeatable,
    }
