"""`tocsin init`: writes a configuration that works as it is, asks nothing, and says what comes next."""

import os
import pwd
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli import exits

if TYPE_CHECKING:
    from tocsin.config.starter import Answers

_PERSON = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
_LOGIN = re.compile(r"[a-z_][a-z0-9_.-]{0,31}", re.ASCII)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--server", default="irc.example.org", show_default=True, help="A server of the IRC network.")
@click.option("--nick", default="tocsin", show_default=True, help="The bot's nick and services account.")
@click.option("--channel", default="#operations", show_default=True, help="Where requests are talked about.")
@click.option("--private-channel", metavar="CHANNEL", help="Where private ones are; the channel's name with -private.")
@click.option("--person", metavar="NAME", help="Yourself, as others will call you here; your login where it can be.")
@click.option("--login", help="Your login on this machine; the one that you have now.")
@click.option("--name", default="Example", show_default=True, help="What people call this installation.")
@click.option("--origin", default="tocsin.example.org", show_default=True, help="The record's name for those outside.")
@click.pass_context
def init(ctx: click.Context, /, folder: Path, **given: str | None) -> None:
    """Write a working, commented configuration into FOLDER; nothing that is there is written over."""
    from tocsin.config.problems import Misconfigured
    from tocsin.config.starter import INVENTED, Answers, write_starter
    from tocsin.domain.errors import Refused

    login = given["login"] or _own_login()
    fits = _PERSON.fullmatch(login) is not None and login not in INVENTED
    given["login"], given["person"] = login, given["person"] or (login if fits else "ada")
    given["private_channel"] = given["private_channel"] or f"{given['channel']}-private"
    answers = Answers(**{name: value for name, value in given.items() if value})
    try:
        _try_out(answers)
        written = write_starter(folder, answers)
    except Refused as refused:
        for reason in refused.reasons:
            click.echo(reason, err=True)
        ctx.exit(exits.REFUSED)
    except Misconfigured as error:
        for problem in error.problems:
            click.echo(f"Nothing was written: in {problem.file}, {problem.sentence}", err=True)
        ctx.exit(exits.USAGE)
    except OSError as error:
        click.echo(f"{error.filename or folder} cannot be written: {error.strerror}.", err=True)
        ctx.exit(exits.UNWRITTEN)
    for path in written:
        click.echo(f"wrote {path}")
    for line in _next_steps(folder, answers.person):
        click.echo(line)


def _try_out(answers: "Answers") -> None:
    """Write and read it elsewhere first: what does not load is not written; raises `Misconfigured` or `Refused`."""
    from tempfile import TemporaryDirectory

    from tocsin.config.loading import load
    from tocsin.config.starter import write_starter

    with TemporaryDirectory() as elsewhere:
        write_starter(Path(elsewhere), answers)
        load(Path(elsewhere))


def _own_login() -> str:
    """Whoever set it up by sudo is meant, not root; a login of another kind than most is left to be written by hand."""
    try:
        login = os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        login = ""
    return login if _LOGIN.fullmatch(login) else "ada"


def _next_steps(folder: Path, person: str) -> list[str]:
    here = shlex.quote(str(folder))
    return [
        "",
        "Next:",
        f"  1. Put the bot's password into {folder / 'secrets/irc-password'},",
        f"     and your people into {folder / 'directory.toml'}.",
        f"  2. tocsin config check {here}",
        f"  3. tocsin config check --online {here}",
        f"  4. For each person: tocsin --config {here} directory pin {person} ACCOUNT",
        f"  5. tocsin --config {here} serve",
    ]
