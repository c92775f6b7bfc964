"""`tocsin record`: proving that nothing of the record was changed, with no server and no network."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import click

from tocsin.cli import exits
from tocsin.cli.place import folder


@click.group()
def record() -> None:
    """Verify or export the record."""


@record.command()
@click.argument("export", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "keys", multiple=True, help="A key that you hold yourself, as `record export` prints it.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def verify(ctx: click.Context, /, export: Path | None, keys: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Detect any change of the record: of an EXPORT, or else of the database of this installation."""
    from tocsin.record.export import BadExport, read_export
    from tocsin.record.note import BadNote, read_key
    from tocsin.record.verifying import verify as verified

    try:
        lines = export.open(encoding="utf-8") if export else _exported(ctx)
        read = read_export(lines)
        verdict = verified(read.entries, read.checkpoints, [read_key(each) for each in keys] or read.keys)
    except (BadExport, BadNote, UnicodeDecodeError) as bad:
        click.echo(f"{export or 'the record'}: {bad}", err=True)
        ctx.exit(exits.REFUSED)
    if as_json:
        problems = [{"position": each.position, "sentence": each.sentence} for each in verdict.problems]
        click.echo(json.dumps({"verified": verdict.holds, "entries": verdict.positions, "problems": problems}))
    else:
        for problem in verdict.problems:
            click.echo(f"{problem.position}: {problem.sentence}", err=True)
        said = "record verified" if verdict.holds else "record NOT verified"
        click.echo(f"{said}: {verdict.positions} entries, {verdict.signed_heads} signed heads")
    ctx.exit(exits.DONE if verdict.holds else exits.REFUSED)


@record.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the screen.")
@click.pass_context
def export(ctx: click.Context, /, output: Path | None) -> None:
    """Write the whole record with its signed heads and keys, to be verified anywhere."""
    try:
        with output.open("x", encoding="utf-8") if output else _screen() as file:
            _write(_exported(ctx), file)
    except OSError as error:
        click.echo(f"{output}: {error.strerror}. Nothing is lost; write it elsewhere.", err=True)
        ctx.exit(exits.UNREACHABLE)


def _exported(ctx: click.Context) -> Iterator[str]:
    """Yield the export of this installation's database, whether or not the server runs."""
    from tocsin.config.loading import load
    from tocsin.config.problems import Misconfigured
    from tocsin.domain.errors import RecordUnavailable
    from tocsin.wiring import exported

    try:
        yield from exported(load(folder(ctx.find_root().obj["config"])))
    except (Misconfigured, RecordUnavailable) as error:
        click.echo(str(error), err=True)
        ctx.exit(exits.MISCONFIGURED if isinstance(error, Misconfigured) else exits.UNRECORDED)


def _write(lines: Iterable[str], file: IO[str]) -> None:
    for line in lines:
        file.write(line)


def _screen() -> IO[str]:
    return open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False)
