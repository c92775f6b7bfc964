"""The whole installation, played like a night: who says what, and what follows for everybody."""

import pytest

from tests.domain.night import Night, verified
from tocsin.domain import events as e
from tocsin.domain.commands import PasskeyCommand, Restore, Suspend
from tocsin.domain.commands.configuring import NoteConfiguration
from tocsin.domain.errors import Refused
from tocsin.domain.house import House, evolve_house
from tocsin.domain.people import Speaker

HouseWish = Suspend | Restore | NoteConfiguration | PasskeyCommand


class Installation:
    """The house, with the people of the night in it."""

    def __init__(self) -> None:
        self.night = Night()
        self.house = House()

    def says(self, person: str, command: HouseWish) -> list[e.HouseEvent]:
        return self.acts(verified(person), command)

    def acts(self, speaker: Speaker, command: HouseWish) -> list[e.HouseEvent]:
        events = command.decide(self.house, self.night.situation(speaker))
        for event in events:
            self.house = evolve_house(self.house, event, self.night.now)
        return events

    def refused(self, speaker: str | Speaker, command: HouseWish) -> str:
        with pytest.raises(Refused) as refused:
            self.acts(verified(speaker) if isinstance(speaker, str) else speaker, command)
        return " ".join(refused.value.reasons)
