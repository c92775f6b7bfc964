"""Every setting with its kind, default and sentence, for the reference page; read off the very models that check it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from types import NoneType
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from tocsin.config import files
from tocsin.config.calendar import CalendarFile
from tocsin.config.checking import Table, tables_in
from tocsin.config.directory import DirectoryFile
from tocsin.config.durations import in_words
from tocsin.config.policies import PoliciesFile
from tocsin.config.rota import RotaFile
from tocsin.config.settings import TopFile
from tocsin.config.targets import TargetFile
from tocsin.config.waking import PagersFile

FILES: dict[str, type[Table]] = {
    files.TOP: TopFile,
    files.DIRECTORY: DirectoryFile,
    files.POLICIES: PoliciesFile,
    files.CALENDAR: CalendarFile,
    files.ROTA: RotaFile,
    f"{files.TARGETS}/*.toml": TargetFile,
    files.WAKING: PagersFile,
}

_KINDS = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    timedelta: "length of time",
    date: "date",
    datetime: "date and time",
    time: "time of day",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of one file; `default` is as it would be written, and empty when the key must be given."""

    file: str
    key: str
    kind: str
    default: str
    sentence: str
    needed: bool


def reference() -> Iterator[Setting]:
    """Yield every setting of every file, a table before what is inside it."""
    for file, model in FILES.items():
        yield from _settings(file, model, "")


def _settings(file: str, model: type[Table], prefix: str) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        key = f"{prefix}{name}"
        yield Setting(file, key, kind(field.annotation), _default(field), field.description or "", field.is_required())
        for table in tables_in(field.annotation):
            yield from _settings(file, table, f"{key}{_entry(field.annotation)}.")


def kind(annotation: object) -> str:
    """Say in a word or two what is written after the equals sign."""
    plain = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    origin, inside = get_origin(plain), get_args(plain)
    if origin is list:
        return f"list of {kind(inside[0])}"
    if origin is dict:
        return f"table of {kind(inside[1])} by {kind(inside[0])}"
    if origin is Literal:
        return " or ".join(map(str, inside))
    if inside:
        return " or ".join(kind(each) for each in inside if each is not NoneType)
    if isinstance(plain, type) and issubclass(plain, Enum):
        return " or ".join(str(each.value) for each in plain)
    if isinstance(plain, type) and issubclass(plain, Table):
        return "table"
    return next(word for python, word in _KINDS.items() if plain is python)


def _entry(annotation: object) -> str:
    """How one of several is written in a key: by its name, or as one of a list."""
    plain = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    if get_origin(plain) is dict:
        return f".NAME{_entry(get_args(plain)[1])}"
    return "[]" if get_origin(plain) is list else ""


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required() or value is None or isinstance(value, Table) or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return in_words(value) if isinstance(value, timedelta) else str(value)
