"""rota.toml: who is on call and who conducts the train, or where that is asked; it makes nobody a member of a team."""

from collections.abc import Iterator
from datetime import UTC
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from tocsin.config.checking import Table, did_you_mean, parse
from tocsin.config.names import Name
from tocsin.config.positions import Path
from tocsin.config.reading import Source
from tocsin.config.rota_sources import Around, SourceTable, sources
from tocsin.config.times import Moment
from tocsin.domain.people import Directory, PersonId, TeamId
from tocsin.neighbours.rotas.written import RotaSettings, Shift


def _somebody(people: list[str]) -> list[str]:
    if not people:
        raise ValueError("is an empty list: name a person of directory.toml")
    return people


class ShiftTable(Table):
    """One shift of one team."""

    team: Name = Field(description="The team.")
    people: Annotated[list[Name], AfterValidator(_somebody)] = Field(description="Who is asked, best first.")
    backups: list[Name] = Field(default=[], description="Who stands in for them.")
    starts: Moment | None = Field(default=None, description="When it begins; at all times when left out.")
    ends: Moment | None = Field(default=None, description="When it is over.")

    @model_validator(mode="after")
    def _forward(self) -> "ShiftTable":
        if (self.starts is None) != (self.ends is None):
            raise ValueError("has starts or ends alone: write both, or none for a shift at all times")
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValueError("ends before it starts: put the two in order")
        return self


class RotaFile(Table):
    """Who is on call, and who conducts the train."""

    COLLECTIONS = frozenset({"source", "shift", "conductor"})

    source: list[SourceTable] = Field(
        default=[],
        description="Systems, calendars and topics that are asked who is on call: for a team the first that is written "
        "decides, before its shifts; a topic only where nothing else does.",
    )
    shift: list[ShiftTable] = Field(default=[], description="The shifts; of two at one time the first counts.")
    conductor: list[ShiftTable] = Field(
        default=[],
        description="Who conducts the train, in the same form: asked first for their team, before its shift.",
    )


def read_rota(source: Source, people: Source | None, directory: Directory, around: Around) -> RotaSettings:
    """Read the shifts, whose people must be members of their teams; `people` is their own file, if it was read."""
    parsed = parse(RotaFile, source)
    written = parsed.value or RotaFile()
    for key, shifts in (("shift", written.shift), ("conductor", written.conductor)):
        for number, shift in zip(parsed.numbers(key, len(shifts)), shifts, strict=True):
            for path, sentence in _strangers(shift, people, directory) if people else ():
                source.error((key, number, *path), sentence)
    numbers = parsed.numbers("source", len(written.source))
    for number, each in zip(numbers, written.source, strict=True):
        for sentence in _no_team(each.team, people) if people else ():
            source.error(("source", number, "team"), sentence)
    asked = sources(written.source, numbers, around, source)
    return RotaSettings(tuple(map(_shift, written.shift)), tuple(map(_shift, written.conductor)), asked)


def _shift(shift: ShiftTable) -> Shift:
    return Shift(
        team=TeamId(shift.team),
        people=tuple(PersonId(person) for person in shift.people),
        backups=tuple(PersonId(person) for person in shift.backups),
        starts=shift.starts.astimezone(UTC) if shift.starts else None,
        ends=shift.ends.astimezone(UTC) if shift.ends else None,
    )


def _strangers(shift: ShiftTable, written: Source, directory: Directory) -> Iterator[tuple[Path, str]]:
    """Who stands in directory.toml with a fault of their own is not told a second time here."""
    teams, people = written.names("teams"), written.names("people")
    elsewhere = any(each.elsewhere for each in directory.teams if each.id == shift.team)
    yield from ((("team",), sentence) for sentence in _no_team(shift.team, written))
    for key, named in (("people", shift.people), ("backups", shift.backups)):
        for number, name in enumerate(named):
            person = directory.person(PersonId(name))
            if name not in people:
                yield (key, number), f"There is no person {name}: {did_you_mean(name, people)}"
            elif person and shift.team in teams and shift.team not in person.teams and not elsewhere:
                yield (key, number), f"{name} is not in {shift.team}: being on call makes nobody a member of a team."


def _no_team(team: str, written: Source) -> Iterator[str]:
    teams = written.names("teams")
    if team not in teams:
        yield f"There is no team {team}: {did_you_mean(team, teams)}"
