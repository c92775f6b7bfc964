"""Where it is asked who is on call, as it was written down; asking is for one file each."""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tocsin.domain.people import TeamId

ON_CALL_SECONDS: Final = 4.0
"""So that one that is silent is given up before everybody else's facts are."""
MOST_PEOPLE: Final = 5
EVERYBODY: Final = ("batphone*",)
"""Policies that call everybody at once when nobody else has answered: being in one is not being on call."""


@dataclass(frozen=True, slots=True)
class SplunkSettings:
    """A team of Splunk On-Call (VictorOps); its `policies` are the rota, all but `not_on_call` where none is named.

    A policy of more than `most_people` calls everybody, whatever its name is.
    """

    team: TeamId
    vo_team: str
    api_id: str = field(repr=False)
    api_key: str = field(repr=False)
    policies: tuple[str, ...] = ()
    not_on_call: tuple[str, ...] = EVERYBODY
    most_people: int = MOST_PEOPLE
    address: str = "https://api.victorops.com"


@dataclass(frozen=True, slots=True)
class PagerDutySettings:
    """Schedules of PagerDuty: whoever is on their first level is on call, who is on the second stands in."""

    team: TeamId
    schedules: tuple[str, ...]
    token: str = field(repr=False)
    address: str = "https://api.pagerduty.com"


@dataclass(frozen=True, slots=True)
class RotaCalendarSettings:
    """An iCalendar, by a file or an address, which may be secret; `timezone` is that of times that name none.

    Events count whose summary matches one of `events`, those of `backups` for people who stand in.
    """

    team: TeamId
    timezone: str = "UTC"
    file: str = ""
    address: str = field(default="", repr=False)
    events: tuple[str, ...] = ("*",)
    backups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """A channel whose topic names who is on call, in the group `nicks` of a pattern, and who stands in (`backups`)."""

    team: TeamId
    channel: str
    pattern: str = r"on.?call:? (?P<nicks>[^|]*)"


SourceSettings: TypeAlias = SplunkSettings | PagerDutySettings | RotaCalendarSettings | TopicSettings
