"""What has outgrown the house is named, save where a comment says why."""

from pathlib import Path

import pytest

from tools.check_size import FILE_LINES, FUNCTION_LINES, MATCH_LINES, findings_in, shape

PATH = Path("somewhere.py")


def test_a_file_at_the_limit_fits_and_one_line_more_does_not() -> None:
    assert findings(PATH, "\n" * FILE_LINES) == []
    assert len(findings(PATH, "\n" * (FILE_LINES + 1))) == 1


def test_the_page_of_events_may_be_twice_as_long() -> None:
    assert findings(Path("events.py"), "\n" * (2 * FILE_LINES)) == []


@pytest.mark.parametrize("keyword", ["def", "async def"])
def test_a_function_at_the_limit_fits_and_one_line_more_does_not(keyword: str) -> None:
    assert findings(PATH, function(FUNCTION_LINES, keyword)) == []
    assert len(findings(PATH, function(FUNCTION_LINES + 1, keyword))) == 1


def test_a_single_match_may_be_longer() -> None:
    assert findings(PATH, match(MATCH_LINES)) == []
    assert len(findings(PATH, match(MATCH_LINES + 1))) == 1


def test_a_comment_that_says_why_excuses() -> None:
    assert findings(PATH, "# long: a table\n" + "\n" * FILE_LINES) == []
    assert findings(PATH, "# long: a table\n@decorated\n" + function(FUNCTION_LINES + 1)) == []
    assert len(findings(PATH, "# a table\n" + function(FUNCTION_LINES + 1))) == 1


def test_the_figures_are_the_median_the_95th_percentile_and_the_longest() -> None:
    assert shape(list(range(1, 101))) == "median 50, p95 95, at most 100"


def function(lines: int, keyword: str = "def") -> str:
    return f"{keyword} act():\n" + "    pass\n" * (lines - 1)


def match(lines: int) -> str:
    return 'def act(x):\n    """Act."""\n    match x:\n        case _:\n' + "            pass\n" * (lines - 4)


def findings(path: Path, source: str) -> list[str]:
    return list(findings_in(path, source))
