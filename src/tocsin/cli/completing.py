"""Completion of these commands in people's shells."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what your shell needs: tocsin completion bash >> ~/.bashrc"""
    made = get_completion_class(shell)
    assert made is not None, "all three are click's own"
    click.echo(made(ctx.find_root().command, {}, "tocsin", "_TOCSIN_COMPLETE").source())
