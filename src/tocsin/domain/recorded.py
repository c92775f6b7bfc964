"""An event with its place in the record: where, when, by whom, and how that was verified."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from tocsin.domain.events import Event
from tocsin.domain.people import SYSTEM, PersonId, Speaker, Surface

StreamId = NewType("StreamId", str)

HOUSE = StreamId("house")
"""The stream of what concerns the whole installation rather than one request."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who caused an event; `act` is the id of the message or key that carried it, never counted twice."""

    name: str
    surface: Surface
    person: PersonId | None = None
    proof: str = ""
    act: str = ""

    @classmethod
    def of(cls, speaker: Speaker) -> "Origin":
        """Keep of a speaker what the record needs."""
        return cls(speaker.name, speaker.surface, speaker.person, speaker.proof, speaker.act)


TOCSIN_ITSELF = Origin(SYSTEM, Surface.TOCSIN)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as the record holds it; `position` counts from 1 in the record, `version` from 1 in its stream."""

    position: int
    stream: StreamId
    version: int
    at: datetime
    origin: Origin
    event: Event
