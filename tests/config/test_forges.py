"""GitHub and GitLab in the configuration: over TLS, each site once, projects by name, a token in a file of its own."""

import pytest

from tests.config.folders import Folder
from tocsin.neighbours.reviews.github import GithubSettings
from tocsin.neighbours.reviews.gitlab import GitlabSettings

FILE = "tocsin.toml"
GITHUB = '[[github]]\nrepositories = ["example/website"]\n'
GITLAB = '[[gitlab]]\nsite = "https://gitlab.example.org/"\nprojects = ["example/tools/website"]\n'


def test_neither_need_be_there(folder: Folder) -> None:
    settings = folder.load().settings
    assert (settings.github, settings.gitlab) == ((), ())


def test_a_github_needs_no_more_than_its_repositories_and_a_warning_says_how_little_it_then_answers(
    folder: Folder,
) -> None:
    folder.add(FILE, GITHUB)
    loaded = folder.load()
    usual = GithubSettings("https://github.com", "https://api.github.com", ("example/website",))
    assert loaded.settings.github == (usual,)
    assert any("Without token_file it answers 60 questions an hour" in str(each) for each in loaded.warnings)


def test_a_github_is_read_with_everything(folder: Folder) -> None:
    folder.write("github-token", "t0k3n\n")
    folder.add(FILE, f'{GITHUB}site = "https://github.example.org/"\ntoken_file = "github-token"\n')
    folder.add(FILE, 'required_checks = ["tests", "ci/build"]\n')
    [read] = folder.load().settings.github
    site, api = "https://github.example.org", "https://github.example.org/api/v3"
    assert read == GithubSettings(site, api, ("example/website",), "t0k3n", ("tests", "ci/build"))


def test_an_api_elsewhere_is_named(folder: Folder) -> None:
    folder.add(FILE, f'{GITHUB}api = "https://api.example.org/github/"\n')
    [read] = folder.load().settings.github
    assert read.api == "https://api.example.org/github"


def test_a_gitlab_is_read_with_everything(folder: Folder) -> None:
    folder.write("gitlab-token", "t0k3n\n")
    folder.add(FILE, f'{GITLAB}token_file = "gitlab-token"\n')
    read = folder.load().settings.gitlab
    assert read == (GitlabSettings("https://gitlab.example.org", ("example/tools/website",), "t0k3n"),)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (f"{GITHUB}{GITHUB}", "https://github.com stands before this one already."),
        (f"{GITLAB}{GITLAB}", "https://gitlab.example.org stands before this one already."),
        (f'{GITHUB}token_file = "gone"\n', "There is no file gone"),
        (f'{GITLAB}token_file = "gone"\n', "There is no file gone"),
        (f'{GITLAB}token = "t0k3n"\n', "token: a secret never stands here."),
        (f'{GITHUB}repos = ["a/b"]\n', "repos is no setting of [github]"),
        ("[[github]]\n", "repositories is missing: The repositories that it is asked for"),
        ("[[gitlab]]\n", "projects is missing: The projects that it is asked for"),
        ("[[github]]\nrepositories = []\n", 'repositories is an empty list: name one at least, such as ["owner/name"]'),
        (
            '[[github]]\nrepositories = ["website"]\n',
            "repositories holds 'website', which is no name such as owner/name",
        ),
        ('[[github]]\nrepositories = ["a/b/c"]\n', "repositories holds 'a/b/c', which is no name such as owner/name"),
        ('[[github]]\nrepositories = ["a/.."]\n', "repositories holds 'a/..', which is no name such as owner/name"),
        ('[[github]]\nrepositories = ["a/b.git"]\n', "which is no name such as owner/name"),
        ('[[github]]\nrepositories = ["a/b", "A/B"]\n', "repositories holds a/b twice: write it once"),
        ('[[gitlab]]\nprojects = ["https://x.org/a/b"]\n', "which is no name such as group/name"),
        (f'{GITHUB}site = "http://github.example.org"\n', "site is on another machine: ask it by https://."),
        (f'{GITHUB}api = "http://github.example.org"\n', "api is on another machine: ask it by https://."),
        (f'{GITHUB}api = "https://me:t0k3n@github.example.org"\n', "api holds a user name or a password"),
    ],
)
def test_a_faulty_one_is_an_error(folder: Folder, written: str, sentence: str) -> None:
    folder.add(FILE, written)
    assert sentence in " ".join(folder.problems())


def test_all_that_is_wrong_is_told_at_once(folder: Folder) -> None:
    folder.add(
        FILE, '[[github]]\nrepositories = []\n[[gitlab]]\nprojects = ["x"]\nsite = "http://gitlab.example.org"\n'
    )
    told = " ".join(folder.problems())
    assert all(
        each in told for each in ("repositories is an empty list", "projects holds", "site is on another machine")
    )
