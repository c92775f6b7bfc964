"""`tocsin config check`: every fault of the configuration at once; with --online also how it fares out there."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tocsin.cli import exits
from tocsin.cli.configuration import be_quiet, place

if TYPE_CHECKING:
    from tocsin.config.loading import Loaded
    from tocsin.config.problems import Problem

LIMIT_SECONDS = 120


@click.group("config")
def config() -> None:
    """Check the configuration."""


@config.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--online",
    is_flag=True,
    help="Connect, sign in and join too, compare each pinned account, try the token for tasks, ask for members.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 3600),
    default=LIMIT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="How long --online may take in all.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def check(ctx: click.Context, /, folder: Path | None, online: bool, limit: int, as_json: bool) -> None:  # noqa: FBT001 - click's way
    """Tell every fault of the configuration in FOLDER, with file, line and remedy."""
    from tocsin.config.loading import load
    from tocsin.config.problems import Misconfigured

    be_quiet()
    where = place(ctx, folder)
    report: dict[str, Any] = {"folder": str(where), "errors": [], "warnings": []}
    try:
        loaded = load(where)
    except Misconfigured as error:
        report["errors"] = [_plain(each) for each in error.problems]
        if not as_json:
            _tell_broken(where, error.problems)
        _end(ctx, report, exits.MISCONFIGURED, as_json=as_json)
    report["warnings"] = [_plain(each) for each in loaded.warnings]
    if not as_json:
        _tell_sound(where, loaded)
    code = exits.DONE
    if online:
        _name_webhooks(loaded, report, as_json=as_json)
        silent = _check_calendars(loaded, report, as_json=as_json)
        code = _check_online(loaded, limit, report, as_json=as_json) or silent
    _end(ctx, report, code, as_json=as_json)


def _name_webhooks(loaded: "Loaded", report: dict[str, Any], *, as_json: bool) -> None:
    """A delivery is an act, which a check never makes: it says how to try one."""
    for each in loaded.settings.webhooks:
        report.setdefault("webhooks", []).append({"name": each.name, "tried": False})
        if not as_json:
            click.echo(
                f"webhook {each.name}: not tried, since that would send something: tocsin webhook test {each.name}"
            )


def _check_calendars(loaded: "Loaded", report: dict[str, Any], *, as_json: bool) -> int:
    """Read each calendar from outside once; return what the process ends with if nothing else is wrong."""
    if not loaded.calendar.sources:
        return exits.DONE
    from dataclasses import asdict

    from tocsin.cli.online_calendars import look

    seen = asyncio.run(look(loaded))
    report["calendars"] = [asdict(each) for each in seen]
    for each in () if as_json else seen:
        click.echo(each.sentence, err=bool(each.why))
        for trouble in each.troubles:
            click.echo(f"  {trouble}", err=True)
    return exits.UNREACHABLE if any(each.why for each in seen) else exits.DONE


def _check_online(loaded: "Loaded", limit: int, report: dict[str, Any], *, as_json: bool) -> int:
    """Look once; return what the process ends with."""
    from tocsin.cli.online_members import MembersSeen, members_seen
    from tocsin.cli.online_tasks import TasksSeen, tasks_seen

    answers: dict[str, MembersSeen | TasksSeen | None] = {
        "tasks": asyncio.run(tasks_seen(loaded)),
        "members": asyncio.run(members_seen(loaded)),
    }
    seen = {name: each for name, each in answers.items() if each}
    for name, each in seen.items():
        report[name] = each.plain
        if not as_json:
            click.echo(each.sentence, err=each.code != exits.DONE)
    code = next((each.code for each in seen.values() if each.code != exits.DONE), exits.DONE)
    if seen and loaded.settings.irc is None:
        return code
    return _check_irc(loaded, limit, report, as_json=as_json) or code


def _check_irc(loaded: "Loaded", limit: int, report: dict[str, Any], *, as_json: bool) -> int:
    from tocsin.cli.online import judged, pinned_accounts
    from tocsin.irc.checking import look

    if loaded.settings.irc is None:
        report["online"] = {"problems": ["tocsin.toml has no [irc]: there is nothing to look at."]}
        if not as_json:
            click.echo(report["online"]["problems"][0], err=True)
        return exits.MISCONFIGURED
    seen = asyncio.run(look(loaded.settings.irc, pinned_accounts(loaded), limit))
    verdict = judged(seen, loaded)
    report["online"] = verdict.plain
    if not as_json:
        for line in verdict.good:
            click.echo(line)
        for line in (*verdict.hints, *verdict.problems):
            click.echo(line, err=True)
        click.echo(f"on IRC: {_counted(len(verdict.problems), 'problem')}, {_counted(len(verdict.hints), 'hint')}")
    return verdict.code


def _tell_broken(where: Path, problems: "tuple[Problem, ...]") -> None:
    for each in problems:
        click.echo(each.text, err=True)
    click.echo(f"{where}: {_counted(len(problems), 'error')}. Mend them, then: tocsin config check {where}", err=True)


def _tell_sound(where: Path, loaded: "Loaded") -> None:
    for each in loaded.warnings:
        click.echo(f"{each.text} (warning)", err=True)
    parts = [_counted(len(loaded.catalogue.targets), "target"), _counted(len(loaded.directory.people), "person")]
    click.echo(f"{where}: no error, {_counted(len(loaded.warnings), 'warning')}; {', '.join(parts)}")


def _counted(number: int, what: str) -> str:
    many = {"person": "people"}.get(what, f"{what}s")
    return f"{number or 'no'} {what if number == 1 else many}"


def _plain(problem: "Problem") -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "sentence": problem.sentence}


def _end(ctx: click.Context, report: dict[str, Any], code: int, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    ctx.exit(code)
