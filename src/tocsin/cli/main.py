"""The command line: finds the command that was asked for and loads only that."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "serve": ("tocsin.cli.serving", "serve", "Run the server: bot, record, engine and this machine's socket."),
    "init": ("tocsin.cli.starting", "init", "Write a working, commented configuration."),
    "config": ("tocsin.cli.checking", "config", "Check the configuration."),
    "recipe": ("tocsin.cli.recipes", "recipe", "Show what a target's recipes would do."),
    "review": ("tocsin.cli.reviewing", "review", "Have Gerrit vote on, merge, cherry-pick or revert a change."),
    "directory": ("tocsin.cli.pinning", "directory", "Pin people's services accounts, and try their pagers."),
    "sign-in": ("tocsin.cli.signing_in", "sign_in", "Print a one-time code with which you sign in on the page."),
    "token": ("tocsin.cli.tokens", "token", "Make, list and revoke your tokens for the HTTP API."),
    "request": ("tocsin.cli.asking", "request", "Everything that can be said of a request, as on IRC."),
    "webhook": ("tocsin.cli.hooking", "webhook", "Try the webhooks."),
    "record": ("tocsin.cli.recording", "record", "Verify or export the record."),
    "completion": ("tocsin.cli.completing", "completion", "Complete these commands in your shell."),
}


class Lazy(click.Group):
    """Commands whose modules are loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load and return a command."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        found: click.Command = getattr(import_module(module), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name what was most likely meant when there is no such command."""
        if args[0] not in COMMANDS:
            ctx.fail(f"There is no command {args[0][:40]}. {_meant(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, _, about) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete the commands without loading any."""
        from click.shell_completion import CompletionItem

        begun = [(name, about) for name, (_, _, about) in COMMANDS.items() if name.startswith(incomplete)]
        return [*(CompletionItem(name, help=about) for name, about in begun), *_options(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's way
        """Run a command; what stops it from outside ends in one sentence."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, OSError) as error:
            from tocsin.cli.ending import end

            return end(ctx, error)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's way
    if wanted:
        from importlib.metadata import version

        click.echo(f"tocsin {version('tocsin')}")
        ctx.exit()


@click.group(cls=Lazy)
@click.option(
    "--config", metavar="FOLDER", help="The configuration's folder (TOCSIN_CONFIG, this one, or /etc/tocsin)."
)
@click.option("--server", metavar="URL", help="Ask a server over its API, not this machine's socket (TOCSIN_SERVER).")
@click.option(
    "--token-file", metavar="FILE", help="Your token for that server, in a file only you can read (TOCSIN_TOKEN_FILE)."
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
@click.pass_context
def main(ctx: click.Context, config: str | None, server: str | None, token_file: str | None) -> None:  # noqa: ARG001 - read where they are needed
    """Emergency deployments, confirmed by the right people and carried out with them."""
    ctx.obj = {"config": config}


def _meant(word: str) -> str:
    from tocsin.cli.nearest import did_you_mean
    from tocsin.cli.verbs import ALL_NAMES

    if word in ALL_NAMES:
        return f"Did you mean: tocsin request {word}"
    return did_you_mean(word, COMMANDS, "tocsin ") or "All commands: tocsin --help"


def _options(group: click.Group, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
    return click.Command.shell_complete(group, ctx, incomplete) if incomplete.startswith("-") else []
