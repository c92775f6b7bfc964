"""`tocsin directory pin`: asks services for an account's registration, as the bot, and writes it into the directory."""

import asyncio
from typing import TYPE_CHECKING, NoReturn

import click

from tocsin.cli import exits
from tocsin.cli.completing import accounts, people
from tocsin.cli.configuration import irc_of, loaded, place
from tocsin.cli.nearest import did_you_mean
from tocsin.cli.waking import wake_test

if TYPE_CHECKING:
    from tocsin.config.loading import Loaded
    from tocsin.domain.people import Account
    from tocsin.irc.checking import AccountSeen

LIMIT_SECONDS = 60


@click.group()
def directory() -> None:
    """Pin people's services accounts, and try their pagers."""


directory.add_command(wake_test)


@directory.command()
@click.argument("person", shell_complete=people)
@click.argument("account", required=False, shell_complete=accounts)
@click.option("--replace", is_flag=True, help="Although another registration is pinned: you asked the person.")
@click.option(
    "--limit",
    type=click.IntRange(1, 3600),
    default=LIMIT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long it may take.",
)
@click.pass_context
def pin(ctx: click.Context, /, person: str, account: str | None, replace: bool, limit: int) -> None:  # noqa: FBT001 - click's way
    """Write which registration PERSON's ACCOUNT has, so that nobody who registers the name anew is taken for them."""
    from tocsin.config.pinning import pin as write_pin
    from tocsin.domain.errors import Refused
    from tocsin.domain.people import PersonId

    configuration = loaded(ctx)
    before = _known(ctx, configuration, person, account)
    found = _asked(ctx, configuration, before.name, limit)
    _refuse_another(ctx, person, before, found, replace=replace)
    try:
        line = write_pin(place(ctx), PersonId(person), before.name, found.registration)
    except Refused as refused:
        _fail(ctx, " ".join(refused.reasons), exits.REFUSED)
    was = f"before: {before.registration}" if before.registration else "it was not pinned before"
    same = before.registration == found.registration
    click.echo(
        f"directory.toml:{line}: {person}'s account {before.name} is pinned to {found.registration}"
        f"{', as it was' if same else f'; {was}'}"
    )
    if not same:
        click.echo("A server that runs reads it on SIGHUP: kill -HUP its process, or systemctl reload tocsin")


def _known(ctx: click.Context, configuration: "Loaded", person: str, account: str | None) -> "Account":
    """Find the account before anybody is asked about it; one who has only one need not be told which."""
    from tocsin.config.names import fold

    found = next((each for each in configuration.directory.people if each.id == person), None)
    if found is None:
        near = did_you_mean(person, [each.id for each in configuration.directory.people])
        _fail(ctx, f"There is no person {person} in directory.toml. {near}".rstrip(), exits.UNKNOWN)
    known = ", ".join(each.name for each in found.accounts) or "none"
    if account is None and len(found.accounts) == 1:
        return found.accounts[0]
    if account is None:
        _fail(ctx, f"Which account of {person}? There are {known}: tocsin directory pin {person} ACCOUNT", exits.USAGE)
    written = next((each for each in found.accounts if fold(each.name) == fold(account)), None)
    if written is None:
        _fail(
            ctx,
            f"{person} has no account {account} in directory.toml, only {known}: add it there first.",
            exits.UNKNOWN,
        )
    return written


def _asked(ctx: click.Context, configuration: "Loaded", account: str, limit: int) -> "AccountSeen":
    from tocsin.domain.errors import Refused, Unreachable
    from tocsin.irc.checking import registration_of

    try:
        return asyncio.run(registration_of(irc_of(ctx, configuration), account, limit))
    except Unreachable as error:
        _fail(ctx, f"Nothing was written: {error}", exits.UNREACHABLE)
    except Refused as refused:
        _fail(ctx, f"Nothing was written. {' '.join(refused.reasons)}", exits.REFUSED)


def _refuse_another(ctx: click.Context, person: str, before: "Account", found: "AccountSeen", *, replace: bool) -> None:
    """Somebody may have taken a freed name: pinning it without a question would hand them the person's voice."""
    from tocsin.irc.identities import is_pinned

    assert found.told is not None, "what services did not tell was refused"
    if replace or not before.registration or is_pinned(before, found.told):
        return
    sentence = (
        f"Nothing was written: {before.name} is pinned to {before.registration}, and services now tell"
        f" {found.registration}, so the name was registered anew. Ask {person}; if it is theirs:"
        f" tocsin directory pin --replace {person} {before.name}"
    )
    _fail(ctx, sentence, exits.REFUSED)


def _fail(ctx: click.Context, sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    ctx.exit(code)
