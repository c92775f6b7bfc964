"""`tocsin webhook test`: sends a webhook one signed delivery that tells of nothing, the very way that events go."""

import asyncio
from datetime import UTC, datetime

import click

from tocsin.cli import exits
from tocsin.cli.configuration import loaded
from tocsin.cli.nearest import did_you_mean


@click.group()
def webhook() -> None:
    """Try the webhooks."""


@webhook.command()
@click.argument("name")
@click.pass_context
def test(ctx: click.Context, /, name: str) -> None:
    """Send the webhook NAME a signed ping, and tell whether it took it."""
    from tocsin.domain.errors import Unreachable
    from tocsin.neighbours.webhooks import ping

    hooks = {each.name: each for each in loaded(ctx).settings.webhooks}
    if name not in hooks:
        near = did_you_mean(name, list(hooks)) or "Those that there are stand as [[webhooks]] in tocsin.toml."
        click.echo(f"There is no webhook {name[:40]}. {near}", err=True)
        ctx.exit(exits.UNKNOWN)
    try:
        asyncio.run(ping(hooks[name], datetime.now(UTC)))
    except Unreachable as silent:
        click.echo(f"{silent}. Nothing was taken.", err=True)
        ctx.exit(exits.UNREACHABLE)
    click.echo(f"{name} took a signed ping.")
