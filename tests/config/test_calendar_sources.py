"""Calendars from outside: each has a name, one place and a kind, and every fault is told on its line."""

import pytest

from tests.config.folders import Folder
from tocsin.neighbours.calendars.written import NO_DEPLOYS, ZONES, SourceKind, SourceSettings, Takes

PAGE = '[[source]]\nname = "Deployments"\nkind = "deployments-page"\n'
ADDRESS = 'address = "https://wiki.example.org/wiki/Deployments"\n'


def test_a_source_needs_a_name_a_kind_and_an_address_alone(folder: Folder) -> None:
    folder.write("calendar.toml", PAGE + ADDRESS)
    address = "https://wiki.example.org/wiki/Deployments"
    assert folder.load().calendar.sources == (SourceSettings("Deployments", SourceKind.PAGE, address, page=address),)
    assert (folder.load().calendar.sources[0].zones, folder.load().calendar.sources[0].freeze) == (ZONES, NO_DEPLOYS)


def test_a_source_is_read_with_everything(folder: Folder) -> None:
    (folder.path / "secrets/feasts").write_text("https://calendar.example.org/private-1a2b/feasts.ics\n")
    (folder.path / "secrets/feasts").chmod(0o600)
    (folder.path / "wiki.txt").write_text("{{Deployment calendar event card}}")
    folder.write(
        "calendar.toml",
        """[[source]]
name = "Holidays"
kind = "icalendar"
address_file = "secrets/feasts"
timezone = "Europe/Berlin"
freeze = "feast|holiday"
page = "https://calendar.example.org/feasts"
[[source]]
name = "Wiki"
kind = "wikitext"
file = "wiki.txt"
zones = { Berlin = "Europe/Berlin" }
freeze = ""
empty_weeks_are_frozen = true
[takes]
"backport" = ["website", "config"]
"train" = ["branch"]
""",
    )
    calendar = folder.load().calendar
    assert calendar.sources == (
        SourceSettings(
            name="Holidays",
            kind=SourceKind.ICALENDAR,
            address="https://calendar.example.org/private-1a2b/feasts.ics",
            page="https://calendar.example.org/feasts",
            timezone="Europe/Berlin",
            freeze="feast|holiday",
        ),
        SourceSettings(
            name="Wiki",
            kind=SourceKind.WIKITEXT,
            file=str(folder.path / "wiki.txt"),
            zones=(*ZONES, ("Berlin", "Europe/Berlin")),
            freeze="",
            empty_weeks_are_frozen=True,
        ),
    )
    assert calendar.takes == (Takes("backport", ("website", "config")), Takes("train", ("branch",)))
    assert "1a2b" not in repr(calendar), "the address is secret"


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("icalendar", "https://calendar.example.org/feasts.ics"),
        ("deployments-page", "https://wiki.example.org/w/api.php?action=parse&page=Deployments&format=json"),
        ("wikitext", "http://127.0.0.1:8080/index.php?title=Deployments&action=raw"),
    ],
)
def test_an_address_for_programs_is_not_shown_to_people(folder: Folder, kind: str, address: str) -> None:
    folder.write("calendar.toml", f'[[source]]\nname = "One"\nkind = "{kind}"\naddress = "{address}"\n')
    [source] = folder.load().calendar.sources
    assert (source.address, source.page) == (address, "")


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (f"{PAGE}", 1, "entry 1 of source is read in one place: write either address, address_file or file."),
        (
            f'{PAGE}{ADDRESS}file = "a.html"\n',
            1,
            "entry 1 of source is read in one place: write either address, address_file or file.",
        ),
        (
            f'{PAGE}address = "http://wiki.example.org/wiki/Deployments"\n',
            4,
            "address is on another machine: read it by https://.",
        ),
        (f'{PAGE}address = "https://wiki.example.org/x#y"\n', 4, "address ends before any #: the whole of it is read."),
        (
            f'{PAGE}{ADDRESS}page = "https://wiki.example.org/x#y"\n',
            5,
            "page ends before any #: behind that each window is named.",
        ),
        (
            f'[[source]]\nname = "Deployments"\n{ADDRESS}kind = "page"\n',
            4,
            "kind: 'page' is not one of deployments-page, wikitext, icalendar.",
        ),
        (f'{PAGE}{ADDRESS}timezone = "SF"\n', 5, "timezone 'SF' is no time zone: did you mean"),
        (f'{PAGE}{ADDRESS}zones = {{ SF = "Mars" }}\n', 5, "SF 'Mars' is no time zone: did you mean"),
        (f'{PAGE}{ADDRESS}freeze = "("\n', 5, "freeze is not a regular expression: "),
        (f'{PAGE}{ADDRESS}freeze = "x*"\n', 5, "freeze matches an empty name, and so every name: let it ask for one"),
        (f'{PAGE}{ADDRESS}freze = "x"\n', 5, "freze is no setting of [source]: did you mean freeze?"),
        (f'{PAGE}file = "nowhere.html"\n', 4, "There is no file nowhere.html: file names a file, seen from the folder"),
        (
            f'{PAGE}address_file = "secrets/irc-password"\n',
            4,
            "secrets/irc-password must hold an address that begins with https://, and nothing behind a #.",
        ),
        (f"{PAGE}{ADDRESS}{PAGE}{ADDRESS}", 6, "Deployments stands before this one already: name another."),
        ('[takes]\n"(" = ["website"]\n', 2, "( is not a regular expression: "),
        ('[takes]\n"train" = [""]\n', 2, "entry 1 of train is empty: write something, or leave the key out."),
        (
            f'[[source]]\nname = "{"x" * 61}"\nkind = "wikitext"\n{ADDRESS}',
            2,
            "name has 61 characters: people are told it, so call it something of 60.",
        ),
    ],
)
def test_a_faulty_source_is_an_error_on_its_line(folder: Folder, text: str, line: int, sentence: str) -> None:
    folder.write("calendar.toml", text)
    [problem] = folder.problems()
    assert problem.startswith(f"calendar.toml:{line}: {sentence}")


def test_what_is_wrong_with_a_secret_address_is_said_without_it(folder: Folder) -> None:
    for number, address in enumerate(
        ("http://calendar.example.org/1a2b", "https://[1a2b", "1a2b", "https://c.org/#1a2b")
    ):
        (folder.path / "secrets/feasts").write_text(address)
        folder.write("calendar.toml", f'{PAGE}address_file = "secrets/feasts"\n')
        [problem] = folder.problems()
        assert "1a2b" not in problem, number


def test_all_faults_of_all_sources_are_told_at_once(folder: Folder) -> None:
    folder.write("calendar.toml", f'{PAGE}{PAGE}{ADDRESS}timezone = "Mars"\n{PAGE}file = "nowhere"\n')
    assert [problem.split(": ")[0] for problem in folder.problems()] == [f"calendar.toml:{line}" for line in (1, 8, 12)]
