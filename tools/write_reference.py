"""Write the pages of docs/reference, and what `--help` reads, from the code that they are about.

    python tools/write_reference.py

A test fails while a page differs from what this would write; what the sentences say stands in the code.
"""

import ast
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import click

import tocsin.domain.events
from tocsin.cli.main import COMMANDS
from tocsin.cli.main import main as command_line
from tocsin.cli.meanings import FILE as MEANINGS
from tocsin.cli.verbs import QUESTIONS as CLI_QUESTIONS
from tocsin.cli.verbs import VERBS as CLI_VERBS
from tocsin.config.reference import Setting, reference
from tocsin.domain.commands import VERBS
from tocsin.views.helping import QUESTIONS

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
SECTION = "# --- "
WRITTEN = "Written by `tools/write_reference.py` from the code; change it there."


def write() -> int:
    """Write every page and say its name."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text("\n".join([*page(), ""]), encoding="utf-8")
        print(f"docs/reference/{name}")
    MEANINGS.write_text(meanings_file(), encoding="utf-8")
    print("src/tocsin/cli/meanings.json")
    return 0


def meanings_file() -> str:
    """Return what the help of the command line says of each verb, so that it need not load the rules."""
    meanings = {each.name: {"does": each.help, "example": each.example} for each in VERBS}
    return json.dumps(meanings, indent=2, ensure_ascii=False) + "\n"


def settings_page() -> Iterator[str]:
    """Yield the page of all settings, a table for each file."""
    yield from _beginning(
        "Settings",
        "Every key of every file of a configuration. `NAME` stands for a name that you choose, `[]` for one of several."
        " Lengths of time are written as `15 s`, `10 min`, `4 h` or `7 days`. A key that is not here is an error, and"
        " `tocsin config check` says which one was meant.",
    )
    for file, settings in groupby(reference(), key=lambda setting: setting.file):
        yield from ["", f"## {file}", "", *_table("key", "holds", "default", "what it does")]
        yield from (_row(f"`{each.key}`", each.kind, _default(each), each.sentence) for each in settings)


def commands_page() -> Iterator[str]:
    """Yield the page of what can be said on IRC, and of the command line."""
    yield from _beginning(
        "Commands",
        "What can be said, on IRC with `!` before it, and on the machine's command line after `tocsin request`."
        " Without an id a verb is about the one open request. Who may say it, and when, is in"
        " [the process](../process.md); whoever may not is told why, and what to do.",
    )
    yield from ["", "## Verbs", "", *_table("verb", "does", "takes", "for example")]
    yield from (_row(f"`{each.name}`", each.help, _code(each.usage), _code(each.example)) for each in VERBS)
    yield from ["", "## Questions", "", "They change nothing, and anybody may ask.", ""]
    yield from _table("question", "tells", "takes", "for example")
    for name, (takes, tells, example) in QUESTIONS.items():
        yield _row(f"`{name}`", tells, _code(takes), _code(example))
    yield from ["", "## The command line", "", "`--json` after a command answers in JSON.", ""]
    yield from _table("command", "does")
    yield from (_row(f"`tocsin {name}`", about) for name, (_, _, about) in COMMANDS.items())
    for name in COMMANDS:
        yield from _described(name)


def events_page() -> Iterator[str]:
    """Yield the page of everything that can happen, in the order and under the headings of the code."""
    yield from _beginning(
        "Events",
        "Everything that can happen, as the record keeps it. Each is stored with its position, time, actor, surface and"
        " how the identity was verified. Events are added, never renamed.",
    )
    source = Path(tocsin.domain.events.__file__).read_text(encoding="utf-8")
    headings = {number: line.strip("#- ") for number, line in enumerate(source.splitlines()) if SECTION in line}
    for event in _events_in(source):
        for number in [number for number in headings if number < event.lineno]:
            yield from ["", f"## {headings.pop(number).capitalize()}"]
        yield from ["", f"### {event.name}", "", " ".join((ast.get_docstring(event) or "").split()), ""]
        yield from (_field(line) for line in event.body if isinstance(line, ast.AnnAssign))


def _events_in(source: str) -> Iterator[ast.ClassDef]:
    """Yield the classes that are decorated as values; the closed sets that they use are none."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.decorator_list:
            yield node


def _field(line: ast.AnnAssign) -> str:
    default = f", by default `{ast.unparse(line.value)}`" if line.value else ""
    return f"- `{ast.unparse(line.target)}`: `{ast.unparse(line.annotation)}`{default}"


def _described(name: str) -> Iterator[str]:
    """Yield the section of one command of the command line, with those below it."""
    context = click.Context(command_line, info_name="tocsin")
    command = command_line.get_command(context, name)
    assert command is not None, "it is in the table"
    yield from ["", f"### tocsin {name}"]
    if name == "request":
        yield from _request_verbs()
    elif isinstance(command, click.Group):
        below = click.Context(command, context, name)
        for each in command.commands.values():
            yield from _usage(each, click.Context(each, below, each.name))
    else:
        yield from _usage(command, click.Context(command, context, name))


def _request_verbs() -> Iterator[str]:
    meanings = {each.name: each.help for each in VERBS}
    yield from ["", *_table("command", "does")]
    yield _row("`tocsin request open [CHANGE] [TASK] [REASON] [REMEDY] [-- WHY]`", meanings["emergency"])
    yield _row("`tocsin request describe [ID] [REASON] [REMEDY] [-- WHY]`", meanings["describe"])
    for verb in CLI_VERBS:
        yield _row(f"`{' '.join(['tocsin request', verb.name, verb.usage]).strip()}`", meanings[verb.said_as])
    for question, tells in CLI_QUESTIONS.items():
        yield _row(f"`tocsin request {question}`", tells)
    yield _row("`tocsin request watch [ID]`", "A request as it goes, until it is over; live in a terminal.")


def _usage(command: click.Command, context: click.Context) -> Iterator[str]:
    pieces = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield from ["", f"`{pieces}`", "", " ".join((command.help or "").split())]
    options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
    yield from [""] if options else []
    yield from (f"- `{', '.join(option.opts)}`: {option.help or ''}".rstrip(": ") for option in options)


def _beginning(title: str, about: str) -> list[str]:
    return [f"# {title}", "", about, "", WRITTEN]


def _table(*headings: str) -> list[str]:
    return [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(setting: Setting) -> str:
    return "must be given" if setting.needed else _code(setting.default)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "settings.md": settings_page,
    "events.md": events_page,
    "commands.md": commands_page,
}

if __name__ == "__main__":
    sys.exit(write())
