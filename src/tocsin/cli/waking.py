"""`tocsin directory wake-test`: rings somebody's pagers to see that they do ring; nothing of it is recorded."""

import asyncio
import os
import pwd

import click

from tocsin.cli import exits
from tocsin.cli.completing import people
from tocsin.cli.configuration import loaded
from tocsin.cli.nearest import did_you_mean


@click.command("wake-test")
@click.argument("person", shell_complete=people)
@click.pass_context
def wake_test(ctx: click.Context, /, person: str) -> None:
    """Ring the pagers of PERSON, or of their team if they have none, with a test, and tell what each service did."""
    from tocsin.domain.events import WakeOutcome
    from tocsin.domain.people import PersonId
    from tocsin.neighbours.pagers.paging import Paging
    from tocsin.views.waking import Message

    configuration = loaded(ctx)
    paging, found = configuration.settings.waking, configuration.directory.person(PersonId(person))
    if found is None:
        near = did_you_mean(person, [each.id for each in configuration.directory.people])
        click.echo(f"There is no person {person} in directory.toml. {near}".rstrip(), err=True)
        ctx.exit(exits.UNKNOWN)
    team = next((each for each in sorted(found.teams) if each in paging.teams), None)
    text = f"This is a test of tocsin by {pwd.getpwuid(os.getuid()).pw_name}. There is nothing to do."
    woken = asyncio.run(Paging(paging).wake([found.id], team, Message("Test of tocsin", text)))[found.id]
    if woken.outcome is WakeOutcome.NOBODY:
        click.echo(f"{person} has no pager, nor has a team of theirs: write one into the file of pagers.", err=True)
        ctx.exit(exits.REFUSED)
    if woken.via:
        click.echo(f"{person} was paged by {', '.join(woken.via)}. Ask them whether it rang.")
    if woken.detail:
        click.echo(f"{woken.detail[:1].upper()}{woken.detail[1:]}.", err=True)
        ctx.exit(exits.UNREACHABLE)
