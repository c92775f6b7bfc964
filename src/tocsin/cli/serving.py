"""`tocsin serve`: runs the server in the foreground until it is stopped; SIGHUP reads the configuration again."""

import asyncio
import gc
import signal
import sys

import click

from tocsin.cli import exits
from tocsin.cli.place import folder


@click.command()
@click.option("--log", type=click.Choice(["text", "json"]), default=None, help="How to log; text on a terminal.")
@click.option("--verbose", is_flag=True, help="Log everything that is heard and decided.")
@click.pass_context
def serve(ctx: click.Context, /, log: str | None, verbose: bool) -> None:  # noqa: FBT001 - click's way
    """Run the server: bot, record, engine and this machine's socket. SIGHUP reads the configuration again."""
    gc.disable()  # what is loaded stays: to look for rubbish in it time and again was a sixth of a start
    from tocsin.config.problems import Misconfigured
    from tocsin.domain.errors import TocsinError
    from tocsin.wiring import Server, served

    gc.freeze()
    gc.enable()
    _set_up_logs(log or ("text" if sys.stderr.isatty() else "json"), verbose=verbose)

    def on_ready(server: Server) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, server.stop)
        loop.add_signal_handler(signal.SIGHUP, server.reload)

    try:
        asyncio.run(served(folder(ctx.find_root().obj["config"]), on_ready))
    except Misconfigured as broken:
        click.echo(str(broken), err=True)
        ctx.exit(exits.MISCONFIGURED)
    except TocsinError as error:
        click.echo(str(error), err=True)
        ctx.exit(exits.UNRECORDED)


def _set_up_logs(form: str, *, verbose: bool) -> None:
    """Log lines to the standard error, for people or for machines; values stay apart from words."""
    import structlog

    shown = structlog.dev.ConsoleRenderer(colors=False) if form == "text" else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(10 if verbose else 20),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
