"""Plain git alone: which branch a change is for, what a repository may not do to us, and the copies that we keep."""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.neighbours.repositories import Repository, ref
from tocsin.domain.change import ChangeStatus, Size, Verdict
from tocsin.domain.errors import Refused, Unreachable
from tocsin.domain.people import PersonId
from tocsin.neighbours.asking import git_copy, git_program
from tocsin.neighbours.reviews import git_describing
from tocsin.neighbours.reviews.git import GitReviews
from tocsin.neighbours.reviews.git_naming import ReviewSettings

PEOPLE = {"lin@example.org": PersonId("lin"), "ada@example.org": PersonId("ada")}
Reviewing = Callable[..., GitReviews]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "upstream")


@pytest.fixture
def reviewing(repository: Repository, tmp_path: Path) -> Reviewing:
    """Return what makes reviews of the repository, for these branches."""

    def make(*branches: str, public: bool = False, site: str = "") -> GitReviews:
        settings = ReviewSettings("website", str(repository.bare), branches or ("main",), site, public)
        return GitReviews((settings,), tmp_path / "copies", PEOPLE.get)

    return make


@pytest.fixture
def silent() -> Iterator[str]:
    """Return the address of a server that takes a connection and never says a word."""
    server = socket.create_server(("127.0.0.1", 0))
    yield f"http://127.0.0.1:{server.getsockname()[1]}/website"
    server.close()


@pytest.fixture
def instead_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what makes git do something else first."""

    def put(words: str) -> None:
        program = tmp_path / "bin/git"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\n{words}\nexec {_git()} "$@"\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")

    return put


# --- which branch ------------------------------------------------------------------------------------------------


@pytest.fixture
def released(repository: Repository) -> Repository:
    """The release was cut off from main; since then each has gone its own way."""
    repository.push("refs/heads/release")
    repository.begin("origin/main")
    repository.commit("only on main", "main\n")
    repository.push("refs/heads/main")
    repository.run(repository.work, "fetch", "-q")
    repository.begin("origin/release")
    repository.commit("only on release", "release\n")
    repository.push("refs/heads/release")
    repository.run(repository.work, "fetch", "-q")
    return repository


async def test_a_change_is_for_the_branch_that_it_was_begun_on(released: Repository, reviewing: Reviewing) -> None:
    reviews = reviewing("main", "release")
    released.begin("origin/release")
    released.upload_further(1, 1, "For the release", "x\n")
    released.begin("origin/main")
    released.upload_further(2, 1, "For main", "y\n")
    found = [await reviews.change(named) for named in ("1", "2")]
    assert [(change.branch, change.brings) for change in found] == [("release", ()), ("main", ())]


async def test_of_branches_that_are_equally_near_the_first_configured_counts(
    repository: Repository, reviewing: Reviewing
) -> None:
    repository.push("refs/heads/release")
    repository.upload(1, 1)
    assert (await reviewing("main", "release").change("1")).branch == "main"
    assert (await reviewing("release", "main").change("1")).branch == "release"


async def test_a_change_is_merged_in_the_branch_that_holds_it(released: Repository, reviewing: Reviewing) -> None:
    released.begin("origin/release")
    sha = released.upload_further(1, 1, "For the release", "x\n")
    released.push("refs/heads/release")
    change = await reviewing("main", "release").change("1")
    assert (change.branch, change.status, change.merged_as) == ("release", ChangeStatus.MERGED, sha)


async def test_a_branch_that_is_not_there_yet_is_no_obstacle_while_another_is(
    repository: Repository, reviewing: Reviewing
) -> None:
    repository.upload(1, 1)
    assert (await reviewing("next", "main").change("1")).branch == "main"
    with pytest.raises(Unreachable, match="it has no branch next or later"):
        await reviewing("next", "later").change("1")


# --- what is told ------------------------------------------------------------------------------------------------


async def test_whoever_wrote_it_and_whoever_uploaded_it_are_its_authors(
    repository: Repository, reviewing: Reviewing
) -> None:
    repository.begin()
    repository.commit("Mend it", "x\n", author=("Ada", "ada@example.org"))
    repository.push(ref(1, 1))
    change = await reviewing().change("1")
    assert (change.author_name, change.authors) == ("Ada", frozenset(PEOPLE.values()))


async def test_an_author_whom_the_directory_does_not_know_is_a_name_alone(
    repository: Repository, tmp_path: Path
) -> None:
    repository.upload(1, 1)
    settings = ReviewSettings("website", str(repository.bare))
    change = await GitReviews((settings,), tmp_path / "copies", lambda _: None).change("1")
    assert (change.author_name, change.authors) == ("lin", frozenset())


async def test_what_may_be_read_in_public_is_not_known_unless_it_was_said(
    repository: Repository, reviewing: Reviewing
) -> None:
    repository.upload(1, 1)
    change = await reviewing().change("1")
    assert (change.public, change.url) == (Verdict.UNKNOWN, "")


async def test_the_size_is_that_of_all_files_even_of_those_that_are_no_text(
    repository: Repository, reviewing: Reviewing
) -> None:
    repository.begin()
    (repository.work / "picture\n\t").write_bytes(bytes(range(256)))
    repository.run(repository.work, "add", ".")
    repository.upload_further(1, 1, "Paint", "one\ntwo\n")
    assert (await reviewing().change("1")).size == Size(files=2, added=1, removed=0)


async def test_the_size_of_a_merge_is_what_it_adds_to_its_branch(repository: Repository, reviewing: Reviewing) -> None:
    repository.begin()
    repository.commit("On the side", "one\ntwo\n")
    side = repository.run(repository.work, "rev-parse", "HEAD")
    repository.begin()
    repository.run(repository.work, "merge", "-q", "--no-ff", "-m", "Bring it in", side)
    repository.push(ref(1, 1))
    change = await reviewing().change("1")
    assert (change.subject, change.size) == ("Bring it in", Size(files=1, added=1, removed=0))
    assert [each.partition(" ")[2] for each in change.brings] == ["On the side"]


async def test_a_commit_without_a_change_is_brought_by_a_sha_of_fixed_length(
    repository: Repository, reviewing: Reviewing
) -> None:
    repository.begin()
    sha = repository.commit("Prepare", "x\n")
    repository.upload_further(2, 1, "Mend", "y\n")
    assert (await reviewing().change("2")).brings == (f"{sha[:10]} Prepare",)


async def test_of_many_commits_brought_along_some_are_named_and_the_rest_counted(
    repository: Repository, reviewing: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_describing, "MOST_BROUGHT", 2)
    repository.begin()
    for number in range(1, 6):
        repository.commit(f"Step {number}", f"{number}\n")
    repository.upload_further(9, 1, "Mend", "z\n")
    brings = (await reviewing().change("9")).brings
    assert [brings[0].partition(" ")[2], brings[1].partition(" ")[2], brings[2]] == ["Step 5", "Step 4", "and 3 more"]


async def test_where_changes_are_too_many_to_be_listed_shas_stand_for_themselves(
    repository: Repository, reviewing: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = repository.upload(1, 1, "Prepare")
    repository.upload_further(2, 1, "Mend", "z\n")
    for number in range(10, 25):
        repository.push(ref(number, 1))
    monkeypatch.setattr(git_program, "LARGEST_ANSWER_BYTES", 900)
    assert (await reviewing().change("2")).brings == (f"{sha[:10]} Prepare",)


# --- several repositories ----------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> tuple[Repository, Repository]:
    return Repository(tmp_path / "one"), Repository(tmp_path / "two")


def both(two: tuple[Repository, Repository], folder: Path, site: str = "https://reviews.example.org") -> GitReviews:
    names = ("website", "operations/config")
    each = zip(names, two, strict=True)
    settings = tuple(ReviewSettings(name, str(repository.bare), site=site) for name, repository in each)
    return GitReviews(settings, folder / "copies", PEOPLE.get)


async def test_of_several_repositories_that_one_is_meant_which_has_the_change(
    two: tuple[Repository, Repository], tmp_path: Path
) -> None:
    two[1].upload(7, 1)
    assert (await both(two, tmp_path).change("7")).project == "operations/config"
    with pytest.raises(Refused, match="There is no change 8 in website or operations/config"):
        await both(two, tmp_path).change("8")


async def test_a_number_that_two_repositories_have_is_asked_back_and_its_address_settles_it(
    two: tuple[Repository, Repository], tmp_path: Path
) -> None:
    for repository in two:
        repository.upload(7, 1)
    reviews = both(two, tmp_path)
    address = "https://reviews.example.org/c/website/[+]/7"
    with pytest.raises(
        Refused, match=f"There is a change 7 in website and in operations/config: say its address, such as {address}"
    ):
        await reviews.change("7")
    found = await reviews.change("https://reviews.example.org/c/operations%2Fconfig/+/7/1")
    assert found.project == "operations/config"
    with pytest.raises(Refused, match=r"give them a site in tocsin\.toml"):
        await both(two, tmp_path, site="").change("7")


async def test_a_repository_that_is_silent_keeps_the_other_from_nothing(
    two: tuple[Repository, Repository], tmp_path: Path
) -> None:
    two[1].upload(7, 1)
    two[0].bare.rename(two[0].bare.with_name("gone"))
    reviews = both(two, tmp_path)
    assert (await reviews.change("7")).project == "operations/config"
    with pytest.raises(Unreachable, match="the reviews of website"):
        await reviews.change("8")


async def test_without_a_repository_every_change_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="name a recipe, or add"):
        await GitReviews((), tmp_path, PEOPLE.get).change("1234")


# --- what a repository may not do to us --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["meta", "3/robot", "03", "3x", "9999999"])
async def test_a_ref_that_only_looks_like_a_patchset_is_none(
    repository: Repository, reviewing: Reviewing, name: str
) -> None:
    sha = repository.upload(1234, 2)
    repository.commit("Not reviewed", "evil\n")
    repository.push(ref(1234, name))
    change = await reviewing().change("1234")
    assert (change.patchset, change.sha) == (2, sha)


async def test_a_subject_may_hold_anything_and_stays_one_subject_of_bounded_length(
    repository: Repository, reviewing: Reviewing
) -> None:
    nasty = "Mend \x1b[31m\x0b\x1c\u2028\u202e now"
    repository.upload(1, 1, nasty)
    repository.upload_further(2, 1, "x" * 10_000, "z\n")
    first, second = [await reviewing().change(named) for named in ("1", "2")]
    assert first.subject == nasty
    assert second.brings == (f"1/1 {nasty}",)
    assert len(second.subject) == git_describing.LONGEST_SUBJECT


async def test_a_repository_that_hangs_is_given_up_and_leaves_no_process(silent: str, tmp_path: Path) -> None:
    settings = ReviewSettings("website", silent)
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"no answer within 0\.5 s"):
        await GitReviews((settings,), tmp_path / "copies", PEOPLE.get, seconds=0.5).change("1")
    assert time.monotonic() - began < 10
    await gone(silent)


async def test_whoever_stops_waiting_leaves_no_process_behind_either(silent: str, tmp_path: Path) -> None:
    reviews = GitReviews((ReviewSettings("website", silent),), tmp_path / "copies", PEOPLE.get)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reviews.change("1"), 0.5)
    await gone(silent)


@pytest.mark.parametrize("address", ["ext::touch {folder}/touched", "--upload-pack=touch {folder}/touched;"])
async def test_an_address_can_neither_run_a_program_nor_be_an_option(tmp_path: Path, address: str) -> None:
    settings = ReviewSettings("website", address.format(folder=tmp_path))
    with pytest.raises(Unreachable):
        await GitReviews((settings,), tmp_path / "copies", PEOPLE.get).change("1")
    assert not (tmp_path / "touched").exists()


async def test_an_answer_without_end_is_cut_off(
    repository: Repository, reviewing: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.upload(1, 1)
    monkeypatch.setattr(git_program, "LARGEST_ANSWER_BYTES", 30)
    with pytest.raises(Unreachable, match="its answer is longer than 30 bytes"):
        await reviewing().change("1")


async def test_settings_of_this_machine_and_of_folders_around_us_are_not_read(
    repository: Repository, reviewing: Reviewing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    astray = f'[url "{tmp_path}/nowhere"]\n\tinsteadOf = {repository.bare}\n'
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.gitconfig").write_text(astray)
    around = Repository(tmp_path / "around")
    with (around.work / ".git/config").open("a") as config:
        config.write(astray)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_DIR", str(around.bare))
    monkeypatch.chdir(around.work)
    repository.upload(6, 1)
    assert (await reviewing().change("6")).number == 6


async def test_a_configured_repository_may_belong_to_somebody_else(
    repository: Repository, reviewing: Reviewing, instead_of_git: Callable[[str], None]
) -> None:
    repository.upload(6, 1)
    instead_of_git("export GIT_TEST_ASSUME_DIFFERENT_OWNER=1")
    assert (await reviewing().change("6")).number == 6


async def test_without_git_the_reviews_are_unreachable(
    reviewing: Reviewing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreachable, match="git cannot be run: No such file"):
        await reviewing().change("1")


async def test_a_folder_that_cannot_be_written_makes_the_reviews_unreachable(
    reviewing: Reviewing, tmp_path: Path
) -> None:
    (tmp_path / "copies").write_text("in the way")
    with pytest.raises(Unreachable, match="cannot be written"):
        await reviewing().change("1")


# --- copies ------------------------------------------------------------------------------------------------------


async def test_only_what_was_asked_about_is_fetched(
    repository: Repository, reviewing: Reviewing, tmp_path: Path
) -> None:
    repository.push("refs/heads/large")
    repository.run(repository.work, "push", "-q", "origin", "HEAD:refs/tags/v1")
    repository.upload(1, 1)
    repository.upload(2, 1)
    await reviewing().change("2")
    held = repository.run(tmp_path / "copies/website.git", "for-each-ref", "--format=%(refname)")
    assert held.split() == [ref(2, 1), "refs/heads/main"]


async def test_what_did_not_move_is_not_fetched_again(
    repository: Repository, reviewing: Reviewing, tmp_path: Path
) -> None:
    repository.upload(1, 1)
    reviews = reviewing()
    before = await reviews.change("1")
    (tmp_path / "copies/website.git/refs/heads/main.lock").touch()  # whatever fetches now, fails
    assert await reviews.change("1") == before
    repository.upload(1, 2, text="better\n")
    repository.push("refs/heads/main")
    with pytest.raises(Unreachable, match="the reviews of website"):
        await reviews.change("1")


async def test_the_lock_of_a_fetch_that_was_killed_long_ago_is_taken_away(
    repository: Repository, reviewing: Reviewing, tmp_path: Path
) -> None:
    repository.upload(1, 1)
    await reviewing().change("1")
    lock = tmp_path / "copies/website.git/refs/heads/main.lock"
    lock.touch()
    os.utime(lock, (0, 0))
    sha = repository.upload(1, 2, text="better\n")
    repository.push("refs/heads/main")
    assert (await reviewing().change("1")).sha == sha
    assert not lock.exists()


async def test_a_copy_that_was_deleted_is_made_again(
    repository: Repository, reviewing: Reviewing, tmp_path: Path
) -> None:
    repository.upload(1, 1)
    reviews = reviewing()
    before = await reviews.change("1")
    (tmp_path / "copies/website.git").rename(tmp_path / "elsewhere")
    assert await reviews.change("1") == before


async def test_a_fetch_goes_on_when_nobody_waits_for_it_any_more(
    repository: Repository, reviewing: Reviewing, tmp_path: Path, instead_of_git: Callable[[str], None]
) -> None:
    repository.upload(1, 1)
    begun = tmp_path / "begun"
    instead_of_git(f'case " $* " in *" fetch "*) echo >> {begun}; sleep 1;; esac')
    reviews = reviewing()
    asking = asyncio.create_task(reviews.change("1"))
    for _ in range(1000):
        if begun.exists():
            break
        await asyncio.sleep(0.02)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await reviews.change("1")).number == 1
    assert begun.read_text() == "\n"


async def test_a_ref_that_vanishes_while_it_is_fetched_is_looked_for_once_more(
    repository: Repository, reviewing: Reviewing, tmp_path: Path, instead_of_git: Callable[[str], None]
) -> None:
    first = repository.upload(1, 1)
    repository.upload(1, 2, text="better\n")
    away = f"{_git()} --git-dir={repository.bare} update-ref -d {ref(1, 2)}"
    instead_of_git(f'case " $* " in *" fetch "*) {away};; esac')
    change = await reviewing().change("1")
    assert (change.patchset, change.sha) == (1, first)


async def test_a_fetch_that_takes_too_long_is_ended(
    repository: Repository, reviewing: Reviewing, instead_of_git: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.upload(1, 1)
    instead_of_git('case " $* " in *" fetch "*) sleep 60;; esac')
    monkeypatch.setattr(git_copy, "FETCH_SECONDS", 0.2)
    with pytest.raises(Unreachable, match=r"no answer within 0\.2 s"):
        await reviewing().change("1")


def _git() -> str:
    """Return the real program, wherever it is."""
    return next(str(path) for each in os.environ["PATH"].split(":") if (path := Path(each) / "git").is_file())


async def gone(words: str) -> None:
    """Wait until no process of this machine has the words among its arguments."""
    for _ in range(200):
        if not any(words.encode() in _arguments(each) for each in Path("/proc").glob("[0-9]*")):
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"a process for {words} lives on")


def _arguments(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
