"""Sending one line to the server and showing the answer: lines for people or JSON, and a code for programs."""

import json
import os
from typing import Any, NoReturn

import click

from tocsin.cli import exits
from tocsin.cli.reaching import exchange
from tocsin.cli.shell_words import harmless, in_shell_words


def send(ctx: click.Context, asking: dict[str, Any], *, as_json: bool) -> NoReturn:
    """Send it once, show what is answered, and end; the key keeps an act from being counted twice."""
    answer = exchange(ctx, {**asking, "key": os.urandom(16).hex()})
    show(answer, as_json=as_json)
    ctx.exit(code_of(answer))


def show(answer: dict[str, Any], *, as_json: bool) -> None:
    """Show an answer: what came of it to the standard output, why nothing did to the standard error."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for each in answer.get("lines", []):
        click.echo(harmless(in_shell_words(str(each))), err=code_of(answer) != exits.DONE)


def code_of(answer: dict[str, Any]) -> int:
    """Return what the process ends with."""
    return exits.BY_OUTCOME.get(str(answer.get("outcome")), exits.BROKEN)


def json_option() -> click.Option:
    """Return the option that every command of these has."""
    return click.Option(["--json", "as_json"], is_flag=True, help="Answer in JSON.")


def expect_option() -> click.Option:
    """Return the option of every act on a request."""
    about = "Refuse it if the request is no longer where --json showed `position`; over --server only."
    return click.Option(["--expect"], type=click.IntRange(min=0), metavar="POSITION", help=about)
