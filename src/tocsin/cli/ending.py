"""How a command ends that something from outside stopped: Ctrl-C, a closed pipe, a full disk; one sentence each."""

import contextlib
import os
import sys
from typing import NoReturn

import click

from tocsin.cli import exits
from tocsin.cli.client import WAS_IT_DONE


def end(ctx: click.Context, error: KeyboardInterrupt | OSError) -> NoReturn:
    """Say what happened and end with its code."""
    if isinstance(error, KeyboardInterrupt):
        _say(f"Interrupted. {WAS_IT_DONE}" if _acted(ctx) else "Interrupted.")
        ctx.exit(exits.INTERRUPTED)
    if error.filename is not None:
        _say(f"{error.filename}: {error.strerror}.")
    elif isinstance(error, BrokenPipeError):
        _say("Nobody reads the output any more; the rest was not written.")
    else:
        _say(f"The output could not be written: {error.strerror or error}.")
    let_go_of_output()
    ctx.exit(exits.UNWRITTEN)


def let_go_of_output() -> None:
    """Keep the interpreter from trying once more, at its end, to write what could not be written."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _acted(ctx: click.Context) -> bool:
    return ctx.invoked_subcommand == "request"


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError):
        click.echo(sentence, err=True)
