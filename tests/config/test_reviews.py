"""The repositories of reviews: found by a path in full or a safe address, each project once, its branches by name."""

import pytest

from tests.config.folders import Folder
from tocsin.neighbours.reviews.git_naming import ReviewSettings

FILE = "tocsin.toml"
TABLE = '[[reviews]]\nproject = "website"\nrepository = "/srv/website.git"\n'


def repository(folder: Folder, written: str) -> str:
    folder.add(FILE, TABLE.replace("/srv/website.git", written))
    return folder.load().settings.reviews[0].repository


def test_a_repository_needs_no_more_than_a_project_and_a_place(folder: Folder) -> None:
    assert folder.load().settings.reviews == ()
    folder.add(FILE, TABLE)
    assert folder.load().settings.reviews == (ReviewSettings("website", "/srv/website.git"),)
    assert folder.warnings() == []


def test_a_repository_is_read_with_everything(folder: Folder) -> None:
    folder.add(FILE, f'{TABLE}branches = ["main", "wmf/1.47"]\nsite = "https://reviews.example.org"\npublic = true\n')
    [read] = folder.load().settings.reviews
    assert read == ReviewSettings(
        "website", "/srv/website.git", ("main", "wmf/1.47"), "https://reviews.example.org", public=True
    )


@pytest.mark.parametrize("written", ["website.git", "./website.git", "../etc/website.git"])
def test_a_path_is_seen_from_the_folder_of_the_file(folder: Folder, written: str) -> None:
    assert repository(folder, written) == str(folder.path / "website.git")


@pytest.mark.parametrize(
    "written",
    [
        "https://git.example.org/website",
        "https://tocsin@git.example.org/website",
        "ssh://git@git.example.org:2222/website",
        "git@git.example.org:website",
        "git.example.org:website",
        "file:///srv/website.git",
        "http://127.0.0.1:8080/website",
    ],
)
def test_an_address_stays_as_it_is(folder: Folder, written: str) -> None:
    assert repository(folder, written) == written


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("project", '"web site"', "project is a name such as website or operations/config, without spaces."),
        ("project", '"../website"', "project is a name such as website or operations/config, without spaces."),
        ("repository", '""', "repository is a path or an address, and does not begin with -."),
        ("repository", '"--upload-pack=date"', "repository is a path or an address, and does not begin with -."),
        (
            "repository",
            '"ssh://-oProxyCommand=date/x"',
            "repository is a path or an address, and does not begin with -.",
        ),
        ("repository", '"ext::sh -c date"', "repository is a path or an address, and does not begin with -."),
        ("repository", '"a\\nb"', "repository is a path or an address, and does not begin with -."),
        (
            "repository",
            '"git://git.example.org/website"',
            "repository is a path, or an address that begins with https:// or ssh://.",
        ),
        (
            "repository",
            '"https:///website"',
            "repository is a path, or an address that begins with https:// or ssh://.",
        ),
        (
            "repository",
            '"http://git.example.org/website"',
            "repository is on another machine: fetch from it by https:// or ssh://.",
        ),
        (
            "repository",
            '"https://tocsin:hunter2@git.example.org/website"',
            "repository holds a password: put that into the .netrc of the account that runs tocsin, or use ssh.",
        ),
        ("branches", "[]", 'branches is an empty list: name one at least, such as ["main"].'),
        ("branches", '["-main"]', "branches holds '-main', which is no name of a branch such as main."),
        ("branches", '["a..b"]', "branches holds 'a..b', which is no name of a branch such as main."),
        ("branches", '["a.lock"]', "branches holds 'a.lock', which is no name of a branch such as main."),
        ("branches", '["a/"]', "branches holds 'a/', which is no name of a branch such as main."),
        ("branches", '["main", "*"]', "branches holds '*', which is no name of a branch such as main."),
        ("branches", '["main", "main"]', "branches holds main twice: write it once."),
        ("branch", '"main"', "branch is no setting of [reviews]: did you mean branches?"),
        ("site", '"reviews.example.org"', "site is a web address that begins with https://."),
        ("site", '"https://reviews.example.org:99999"', "site has a port that is none: it is from 1 to 65535."),
        ("public", '"yes"', "public is true or false, not a text."),
    ],
)
def test_a_faulty_repository_is_an_error_on_its_line_that_tells_no_password(
    folder: Folder, key: str, value: str, sentence: str
) -> None:
    kept = [line for line in TABLE.splitlines() if not line.startswith(f"{key} ")]
    line = folder.add(FILE, "\n".join([*kept, f"{key} = {value}", ""])) + len(kept)
    assert folder.problems() == [f"{FILE}:{line}: {sentence}"]


def test_all_faults_of_all_repositories_are_told_at_once_each_on_its_line(folder: Folder) -> None:
    first = folder.add(FILE, f"{TABLE}branches = []\n{TABLE}{TABLE}")
    assert folder.problems() == [
        f'{FILE}:{first + 3}: branches is an empty list: name one at least, such as ["main"].',
        f"{FILE}:{first + 8}: website has a repository before this one: name another.",
    ]


def test_a_branch_whose_changes_no_target_takes_is_a_warning(folder: Folder) -> None:
    folder.change("targets/website.toml", 'branch = "*"', 'branch = "main"')
    line = folder.add(FILE, f'{TABLE}branches = ["main", "next"]\n') + 1
    sentence = "No target takes changes of website for next: name them in sources of a target."
    assert folder.warnings() == [f"{FILE}:{line}: {sentence}"]
