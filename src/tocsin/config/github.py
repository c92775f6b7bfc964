"""[[github]] of tocsin.toml: the repositories on GitHub whose pull requests are reviewed; asking is for neighbours."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.names import Sentence
from tocsin.config.private_files import Place, secret_at
from tocsin.config.reading import Source
from tocsin.config.review_sites import OWNER_AND_NAME, AskedAddress, check_twice, project_list
from tocsin.neighbours.reviews.github import GithubSettings

GITHUB = "https://github.com"
ITS_API = "https://api.github.com"
BEHIND_ENTERPRISE = "/api/v3"


class GithubTable(Table):
    """A GitHub, asked over its REST API."""

    site: AskedAddress = Field(default=GITHUB, description="Where people see its pull requests.")
    api: AskedAddress | None = Field(
        default=None,
        description=f"Where it is asked; without, {ITS_API}, or {BEHIND_ENTERPRISE} on an Enterprise Server.",
    )
    repositories: Annotated[list[str], AfterValidator(project_list(OWNER_AND_NAME, "owner/name"))] = Field(
        description='The repositories that it is asked for, such as ["example/website"].'
    )
    token_file: str = Field(
        default="", description="The file that holds a token, mode 0600; without, it asks as anybody would."
    )
    required_checks: list[Sentence] = Field(
        default=[], description="The checks that CI consists of, by name; without, all that there are."
    )


def githubs(
    tables: Sequence[GithubTable], numbers: Sequence[int], folder: Path, source: Source
) -> list[GithubSettings]:
    """Make settings of the tables; a site that is there twice is reported, and one that will answer little."""
    made: list[GithubSettings] = []
    for number, each in zip(numbers, tables, strict=True):
        check_twice(each.site, [other.site for other in made], Place(folder, source, ("github", number, "site")))
        api = each.api or (ITS_API if each.site == GITHUB else f"{each.site}{BEHIND_ENTERPRISE}")
        token = secret_at(Place(folder, source, ("github", number, "token_file")), each.token_file)
        if api == ITS_API and not each.token_file:
            sentence = "Without token_file it answers 60 questions an hour, and an open request asks more: name one."
            source.warn(("github", number, "repositories"), sentence)
        made.append(GithubSettings(each.site, api, tuple(each.repositories), token, tuple(each.required_checks)))
    return made
