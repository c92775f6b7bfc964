"""The Gerrit sites of reviews: over TLS, each once, signed in with a password that stands in a file of its own."""

import pytest

from tests.config.folders import Folder
from tocsin.neighbours.asking.web import SignIn
from tocsin.neighbours.reviews.gerrit import GerritSettings

FILE = "tocsin.toml"
TABLE = '[[gerrit]]\nsite = "https://gerrit.example.org/r/"\n'


def test_a_gerrit_needs_no_more_than_its_address(folder: Folder) -> None:
    assert folder.load().settings.gerrit == ()
    folder.add(FILE, TABLE)
    assert folder.load().settings.gerrit == (GerritSettings("https://gerrit.example.org/r"),)


def test_a_gerrit_is_read_with_everything(folder: Folder) -> None:
    folder.write("gerrit-password", "open-sesame\n")
    folder.add(FILE, f'{TABLE}user = "tocsin"\npassword_file = "gerrit-password"\nci_label = "Tested"\n')
    folder.add(FILE, 'events = ["ssh", "-p", "29418", "gerrit.example.org", "gerrit", "stream-events"]\nwrite = true\n')
    [read] = folder.load().settings.gerrit
    events = ("ssh", "-p", "29418", "gerrit.example.org", "gerrit", "stream-events")
    sign_in = SignIn("tocsin", "open-sesame")
    assert read == GerritSettings("https://gerrit.example.org/r", sign_in, "Tested", events, write=True)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('user = "tocsin"', "The sign-in of https://gerrit.example.org/r needs password_file too."),
        ('password_file = "x"', "The sign-in of https://gerrit.example.org/r needs user too."),
        ('user = "tocsin"\npassword_file = "x"', "There is no file x"),
        (TABLE, "https://gerrit.example.org/r stands before this one already."),
        ('ci_lable = "x"', "did you mean ci_label?"),
        ("write = true", "To write, tocsin must sign in to https://gerrit.example.org/r: add user too."),
        ("events = []", "events is an empty list"),
        ('events = "ssh gerrit"', "events is a list of arguments"),
        ('events = ["ssh", "{change}"]', "events holds {change}, which nothing fills here"),
    ],
)
def test_a_faulty_gerrit_is_an_error(folder: Folder, more: str, sentence: str) -> None:
    folder.add(FILE, f"{TABLE}{more}\n")
    assert sentence in " ".join(folder.problems())


@pytest.mark.parametrize(
    ("site", "sentence"),
    [
        ("http://gerrit.example.org", "site is on another machine: ask it by https://."),
        ("https://gerrit.example.org/?q=1", "site ends before any ? or #"),
        ("https://tocsin:x@gerrit.example.org", "holds a user name or a password"),
        ("gerrit.example.org", "is a web address that begins with https://"),
    ],
)
def test_an_address_that_cannot_be_asked_safely_is_an_error(folder: Folder, site: str, sentence: str) -> None:
    folder.add(FILE, f'[[gerrit]]\nsite = "{site}"\n')
    assert sentence in " ".join(folder.problems())


def test_on_this_machine_plain_text_will_do(folder: Folder) -> None:
    folder.add(FILE, '[[gerrit]]\nsite = "http://127.0.0.1:8080"\n')
    assert folder.load().settings.gerrit == (GerritSettings("http://127.0.0.1:8080"),)
