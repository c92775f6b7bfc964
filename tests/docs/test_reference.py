"""The pages of the reference are what the tool would write, and nothing of the code is missing there."""

import dataclasses
import inspect
from enum import Enum

import pytest

from tocsin.cli.main import COMMANDS
from tocsin.cli.meanings import FILE as MEANINGS
from tocsin.cli.verbs import VERBS as CLI_VERBS
from tocsin.config.reference import Setting, reference
from tocsin.domain import events
from tocsin.domain.commands import VERBS, Verb
from tocsin.views.helping import QUESTIONS
from tools.write_reference import FOLDER, PAGES, meanings_file, settings_page

EVENTS = [
    each
    for each in vars(events).values()
    if inspect.isclass(each) and each.__module__ == events.__name__ and not issubclass(each, Enum)
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_tool_would_write(name: str) -> None:
    assert page(name) == "\n".join([*PAGES[name](), ""]), "run: python tools/write_reference.py"


def test_what_help_says_of_the_verbs_is_what_the_tool_would_write() -> None:
    assert MEANINGS.read_text(encoding="utf-8") == meanings_file(), "run: python tools/write_reference.py"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_is_there_with_what_it_does_and_an_example(verb: Verb) -> None:
    [row] = [line for line in page("commands.md").splitlines() if line.startswith(f"| `{verb.name}` |")]
    assert verb.help
    assert verb.help in row
    assert verb.example in row


@pytest.mark.parametrize("name", [*QUESTIONS, *(f"tocsin {name}" for name in COMMANDS)])
def test_every_question_and_every_command_of_the_command_line_is_there(name: str) -> None:
    assert f"| `{name}` |" in page("commands.md")


@pytest.mark.parametrize("name", [verb.name for verb in CLI_VERBS])
def test_every_verb_of_the_command_line_is_there(name: str) -> None:
    assert f"| `tocsin request {name} " in page("commands.md") or f"| `tocsin request {name}`" in page("commands.md")


@pytest.mark.parametrize("setting", list(reference()), ids=lambda setting: f"{setting.file} {setting.key}")
def test_every_setting_is_there_with_its_sentence(setting: Setting) -> None:
    assert setting.sentence, f"{setting.file} {setting.key} says nothing of itself"
    assert f"| `{setting.key}` |" in "\n".join(settings_page())
    assert f"| `{setting.key}` |" in page("settings.md")


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_event_is_there_with_all_that_it_holds(event: type) -> None:
    section = page("events.md").split(f"### {event.__name__}\n")[1].split("###")[0]
    assert (event.__doc__ or "").split("\n")[0] in section
    for field in dataclasses.fields(event):
        assert f"- `{field.name}`: " in section


def page(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
