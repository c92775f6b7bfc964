"""What each verb does, in the words of its rule, read from a file: loading the rules would take help too long."""

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

from tocsin.cli.shell_words import in_shell_words

FILE = Path(__file__).with_name("meanings.json")
"""Written by `tools/write_reference.py`; a test fails while it says something else than the rules."""


class Meaning(TypedDict):
    """What a verb does, in one sentence, and one way to say it on IRC."""

    does: str
    example: str


def meaning(verb: str) -> str:
    """Return what a verb does, in one sentence."""
    return in_shell_words(_read()[verb]["does"])


def example(verb: str) -> str:
    """Return one way to say it, as it is typed here."""
    return in_shell_words(_read()[verb]["example"])


@cache
def _read() -> dict[str, Meaning]:
    meanings: dict[str, Meaning] = json.loads(FILE.read_text(encoding="utf-8"))
    return meanings
