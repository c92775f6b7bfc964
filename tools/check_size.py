"""Say which files and functions of src have outgrown the house, and print how long they are on the whole.

    python tools/check_size.py [folder]

A file has at most 300 lines and a function at most 50. Where that would make a place worse, a comment says why:
`# long: ...` on the line above the function (or its decorators), or among the file's first 20 lines.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

FILE_LINES = 300
FILE_LINES_OF = {"events.py": 600}  # everything that can happen, on one page
FUNCTION_LINES = 50
MATCH_LINES = 150  # one flat `match`, a line or two a case
EXCUSE = "# long: "
EXCUSE_WITHIN = 20

Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> int:
    """Print the findings and the figures; return 1 if there is any finding."""
    sources = {path: path.read_text() for path in sorted(Path(*(sys.argv[1:] or ["src"])).rglob("*.py"))}
    findings = [finding for path, source in sources.items() for finding in findings_in(path, source)]
    for finding in findings:
        print(finding)
    functions = [length(function) for source in sources.values() for function in functions_in(source)]
    files = [source.count("\n") for source in sources.values() if source]
    print(f"{len(files)} files: {shape(files)} lines. {len(functions)} functions: {shape(functions)} lines.")
    return 1 if findings else 0


def findings_in(path: Path, source: str) -> Iterator[str]:
    """Yield a sentence for the file and for each of its functions that is too long without saying why."""
    lines = source.splitlines()
    limit = FILE_LINES_OF.get(path.name, FILE_LINES)
    if len(lines) > limit and not any(line.startswith(EXCUSE) for line in lines[:EXCUSE_WITHIN]):
        yield f"{path}: {len(lines)} lines, more than {limit}."
    for function in functions_in(source):
        limit = MATCH_LINES if is_one_match(function) else FUNCTION_LINES
        if length(function) > limit and EXCUSE not in line_above(function, lines):
            yield f"{path}:{function.lineno}: {function.name} has {length(function)} lines, more than {limit}."


def functions_in(source: str) -> Iterator[Function]:
    """Yield every function and method, nested ones too."""
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Count the lines from `def` to the last statement."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_one_match(function: Function) -> bool:
    """Tell whether the body, but for its docstring, is a single `match`."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return len(body) == 1 and isinstance(body[0], ast.Match)


def line_above(function: Function, lines: list[str]) -> str:
    """Return the line above the function and its decorators."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return lines[first - 2] if first > 1 else ""


def shape(lengths: list[int]) -> str:
    """Put the median, the 95th percentile and the longest into words."""
    if not lengths:
        return "no"
    ordered = sorted(lengths)
    return f"median {median(ordered):.0f}, p95 {ordered[int(0.95 * (len(ordered) - 1))]}, at most {ordered[-1]}"


if __name__ == "__main__":
    sys.exit(main())
