"""tocsin.toml, the top file: the installation itself, made into frozen settings; secrets are read from files apart."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from tocsin.config.admin_log import AdminLogTable
from tocsin.config.checking import Table
from tocsin.config.gerrit import GerritTable
from tocsin.config.github import GithubTable
from tocsin.config.gitlab import GitlabTable
from tocsin.config.irc import IrcTable
from tocsin.config.names import Name, Sentence, WebAddress
from tocsin.config.phabricator import PhabricatorTable
from tocsin.config.private_files import Place, warn_of_readers
from tocsin.config.reading import Source
from tocsin.config.reviews import ReviewTable, reviews
from tocsin.config.train import TrainTable
from tocsin.config.waking import WakingTable
from tocsin.config.web import WebTable
from tocsin.config.webhooks import WebhookTable
from tocsin.irc.settings import IrcSettings
from tocsin.neighbours.admin_log import AdminLogSettings
from tocsin.neighbours.pagers.paging import PagingSettings
from tocsin.neighbours.reviews.gerrit import GerritSettings
from tocsin.neighbours.reviews.git_naming import ReviewSettings
from tocsin.neighbours.reviews.github import GithubSettings
from tocsin.neighbours.reviews.gitlab import GitlabSettings
from tocsin.neighbours.rotas.train import TrainSettings
from tocsin.neighbours.tasks.links import TaskSettings
from tocsin.neighbours.tasks.phabricator import PhabricatorSettings
from tocsin.neighbours.webhooks import WebhookSettings
from tocsin.web.settings import WebSettings

LONGEST_SOCKET_BYTES = 107  # what the kernel takes for the address of a Unix socket, with its end


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The installation: its name, where people reach its page (or nowhere), and the folder of all that it writes."""

    name: str
    public_url: str
    data: Path


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """Where the record is, what signs it, and the name under which its signed heads are known outside."""

    database: Path
    key_file: Path
    origin: str


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """The socket by which the command line of this machine talks to the server."""

    socket: Path


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What the engine calls itself across restarts, and where each attempt at a step has its folder."""

    executor: str
    attempts: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything of tocsin.toml; `irc` is nothing where the tool is used without IRC."""

    site: SiteSettings
    record: RecordSettings
    local: LocalSettings
    engine: EngineSettings
    tasks: TaskSettings = TaskSettings()
    reviews: tuple[ReviewSettings, ...] = ()
    gerrit: tuple[GerritSettings, ...] = ()
    phabricator: PhabricatorSettings | None = None
    train: TrainSettings | None = None
    github: tuple[GithubSettings, ...] = ()
    gitlab: tuple[GitlabSettings, ...] = ()
    irc: IrcSettings | None = None
    log_channel: str = ""
    waking: PagingSettings = PagingSettings()
    admin_log: AdminLogSettings = AdminLogSettings()
    web: WebSettings | None = None
    webhooks: tuple[WebhookSettings, ...] = ()


def _origin(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,127}", text, re.ASCII) is None:
        raise ValueError("is a name such as tocsin.example.org, without spaces or a plus")
    return text


def _task_pattern(text: str) -> str:
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    if compiled.fullmatch(""):
        raise ValueError("matches an empty name: let it ask for one character at least")
    return text


def _task_address(text: str) -> str:
    """The host is written out, so that nothing typed on IRC can choose it."""
    before, place, _ = text.partition("{task}")
    if not place or before.count("/") < 3:
        raise ValueError("must hold {task} behind the host, as in https://tasks.example.org/{task}")
    return text


_TASKS = TaskSettings()


class SiteTable(Table):
    """The installation as a whole."""

    name: Sentence = Field(description="What people call this installation.")
    public_url: WebAddress | None = Field(default=None, description="Where people reach its page, if it has one.")
    data: str = Field(default="data", description="The folder of all that is written, seen from that of tocsin.toml.")


class RecordTable(Table):
    """The append-only, signed log of all that happened."""

    database: str = Field(default="record.db", description="The database's file, seen from the data folder.")
    key_file: str = Field(default="record.key", description="The key that signs the record, seen from the data folder.")
    origin: Annotated[str, AfterValidator(_origin)] = Field(
        description="The name of the record for those outside; never change it once heads of it are known."
    )


class LocalTable(Table):
    """The command line of this machine."""

    socket: str = Field(default="tocsin.sock", description="The Unix socket, seen from the data folder.")


class TasksTable(Table):
    """The bug tracker."""

    pattern: Annotated[str, AfterValidator(_task_pattern)] = Field(
        default=_TASKS.pattern, description="The regular expression that the whole name of a task matches."
    )
    url: Annotated[WebAddress, AfterValidator(_task_address)] | None = Field(
        default=None, description="Where a task is shown, such as https://tasks.example.org/{task}."
    )
    public: bool = Field(default=False, description="Whether the public may read every task, so that none is private.")


class EngineTable(Table):
    """The engine that carries things out."""

    executor: Name = Field(default="main", description="What this server is called; the same after every restart.")
    attempts: str = Field(
        default="attempts", description="The folder of what steps printed, seen from the data folder."
    )


class TopFile(Table):
    """The installation itself: its record, its place on IRC, and the systems around it."""

    COLLECTIONS = frozenset({"reviews", "gerrit", "github", "gitlab", "webhooks"})

    site: SiteTable = Field(description="Write it, with a name at least.")
    record: RecordTable = Field(description="Write it, with an origin at least.")
    irc: IrcTable | None = Field(default=None, description="IRC; without it there is only the command line.")
    web: WebTable | None = Field(default=None, description="The page; without it there is none.")
    local: LocalTable = Field(default=LocalTable(), description="The command line of this machine.")
    tasks: TasksTable = Field(default=TasksTable(), description="The bug tracker.")
    reviews: list[ReviewTable] = Field(default=[], description="The repositories whose changes are reviewed.")
    gerrit: list[GerritTable] = Field(default=[], description="The Gerrit sites whose changes are reviewed.")
    phabricator: PhabricatorTable | None = Field(
        default=None, description="The Phabricator or Phorge whose tasks are read; without it, tasks are plain links."
    )
    train: TrainTable | None = Field(default=None, description="Who conducts the train, from its task's owner.")
    waking: WakingTable = Field(default=WakingTable(), description="How people are woken.")
    github: list[GithubTable] = Field(default=[], description="The repositories on GitHub that are reviewed there.")
    gitlab: list[GitlabTable] = Field(default=[], description="The projects on GitLab that are reviewed there.")
    admin_log: AdminLogTable | None = Field(default=None, description="The server admin log.")
    webhooks: list[WebhookTable] = Field(default=[], description="Programs that are told of each event, signed.")
    engine: EngineTable = Field(default=EngineTable(), description="The engine that carries things out.")


def settings(top: TopFile, folder: Path) -> Settings:
    """Make settings of the file, with every path in full; IRC is added when the channels are known."""
    data = folder / top.site.data
    return Settings(
        site=SiteSettings(top.site.name, (top.site.public_url or "").rstrip("/"), data),
        record=RecordSettings(data / top.record.database, data / top.record.key_file, top.record.origin),
        local=LocalSettings(data / top.local.socket),
        engine=EngineSettings(top.engine.executor, data / top.engine.attempts),
        tasks=TaskSettings(top.tasks.pattern, top.tasks.url or "", top.tasks.public),
        reviews=reviews(top.reviews, folder),
        log_channel=(top.irc.log_channel if top.irc else None) or "",
    )


def check_paths(made: Settings, source: Source) -> None:
    """Report a data folder, a key or a socket that cannot serve as one, or serves too many."""
    if made.site.data.exists() and not made.site.data.is_dir():
        source.error(("site", "data"), f"{made.site.data.name} is there and is no folder.")
    length = len(os.fsencode(made.local.socket))
    if length > LONGEST_SOCKET_BYTES:
        sentence = (
            f"The socket's path has {length} bytes, and a socket takes {LONGEST_SOCKET_BYTES}: name a shorter one."
        )
        source.error(("local", "socket"), sentence)
    warn_of_readers(Place(made.site.data, source, ("record", "key_file")), made.record.key_file.name)
