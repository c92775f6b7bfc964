"""[waking] of tocsin.toml, and the file of pagers that it names: how people are woken; waking them is for neighbours.

Law: an address of a pager is a secret. It is in no sentence about the file, and not in the configuration's digest.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table, did_you_mean, parse
from tocsin.config.files import DIRECTORY, WAKING, Files
from tocsin.config.names import Count, Name, WebAddress
from tocsin.config.positions import Path
from tocsin.config.private_files import Place, warn_of_readers
from tocsin.config.reading import Source, read
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import PersonId, TeamId
from tocsin.neighbours.pagers.paging import Pager, PagingSettings, kinds

LONGEST_KLAXON_BYTES = 120
_USUAL = PagingSettings()


def _short(address: str) -> str:
    if len(address.encode()) > LONGEST_KLAXON_BYTES:
        raise ValueError(f"is longer than {LONGEST_KLAXON_BYTES} bytes: it is said on IRC, behind other words")
    return address


def _not_empty(urls: list[str]) -> list[str]:
    if not urls:
        raise ValueError("is an empty list: write an address, or leave the table out")
    return urls


class WakingTable(Table):
    """How people are woken; where there is no file of pagers they are called in the channel alone."""

    file: str = Field(default=WAKING, description="The file of pagers, mode 0600, seen from the folder of tocsin.toml.")
    most: Count = Field(default=_USUAL.most, description="How many people one call wakes at most.")
    klaxon: Annotated[WebAddress, AfterValidator(_short)] | None = Field(
        default=None, description="Where anybody pages people by hand; it is said whenever somebody is woken."
    )


class PagersTable(Table):
    """The pagers of a person or a team."""

    urls: Annotated[list[str], AfterValidator(_not_empty)] = Field(
        description="Addresses as apprise writes them, such as mailto://, pagerduty://, ntfys:// or matrixs://."
    )


class PagersFile(Table):
    """How people and teams are reached, in the file that [waking] names; all of it is secret."""

    COLLECTIONS = frozenset({"people", "teams"})

    people: dict[Name, PagersTable] = Field(default={}, description="People, each in a table of their name.")
    teams: dict[Name, PagersTable] = Field(
        default={}, description="Teams: rung for those who are called for the team and have no pager of their own."
    )


def paging(table: WakingTable, files: Files, top: Source) -> PagingSettings:
    """Make settings of the table and the file that it names; the people and teams must stand in directory.toml."""
    klaxon = table.klaxon or ""
    wanted = "file" in table.model_fields_set or (files.folder / table.file).exists()
    source = read(files.folder, table.file, top.report) if wanted else None
    if source is None:
        return PagingSettings(most=table.most, klaxon=klaxon)
    warn_of_readers(Place(files.folder, top, ("waking", "file")), table.file)
    parsed = parse(PagersFile, source)
    written = parsed.value or PagersFile()
    for path, sentence in _strangers(source, files.needed(DIRECTORY)):
        source.error(path, sentence)
    pagers = _pagers(written, source)
    return PagingSettings(
        people={PersonId(name): pagers["people", name] for name in written.people},
        teams={TeamId(name): pagers["teams", name] for name in written.teams},
        most=table.most,
        klaxon=klaxon,
    )


def _strangers(source: Source, directory: Source | None) -> Iterator[tuple[Path, str]]:
    """Of a directory that cannot be read nobody is said to be missing."""
    for table, word in (("people", "person"), ("teams", "team")) if directory else ():
        known = directory.names(table) if directory else ()
        for name in source.names(table):
            if name not in known:
                yield (table, name), f"There is no {word} {name} in {DIRECTORY}: {did_you_mean(name, known)}"


def _pagers(written: PagersFile, source: Source) -> Mapping[Path, tuple[Pager, ...]]:
    """Ask once for all addresses what they are; one that apprise cannot read is told by its place alone."""
    tables = {("people", name): each.urls for name, each in written.people.items()}
    tables |= {("teams", name): each.urls for name, each in written.teams.items()}
    addresses = [address for urls in tables.values() for address in urls]
    try:
        known = iter(kinds(addresses) if addresses else ())
    except Unreachable as error:
        source.error((), f"{error} Is tocsin installed as a whole?")
        return dict.fromkeys(tables, ())
    return {path: tuple(_read(source, path, urls, known)) for path, urls in tables.items()}


def _read(source: Source, path: Path, urls: Iterable[str], known: Iterator[str]) -> Iterator[Pager]:
    for number, (address, kind) in enumerate(zip(urls, known, strict=False)):
        if kind:
            yield Pager(kind, address)
        else:
            sentence = f"apprise cannot read entry {number + 1} of urls: compare it with its page on that service."
            source.error((*path, "urls", number), sentence)
