"""Completion of these commands in people's shells: verbs, open requests, targets, recipes and people."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from tocsin.cli.place import folder
from tocsin.cli.reaching import exchange

PATIENCE_SECONDS = 1.0
"""Somebody waits with the finger on the key."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what your shell needs: append it to ~/.bashrc, or to what your shell reads at its start."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None, "all three are click's own"
    click.echo(made(ctx.find_root().command, {}, "tocsin", "_TOCSIN_COMPLETE").source())


def open_requests(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the ids of the requests that are open, while none was typed."""
    if ctx.params.get("words"):
        return []
    answer = exchange(ctx, {"verb": "list"}, PATIENCE_SECONDS)
    shown = answer.get("requests")
    known = [each for each in shown if isinstance(each, dict)] if isinstance(shown, list) else []
    names = [str(each.get("request")) for each in known]
    return [each for each in names if each.casefold().startswith(incomplete.casefold())]


def targets(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the names of the targets: those of their files."""
    return _begun(incomplete, (file.stem for file in (folder(_given(ctx)) / "targets").glob("*.toml")))


def recipes(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the recipes of the target that was typed."""
    written = _table(folder(_given(ctx)) / "targets" / f"{ctx.params.get('target')}.toml").get("recipe")
    tables = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    return _begun(incomplete, (str(each.get("name")) for each in tables))


def people(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the people of the directory."""
    known = _table(folder(_given(ctx)) / "directory.toml").get("people")
    return _begun(incomplete, known if isinstance(known, dict) else ())


def accounts(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the accounts of the person that was typed."""
    known = _table(folder(_given(ctx)) / "directory.toml").get("people")
    person = known.get(ctx.params.get("person")) if isinstance(known, dict) else None
    written = person.get("accounts") if isinstance(person, dict) else None
    tables = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    return _begun(incomplete, (str(each.get("name")) for each in tables))


def _begun(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in sorted(names) if name.startswith(incomplete)]


def _table(path: Path) -> dict[str, Any]:
    """A file that cannot be read completes nothing."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def _given(ctx: click.Context) -> str | None:
    found: str | None = ctx.find_root().params.get("config")
    return found
