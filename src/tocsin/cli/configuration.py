"""Reading the configuration for a command: whole, or every problem told and the command ended."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli import exits
from tocsin.cli.place import folder

if TYPE_CHECKING:
    from tocsin.config.loading import Loaded
    from tocsin.irc.settings import IrcSettings


def loaded(ctx: click.Context) -> "Loaded":
    """Return the configuration; ends the command, with every problem told, when there is a fault in it."""
    from tocsin.config.loading import load
    from tocsin.config.problems import Misconfigured

    be_quiet()
    try:
        return load(place(ctx))
    except Misconfigured as error:
        click.echo(str(error), err=True)
        ctx.exit(exits.MISCONFIGURED)


def irc_of(ctx: click.Context, configuration: "Loaded") -> "IrcSettings":
    """Return the settings for IRC; ends the command where there are none."""
    if configuration.settings.irc is None:
        click.echo("tocsin.toml has no [irc]: write it first, with servers and nick at least.", err=True)
        ctx.exit(exits.MISCONFIGURED)
    return configuration.settings.irc


def be_quiet() -> None:
    """Log errors alone, to the standard error: a command says what it has to say itself."""
    import logging
    import sys

    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def place(ctx: click.Context, named: Path | None = None) -> Path:
    """Return the configuration's folder, as it was named to this command or to all of them."""
    return named or folder((ctx.find_root().obj or {}).get("config"))
