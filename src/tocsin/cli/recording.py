"""`tocsin record`: proving that nothing of the record was changed, with no server and no network."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from tocsin.cli import exits
from tocsin.cli.configuration import loaded
from tocsin.cli.ending import let_go_of_output


@click.group()
def record() -> None:
    """Verify or export the record."""


@record.command()
@click.argument("export", required=False, type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, help="A key that you hold yourself, as `record export` prints it.")
@click.option("--page", default="", help="Check each passkey too, for the page at this address (https://...).")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def verify(ctx: click.Context, /, export: Path | None, keys: tuple[str, ...], page: str, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Detect any change of the record: of an EXPORT, or else of the database of this installation."""
    from tocsin.cli.passkeys import of_passkeys
    from tocsin.record.export import BadExport, read_export
    from tocsin.record.note import BadNote, read_key
    from tocsin.record.verifying import verify as verified

    try:
        held = [read_key(each) for each in keys]
        read = read_export(_lines(ctx, export) if export else _exported(ctx))
        verdict = verified(read.entries, read.checkpoints, held or read.keys)
        if page:
            found = tuple(of_passkeys(read.entries, page.rstrip("/")))
            verdict = replace(verdict, problems=verdict.problems + found)
    except BadNote as bad:
        _fail(ctx, f"--key: {bad}", exits.USAGE)
    except (BadExport, UnicodeDecodeError) as bad:
        _fail(ctx, f"{export or 'the record'} is no whole export of a record: {bad}", exits.REFUSED)
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
@click.option(
    "--output", type=click.Path(path_type=Path), help="A file instead of the screen; never one that is there."
)
@click.pass_context
def export(ctx: click.Context, /, output: Path | None) -> None:
    """Write the whole record with its signed heads and keys, to be verified anywhere."""
    lines = _exported(ctx)
    if output:
        _write_to_file(ctx, lines, output)
    else:
        _write_to_screen(ctx, lines)


def _exported(ctx: click.Context) -> Iterator[str]:
    """Yield the export of this installation's database, whether or not the server runs."""
    from tocsin.domain.errors import RecordUnavailable
    from tocsin.storage.record_file import exported

    try:
        yield from exported(loaded(ctx).settings.record.database)
    except RecordUnavailable as error:
        _fail(ctx, str(error), exits.UNRECORDED)


def _lines(ctx: click.Context, path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from file
    except OSError as error:
        _fail(ctx, f"{path} cannot be read: {error.strerror}.", exits.USAGE)


def _write_to_file(ctx: click.Context, lines: Iterable[str], output: Path) -> None:
    """Half an export would look like a whole one, so it is there whole or not at all."""
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        _fail(ctx, f"{output} is there already, and nothing was written: name another file.", exits.UNWRITTEN)
    except OSError as error:
        _fail(
            ctx, f"{output} cannot be written: {error.strerror}. Nothing is lost; write it elsewhere.", exits.UNWRITTEN
        )
    whole = False
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(descriptor)
        whole = True
    except OSError as error:
        _fail(
            ctx, f"{output} cannot be written: {error.strerror}. Nothing is lost; write it elsewhere.", exits.UNWRITTEN
        )
    finally:
        if not whole:
            with suppress(OSError):
                output.unlink()


def _write_to_screen(ctx: click.Context, lines: Iterable[str]) -> None:
    if sys.stdout is None:
        _fail(ctx, "There is no standard output: name a file with --output.", exits.UNWRITTEN)
    try:
        sys.stdout.writelines(lines)
        sys.stdout.flush()
    except OSError as error:
        let_go_of_output()
        why = "nobody reads it any more" if isinstance(error, BrokenPipeError) else error.strerror
        _fail(ctx, f"The export is not whole: {why}. Nothing is lost; write it elsewhere.", exits.UNWRITTEN)


def _fail(ctx: click.Context, sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    ctx.exit(code)
