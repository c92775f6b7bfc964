"""Noticing that people, policies, recipes or calendar were changed: it is an event, and announced."""

from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.house import House
from tocsin.domain.situation import Situation


@dataclass(frozen=True, slots=True)
class NoteConfiguration:
    """Note which configuration holds from now on (the system's own act); the one known already is no news."""

    what: tuple[str, ...]
    digest: str

    def decide(self, house: House, situation: Situation) -> list[e.HouseEvent]:
        """Keep what differs, in sentences; requests that are open keep the policy of their opening."""
        return [] if self.digest == house.digest else [e.ConfigurationChanged(self.what, self.digest)]
