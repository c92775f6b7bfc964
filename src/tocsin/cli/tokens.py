"""`tocsin token`: personal tokens, by which programs act as whom the kernel says you are."""

import click

from tocsin.cli.sending import json_option, send

SCOPES = ("read", "request", "confirm", "carry-out", "admin")


@click.group("token")
def token() -> None:
    """Make, list and revoke your personal tokens for the HTTP API."""


@token.command("make", params=[json_option()])
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=("read",), show_default=True)
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True)
@click.pass_context
def make(ctx: click.Context, *, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a token, and print it: it is shown this once."""
    send(ctx, {"verb": "token-make", "fields": {"name": name, "scopes": scopes, "days": days}}, as_json=as_json)


@token.command("list", params=[json_option()])
@click.pass_context
def listed(ctx: click.Context, *, as_json: bool) -> None:
    """List your tokens: scopes, end and last use."""
    send(ctx, {"verb": "token-list"}, as_json=as_json)


@token.command("revoke", params=[json_option()])
@click.argument("name")
@click.pass_context
def revoke(ctx: click.Context, *, name: str, as_json: bool) -> None:
    """End a token at once."""
    send(ctx, {"verb": "token-revoke", "fields": {"name": name}}, as_json=as_json)
