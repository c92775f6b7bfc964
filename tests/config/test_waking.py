"""The file of pagers: every mistake with its file and line, and no address in any sentence about it."""

from collections.abc import Callable

import pytest

from tests.config.folders import Folder
from tocsin.neighbours.pagers import paging
from tocsin.neighbours.pagers.paging import Pager, PagingSettings

TOP = "tocsin.toml"
FILE = "secrets/waking.toml"
SOUND = """\
[people.bo-sre]
urls = ["mailto://bo:xyzzy@mail.example.org?to=bo@example.org", "json://127.0.0.1/xyzzy"]
[teams.sre]
urls = ["json://127.0.0.1/xyzzy"]
"""

Pagers = Callable[[str], None]


@pytest.fixture
def pagers(folder: Folder) -> Pagers:
    """Return what writes the file of pagers and names it."""

    def write(text: str, table: str = f'file = "{FILE}"') -> None:
        folder.write(FILE, text)
        (folder.path / FILE).chmod(0o600)
        folder.add(TOP, f"[waking]\n{table}\n")

    return write


def test_without_a_file_nobody_has_a_pager(folder: Folder) -> None:
    assert folder.load().settings.waking == PagingSettings()


def test_people_and_teams_are_read_with_the_kind_of_each_service(folder: Folder, pagers: Pagers) -> None:
    pagers(SOUND)
    waking = folder.load().settings.waking
    mail = "mailto://bo:xyzzy@mail.example.org?to=bo@example.org"
    assert waking.people == {"bo-sre": (Pager("mail", mail), Pager("JSON", "json://127.0.0.1/xyzzy"))}
    assert waking.teams == {"sre": (Pager("JSON", "json://127.0.0.1/xyzzy"),)}
    assert (waking.most, waking.klaxon) == (5, "")
    assert folder.warnings() == []


def test_the_klaxon_is_known_wherever_people_are_woken_and_needs_no_pagers(folder: Folder) -> None:
    folder.add(TOP, '[waking]\nklaxon = "https://klaxon.example.org"\nmost = 3\n')
    loaded = folder.load()
    assert loaded.catalogue.klaxon == "https://klaxon.example.org"
    assert loaded.settings.waking == PagingSettings(most=3, klaxon="https://klaxon.example.org")


def test_every_mistake_in_it_is_told_at_once_with_its_line_and_without_the_address(
    folder: Folder, pagers: Pagers
) -> None:
    pagers(
        '[people.bo-srre]\nurls = ["json://127.0.0.1"]\n'
        '[people.bo-sre]\nurls = ["json://127.0.0.1", "nothing://xyzzy"]\n'
        '[people.mo-sre]\nurl = ["json://127.0.0.1"]\n'
        "[people.kim-releng]\nurls = []\n"
        '[people.lin]\nurls = "json://xyzzy"\n'
        '[teams.srre]\nurls = ["json://"]\n'
        '[people.rei-releng]\nurls = ["json://127.0.0.1", 7]\n'
    )
    told = folder.problems()
    assert told == [
        f"{FILE}:1: There is no person bo-srre in directory.toml: did you mean bo-sre?",
        f"{FILE}:4: apprise cannot read entry 2 of urls: compare it with its page on that service.",
        f"{FILE}:5: urls is missing: {ADDRESSES}",
        f"{FILE}:6: url is no setting of [mo-sre]: did you mean urls?",
        f"{FILE}:8: urls is an empty list: write an address, or leave the table out.",
        f"{FILE}:10: urls is a list in brackets, not a text.",
        f"{FILE}:11: There is no team srre in directory.toml: did you mean sre?",
        f"{FILE}:12: apprise cannot read entry 1 of urls: compare it with its page on that service.",
        f"{FILE}:14: entry 2 of urls is a text in quotes, not a number.",
    ]
    assert "xyzzy" not in str(told)


ADDRESSES = "Addresses as apprise writes them, such as mailto://, pagerduty://, ntfys:// or matrixs://."


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('file = "nowhere.toml"', "nowhere.toml:1: There is no such file"),
        ("most = 0", "most must be at least 1"),
        ('klaxon = "klaxon"', "klaxon is a web address that begins with https://."),
        (f'klaxon = "https://klaxon.example.org/{"x" * 120}"', "klaxon is longer than 120 bytes"),
        ('fle = "x"', "did you mean file?"),
    ],
)
def test_a_faulty_table_is_an_error(folder: Folder, pagers: Pagers, table: str, sentence: str) -> None:
    folder.add(TOP, f"[waking]\n{table}\n")
    assert sentence in " ".join(folder.problems())


def test_a_file_that_others_may_read_is_warned_of(folder: Folder, pagers: Pagers) -> None:
    pagers(SOUND)
    (folder.path / FILE).chmod(0o644)
    [warning] = folder.warnings()
    assert warning.endswith(f"{FILE} may be read by others (mode 0644): chmod 600 {FILE}")


def test_a_file_that_is_no_toml_is_told_without_what_stands_in_it(folder: Folder, pagers: Pagers) -> None:
    pagers('[people.bo-sre]\nurls = ["json://xyzzy\n')
    [told] = folder.problems()
    assert told.startswith(f"{FILE}:2: ")
    assert "xyzzy" not in told


def test_an_apprise_that_does_not_run_is_a_mistake_and_not_a_pager_less(
    folder: Folder, pagers: Pagers, monkeypatch: pytest.MonkeyPatch
) -> None:
    pagers(SOUND)
    monkeypatch.setattr(paging, "RINGING", ["false"])
    [told] = folder.problems()
    assert told.startswith(f"{FILE}:1: paging")


def test_pagers_are_secrets_and_change_no_digest(folder: Folder, pagers: Pagers) -> None:
    pagers(SOUND)
    before = folder.load().digest
    folder.write(FILE, SOUND.replace("xyzzy", "plugh"))
    assert folder.load().digest == before


def test_a_file_called_waking_toml_beside_the_others_needs_no_name(folder: Folder) -> None:
    folder.write("waking.toml", SOUND)
    (folder.path / "waking.toml").chmod(0o600)
    assert folder.warnings() == []
    assert set(folder.load().settings.waking.people) == {"bo-sre"}
