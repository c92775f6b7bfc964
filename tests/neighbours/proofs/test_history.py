"""Whether one commit holds a change, asked of a real repository: as it is, merged, picked anew, and taken back."""

from pathlib import Path

import pytest

from tests.neighbours.repositories import Repository, ref
from tocsin.domain.errors import Unreachable
from tocsin.neighbours.proofs.history import Held, Histories, Sought

CHANGE_ID = f"I{'5' * 40}"
MESSAGE = f"Mend it\n\nChange-Id: {CHANGE_ID}"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "origin")


async def told(repository: Repository, tmp_path: Path, shown: str, sha: str, branch: str = "main") -> Held:
    histories = Histories(tmp_path / "histories", seconds=20.0)
    return await histories.tell(str(repository.bare), branch, shown, Sought(sha, "1234"))


def on_main(repository: Repository, subject: str, text: str) -> str:
    """Commit something on main, and return its sha."""
    repository.begin()
    sha = repository.commit(subject, text)
    repository.push("refs/heads/main")
    repository.run(repository.work, "fetch", "-q", "origin")
    return sha


async def test_a_later_commit_of_the_branch_holds_it(repository: Repository, tmp_path: Path) -> None:
    sha = on_main(repository, MESSAGE, "two\n")
    shown = on_main(repository, "Something else", "three\n")
    assert await told(repository, tmp_path, shown, sha) == Held(True, f"{shown[:7]} holds it")


async def test_an_earlier_one_does_not(repository: Repository, tmp_path: Path) -> None:
    shown = on_main(repository, "Something else", "three\n")
    sha = on_main(repository, "Mend it", "two\n")
    assert await told(repository, tmp_path, shown, sha) == Held(False, f"{shown[:7]} does not hold it")


async def test_a_change_that_was_merged_under_another_commit_is_known_by_its_change_id(
    repository: Repository, tmp_path: Path
) -> None:
    sha = repository.upload(1234, 3, MESSAGE, "two\n")
    before = on_main(repository, "Something else", "three\n")
    assert (await told(repository, tmp_path, before, sha)).live is False
    shown = on_main(repository, MESSAGE, "two, on top of three\n")
    assert (await told(repository, tmp_path, shown, sha)).live is True


async def test_what_was_taken_back_is_not_held(repository: Repository, tmp_path: Path) -> None:
    sha = on_main(repository, MESSAGE, "two\n")
    shown = on_main(repository, f'Revert "Mend it"\n\nThis reverts commit {sha}.', "one\n")
    assert await told(repository, tmp_path, shown, sha) == Held(False, f"it was taken back there by {shown[:7]}")


async def test_where_nothing_names_the_change_it_cannot_be_told(repository: Repository, tmp_path: Path) -> None:
    sha = repository.upload(1234, 3, "Mend it", "two\n")
    shown = on_main(repository, "Mend it, squashed", "two\n")
    assert (await told(repository, tmp_path, shown, sha)).live is None
    assert (await told(repository, tmp_path, shown, "f" * 40)).live is None


async def test_a_commit_that_the_branch_does_not_have_tells_nothing(repository: Repository, tmp_path: Path) -> None:
    sha = on_main(repository, MESSAGE, "two\n")
    held = await told(repository, tmp_path, "f" * 40, sha)
    assert held == Held(None, f"fffffff is not on main of {repository.bare}")


async def test_what_moved_since_is_fetched(repository: Repository, tmp_path: Path) -> None:
    histories = Histories(tmp_path / "histories", seconds=20.0)
    sha = on_main(repository, MESSAGE, "two\n")
    for text in ("three\n", "four\n"):
        shown = on_main(repository, "Something else", text)
        assert (await histories.tell(str(repository.bare), "main", shown, Sought(sha, "1234"))).live is True


async def test_histories_of_two_lines_that_never_met(repository: Repository, tmp_path: Path) -> None:
    sha = on_main(repository, "Mend it", "two\n")
    repository.run(repository.work, "checkout", "-q", "--orphan", "other")
    shown = repository.commit("Another beginning", "five\n")
    repository.push("refs/heads/other")
    repository.run(repository.work, "push", "-q", "--force", "origin", f"{sha}:{ref(1234, 3)}")
    assert (await told(repository, tmp_path, shown, sha, "other")).live is None


@pytest.mark.parametrize("branch", ["--upload-pack=x", "a..b", "", "a b", "/x", "x/", "x" * 200, "a//b", "x.", "a/.b"])
async def test_a_branch_that_is_none_is_not_asked_for(repository: Repository, tmp_path: Path, branch: str) -> None:
    with pytest.raises(Unreachable, match="a branch that is none"):
        await told(repository, tmp_path, "f" * 40, "e" * 40, branch)


async def test_a_repository_that_is_not_there_is_no_answer(repository: Repository, tmp_path: Path) -> None:
    histories = Histories(tmp_path / "histories", seconds=20.0)
    with pytest.raises(Unreachable):
        await histories.tell(str(tmp_path / "nowhere"), "main", "f" * 40, Sought("e" * 40, "1234"))
