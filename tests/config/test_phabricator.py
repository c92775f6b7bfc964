"""The site of tasks: over TLS, with a token that stands in a file of its own; and who conducts the train."""

import pytest

from tests.config.folders import Folder
from tocsin.config.differences import changes
from tocsin.domain.people import TeamId
from tocsin.neighbours.rotas.train import TrainSettings
from tocsin.neighbours.tasks.conduit import ConduitSettings
from tocsin.neighbours.tasks.phabricator import PhabricatorSettings

FILE = "tocsin.toml"
SITE = "https://tasks.example.org"
TABLE = f'[phabricator]\nsite = "{SITE}/"\ntoken_file = "conduit-token"\n'
TRAIN = '[train]\nblockers = "https://train.example.org/api.php?x=1"\nteam = "release-engineering"\n'


@pytest.fixture
def own(folder: Folder) -> Folder:
    folder.write("conduit-token", "api-invented\n")
    (folder.path / "conduit-token").chmod(0o600)
    return folder


def test_without_a_table_tasks_are_plain_links_and_nobody_conducts(own: Folder) -> None:
    settings = own.load().settings
    assert (settings.phabricator, settings.train) == (None, None)


def test_a_site_needs_its_address_and_a_token(own: Folder) -> None:
    own.add(FILE, TABLE)
    assert own.load().settings.phabricator == PhabricatorSettings(ConduitSettings(SITE, "api-invented"))


def test_spaces_that_the_public_may_enter_are_named(own: Folder) -> None:
    own.add(FILE, f'{TABLE}public_spaces = ["PHID-SPCE-a"]\n')
    read = own.load().settings.phabricator
    assert read and read.public_spaces == frozenset({"PHID-SPCE-a"})


def test_the_train_needs_its_page_and_the_conductors_team(own: Folder) -> None:
    own.add(FILE, TABLE + TRAIN)
    expected = TrainSettings(
        "https://train.example.org/api.php?x=1", TeamId("release-engineering"), "custom.train.backup"
    )
    assert own.load().settings.train == expected
    own.add(FILE, 'backup_field = "custom.second"\n')
    read = own.load().settings.train
    assert read and read.backup_field == "custom.second"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f'[phabricator]\nsite = "{SITE}"\n', "token_file is missing: The file that holds the Conduit token"),
        (f'[phabricator]\nsite = "{SITE}"\ntoken_file = ""\n', "token_file is empty"),
        (f'[phabricator]\nsite = "{SITE}"\ntoken_file = "x"\n', "There is no file x"),
        (
            f'[phabricator]\nsite = "{SITE}"\ntoken_file = "conduit-token"\ntoken = "api-x"\n',
            "token: a secret never stands here.",
        ),
        (TABLE.replace("https", "http"), "site is on another machine: ask it by https://."),
        (TABLE.replace("org/", "org/?x"), "site ends before any ?"),
        (TABLE.replace("org/", "org/#x"), "site ends before any #."),
        (f'{TABLE}public_spaces = ["S1"]\n', "the PHID of a space begins with PHID-SPCE-."),
        (TRAIN, "The conductor is read from the train's task: write [phabricator] too."),
        (
            TABLE + TRAIN.replace("engineering", "enginering"),
            "There is no team release-enginering: did you mean release-engineering?",
        ),
        (TABLE + TRAIN.replace("https", "http"), "blockers is on another machine: ask it by https://."),
        (f"{TABLE}{TRAIN}backup_feild = 'x'\n", "did you mean backup_field?"),
    ],
)
def test_a_faulty_table_is_an_error_on_its_line(own: Folder, text: str, sentence: str) -> None:
    own.add(FILE, text)
    [problem] = own.problems()
    assert sentence in problem
    assert "api-" not in problem.replace("api-x", "")


def test_a_token_that_others_may_read_deserves_a_look(own: Folder) -> None:
    (own.path / "conduit-token").chmod(0o644)
    line = own.add(FILE, TABLE) + 2
    expected = f"{FILE}:{line}: conduit-token may be read by others (mode 0644): chmod 600 conduit-token"
    assert own.warnings() == [expected]


def test_a_team_of_which_no_conductor_could_be_known_deserves_a_look(own: Folder) -> None:
    line = own.add(FILE, TABLE + TRAIN) + TABLE.count("\n") + 2
    [warning] = own.warnings()
    assert warning.startswith(f"{FILE}:{line}: Nobody of release-engineering has known_as in directory.toml, so that")
    own.change("directory.toml", 'name = "kim-releng" }]\n', 'name = "kim-releng" }]\nknown_as = ["Kim"]\n')
    assert own.warnings() == []


def test_on_this_machine_plain_text_will_do(own: Folder) -> None:
    own.add(FILE, TABLE.replace(SITE, "http://127.0.0.1:8080"))
    read = own.load().settings.phabricator
    assert read and read.conduit.site == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", TABLE, ("Phabricator tasks.example.org is new",)),
        (TABLE, "", ("Phabricator tasks.example.org is gone",)),
        (
            TABLE,
            f'{TABLE}public_spaces = ["PHID-SPCE-a"]\n',
            ("the public may enter other spaces of Phabricator than before",),
        ),
        (TABLE, TABLE + TRAIN, ("who conducts the train is found in another way than before",)),
    ],
)
def test_whose_word_it_is_what_the_public_hears_never_changes_quietly(
    own: Folder, before: str, after: str, told: tuple[str, ...]
) -> None:
    plain = (own.path / FILE).read_text()
    own.write(FILE, plain + before)
    first = own.load()
    own.write(FILE, plain + after)
    assert changes(first, own.load()) == told
