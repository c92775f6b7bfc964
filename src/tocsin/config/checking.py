"""What a file says held against what it may say: every fault becomes a sentence with its line and its remedy.

The meaning of what is found is left to the files about people, policies, recipes and the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from tocsin.config.positions import Path
from tocsin.config.reading import Source

MOST_FAULTS = 50  # of one file: whoever has more has another file there

_WANTED = {
    "string_type": "is a text in quotes",
    "bool_type": "is true or false",
    "int_type": "is a whole number",
    "float_type": "is a number",
    "list_type": "is a list in brackets",
    "dict_type": "is a table",
    "model_type": "is a table",
    "date_type": "is a date such as 2026-12-24, without quotes",
    "datetime_type": "is a date and time such as 2026-12-24T08:00:00Z, without quotes",
    "time_type": "is a time of day such as 08:00:00, without quotes",
}
_KINDS = {bool: "true or false", str: "a text", int: "a number", float: "a number", list: "a list", dict: "a table"}


class Table(BaseModel):
    """A table of a file: no key that is not known, no value that is only nearly of the right kind.

    `COLLECTIONS` names the tables of a file whose entries stand alone: one that is faulty does not hide the others.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    COLLECTIONS: ClassVar[frozenset[str]] = frozenset()


Fault = Mapping[str, Any]
"""One fault as pydantic tells it: its type, its place, what was given, and what was wanted."""

Model = TypeVar("Model", bound=Table)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Model]):
    """What could be made of a file; `left_out` are the keys and entries that were faulty."""

    value: Model | None
    left_out: frozenset[Path] = frozenset()

    @property
    def whole(self) -> bool:
        """Say whether nothing had to be left out."""
        return self.value is not None and not self.left_out

    def numbers(self, key: str, count: int) -> list[int]:
        """Return which places in its array the entries that are left had in the file."""
        there = (number for number in range(count + len(self.left_out)) if (key, number) not in self.left_out)
        return list(islice(there, count))


def parse(model: type[Model], source: Source) -> Parsed[Model]:
    """Read a file as a model; of a faulty one all faults are told, and what is sound is read on."""
    try:
        return Parsed(model.model_validate(dict(source.data)))
    except ValidationError as error:
        faults = error.errors(include_url=False)
    for fault in faults[:MOST_FAULTS]:
        path = _path(fault)
        source.error(path, _sentence(model, fault, path))
    faulty = frozenset(_entry(model, _path(fault)) for fault in faults)
    return Parsed(_sound(model, source.data, faulty), faulty)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about a word not known: the nearest one, or all there are."""
    words = list(known)
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    return f"known are {', '.join(words)}." if words else "there are none yet."


def _sound(model: type[Model], data: Mapping[str, Any], faulty: frozenset[Path]) -> Model | None:
    """Leave out every faulty entry, or the whole key where entries do not stand alone, and try once more."""
    kept = {name: each for name, each in data.items() if (name,) not in faulty}
    for name in {str(entry[0]) for entry in faulty if len(entry) > 1} & kept.keys():
        kept[name] = _without(kept[name], {entry[1] for entry in faulty if len(entry) > 1 and entry[0] == name})
    try:
        return model.model_validate(kept)
    except ValidationError:
        return None


def _entry(model: type[Table], path: Path) -> Path:
    return path[: 2 if path and path[0] in model.COLLECTIONS else 1]


def _without(collection: object, left_out: set[str | int]) -> object:
    if isinstance(collection, list):
        return [each for number, each in enumerate(collection) if number not in left_out]
    assert isinstance(collection, dict), "entries stand in a list or in a table"
    return {name: each for name, each in collection.items() if name not in left_out}


def _path(fault: Fault) -> Path:
    """A faulty key of a table is told with a mark of pydantic's own behind it."""
    return tuple(step for step in fault["loc"] if step != "[key]")


def _sentence(model: type[Table], fault: Fault, path: Path) -> str:
    name = _called(path)
    kind = fault["type"]
    if kind == "extra_forbidden":
        return _unknown_key(model, path)
    if kind == "missing":
        return f"{name} is missing: {_description(model, path)}"
    if kind == "value_error":
        sentence = f"{name} {fault['ctx']['error']}"
        return sentence if sentence.endswith("?") else f"{sentence}."
    if kind in ("enum", "literal_error"):
        return _not_one_of(name, fault)
    if kind in _WANTED:
        return f"{name} {_WANTED[kind]}, not {_KINDS.get(type(fault['input']), 'this')}."
    return f"{name}: {fault['msg'][:1].lower()}{fault['msg'][1:]}."


def _called(path: Path) -> str:
    """Return how people call a place: its key, and which entry of a list it is."""
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "this file")
    return f"entry {path[-1] + 1} of {name}" if path and isinstance(path[-1], int) else name


def _unknown_key(model: type[Table], path: Path) -> str:
    name = str(path[-1])
    if any(word in name for word in ("password", "secret", "token")):
        return f"{name}: a secret never stands here. Put it into a file of its own, mode 0600, and name that file."
    table = _table_at(model, path[:-1])
    where = next((f"[{step}]" for step in reversed(path[:-1]) if isinstance(step, str)), "this file")
    return f"{name} is no setting of {where}: {did_you_mean(name, table.model_fields if table else ())}"


def _not_one_of(name: str, fault: Fault) -> str:
    known = fault["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", ")
    given = fault["input"]
    if not isinstance(given, str):
        return f"{name} is a word in quotes: one of {', '.join(known)}."
    return f"{name}: {given!r} is not one of {', '.join(known)}."


def _description(model: type[Table], path: Path) -> str:
    table = _table_at(model, path[:-1])
    field = table.model_fields.get(str(path[-1])) if table else None
    return f"{field.description if field else ''}".strip() or "add it."


def _table_at(model: type[Table], path: Path) -> type[Table] | None:
    """Follow a path through the models to the table that it leads to; names and numbers of entries are no fields."""
    table: type[Table] | None = model
    entry_next = False
    for step in path:
        field = table.model_fields.get(str(step)) if table and not entry_next else None
        if field is not None:
            table = next(iter(tables_in(field.annotation)), None)
        entry_next = field is not None and get_origin(field.annotation) in (dict, list)
    return table


def tables_in(annotation: object) -> list[type[Table]]:
    """Return the tables that the type of a field is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return [annotation]
    return [table for each in get_args(annotation) for table in tables_in(each)]
