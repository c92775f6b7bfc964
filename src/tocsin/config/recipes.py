"""The recipes of a target: named, typed templates of exact commands; what is deployed to is told in `targets`."""

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Annotated

from pydantic import AfterValidator, Field, Strict, model_validator

from tocsin.config.arguments import OPTIONS, Arguments, AsItStands, Folder, unknown_places
from tocsin.config.checking import Table
from tocsin.config.names import Duration, Name, Sentence
from tocsin.config.positions import Path
from tocsin.config.proofs import ProofTable
from tocsin.domain.people import TargetId
from tocsin.domain.plan import (
    PLACES,
    ExecutorKind,
    Recipe,
    Remedy,
    Step,
    Value,
    place_name,
)

Finding = tuple[Path, str]

_STEP = Step("", ())


def _variable(text: str) -> str:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text, re.ASCII) is None:
        raise ValueError("is not the name of an environment variable")
    return text


def _value_name(text: str) -> str:
    if place_name(f"{{{text}}}") != text:
        raise ValueError("may hold only a-z, 0-9 and _, and begins with a letter")
    if text in PLACES:
        raise ValueError("is filled in by tocsin itself from what was confirmed: give the value another name")
    return text


def _pattern(text: str) -> str:
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    if any(compiled.fullmatch(option) for option in OPTIONS):
        raise ValueError("lets a value begin with -, which a command takes for an option: begin it with [A-Za-z0-9]")
    if compiled.fullmatch(""):
        raise ValueError("lets a value be empty: let it ask for one character at least")
    return text


Variable = Annotated[str, AsItStands]


class ValueTable(Table):
    """A value that people give with the recipe's name, as in `with disable-config wiki=enwiki`."""

    name: Annotated[str, AfterValidator(_value_name)] = Field(description="Its name, a place in the arguments.")
    pattern: Annotated[str, AfterValidator(_pattern)] = Field(
        default=Value("").pattern, description="The regular expression that the whole value must match."
    )
    choices: list[Sentence] = Field(default=[], description="The values that are taken, when only these are.")
    default: Sentence | None = Field(default=None, description="What is taken when nobody gives one.")

    @model_validator(mode="after")
    def _agreeing(self) -> "ValueTable":
        value = self.value()
        wrong = [each for each in (*self.choices, *([self.default] if self.default else [])) if not value.accepts(each)]
        if wrong:
            raise ValueError(f"takes {wrong[0]!r} by its choices or default, and refuses it by its pattern or choices")
        return self

    def value(self) -> Value:
        """Return it as the rules know it."""
        return Value(self.name, self.pattern, tuple(self.choices), self.default)


class StepTable(Table):
    """One command of a plan."""

    name: Sentence = Field(description="What people call the step, in the line that tells of it.")
    run: Arguments = Field(description='The command as a list of arguments, such as ["git", "fetch"].')
    undo: Arguments = Field(default=[], description="The command that takes the step back.", validate_default=False)
    look: Sentence = Field(default="", description="Makes a checkpoint after the step, and says what to look at.")
    folder: Folder = Field(default="", description="Where it runs; the recipe's folder when left out.")
    environment: dict[Annotated[str, AfterValidator(_variable)], Variable] = Field(
        default={}, description="Environment variables for it, besides the recipe's."
    )
    limit: Duration = Field(default=_STEP.limit, description="How long it may take before it is ended.")
    repeatable: bool = Field(default=False, description="Whether it may be run again after it failed.")


def _some(remedies: list[Remedy]) -> list[Remedy]:
    if not remedies:
        raise ValueError(f"is an empty list: name one at least of {', '.join(Remedy)}")
    return remedies


class RecipeTable(Table):
    """One way to carry something out on the target."""

    name: Name = Field(description="What people type after `with`.")
    remedies: Annotated[list[Annotated[Remedy, Strict(False)]], AfterValidator(_some)] = Field(
        description="Which remedies it carries out, such as rollback or disable."
    )
    executor: Annotated[ExecutorKind, Strict(False)] = Field(
        description="With shell its commands are run, with rehearsal only printed."
    )
    folder: Folder = Field(default="", description="Where its steps run.")
    environment: dict[Annotated[str, AfterValidator(_variable)], Variable] = Field(
        default={}, description="Environment variables of all its steps."
    )
    value: list[ValueTable] = Field(default=[], description="The values that people give with it.")
    step: list[StepTable] = Field(default=[], description="Its commands, in order.")
    proof: list[ProofTable] = Field(default=[], description="How it is proved to be live.")

    def recipe(self, target: TargetId) -> Recipe:
        """Return it as the rules know it."""
        return Recipe(
            name=self.name,
            target=target,
            remedies=frozenset(self.remedies),
            executor=self.executor,
            steps=tuple(self._step(step) for step in self.step),
            proofs=tuple(proof.proof() for proof in self.proof),
            values=tuple(value.value() for value in self.value),
        )

    def _step(self, step: StepTable) -> Step:
        return Step(
            name=step.name,
            arguments=tuple(step.run),
            undo=tuple(step.undo),
            look=step.look,
            folder=step.folder or self.folder,
            environment=tuple(sorted({**self.environment, **step.environment}.items())),
            limit=step.limit,
            repeatable=step.repeatable,
        )


def faults(recipe: RecipeTable) -> Iterator[Finding]:
    """Yield what is wrong with a recipe as a whole, each with its key inside the recipe."""
    if not recipe.step:
        yield (), f"The recipe {recipe.name} has no step: write [[recipe.step]] with name and run."
    if not recipe.proof:
        yield (), f"The recipe {recipe.name} has no proof: write [[recipe.proof]] with fetch, word = true or another."
    yield from _doubles("value", [value.name for value in recipe.value])
    yield from _doubles("step", [step.name for step in recipe.step])
    values = [value.name for value in recipe.value]
    for path, arguments in _commands(recipe):
        yield from (((*path, number), sentence) for number, sentence in unknown_places(arguments, values))


def oddities(recipe: RecipeTable) -> Iterator[Finding]:
    """Yield what works in a recipe and deserves a look."""
    used = {place_name(argument) for _, arguments in _commands(recipe) for argument in arguments}
    for number, value in enumerate(recipe.value):
        if value.name not in used:
            yield ("value", number), f"No argument is {{{value.name}}}: the value changes nothing."
    for number, step in enumerate(recipe.step):
        if step.undo == step.run:
            yield ("step", number, "undo"), f"The undo of {step.name} is the very command that it takes back."
    if recipe.step and not any(step.undo for step in recipe.step):
        yield (), f"No step of {recipe.name} has an undo: after a rollback all of it is still there."
    if recipe.executor is ExecutorKind.SHELL:
        yield from _missing_folders(recipe)


def _commands(recipe: RecipeTable) -> Iterator[tuple[Path, list[str]]]:
    for number, step in enumerate(recipe.step):
        yield ("step", number, "run"), step.run
        yield ("step", number, "undo"), step.undo
    for number, proof in enumerate(recipe.proof):
        yield ("proof", number, "command"), proof.command or []
        yield ("proof", number, "shows"), [proof.shows] if proof.version else []


def _doubles(key: str, names: list[str]) -> Iterator[Finding]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield (key, number, "name"), f"There is a {key} {name} before this one: give it another name."


def _missing_folders(recipe: RecipeTable) -> Iterator[Finding]:
    """Only a warning: the steps may run on another machine than the one where this is read."""
    folders: list[tuple[Path, str]] = [(("folder",), recipe.folder)]
    folders += [(("step", number, "folder"), step.folder) for number, step in enumerate(recipe.step)]
    folders += [(("proof", number, "folder"), proof.folder) for number, proof in enumerate(recipe.proof)]
    for path, folder in folders:
        if folder and not FilePath(folder).is_dir():
            yield path, f"There is no folder {folder} on this machine."
