"""The pages hang together: links lead somewhere, decisions have their sections, the process names what rules have."""

import re
from pathlib import Path

import pytest

from tocsin.config.durations import in_words
from tocsin.config.limits import LimitsTable
from tocsin.domain.commands import VERBS
from tocsin.domain.deployment import CauseKind
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.request import Status
from tocsin.views.helping import QUESTIONS

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(TOP.glob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").iterdir())
SECTIONS = ["Context", "Options", "Outcome"]
A_PAGE_OF_LINES = 60
PROCESS = (DOCS / "process.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not leads_somewhere(page, link)] == []


def test_a_dead_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n## Of two *words*\n")
    assert leads_somewhere(page, "#of-two-words")
    assert leads_somewhere(page, "page.md#a-page")
    assert not leads_somewhere(page, "#of-three-words")
    assert not leads_somewhere(page, "gone.md")


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_number_and_its_sections_on_one_page(page: Path) -> None:
    text = page.read_text()
    found = re.fullmatch(r"(\d{4})-[a-z-]+\.md", page.name)
    assert found
    assert text.startswith(f"# {int(found[1])}. ")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert parts[1::2] == SECTIONS
    assert all(part.strip() for part in parts[2::2])
    assert len(text.splitlines()) <= A_PAGE_OF_LINES


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [page.name[:4] for page in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("verb", [*(verb.name for verb in VERBS), *QUESTIONS])
def test_the_process_says_who_may_say_each_verb(verb: str) -> None:
    rows = re.findall(r"^\| ([^|]+) \| \S", PROCESS, re.MULTILINE)
    assert any(f"`{verb}`" in row for row in rows)


@pytest.mark.parametrize("kind", [Status, CauseKind])
def test_the_process_has_a_row_for_each_state_and_each_cause_of_a_pause(kind: type[Status | CauseKind]) -> None:
    assert [value for value in kind if f"\n| `{value}` |" not in PROCESS] == []


@pytest.mark.parametrize("kind", [Reason, Remedy])
def test_the_process_names_each_reason_and_remedy(kind: type[Reason | Remedy]) -> None:
    assert [value for value in kind if f"`{value}`" not in PROCESS] == []


@pytest.mark.parametrize("name", LimitsTable.model_fields)
def test_the_process_tells_each_limit_as_it_is(name: str) -> None:
    assert f"\n| `{name}` | {in_words(LimitsTable.model_fields[name].default)} | " in PROCESS


def links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text()))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, heading = link.partition("#")
    there = (page.parent / path).resolve() if path else page
    if not there.exists():
        return False
    return not heading or heading in {anchor(each) for each in headings(there)}


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", without_code(page.read_text()), re.MULTILINE)


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
