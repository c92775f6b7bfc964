"""Whatever stands in the files, it is loaded or told in sentences: nothing else can come of it."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.config.folders import Folder
from tocsin.config.loading import load
from tocsin.config.problems import Misconfigured
from tocsin.config.starter import FILES

VALUES = """
5;-1;1.5;true;"";"x";[];{};[5];["x"];[[]];[{}];{ a = 1 };[{ name = 5 }];2026-01-01;2026-01-01T00:00:00;08:00:00;
"\\u0000";"\\u202e";"{sha}";nan;inf;;';[;["sre"];["--", "{x}"];"99999999 h";9223372036854775808
""".strip().split(";")
HEADERS = """
[site] [irc] [[site]] [people] [[people]] [people.lin] [people.x.y] [[recipe]] [recipe] [target] [[target]]
[[recipe.step]] [[recipe.proof]] [recipe.step.environment] [limits] [profiles.both] [profiles] [[profiles.x]]
[no_deploy] [[no_deploy]] [[weekly]] [[shift]] [shift] [teams] [[teams.sre]] [x] ]x[
""".split()

spoilings = st.tuples(
    st.sampled_from(FILES),
    st.sampled_from(["value", "drop", "double", "header"]),
    st.integers(0, 200),
    st.sampled_from(VALUES),
    st.sampled_from(HEADERS),
)


@settings(max_examples=80)
@given(st.lists(spoilings, min_size=1, max_size=3))
def test_whatever_stands_in_the_files_it_is_loaded_or_told(drawn: list[tuple[str, str, int, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name) / "etc")
        for file, manner, place, value, header in drawn:
            lines = (folder.path / file).read_text().splitlines()
            settings_in = [number for number, line in enumerate(lines) if line and not line.startswith("#")]
            at = settings_in[place % len(settings_in)] if settings_in else 0
            folder.write(file, "\n".join(_spoilt(lines or [""], at, manner, value, header)))
        try:
            load(folder.path)
        except Misconfigured as told:
            _well_said(told, folder)


def _spoilt(lines: list[str], at: int, manner: str, value: str, header: str) -> list[str]:
    if manner == "drop":
        return lines[:at] + lines[at + 1 :]
    if manner == "double":
        return [*lines[: at + 1], lines[at], *lines[at + 1 :]]
    if manner == "header":
        return [*lines[:at], header, *lines[at:]]
    return [*lines[:at], lines[at].partition("=")[0] + "= " + value, *lines[at + 1 :]]


def _well_said(told: Misconfigured, folder: Folder) -> None:
    assert told.problems
    for problem in told.problems:
        assert re.fullmatch(r".{3,300}[.?\])a-z]", problem.sentence), problem
        assert not re.search(r"pydantic|Traceback|<class|object at|Input should|Value error", problem.sentence), problem
        there = folder.path / problem.file
        assert 1 <= problem.line <= (len(there.read_text().splitlines()) or 1) if there.is_file() else problem.line == 1


def test_a_problem_is_one_line_that_an_editor_can_jump_to(folder: Folder) -> None:
    folder.write("policies.toml", "\n[irk]\n")
    with pytest.raises(Misconfigured) as told:
        folder.load()
    assert str(told.value) == "policies.toml:2: irk is no setting of this file: known are limits, profiles."
