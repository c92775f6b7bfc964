"""What is deployed to: each file of targets/ is one target with its channels, its policy, its sources and recipes."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from tocsin.config.checking import Table, did_you_mean, parse
from tocsin.config.names import Channel, Name, Sentence, fold
from tocsin.config.policies import Policies
from tocsin.config.reading import Source
from tocsin.config.recipes import Finding, RecipeTable, faults, oddities
from tocsin.domain.people import TargetId
from tocsin.domain.situation import Target


class SourceTable(Table):
    """Changes that belong to the target."""

    project: Sentence = Field(description="The project, as in file names: * stands for anything.")
    branch: Sentence = Field(default="*", description="The branch, as in file names: * stands for anything.")


class TargetTable(Table):
    """One target."""

    channel: Channel = Field(description="The channel where its requests are talked about.")
    private_channel: Channel = Field(description="The channel for what the public may not read.")
    policy: Name = Field(description="The profile that its requests are held to, shipped or your own.")
    sources: list[SourceTable] = Field(default=[], description="Which changes go to it.")


class TargetFile(Table):
    """A target, named as its file is, with the recipes that may be carried out there."""

    COLLECTIONS = frozenset({"recipe"})

    target: TargetTable | None = Field(default=None, description="The target itself.")
    recipe: list[RecipeTable] = Field(default=[], description="Its recipes.")


@dataclass(frozen=True, slots=True)
class Written:
    """A target as its file has it, with the file, so that others can speak of its lines."""

    source: Source
    table: TargetTable
    target: Target


def target_name(file: str) -> str:
    """Return the target's name, which is that of its file without the folder and the ending."""
    return file.rpartition("/")[2].removesuffix(".toml")


def read_target(source: Source, policies: Policies) -> Written | None:
    """Read one target; one whose policy or channels are not known is told and left out."""
    parsed = parse(TargetFile, source)
    written = parsed.value or TargetFile()
    table, recipes = written.target, written.recipe
    numbered = list(zip(parsed.numbers("recipe", len(recipes)), recipes, strict=True))
    name = TargetId(target_name(source.file))
    if table is None and "target" not in source.data:
        source.error((), "[target] is missing: a target has channel, private_channel and policy.")
    for path, sentence in _recipe_faults(numbered):
        source.error(path, sentence)
    for path, sentence in _recipe_oddities(numbered):
        source.warn(path, sentence)
    if table is None:
        return None
    for path, sentence in _target_faults(table, recipes, source, policies):
        source.error(path, sentence)
    policy = policies.known.get(table.policy)
    if policy is None:
        return None
    sources = tuple((each.project, each.branch) for each in table.sources)
    made = tuple(recipe.recipe(name) for recipe in recipes)
    return Written(source, table, Target(name, table.channel, table.private_channel, policy, made, sources))


def channel_faults(written: list[Written]) -> Iterator[tuple[Source, Finding]]:
    """Yield every private channel that is the public one of another target: what is private would be said aloud."""
    public = {fold(each.table.channel): each for each in written}
    for each in written:
        other = public.get(fold(each.table.private_channel))
        if other is not None and other is not each:
            sentence = f"{each.table.private_channel} is the public channel of {other.target.id}: name another one."
            yield each.source, (("target", "private_channel"), sentence)


def _recipe_faults(numbered: list[tuple[int, RecipeTable]]) -> Iterator[Finding]:
    names: set[str] = set()
    for number, recipe in numbered:
        if recipe.name in names:
            yield ("recipe", number, "name"), f"There is a recipe {recipe.name} before this one: give it another name."
        names.add(recipe.name)
        yield from ((("recipe", number, *path), sentence) for path, sentence in faults(recipe))


def _recipe_oddities(numbered: list[tuple[int, RecipeTable]]) -> Iterator[Finding]:
    for number, recipe in numbered:
        yield from ((("recipe", number, *path), sentence) for path, sentence in oddities(recipe))


def _target_faults(
    table: TargetTable, recipes: list[RecipeTable], source: Source, policies: Policies
) -> Iterator[Finding]:
    if fold(table.channel) == fold(table.private_channel):
        yield ("target", "private_channel"), "private_channel is the public one: what is private needs one of its own."
    if table.policy not in policies.known and table.policy not in policies.faulty:
        sentence = f"There is no profile {table.policy}: {did_you_mean(table.policy, policies.known)}"
        yield ("target", "policy"), sentence
    if not source.data.get("recipe"):
        yield ("target",), "The target has no recipe: without [[recipe]] nothing can be carried out here."
    if not table.sources and any(recipe.recipe(TargetId("")).needs_change for recipe in recipes):
        yield ("target",), "sources is missing: a recipe here needs a change, and no change comes to this target."
