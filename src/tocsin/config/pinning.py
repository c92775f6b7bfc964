"""Writing the registration of an account into directory.toml, with every comment and blank left as it was."""

import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tocsin.config.files import DIRECTORY
from tocsin.config.names import fold
from tocsin.config.positions import Path as KeyPath
from tocsin.config.positions import positions
from tocsin.config.problems import Report
from tocsin.config.reading import read
from tocsin.domain.errors import Refused
from tocsin.domain.people import PersonId


def pin(folder: Path, person: PersonId, account: str, registration: str) -> int:
    """Write the registration of a person's account into the file and return its line.

    Raises `Misconfigured` when the file cannot be read, `Refused` when there is no such person or account there.
    """
    report = Report()
    source = read(folder, DIRECTORY, report)
    report.raise_if_wrong()
    assert source is not None, "what cannot be read was reported"
    number = _number(source.data, person, account)
    path = (folder / DIRECTORY).resolve()
    before = path.read_bytes().decode("utf-8-sig")
    after = _with_registration(before, ("people", person, "accounts", number), registration)
    if tomllib.loads(after) != _wanted(before, person, number, registration):
        line = source.line(("people", person, "accounts", number))
        raise Refused(
            [f"{DIRECTORY}:{line} is written in an unusual way: add registration = {json.dumps(registration)}."]
        )
    _replace(path, after)
    return positions(after).line(("people", person, "accounts", number, "registration"))


def _number(data: Mapping[str, Any], person: PersonId, account: str) -> int:
    """Which of the person's accounts it is; the file need not be sound in all else."""
    found = data.get("people", {}).get(person)
    if not isinstance(found, dict):
        raise Refused([f"There is no person {person} in {DIRECTORY}."])
    for number, each in enumerate(found.get("accounts", [])):
        if isinstance(each, dict) and fold(str(each.get("name"))) == fold(account):
            return number
    raise Refused([f"{person} has no account {account} in {DIRECTORY}: add it first."])


def _with_registration(text: str, account: KeyPath, registration: str) -> str:
    """Put the new value in the place of the old one, or else behind the account's name."""
    spans = positions(text).spans
    value = json.dumps(registration)
    if old := spans.get((*account, "registration")):
        return text[: old[0]] + value + text[old[1] :]
    end = spans[(*account, "name")][1]
    if account in spans:  # an inline table
        return f"{text[:end]}, registration = {value}{text[end:]}"
    end_of_line = text.find("\n", end)
    if end_of_line < 0:
        return f"{text}\nregistration = {value}\n"
    return f"{text[:end_of_line]}\nregistration = {value}{text[end_of_line:]}"


def _wanted(text: str, person: PersonId, number: int, registration: str) -> dict[str, Any]:
    data = tomllib.loads(text)
    data["people"][person]["accounts"][number]["registration"] = registration
    return data


def _replace(path: Path, text: str) -> None:
    """Whoever reads meanwhile sees the old file or the new one, never half of it."""
    descriptor, new = tempfile.mkstemp(dir=path.parent, prefix=".directory-", suffix=".toml")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(text.encode())
            opened.flush()
            os.fsync(descriptor)
        shutil.copystat(path, new)
        Path(new).replace(path)
    except OSError:
        Path(new).unlink(missing_ok=True)
        raise
