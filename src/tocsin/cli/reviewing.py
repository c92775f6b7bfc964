"""`tocsin review`: has Gerrit do what was confirmed, with the sha in the call; a recipe names it as a step."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tocsin.cli import exits
from tocsin.cli.configuration import loaded
from tocsin.cli.verbs import Unfit, read_id

if TYPE_CHECKING:
    from tocsin.neighbours.reviews.gerrit_writing import GerritWriter

Command = TypeVar("Command", bound=Callable[..., Any])
Deed = Coroutine[Any, Any, str]


def _named(command: Command) -> Command:
    """Give a command what all of them take."""
    site = click.option("--site", default="", metavar="ADDRESS", help="Which Gerrit, where several may be written to.")
    request = click.option(
        "--request",
        envvar="TOCSIN_REQUEST",
        default="",
        metavar="ID",
        help="For which request, said on the change (TOCSIN_REQUEST; a step of a recipe has it).",
    )
    change, sha = click.argument("change"), click.argument("sha")
    return change(sha(site(request(command))))


@click.group()
def review() -> None:
    """Vote on, merge, cherry-pick or revert a change in Gerrit, at the very sha that was confirmed."""


@review.command(context_settings={"ignore_unknown_options": True})  # a vote may be -1
@_named
@click.argument("label")
@click.argument("value", type=click.IntRange(-10, 10))
@click.pass_context
def vote(ctx: click.Context, /, change: str, sha: str, label: str, value: int, **where: str) -> None:
    """Vote on CHANGE while SHA is its newest patchset, such as Code-Review +2."""
    _have_done(ctx, where, lambda writer: writer.vote(change, sha, label, value))


@review.command()
@_named
@click.pass_context
def submit(ctx: click.Context, /, change: str, sha: str, **where: str) -> None:
    """Merge CHANGE while SHA is its newest patchset; one that is merged as that sha is done."""
    _have_done(ctx, where, lambda writer: writer.submit(change, sha))


@review.command("cherry-pick")
@_named
@click.argument("branch")
@click.pass_context
def cherry_pick(ctx: click.Context, /, change: str, sha: str, branch: str, **where: str) -> None:
    """Make a change for BRANCH of the patchset SHA of CHANGE, and say its number."""
    _have_done(ctx, where, lambda writer: writer.cherry_pick(change, sha, branch))


@review.command()
@_named
@click.pass_context
def revert(ctx: click.Context, /, change: str, sha: str, **where: str) -> None:
    """Make a change that takes CHANGE back, which was merged as SHA, and say its number."""
    _have_done(ctx, where, lambda writer: writer.revert(change, sha))


def _have_done(ctx: click.Context, where: dict[str, str], deed: "Callable[[GerritWriter], Deed]") -> None:
    from tocsin.domain.errors import Refused, Unreachable
    from tocsin.neighbours.reviews.gerrit_writing import writer

    request = _request(where["request"])
    try:
        click.echo(asyncio.run(deed(writer(loaded(ctx).settings.gerrit, where["site"], request))))
    except Refused as refused:
        for reason in refused.reasons:
            click.echo(reason, err=True)
        ctx.exit(exits.REFUSED)
    except Unreachable as silent:
        click.echo(f"{silent}.", err=True)
        ctx.exit(exits.UNREACHABLE)


def _request(text: str) -> str:
    try:
        return read_id([text] if text else [])
    except Unfit as unfit:
        raise click.BadParameter(str(unfit), param_hint="--request") from unfit
