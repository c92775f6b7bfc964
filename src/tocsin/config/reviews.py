"""[[reviews]] of tocsin.toml: the git repositories whose changes are reviewed; asking them is for neighbours."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.names import WebAddress, is_printable
from tocsin.config.reading import Source
from tocsin.domain.change import Change
from tocsin.domain.situation import Target
from tocsin.neighbours.reviews.git_naming import ReviewSettings

SCHEMES = ("https", "ssh", "file", "http")
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,127}", re.ASCII)
_BY_SSH = re.compile(r"[A-Za-z0-9][^/:]*:(?!:)")
"""As git reads `git@git.example.org:website`: a colon before any slash."""
_NO_REF = re.compile(r"\.\.|//|/\.|[./]$|\.lock(/|$)")
"""What no name of a branch may hold."""


def _project(text: str) -> str:
    if _WORD.fullmatch(text) is None or _NO_REF.search(text):
        raise ValueError("is a name such as website or operations/config, without spaces")
    return text


def _repository(text: str) -> str:
    if not text.strip() or text.startswith("-") or not is_printable(text) or "::" in text:
        raise ValueError("is a path or an address, and does not begin with -")
    if "://" in text:
        parts = urlsplit(text)
        if parts.scheme not in SCHEMES or (not parts.hostname and parts.scheme != "file"):
            raise ValueError("is a path, or an address that begins with https:// or ssh://")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("is on another machine: fetch from it by https:// or ssh://")
        if parts.password:
            raise ValueError("holds a password: put that into the .netrc of the account that runs tocsin, or use ssh")
        if (parts.hostname or "").startswith("-"):
            raise ValueError("is a path or an address, and does not begin with -")
    return text


Repository = Annotated[str, AfterValidator(_repository)]


def _branches(names: list[str]) -> list[str]:
    if not names:
        raise ValueError('is an empty list: name one at least, such as ["main"]')
    for name in names:
        if _WORD.fullmatch(name) is None or _NO_REF.search(name):
            raise ValueError(f"holds {name!r}, which is no name of a branch such as main")
        if names.count(name) > 1:
            raise ValueError(f"holds {name} twice: write it once")
    return names


class ReviewTable(Table):
    """A git repository with changes for review, as refs/changes/NN/NUMBER/PATCHSET."""

    project: Annotated[str, AfterValidator(_project)] = Field(description="The project's name, as sources name it.")
    repository: Repository = Field(
        description="Where git finds it: a path, or an address such as https://git.example.org/website."
    )
    branches: Annotated[list[str], AfterValidator(_branches)] = Field(
        default=["main"],
        description="The branches that its changes are for; a change is for that to which it adds the fewest commits.",
    )
    site: WebAddress | None = Field(
        default=None, description="Where people see a change: this address, a slash and the change's number."
    )
    public: bool = Field(default=False, description="Whether the public may read its changes.")


def reviews(tables: Iterable[ReviewTable], folder: Path) -> tuple[ReviewSettings, ...]:
    """Make settings of the tables, with every path in full."""
    return tuple(
        ReviewSettings(
            each.project, _found(each.repository, folder), tuple(each.branches), each.site or "", each.public
        )
        for each in tables
    )


def check_reviews(made: Sequence[ReviewSettings], numbers: Sequence[int], source: Source) -> None:
    """Report a project that has two repositories: of the two nobody could say which is meant."""
    names = [each.project for each in made]
    for place, (number, name) in enumerate(zip(numbers, names, strict=True)):
        if name in names[:place]:
            source.error(("reviews", number, "project"), f"{name} has a repository before this one: name another.")


def warn_of_homeless(
    made: Sequence[ReviewSettings], numbers: Sequence[int], targets: Sequence[Target], source: Source
) -> None:
    """Warn of a branch whose changes no target takes: nobody could ever deploy them here."""
    for number, each in zip(numbers, made, strict=True):
        for branch in each.branches:
            change = Change(number=1, patchset=1, sha="", project=each.project, branch=branch, subject="")
            if targets and not any(target.takes(change) for target in targets):
                sentence = f"No target takes changes of {each.project} for {branch}: name them in sources of a target."
                source.warn(("reviews", number, "project"), sentence)


def _found(repository: str, folder: Path) -> str:
    """A path is seen from the folder of tocsin.toml, wherever the server is started."""
    elsewhere = "://" in repository or _BY_SSH.match(repository)
    return repository if elsewhere else os.path.normpath(folder / repository)
