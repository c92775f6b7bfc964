"""[[gerrit]] of tocsin.toml: the Gerrit sites whose changes are reviewed; asking them is for neighbours."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from tocsin.config.arguments import Arguments
from tocsin.config.checking import Table
from tocsin.config.names import Sentence
from tocsin.config.private_files import Place, secret_at
from tocsin.config.reading import Source
from tocsin.config.review_sites import AskedAddress, check_twice
from tocsin.domain.plan import place_name
from tocsin.neighbours.asking.web import SignIn
from tocsin.neighbours.reviews.gerrit import GerritSettings

_USUAL = GerritSettings("https://gerrit.example.org")


def _as_it_runs(arguments: list[str]) -> list[str]:
    if place := next(filter(place_name, arguments), ""):
        raise ValueError(f"holds {place}, which nothing fills here: write the command as it is to run")
    return arguments


class GerritTable(Table):
    """A Gerrit, asked over its REST API."""

    site: AskedAddress = Field(
        description="The address behind which changes have theirs, such as https://gerrit.example.org/r."
    )
    user: Sentence | None = Field(default=None, description="Who tocsin is there; without, it asks as anybody would.")
    password_file: str = Field(default="", description="With user: the file that holds its HTTP password, mode 0600.")
    ci_label: Sentence = Field(default=_USUAL.ci_label, description="The label by which CI says yes or no.")
    events: Annotated[Arguments, AfterValidator(_as_it_runs)] = Field(
        default=[],
        description="The command that prints its events (stream-events), so that a new patchset is heard of.",
    )
    write: bool = Field(default=False, description="Whether `tocsin review` may write to it, as user.")


def gerrits(
    tables: Sequence[GerritTable], numbers: Sequence[int], folder: Path, source: Source
) -> list[GerritSettings]:
    """Make settings of the tables; a site that is there twice, or a user without a password, is reported."""
    made: list[GerritSettings] = []
    for number, each in zip(numbers, tables, strict=True):
        place = Place(folder, source, ("gerrit", number, "password_file"))
        check_twice(each.site, [other.site for other in made], Place(folder, source, ("gerrit", number, "site")))
        if bool(each.user) != bool(each.password_file):
            missing = "password_file" if each.user else "user"
            source.error(("gerrit", number, "site"), f"The sign-in of {each.site} needs {missing} too.")
        if each.write and not each.user:
            source.error(("gerrit", number, "write"), f"To write, tocsin must sign in to {each.site}: add user too.")
        password = secret_at(place, each.password_file) if each.user else ""
        sign_in = SignIn(each.user, password) if each.user and password else None
        made.append(GerritSettings(each.site, sign_in, each.ci_label, tuple(each.events), each.write))
    return made
