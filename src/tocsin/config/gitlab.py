"""[[gitlab]] of tocsin.toml: the projects on GitLab whose merge requests are reviewed; asking is for neighbours."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.private_files import Place, secret_at
from tocsin.config.reading import Source
from tocsin.config.review_sites import GROUPS_AND_NAME, AskedAddress, check_twice, project_list
from tocsin.neighbours.reviews.gitlab import GitlabSettings


class GitlabTable(Table):
    """A GitLab, asked over its REST API."""

    site: AskedAddress = Field(default="https://gitlab.com", description="Where people see its merge requests.")
    projects: Annotated[list[str], AfterValidator(project_list(GROUPS_AND_NAME, "group/name"))] = Field(
        description='The projects that it is asked for, with their groups, such as ["example/tools/website"].'
    )
    token_file: str = Field(
        default="", description="The file that holds a token, mode 0600; without, it asks as anybody would."
    )


def gitlabs(
    tables: Sequence[GitlabTable], numbers: Sequence[int], folder: Path, source: Source
) -> list[GitlabSettings]:
    """Make settings of the tables; a site that is there twice is reported."""
    made: list[GitlabSettings] = []
    for number, each in zip(numbers, tables, strict=True):
        check_twice(each.site, [other.site for other in made], Place(folder, source, ("gitlab", number, "site")))
        token = secret_at(Place(folder, source, ("gitlab", number, "token_file")), each.token_file)
        made.append(GitlabSettings(each.site, tuple(each.projects), token))
    return made
