"""What is missing is named in one line, and the newest Java is found wherever it lies."""

import os
from pathlib import Path

import pytest

from tests.gerrit import parts
from tests.gerrit.parts import JARS, java, missing


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for everything in empty folders."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(parts, "JAVAS", tmp_path / "javas")
    monkeypatch.setattr(parts, "STORE", tmp_path / "store")


def add_program(path: Path, text: str = "exit 1") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def add_java(home: Path, version: str) -> str:
    add_program(home / "bin" / "java")
    (home / "release").write_text(f'IMPLEMENTOR="Example"\nJAVA_VERSION="{version}"\n')
    return str(home / "bin" / "java")


def test_without_any_java_its_version_is_named() -> None:
    assert missing() == "a Java of version 21 or later"


def test_an_older_java_is_none(tmp_path: Path) -> None:
    add_java(tmp_path / "javas" / "seventeen", "17.0.15")
    add_java(tmp_path / "javas" / "eight", "1.8.0_392")
    assert java() is None


def test_the_newest_java_is_taken_by_its_number_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_java(tmp_path / "javas" / "twenty-one", "21.0.4")
    add_java(tmp_path / "javas" / "nine", "9.0.4")
    newest = add_java(tmp_path / "own", "25")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "own"))
    assert java() == newest


def test_a_java_on_the_path_counts_where_its_link_leads(tmp_path: Path) -> None:
    found = add_java(tmp_path / "elsewhere", "21.0.4")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").symlink_to(found)
    assert java() == found


def test_without_maven_its_package_is_named_as_long_as_a_jar_is_absent(tmp_path: Path) -> None:
    add_java(tmp_path / "javas" / "new", "25.0.3")
    assert missing() == "Maven, to fetch Gerrit's jars (apt-get install maven)"
    for jar in JARS:
        jar.path.parent.mkdir(parents=True)
        jar.path.touch()
    assert missing() is None


def test_each_jar_that_maven_cannot_fetch_is_named(tmp_path: Path) -> None:
    add_java(tmp_path / "javas" / "new", "25.0.3")
    add_program(tmp_path / "bin" / "mvn")
    for jar in JARS[1:]:
        jar.path.parent.mkdir(parents=True)
        jar.path.touch()
    assert missing() == f"jars that Maven could not fetch: {JARS[0]}"


def test_what_maven_fetches_is_missing_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_java(tmp_path / "javas" / "new", "25.0.3")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.defpath}")
    places = " ".join(f"'{jar.path}'" for jar in JARS)
    add_program(tmp_path / "bin" / "mvn", f'for place in {places}; do mkdir -p "${{place%/*}}"; : > "$place"; done')
    assert missing() is None
