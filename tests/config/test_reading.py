"""Files that cannot be read at all are told with a sentence, and never keep the reader waiting."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.config.folders import Folder
from tocsin.config.loading import load
from tocsin.config.problems import Misconfigured
from tocsin.config.reading import LARGEST_BYTES

NOBODY = 65534


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("[site]\nname = Example\n", 2, "What stands after the = is no value: a text needs quotes."),
        ('[site]\nname = "a"\nname = "b"\n', 3, "This key, or this table, was given before: write it once."),
        ("[site]\n\n[site]\n", 3, "This table was given before: put both together."),
        ('[site]\nname = "a\n', 2, "The quote that ends this text is missing."),
        ("[site]\nname 'a'\n", 2, "This is not TOML: expected '=' after a key in a key/value pair."),
        ("a = 1\nb = [1,\n", 2, "The file ends in the middle of something: a bracket or a quote was not closed."),
        ("a = " + "[" * 5000, 1, "The tables or lists are nested too deeply to be meant."),
    ],
)
def test_a_fault_of_syntax_is_told_on_its_line(folder: Folder, text: str, line: int, sentence: str) -> None:
    folder.write("tocsin.toml", text)
    assert folder.problems() == [f"tocsin.toml:{line}: {sentence}"]


def test_a_number_of_thousands_of_digits_is_a_fault_of_syntax(folder: Folder) -> None:
    folder.write("tocsin.toml", "a = " + "9" * 5000)
    assert folder.problems()[0].startswith("tocsin.toml:1: This is not TOML: exceeds the limit")


def test_bytes_that_are_not_utf_8_are_told_on_their_line(folder: Folder) -> None:
    folder.write("policies.toml", b"# one\n# caf\xe9\n")
    assert folder.problems() == ["policies.toml:2: Here are bytes that are not UTF-8: save the file as UTF-8."]


def test_a_byte_order_mark_is_no_fault(folder: Folder) -> None:
    folder.write("policies.toml", b"\xef\xbb\xbf[limits]\n")
    assert folder.warnings() == []


def test_a_file_of_ten_megabytes_is_not_read(folder: Folder) -> None:
    folder.write("directory.toml", b"#" * 10_000_000)
    sentence = f"The file is longer than {LARGEST_BYTES} bytes: it cannot be the right one."
    assert folder.problems() == [f"directory.toml:1: {sentence}"]


def test_missing_files_are_told_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        load(tmp_path)
    missing = "There is no such file: write it, or take its name out of the configuration."
    assert [problem.text for problem in caught.value.problems] == [
        f"directory.toml:1: {missing}",
        f"targets:1: The folder of the targets: {missing}",
        f"tocsin.toml:1: {missing}",
    ]


def test_a_missing_folder_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="The folder of the configuration: There is no such file"):
        load(tmp_path / "nowhere")


def test_links_in_a_circle_are_told(folder: Folder) -> None:
    for file in ("rota.toml", "policies.toml"):
        (folder.path / file).unlink()
    (folder.path / "policies.toml").symlink_to("rota.toml")
    (folder.path / "rota.toml").symlink_to("policies.toml")
    assert "policies.toml:1: It cannot be read: Too many levels of symbolic links." in folder.problems()


def test_a_pipe_in_the_place_of_a_file_keeps_nobody_waiting(folder: Folder) -> None:
    (folder.path / "policies.toml").unlink()
    os.mkfifo(folder.path / "policies.toml")
    assert folder.problems() == ["policies.toml:1: This is not a file: put a TOML file in its place."]


def test_a_folder_in_the_place_of_a_file_is_told(folder: Folder) -> None:
    (folder.path / "policies.toml").unlink()
    (folder.path / "policies.toml").mkdir()
    assert folder.problems() == ["policies.toml:1: This is not a file: put a TOML file in its place."]


def test_a_file_that_may_not_be_read_is_told(folder: Folder) -> None:
    (folder.path / "policies.toml").chmod(0)
    with _not_root(folder.path):
        problems = folder.problems()
    assert problems == ["policies.toml:1: It may not be read: give it to the account that runs tocsin."]


@contextmanager
def _not_root(folder: Path) -> Iterator[None]:
    """Root may read everything: be somebody else meanwhile, who can reach the folder."""
    if os.geteuid() != 0:
        yield
        return
    closed = [each for each in folder.parents if each.stat().st_mode & 0o001 == 0]
    modes = [(each, each.stat().st_mode) for each in closed]
    for each in closed:
        each.chmod(0o711)
    for each in (folder, *folder.rglob("*")):
        os.chown(each, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        for each, mode in modes:
            each.chmod(mode)
