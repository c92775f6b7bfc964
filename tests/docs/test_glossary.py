"""The glossary and the rules use the same words: what the rules name is explained, and nothing bears a wrong name."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from tocsin.domain.deployment import CauseKind
from tocsin.domain.people import Surface
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.request import Status

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "glossary.md").read_text()
RULES = TOP / "src" / "tocsin" / "domain"
ROWS = [[cell.strip() for cell in row.split("|")[1:-1]] for row in PAGE.splitlines() if row.startswith("| ")]
TERMS = {term.strip() for row in ROWS for term in re.split("[,;]", row[0])}
NEVER = {word.partition("(")[0].strip() for row in ROWS if row[0] != "word" for word in row[2].split(",")} - {""}
# An exit code is what the field calls it, and a revert is one of the remedies.
ALLOWED = {"exit_code"}
# What is done next and what went wrong are named by sentences of their own.
ELSEWHERE = {"events.py", "errors.py", "progress.py"}


def classes() -> Iterator[str]:
    for path in sorted(RULES.glob("*.py")):
        if path.name not in ELSEWHERE:
            body = ast.parse(path.read_text()).body
            yield from (node.name for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))


def names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+", name)]


@pytest.mark.parametrize("name", list(classes()))
def test_what_the_rules_name_is_explained(name: str) -> None:
    spelled = words(name)
    assert {" ".join(spelled), spelled[0], spelled[-1], spelled[-1].removesuffix("s")} & TERMS, (
        f"docs/glossary.md lacks {' '.join(spelled)}"
    )


@pytest.mark.parametrize("kind", [Status, Reason, Remedy, CauseKind, Surface])
def test_every_value_of_a_closed_set_is_named(kind: type[StrEnum]) -> None:
    assert [value for value in kind if not re.search(rf"\b{value}\b", PAGE)] == []


@pytest.mark.parametrize("path", sorted(RULES.rglob("*.py")), ids=lambda path: path.stem)
def test_a_word_that_the_glossary_rules_out_names_nothing_in_the_rules(path: Path) -> None:
    assert {name for name in names(path) if set(words(name)) & NEVER} <= ALLOWED


def test_no_word_is_explained_twice() -> None:
    terms = [row[0] for row in ROWS if row[0] != "word"]
    assert len(terms) == len(set(terms))


def test_the_page_is_read_as_it_is_meant() -> None:
    assert {"request", "check word", "quorum"} <= TERMS
    assert {"ticket", "vote", "user"} <= NEVER
