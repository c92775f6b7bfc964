"""The command line: finds the command that was asked for and loads only that."""

from importlib import import_module

import click

COMMANDS = {
    "serve": ("tocsin.cli.serving", "serve", "Run the server: bot, record, engine and this machine's socket."),
    "init": ("tocsin.cli.configuring", "init", "Write a working, commented configuration."),
    "config": ("tocsin.cli.configuring", "config", "Check the configuration."),
    "recipe": ("tocsin.cli.configuring", "recipe", "Show what a target's recipes would do."),
    "directory": ("tocsin.cli.configuring", "directory", "Pin people's services accounts."),
    "request": ("tocsin.cli.asking", "request", "Everything that can be said of a request, as on IRC."),
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, _, about) in COMMANDS.items()])


@click.group(cls=Lazy)
@click.option(
    "--config", metavar="FOLDER", help="The configuration's folder (TOCSIN_CONFIG, this one, or /etc/tocsin)."
)
@click.version_option(package_name="tocsin")
@click.pass_context
def main(ctx: click.Context, config: str | None) -> None:
    """Emergency deployments, confirmed by the right people and carried out with them."""
    ctx.obj = {"config": config}
