"""`tocsin sign-in`: a one-time code for the page, for whom the kernel says you are."""

import click

from tocsin.cli.sending import json_option, send


@click.command("sign-in", params=[json_option()])
@click.pass_context
def sign_in(ctx: click.Context, *, as_json: bool) -> None:
    """Print a code with which you sign in on the page: good once, for 5 minutes."""
    send(ctx, {"verb": "sign-in"}, as_json=as_json)
