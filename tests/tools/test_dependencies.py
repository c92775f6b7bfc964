"""Every dependency is explained, pinned, and free of registries."""

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
GROUPS = PROJECT["dependency-groups"]


@pytest.mark.parametrize("wanted", [*RUNTIME, *GROUPS["dev"], *GROUPS["installer"]])
def test_every_dependency_has_its_line_with_a_licence(wanted: str) -> None:
    page = (TOP / "docs" / "dependencies.md").read_text()
    assert re.search(rf"^\| ([\w-]+, )*{name(wanted)}(, [\w-]+)* \| [^|]+ \|", page, re.MULTILINE)


@pytest.mark.parametrize(
    ("pins", "wanted"), [("runtime", RUNTIME), ("dev", [*RUNTIME, *GROUPS["dev"]]), ("installer", GROUPS["installer"])]
)
def test_every_dependency_is_pinned(pins: str, wanted: list[str]) -> None:
    assert {name(each) for each in wanted} <= pinned(pins).keys()


@pytest.mark.parametrize("pins", ["runtime", "dev", "installer"])
def test_every_pin_has_a_hash_and_no_address(pins: str) -> None:
    text = (TOP / "requirements" / f"{pins}.txt").read_text()
    assert text.count("==") <= text.count("    --hash=sha256:")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


def test_what_is_tested_is_what_runs() -> None:
    assert pinned("runtime").items() <= pinned("dev").items()


def pinned(pins: str) -> dict[str, str]:
    text = (TOP / "requirements" / f"{pins}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


def name(requirement: str) -> str:
    found = re.match(r"[\w-]+", requirement)
    assert found
    return found.group()
