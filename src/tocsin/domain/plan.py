"""Recipes, and the plans made of them: the exact commands in order; carrying them out is left to others."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from tocsin.domain.errors import Refused
from tocsin.domain.people import TargetId


class Reason(StrEnum):
    """The five reasons that justify an emergency deployment."""

    SECURITY = "security"
    DATA = "data"
    AVAILABILITY = "availability"
    ABUSE = "abuse"
    FUNCTIONALITY = "functionality"


class Remedy(StrEnum):
    """What is done about it; the order is the ladder, from the first to be tried to the last."""

    ROLLBACK = "rollback"
    REVERT = "revert"
    DISABLE = "disable"
    BLOCK = "block"
    FIX = "fix"
    WIKI_EDIT = "wiki-edit"


class ExecutorKind(StrEnum):
    """The ways to carry out one step."""

    SHELL = "shell"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Step:
    """One command, as an argument list; `undo` takes it back and `look` makes a checkpoint after it."""

    name: str
    arguments: tuple[str, ...]
    undo: tuple[str, ...] = ()
    look: str = ""
    folder: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    limit: timedelta = timedelta(minutes=10)
    repeatable: bool = False

    @property
    def undoing(self) -> "Step":
        """Return the step that takes this one back."""
        return replace(self, name=f"undo {self.name}", arguments=self.undo, undo=(), look="")


@dataclass(frozen=True, slots=True)
class FetchProof:
    """Live when the page at `url` shows `text` (or, with `present` false, no longer shows it)."""

    url: str
    text: str
    present: bool = True


@dataclass(frozen=True, slots=True)
class CommandProof:
    """Live when the command ends with 0, not live when it ends with 1; anything else is unknown."""

    arguments: tuple[str, ...]
    folder: str = ""
    limit: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class DeployedProof:
    """Live when the commit of `project` that MediaWiki's deployment-info.php at `url` tells of holds the change.

    It does when it is that commit, or comes after it in `repository`; without a repository only the first is known.
    """

    url: str
    project: str
    repository: str = ""
    sha: str = "{sha}"
    change: str = "{change}"


@dataclass(frozen=True, slots=True)
class VersionProof:
    """Live when the wiki whose api.php is at `url` says that a component has `version`, by number or commit."""

    url: str
    component: str = "MediaWiki"
    version: str = "{sha}"


@dataclass(frozen=True, slots=True)
class MetricProof:
    """Live when a query of the Prometheus at `url` was below, or above, a number for a whole span; one of the two."""

    url: str
    query: str
    below: str = ""
    above: str = ""
    span: timedelta = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class WordProof:
    """Live when people say so: the requester, or the deployer with a confirmer."""


Proof = FetchProof | CommandProof | DeployedProof | VersionProof | MetricProof | WordProof


@dataclass(frozen=True, slots=True)
class Plan:
    """What is confirmed and exactly what is run."""

    target: TargetId
    recipe: str
    executor: ExecutorKind
    steps: tuple[Step, ...]
    proofs: tuple[Proof, ...]
    values: tuple[tuple[str, str], ...] = ()

    @property
    def asks_people(self) -> bool:
        """Say whether people's words are part of the proof."""
        return any(isinstance(proof, WordProof) for proof in self.proofs)

    @property
    def machine_proofs(self) -> tuple[int, ...]:
        """Return the places of the proofs that need no person."""
        return tuple(n for n, proof in enumerate(self.proofs) if not isinstance(proof, WordProof))


@dataclass(frozen=True, slots=True)
class Value:
    """A typed value that a recipe takes: it matches `pattern` as a whole, and is one of `choices` if there are any."""

    name: str
    pattern: str = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
    choices: tuple[str, ...] = ()
    default: str | None = None

    def accepts(self, text: str) -> bool:
        """Say whether the text may fill this value."""
        return re.fullmatch(self.pattern, text) is not None and (not self.choices or text in self.choices)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A named, typed template of a plan for one target; whole arguments such as `{sha}` are filled in."""

    name: str
    target: TargetId
    remedies: frozenset[Remedy]
    executor: ExecutorKind
    steps: tuple[Step, ...]
    proofs: tuple[Proof, ...]
    values: tuple[Value, ...] = ()

    @property
    def needs_change(self) -> bool:
        """Say whether the recipe can do nothing without a change."""
        return any(place in CHANGE_PLACES for place in self.places())

    def places(self) -> Iterator[str]:
        """Yield every argument that is to be filled in, without its braces."""
        for step in self.steps:
            yield from (name for each in (*step.arguments, *step.undo) if (name := place_name(each)))
        for proof in self.proofs:
            yield from (name for each in _filled_of(proof) if (name := place_name(each)))

    def plan(self, facts: Mapping[str, str], given: Mapping[str, str]) -> Plan:
        """Fill the recipe in; every value that is missing, unknown or malformed is a reason in `Refused`."""
        if reasons := list(self._value_reasons(given)):
            raise Refused(reasons)
        values = {value.name: given.get(value.name, value.default or "") for value in self.values}
        filled = {**facts, **values}
        if missing := sorted({place for place in self.places() if not filled.get(place)}):
            raise Refused([f"The recipe {self.name} needs {' and '.join(missing)}, not known yet."])
        steps = tuple(_fill_step(step, filled) for step in self.steps)
        proofs = tuple(_fill_proof(proof, filled) for proof in self.proofs)
        return Plan(self.target, self.name, self.executor, steps, proofs, tuple(sorted(values.items())))

    def _value_reasons(self, given: Mapping[str, str]) -> Iterator[str]:
        known = {value.name: value for value in self.values}
        for name in given.keys() - known.keys():
            yield f"The recipe {self.name} takes no value named {name}."
        for name, value in known.items():
            if name not in given and value.default is None:
                yield f"The recipe {self.name} needs {name}=..., e.g. with {self.name} {name}={_example(value)}."
            elif name in given and not value.accepts(given[name]):
                yield f"{name}={given[name]} is not something that {self.name} takes{_choices(value)}."


CHANGE_PLACES = frozenset({"sha", "change", "patchset", "branch"})
PLACES = CHANGE_PLACES | {"task"}


def place_name(argument: str) -> str:
    """Return the name inside an argument that is a place as a whole, such as `{sha}`; else an empty string."""
    match = re.fullmatch(r"\{([a-z][a-z0-9_]*)\}", argument)
    return match[1] if match else ""


def _fill_step(step: Step, filled: Mapping[str, str]) -> Step:
    return replace(step, arguments=_fill(step.arguments, filled), undo=_fill(step.undo, filled))


def _filled_of(proof: Proof) -> tuple[str, ...]:
    """Return what of a proof may be a place that is filled in."""
    match proof:
        case CommandProof():
            return proof.arguments
        case DeployedProof():
            return proof.sha, proof.change
        case VersionProof():
            return (proof.version,)
        case _:
            return ()


def _fill_proof(proof: Proof, filled: Mapping[str, str]) -> Proof:
    match proof:
        case CommandProof():
            return replace(proof, arguments=_fill(proof.arguments, filled))
        case DeployedProof():
            sha, change = _fill((proof.sha, proof.change), filled)
            return replace(proof, sha=sha, change=change)
        case VersionProof():
            return replace(proof, version=_fill((proof.version,), filled)[0])
        case _:
            return proof


def _fill(arguments: tuple[str, ...], filled: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filled[name] if (name := place_name(each)) else each for each in arguments)


def _example(value: Value) -> str:
    return value.choices[0] if value.choices else "..."


def _choices(value: Value) -> str:
    return f": it is one of {', '.join(value.choices)}" if value.choices else ""
