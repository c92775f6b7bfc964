"""Changes in a plain git repository, as Gerrit lays them out; a real repository in a folder of the test's."""

import asyncio
import os
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tocsin.domain.change import Change, ChangeStatus, Size, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours import git
from tocsin.neighbours.git import GitReviews, ReviewSettings

SITE = "https://reviews.example.org"


AUTHOR = {"NAME": "lin", "EMAIL": "lin@example.org"}


class Repository:
    """A bare repository, and a checkout that uploads to it."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.work = folder / "bare.git", folder / "work"
        folder.mkdir(exist_ok=True)
        self.run(folder, "init", "-q", "--bare", "--initial-branch", "main", str(self.bare))
        self.run(folder, "clone", "-q", str(self.bare), str(self.work))
        self.commit("first", "one\n")
        self.push("refs/heads/main")

    def run(self, folder: Path, *words: str) -> str:
        own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in AUTHOR.items()}
        done = subprocess.run(["git", "-C", str(folder), *words], check=True, env=own | names, capture_output=True)
        return done.stdout.decode().strip()

    def commit(self, subject: str, text: str) -> str:
        (self.work / "page").write_text(text)
        self.run(self.work, "add", "page")
        self.run(self.work, "commit", "-q", "--allow-empty", "-m", subject)
        return self.run(self.work, "rev-parse", "HEAD")

    def push(self, ref: str) -> None:
        self.run(self.work, "push", "-q", "--force", "origin", f"HEAD:{ref}")

    def upload(self, number: int, patchset: int, subject: str = "Mend it", text: str = "two\nthree\n") -> str:
        self.run(self.work, "checkout", "-q", "--detach", "origin/main")
        sha = self.commit(subject, text)
        self.push(f"refs/changes/{number % 100:02d}/{number}/{patchset}")
        return sha


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "upstream")


@pytest.fixture
def reviews(repository: Repository, tmp_path: Path) -> GitReviews:
    settings = ReviewSettings("website", str(repository.bare), "main", SITE, public=True)
    known = {"lin@example.org": PersonId("lin")}
    return GitReviews((settings,), tmp_path / "copies", known.get)


async def test_a_change_is_the_newest_patchset_with_all_that_git_tells(
    reviews: GitReviews, repository: Repository
) -> None:
    repository.upload(1234, 1)
    sha = repository.upload(1234, 12, "Stop caching newly painted pages")
    assert await reviews.change("1234") == Change(
        number=1234,
        patchset=12,
        sha=sha,
        project="website",
        branch="main",
        subject="Stop caching newly painted pages",
        authors=frozenset({PersonId("lin")}),
        author_name="lin",
        size=Size(1, 2, 1),
        public=Verdict.YES,
        url=f"{SITE}/1234",
    )


async def test_ci_and_mergeable_are_not_known_rather_than_good(reviews: GitReviews, repository: Repository) -> None:
    repository.upload(7, 1)
    change = await reviews.change("7")
    assert (change.ci, change.mergeable) == (Verdict.UNKNOWN, Verdict.UNKNOWN)


async def test_a_patchset_uploaded_meanwhile_is_the_newest(reviews: GitReviews, repository: Repository) -> None:
    repository.upload(1234, 1)
    before = await reviews.change("1234")
    repository.upload(1234, 2, text="better\n")
    after = await reviews.change("1234")
    assert (before.patchset, after.patchset) == (1, 2)
    assert before.sha != after.sha


async def test_what_was_merged_says_so(reviews: GitReviews, repository: Repository) -> None:
    sha = repository.upload(1234, 1)
    repository.push("refs/heads/main")
    change = await reviews.change("1234")
    assert (change.status, change.merged_as) == (ChangeStatus.MERGED, sha)


async def test_what_else_would_go_live_with_it_is_named(reviews: GitReviews, repository: Repository) -> None:
    repository.upload(1, 1, "Prepare")
    repository.commit("Mend", "four\n")
    repository.push("refs/changes/02/2/1")
    assert [each.partition(" ")[2] for each in (await reviews.change("2")).brings] == ["Prepare"]


@pytest.mark.parametrize(
    "named",
    ["1234", "1234/1", f"{SITE}/1234", f"{SITE}/c/website/+/1234", f"{SITE}/c/website/+/1234/1", f"{SITE}/1234/"],
)
async def test_a_change_is_found_however_it_is_written(reviews: GitReviews, repository: Repository, named: str) -> None:
    repository.upload(1234, 1)
    assert (await reviews.change(named)).number == 1234


@pytest.mark.parametrize(
    "named",
    [
        "https://elsewhere.example.com/1234",
        "http://127.0.0.1:22/1234",
        "--upload-pack=touch /tmp/x",
        "ext::sh -c date/1",
        "1234\n5",
        "9" * 40,
        "0",
        "",
    ],
)
async def test_only_numbers_and_our_own_sites_are_asked_about(reviews: GitReviews, named: str) -> None:
    with pytest.raises(Refused, match="such as 1234"):
        await reviews.change(named)


async def test_a_change_that_is_not_there_is_refused_with_what_to_look_at(reviews: GitReviews) -> None:
    with pytest.raises(Refused, match="There is no change 99 in website: is the number right"):
        await reviews.change("99")


async def test_a_repository_that_is_gone_is_unreachable(reviews: GitReviews, repository: Repository) -> None:
    repository.bare.rename(repository.bare.with_name("gone"))
    with pytest.raises(Unreachable, match="the reviews of website"):
        await reviews.change("1234")


async def test_a_repository_that_hangs_is_given_up_and_leaves_no_process(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "GIT_SECONDS", 0.5)
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    settings = ReviewSettings("website", f"git://127.0.0.1:{port}/website")
    began = time.monotonic()
    with pytest.raises(Unreachable, match="no answer within"):
        await GitReviews((settings,), tmp_path / "copies", lambda _: None).change("1")
    assert time.monotonic() - began < 10
    silent.close()


async def test_a_subject_with_control_characters_is_taken_as_it_is(reviews: GitReviews, repository: Repository) -> None:
    repository.upload(5, 1, "Mend \x1b[31m it \u202e now")
    assert (await reviews.change("5")).subject == "Mend \x1b[31m it \u202e now"


async def test_hooks_and_settings_of_this_machine_are_not_used(
    reviews: GitReviews, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text('[url "https://elsewhere.example.com/"]\n\tinsteadOf = /\n')
    monkeypatch.setenv("HOME", str(home))
    repository.upload(6, 1)
    assert (await reviews.change("6")).number == 6


async def test_many_questions_at_once_are_answered_one_after_the_other(
    reviews: GitReviews, repository: Repository
) -> None:
    for number in range(1, 6):
        repository.upload(number, 1)
    found = await asyncio.gather(*(reviews.change(str(number)) for number in range(1, 6)))
    assert [change.number for change in found] == [1, 2, 3, 4, 5]
