"""[[source]] and [takes] of calendar.toml: calendars from outside, and what windows take; they are read elsewhere."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from tocsin.config.checking import Table
from tocsin.config.names import Sentence, WebAddress
from tocsin.config.private_files import Place, file_at, secret_at
from tocsin.config.reading import Source
from tocsin.config.reviews import LOOPBACK
from tocsin.config.times import Zone
from tocsin.neighbours.calendars.written import NO_DEPLOYS, ZONES, SourceKind, SourceSettings, Takes

Kind = Literal["deployments-page", "wikitext", "icalendar"]
LONGEST_NAME = 60


def _over_tls(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("is on another machine: read it by https://")
    if parts.fragment:
        raise ValueError("ends before any #: the whole of it is read")
    return address


def _page(address: str) -> str:
    if urlsplit(address).fragment:
        raise ValueError("ends before any #: behind that each window is named")
    return address


def _short(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise ValueError(f"has {len(text)} characters: people are told it, so call it something of {LONGEST_NAME}")
    return text


def _pattern(text: str) -> str:
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    if text and compiled.search(""):
        raise ValueError("matches an empty name, and so every name: let it ask for one character at least")
    return text


class SourceTable(Table):
    """A calendar from outside."""

    name: Annotated[Sentence, AfterValidator(_short)] = Field(
        description="What people call it, and what is said when it does not answer."
    )
    kind: Kind = Field(description="What it is written in.")
    address: Annotated[WebAddress, AfterValidator(_over_tls)] | None = Field(
        default=None, description="Where it is read, such as https://wiki.example.org/wiki/Deployments."
    )
    address_file: str = Field(
        default="", description="Instead of address, where it is secret: the file that holds it, mode 0600."
    )
    file: str = Field(default="", description="Instead of address: its file, seen from the folder of tocsin.toml.")
    page: Annotated[WebAddress, AfterValidator(_page)] | None = Field(
        default=None, description="Where people see it; the address itself when left out, if that is no question (?)."
    )
    timezone: Zone | None = Field(
        default=None,
        description="The time zone of its weeks, and of hours that say none; UTC, or what an iCalendar says itself.",
    )
    zones: dict[str, Zone] = Field(
        default={}, description="Time zones by the names that it writes behind an hour; SF is known."
    )
    freeze: Annotated[str, AfterValidator(_pattern)] = Field(
        default=NO_DEPLOYS,
        description="The regular expression for names or categories that bar deploying; found anywhere in them.",
    )
    empty_weeks_are_frozen: bool = Field(
        default=False, description="Whether a week without any window, of those that it covers, bars deploying."
    )

    @model_validator(mode="after")
    def _in_one_place(self) -> "SourceTable":
        places = [bool(each) for each in (self.address, self.address_file, self.file)]
        if sum(places) != 1:
            raise ValueError("is read in one place: write either address, address_file or file")
        return self


Patterns = dict[Annotated[str, AfterValidator(_pattern)], list[Sentence]]


def source_settings(
    tables: Sequence[SourceTable], numbers: Sequence[int], folder: Path, source: Source
) -> tuple[SourceSettings, ...]:
    """Make settings of the tables; a name that two of them bear, or a file that is not there, is reported."""
    made: list[SourceSettings] = []
    for number, each in zip(numbers, tables, strict=True):
        if each.name in [other.name for other in made]:
            source.error(("source", number, "name"), f"{each.name} stands before this one already: name another.")
        address = each.address or _secret_address(Place(folder, source, ("source", number, "address_file")), each)
        made.append(
            SourceSettings(
                name=each.name,
                kind=SourceKind(each.kind),
                address=address,
                file=file_at(Place(folder, source, ("source", number, "file")), each.file),
                page=each.page or _seen_at(each),
                timezone=each.timezone or "",
                zones=tuple({**dict(ZONES), **each.zones}.items()),
                freeze=each.freeze,
                empty_weeks_are_frozen=each.empty_weeks_are_frozen,
            )
        )
    return tuple(made)


def takes(patterns: Mapping[str, Sequence[str]]) -> tuple[Takes, ...]:
    """Make settings of what windows take."""
    return tuple(Takes(pattern, tuple(kinds)) for pattern, kinds in patterns.items())


def _secret_address(place: Place, table: SourceTable) -> str:
    """What is wrong with an address that is secret is said without it."""
    address = secret_at(place, table.address_file)
    if address and not _is_fit(address):
        place.error(f"{table.address_file} must hold an address that begins with https://, and nothing behind a #.")
        return ""
    return address


def _is_fit(address: str) -> bool:
    try:
        return bool(urlsplit(_over_tls(address)).hostname)
    except ValueError:
        return False


def _seen_at(table: SourceTable) -> str:
    """An iCalendar, and an address with a question in it, are for programs."""
    for_people = (
        table.address and SourceKind(table.kind) is not SourceKind.ICALENDAR and not urlsplit(table.address).query
    )
    return str(table.address) if for_people else ""


assert set(get_args(Kind)) == set(SourceKind), "what may be written is what can be read"
