"""[train] of tocsin.toml: where it is said which train runs, and whom its conductor speaks for."""

from typing import Annotated

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table, did_you_mean
from tocsin.config.names import Name, Sentence, WebAddress
from tocsin.config.phabricator import over_tls
from tocsin.config.reading import Source
from tocsin.domain.people import Directory, TeamId
from tocsin.neighbours.rotas.people import members_perhaps
from tocsin.neighbours.rotas.train import TrainSettings

_USUAL = TrainSettings("https://train.example.org", TeamId("releng"))


class TrainTable(Table):
    """The train, whose conductor owns its task."""

    blockers: Annotated[WebAddress, AfterValidator(over_tls)] = Field(
        description="The address that tells programs, in JSON, which task is the current train's."
    )
    team: Name = Field(description="The team that the conductor speaks for: asked first for it, before its shift.")
    backup_field: Sentence = Field(
        default=_USUAL.backup_field, description="The field of the train's task that names who stands in."
    )


def train(
    table: TrainTable | None, source: Source, people: Source | None, directory: Directory
) -> TrainSettings | None:
    """Make settings of the table; a team that is not there, or tasks that nobody reads, are reported."""
    if table is None:
        return None
    if "phabricator" not in source.data:
        source.error(("train", "blockers"), "The conductor is read from the train's task: write [phabricator] too.")
    teams = people.names("teams") if people else (table.team,)
    if table.team not in teams:
        source.error(("train", "team"), f"There is no team {table.team}: {did_you_mean(table.team, teams)}")
    elif not any(person.known_as for person in members_perhaps(directory).people if table.team in person.teams):
        unknown = f"Nobody of {table.team} has known_as in directory.toml, so that no conductor would be known."
        source.warn(("train", "team"), unknown)
    return TrainSettings(table.blockers, TeamId(table.team), table.backup_field)
