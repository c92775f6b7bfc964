"""The whole configuration read at once: frozen values for every room, or every problem of every file.

Laws: each file is read once, so that what was checked is what is used. What a fault hides is not guessed at, so that
one mistake is told once.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from tocsin.config import files as names
from tocsin.config.admin_log import admin_log
from tocsin.config.agreeing import check_on_call, check_policies, check_target
from tocsin.config.calendar import read_calendar
from tocsin.config.checking import parse
from tocsin.config.directory import ReadDirectory, read_directory
from tocsin.config.files import Files
from tocsin.config.gerrit import gerrits
from tocsin.config.github import githubs
from tocsin.config.gitlab import gitlabs
from tocsin.config.irc import IrcTalk
from tocsin.config.phabricator import phabricator
from tocsin.config.policies import Policies, read_policies
from tocsin.config.problems import Problem, Report
from tocsin.config.reading import unreadable
from tocsin.config.reviews import check_reviews, warn_of_homeless
from tocsin.config.rota import read_rota
from tocsin.config.rota_sources import Around
from tocsin.config.settings import Settings, TopFile, check_paths, settings
from tocsin.config.targets import Written, channel_faults, read_target, target_name
from tocsin.config.train import train
from tocsin.config.waking import paging
from tocsin.config.web import check_fresh, warn_of_ways, web
from tocsin.config.webhooks import webhooks
from tocsin.domain.people import Directory
from tocsin.domain.policy import Policy
from tocsin.domain.situation import Catalogue
from tocsin.neighbours.calendars.written import CalendarSettings
from tocsin.neighbours.ldap.settings import LdapSettings
from tocsin.neighbours.rotas.written import RotaSettings


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration without fault; `digest` is over the bytes of all its files, secrets aside."""

    folder: Path
    settings: Settings
    directory: Directory
    catalogue: Catalogue
    policies: tuple[Policy, ...]
    calendar: CalendarSettings
    rota: RotaSettings
    digest: str
    warnings: tuple[Problem, ...] = ()
    ldap: LdapSettings | None = None


def load(folder: Path) -> Loaded:
    """Read a configuration; raises `Misconfigured` with every problem of every file."""
    report = Report()
    loaded = _load(Files(folder.absolute(), report)) if _is_folder(folder, report) else None
    report.raise_if_wrong()
    assert loaded is not None, "what has no fault has a value"
    return replace(loaded, warnings=report.warnings)


def _is_folder(folder: Path, report: Report) -> bool:
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        report.error(str(folder), 1, f"The folder of the configuration: {unreadable(error)}")
        return False
    return True


def _load(files: Files) -> Loaded | None:
    files.warn_of_strangers()
    target_files = files.target_files()
    policy_source = files.optional(names.POLICIES)
    policies = read_policies(policy_source)
    written = _written(files, target_files, policies)
    people = _directory(files, target_files, written, policies)
    directory = people.directory
    calendar = read_calendar(files.optional(names.CALENDAR), files.folder)
    made = _settings(files, written, directory)
    around = Around(files.folder, _channels(files, made))
    rota = read_rota(files.optional(names.ROTA), files.needed(names.DIRECTORY), directory, around)
    for each in written:
        check_on_call(each, rota, directory)
    if made is None:
        return None
    check_fresh(policies, made.web, policy_source)
    return Loaded(
        folder=files.folder,
        settings=made,
        directory=directory,
        catalogue=Catalogue(tuple(each.target for each in written), made.waking.klaxon),
        policies=tuple(policies.known.values()),
        calendar=calendar,
        rota=rota,
        digest=files.digest(),
        ldap=people.ldap,
    )


def _written(files: Files, target_files: tuple[str, ...], policies: Policies) -> list[Written]:
    sources = [source for file in target_files if (source := files.needed(file))]
    written = [each for source in sources if (each := read_target(source, policies))]
    for source, (path, sentence) in channel_faults(written):
        source.error(path, sentence)
    return written


def _directory(
    files: Files, target_files: tuple[str, ...], written: list[Written], policies: Policies
) -> ReadDirectory:
    """Who is missing is said only of a sound directory: in a faulty one people may seem to be missing."""
    source = files.needed(names.DIRECTORY)
    if source is None:
        return ReadDirectory()
    people = read_directory(source, tuple(target_name(file) for file in target_files), files.folder)
    if people.sound:
        check_policies(files.optional(names.POLICIES), policies, people.directory)
        for each in written:
            check_target(each, policies, people.directory)
    return people


def _settings(files: Files, written: list[Written], directory: Directory) -> Settings | None:
    source = files.needed(names.TOP)
    parsed = parse(TopFile, source) if source else None
    table = parsed.value if parsed else None
    if source is None or parsed is None or table is None:
        return None
    sites = gerrits(table.gerrit, parsed.numbers("gerrit", len(table.gerrit)), files.folder, source)
    hubs = githubs(table.github, parsed.numbers("github", len(table.github)), files.folder, source)
    labs = gitlabs(table.gitlab, parsed.numbers("gitlab", len(table.gitlab)), files.folder, source)
    made = replace(settings(table, files.folder), gerrit=tuple(sites), github=tuple(hubs), gitlab=tuple(labs))
    read = phabricator(table.phabricator, files.folder, source)
    conducted = train(table.train, source, files.needed(names.DIRECTORY), directory)
    made = replace(made, phabricator=read, train=conducted, waking=paging(table.waking, files, source))
    made = replace(made, web=web(table.web, made.site.name, made.site.public_url, files.folder, source))
    warn_of_ways(table.web, directory, source)
    made = replace(made, admin_log=admin_log(table.admin_log, made.log_channel, source))
    hooks = webhooks(table.webhooks, parsed.numbers("webhooks", len(table.webhooks)), files.folder, source)
    made = replace(made, webhooks=tuple(hooks))
    check_paths(made, source)
    numbers = parsed.numbers("reviews", len(made.reviews))
    check_reviews(made.reviews, numbers, source)
    warn_of_homeless(made.reviews, numbers, [each.target for each in written], source)
    if table.irc is None:
        return made
    talk = IrcTalk(table.irc, source, files.folder)
    talk.check_people(directory)
    channels = [channel for each in written for channel in (each.target.channel, each.target.private_channel)]
    return replace(made, irc=talk.settings(channels))


def _channels(files: Files, made: Settings | None) -> tuple[str, ...] | None:
    """Return where the bot is; nowhere without IRC, and nothing where a fault hides it."""
    top = files.needed(names.TOP)
    if made and made.irc:
        return tuple(each.name for each in made.irc.channels)
    return () if top and "irc" not in top.data else None
