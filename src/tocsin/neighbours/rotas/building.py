"""Puts together who is on call from what is configured: on-call systems and calendars, the rota's file, then topics."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from tocsin.domain.people import Directory
from tocsin.neighbours.rotas.calendar import CalendarRota, system_of
from tocsin.neighbours.rotas.pagerduty import PAGERDUTY, PagerDuty
from tocsin.neighbours.rotas.people import RotaPeople
from tocsin.neighbours.rotas.several import FRESH, RotaSource, SeveralRotas
from tocsin.neighbours.rotas.sources import (
    PagerDutySettings,
    RotaCalendarSettings,
    SourceSettings,
    SplunkSettings,
    TopicSettings,
)
from tocsin.neighbours.rotas.splunk_on_call import SPLUNK, SplunkOnCall
from tocsin.neighbours.rotas.topic import TopicOf, TopicRota, topic_of
from tocsin.neighbours.rotas.written import ConfiguredRota, RotaSettings

FILE = "rota.toml"


@dataclass(frozen=True, slots=True)
class _Building:
    settings: RotaSettings
    directory: Directory
    topic: TopicOf

    def sources(self) -> Iterator[RotaSource]:
        """Yield them in the order in which they count for a team."""
        written = self.settings.sources
        yield from (self._source(each) for each in written if not isinstance(each, TopicSettings))
        shifts = replace(self.settings, conductors=(), sources=())
        yield RotaSource(ConfiguredRota(shifts), FILE, shifts.teams)
        yield from (self._source(each) for each in written if isinstance(each, TopicSettings))

    def conductors(self) -> RotaSource:
        """Return those of the file."""
        conductors = self.settings.conductors
        teams = frozenset(each.team for each in conductors)
        return RotaSource(ConfiguredRota(RotaSettings(conductors=conductors)), FILE, teams, conducts=True)

    def _source(self, settings: SourceSettings) -> RotaSource:
        teams = frozenset({settings.team})
        match settings:
            case SplunkSettings():
                return RotaSource(SplunkOnCall(settings, self._people(settings, SPLUNK)), SPLUNK, teams, fresh=FRESH)
            case PagerDutySettings():
                return RotaSource(PagerDuty(settings, self._people(settings, PAGERDUTY)), PAGERDUTY, teams, fresh=FRESH)
            case RotaCalendarSettings():
                system = system_of(settings)
                return RotaSource(CalendarRota(settings, self._people(settings, system)), system, teams, fresh=FRESH)
            case TopicSettings():
                system = topic_of(settings)
                people = RotaPeople(self.directory, settings.team, system, by_nick=True)
                return RotaSource(TopicRota(settings, people, self.topic), system, teams)
            case _:
                assert_never(settings)

    def _people(self, settings: SourceSettings, system: str) -> RotaPeople:
        return RotaPeople(self.directory, settings.team, system)


def several_rotas(
    settings: RotaSettings, directory: Directory, topic: TopicOf, conductors: Sequence[RotaSource] = ()
) -> SeveralRotas:
    """Return all that is configured as one; `conductors` are further rotas of those who conduct the train."""
    building = _Building(settings, directory, topic)
    return SeveralRotas([*conductors, building.conductors(), *building.sources()])
