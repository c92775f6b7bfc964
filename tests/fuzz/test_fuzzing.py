"""Inputs that a coverage-guided fuzzer comes upon break no law; and where one is broken, it is found and told."""

import platform
import sys
from pathlib import Path

import pytest

from tests.fuzz.laws import LAWS
from tests.fuzz.running import again, fuzz

# Where it has a wheel; there it is installed, and its absence fails.
HAS_ATHERIS = (sys.platform, platform.machine()) == ("linux", "x86_64")
pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.skipif(not HAS_ATHERIS, reason="atheris has wheels for Linux on x86-64 alone"),
]
TRIED_AT_LEAST = 300


@pytest.mark.parametrize("law", LAWS)
def test_no_input_that_the_fuzzer_finds_breaks_the_law(law: str, tmp_path: Path) -> None:
    found = fuzz(law, tmp_path)
    assert found.breaking is None, found.failure
    assert found.code == 0, found.failure
    assert found.tried >= TRIED_AT_LEAST, found.failure


@pytest.mark.parametrize("law", ["kicked", "slow", "endless"])
def test_a_law_that_is_broken_by_a_rare_input_is_found_broken(law: str, tmp_path: Path) -> None:
    found = fuzz(law, tmp_path, seconds=60, hangs_after=3)
    assert found.code != 0
    assert found.breaking is not None, found.failure
    assert b"KICK" in found.breaking.read_bytes().upper()
    assert repr(found.breaking.read_bytes()) in found.failure
    assert f"tests.fuzz {law} {found.breaking}" in found.failure


def test_the_input_that_broke_a_law_breaks_it_again(tmp_path: Path) -> None:
    found = fuzz("kicked", tmp_path, seconds=60)
    assert found.breaking is not None, found.failure
    assert again("kicked", found.breaking).code != 0
    harmless = tmp_path / "harmless"
    harmless.write_bytes(b"PING a")
    assert again("kicked", harmless).code == 0
