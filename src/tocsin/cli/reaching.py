"""The one way to the server for every command: over its API where one is named, else over this machine's socket."""

from typing import Any

import click

from tocsin.cli.client import PATIENCE_SECONDS, ServerUnreachable, TooLong, ask
from tocsin.cli.naming import Unready, server_of
from tocsin.cli.place import socket_place


def exchange(ctx: click.Context, asking: dict[str, Any], patience_seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
    """Ask, and return the answer; that there is none is one, too."""
    doubt = ""
    try:
        if server := server_of(ctx):
            from tocsin.cli.remote import ask_server
            from tocsin.cli.routes import ACTS, QUESTIONS

            if asking["verb"] not in ACTS and asking["verb"] not in QUESTIONS:
                raise Unready(f"{asking['verb']} is for the host itself, as its kernel names you: without --server.")
            return ask_server(server, asking, patience_seconds)
        if asking.get("expect") is not None:
            raise Unready("--expect is for a server that --server names; the socket of this machine does not compare.")
        place = socket_place(ctx.find_root().params.get("config"))
        doubt = place.doubt
        return ask(place.path, asking, patience_seconds)
    except ServerUnreachable as error:
        return {"outcome": "unreachable", "lines": [str(error), *([doubt] if doubt else [])]}
    except (TooLong, Unready) as error:
        return {"outcome": "malformed", "lines": [str(error)]}
