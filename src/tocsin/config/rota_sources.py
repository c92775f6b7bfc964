"""[[source]] of rota.toml: where it is asked who is on call; each kind has keys of its own, and secrets in files."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.names import Channel, Count, Name, Sentence, WebAddress, fold
from tocsin.config.private_files import Place, file_at, secret_at
from tocsin.config.reading import Source
from tocsin.config.reviews import LOOPBACK
from tocsin.config.times import Zone
from tocsin.config.topic_patterns import topic_pattern
from tocsin.domain.people import TeamId
from tocsin.neighbours.rotas.sources import (
    PagerDutySettings,
    RotaCalendarSettings,
    SourceSettings,
    SplunkSettings,
    TopicSettings,
)

_NOBODY: Final = TeamId("")
_SPLUNK = SplunkSettings(_NOBODY, "", "", "")
_PAGERDUTY = PagerDutySettings(_NOBODY, (), "")
_CALENDAR = RotaCalendarSettings(_NOBODY)
_TOPIC = TopicSettings(_NOBODY, "")
_OF_EACH: Final = frozenset({"kind", "team"})
_NEEDED: Final = {
    "splunk-on-call": ("vo_team", "api_id_file", "api_key_file"),
    "pagerduty": ("schedules", "token_file"),
    "icalendar": (),
    "topic": ("channel",),
}
_MAY: Final = {
    "splunk-on-call": ("address", "policies", "not_on_call", "most_people"),
    "pagerduty": ("address",),
    "icalendar": ("address", "address_file", "file", "timezone", "events", "backups"),
    "topic": ("pattern",),
}


def _over_tls(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("is on another machine: ask it by https://")
    return address.rstrip("/")


Kind = Literal["splunk-on-call", "pagerduty", "icalendar", "topic"]
Address = Annotated[WebAddress, AfterValidator(_over_tls)]


class SourceTable(Table):
    """Where it is asked who is on call for one team."""

    kind: Kind = Field(description="What is asked: an on-call system, a calendar, or the topic of a channel.")
    team: Name = Field(description="The team whose members are on call there.")
    address: Address | None = Field(
        default=None,
        description=f"Its address; {_SPLUNK.address} and {_PAGERDUTY.address} when left out. Of icalendar, the file's.",
    )
    vo_team: Sentence | None = Field(default=None, description="With splunk-on-call: the team there, by slug or name.")
    policies: list[Sentence] = Field(
        default=[], description="With splunk-on-call: the escalation policies that are the rota, by name or slug."
    )
    not_on_call: list[Sentence] = Field(
        default=list(_SPLUNK.not_on_call),
        description="With splunk-on-call: policies that call everybody, * for any end.",
    )
    most_people: Count = Field(
        default=_SPLUNK.most_people, description="With splunk-on-call: a policy of more people than this is no rota."
    )
    api_id_file: str = Field(default="", description="With splunk-on-call: the file that holds the API id, mode 0600.")
    api_key_file: str = Field(default="", description="With splunk-on-call: the file that holds the key, mode 0600.")
    schedules: list[Sentence] = Field(default=[], description="With pagerduty: the ids of the schedules.")
    token_file: str = Field(default="", description="With pagerduty: the file that holds a read-only key, mode 0600.")
    file: str = Field(default="", description="With icalendar: the file, seen from the folder of rota.toml.")
    address_file: str = Field(
        default="", description="With icalendar: the file that holds an address which is a secret itself, mode 0600."
    )
    timezone: Zone = Field(
        default=_CALENDAR.timezone, description="With icalendar: the time zone of days and times that name none."
    )
    events: list[Sentence] = Field(
        default=list(_CALENDAR.events),
        description="With icalendar: the summaries of events that count, * for anything.",
    )
    backups: list[Sentence] = Field(
        default=[], description="With icalendar: the summaries of events that tell who stands in."
    )
    channel: Channel | None = Field(default=None, description="With topic: the channel.")
    pattern: Annotated[str, AfterValidator(topic_pattern)] = Field(
        default=_TOPIC.pattern,
        description="With topic: the regular expression whose groups nicks and backups hold who is on call.",
    )


@dataclass(frozen=True, slots=True)
class Around:
    """What sources are held against: the folder, and the channels of the bot, as far as these are known."""

    folder: Path
    channels: Collection[str] | None


def sources(
    tables: Sequence[SourceTable], numbers: Sequence[int], around: Around, source: Source
) -> tuple[SourceSettings, ...]:
    """Make settings of the tables; everything that is missing, or means nothing for its kind, is reported."""
    made = []
    for number, table in zip(numbers, tables, strict=True):
        placed = _Placed(table, ("source", number), around, source)
        placed.check()
        made.append(placed.settings())
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Placed:
    """One table with its place in the file."""

    table: SourceTable
    place: tuple[str, int]
    around: Around
    source: Source

    def check(self) -> None:
        """Report keys that are missing, and those of another kind."""
        kind, given = self.table.kind, self.table.model_fields_set
        for key in _NEEDED[kind]:
            if not getattr(self.table, key):
                self._error("kind", f"A source of kind {kind} needs {key}: {_meaning(key)}")
        for key in sorted(given - _OF_EACH - {*_NEEDED[kind], *_MAY[kind]}):
            self._error(key, f"{key} means nothing for a source of kind {kind}: take it out.")
        checks: dict[str, Callable[[], None]] = {"icalendar": self._check_calendar, "topic": self._check_channel}
        checks.get(kind, lambda: None)()

    def settings(self) -> SourceSettings:
        """Return what the rooms ask with."""
        table, team = self.table, TeamId(self.table.team)
        match table.kind:
            case "splunk-on-call":
                return SplunkSettings(
                    team=team,
                    vo_team=table.vo_team or "",
                    api_id=self._secret("api_id_file"),
                    api_key=self._secret("api_key_file"),
                    policies=tuple(table.policies),
                    not_on_call=tuple(table.not_on_call),
                    most_people=table.most_people,
                    address=table.address or _SPLUNK.address,
                )
            case "pagerduty":
                address = table.address or _PAGERDUTY.address
                return PagerDutySettings(team, tuple(table.schedules), self._secret("token_file"), address)
            case "icalendar":
                file = file_at(self._at("file"), table.file)
                address = table.address or self._secret_address()
                return RotaCalendarSettings(
                    team, table.timezone, file, address, tuple(table.events), tuple(table.backups)
                )
            case "topic":
                return TopicSettings(team, table.channel or "", table.pattern)

    def _check_calendar(self) -> None:
        given = [key for key in ("file", "address", "address_file") if getattr(self.table, key)]
        if len(given) != 1:
            said = f"not {' and '.join(given)}" if given else "and none is there"
            self._error("kind", f"A source of kind icalendar has one of file, address and address_file, {said}.")

    def _check_channel(self) -> None:
        channels, channel = self.around.channels, self.table.channel
        if channels is None or channel is None:
            return
        if not channels:
            self._error("kind", "A topic is read on IRC, and tocsin.toml has no [irc].")
        elif fold(channel) not in map(fold, channels):
            there = ", ".join(sorted(channels))
            self._error("channel", f"The bot is not in {channel}, and so does not hear its topic: it is in {there}.")

    def _secret_address(self) -> str:
        """An address that holds a secret is checked like any other, and never said."""
        address = self._secret("address_file")
        try:
            parts = urlsplit(address)
            sound = not address or (bool(parts.hostname) and _over_tls(address) == address)
        except ValueError:
            sound = False
        if not sound:
            self._error("address_file", f"{self.table.address_file} must hold an address that begins with https://.")
        return address if sound else ""

    def _secret(self, key: str) -> str:
        return secret_at(self._at(key), getattr(self.table, key))

    def _at(self, key: str) -> Place:
        return Place(self.around.folder, self.source, (*self.place, key))

    def _error(self, key: str, sentence: str) -> None:
        self.source.error((*self.place, key), sentence)


def _meaning(key: str) -> str:
    said = SourceTable.model_fields[key].description or ""
    return said.partition(": ")[2]
