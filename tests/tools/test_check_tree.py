"""What must not be committed is found, and what only looks like it is not."""

import subprocess
from pathlib import Path

import pytest

from tools.check_tree import LOCK_FILES, REGISTRIES, findings_in, tree


@pytest.mark.parametrize("host", [".".join(parts) for parts in REGISTRIES])
def test_a_registry_is_found_under_any_of_its_names(tmp_path: Path, host: str) -> None:
    assert len(found(tmp_path, f"nothing\nindex = https://files.{host.upper()}/simple\n")) == 1


def test_a_longer_host_is_another_host(tmp_path: Path) -> None:
    host = ".".join(REGISTRIES[0])
    assert found(tmp_path, f"https://{host}anisation.example.org/") == []


@pytest.mark.parametrize("folder", ["work", "root", "home", "Users"])
def test_a_path_of_one_machine_is_found(tmp_path: Path, folder: str) -> None:
    assert len(found(tmp_path, f'open("/{folder}/ada/secrets")')) == 1


@pytest.mark.parametrize("text", ["https://example.org/{}/ada", "src/{}/ada", "$TOP/{}/ada", "~/{}/ada", "/srv/{}/ada"])
def test_a_part_of_a_longer_path_is_nobodys_machine(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text.format("work")) == []


@pytest.mark.parametrize("name", sorted(LOCK_FILES))
def test_a_lock_file_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    assert len(found(tmp_path, "", name)) == 1


def test_a_picture_is_not_read_as_text(tmp_path: Path) -> None:
    assert found(tmp_path, "\0" + ".".join(REGISTRIES[0])) == []


def test_the_tree_is_what_is_tracked_or_about_to_be(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    for name in ("new", "ignored", ".gitignore"):
        (tmp_path / name).write_text("ignored\n")
    assert [path.name for path in tree(tmp_path)] == [".gitignore", "new"]


def found(folder: Path, text: str, name: str = "notes.txt") -> list[str]:
    path = folder / name
    path.write_text(text)
    return list(findings_in(path))
