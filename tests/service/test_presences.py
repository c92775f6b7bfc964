"""Who is gone from one surface and still on another is not gone."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.domain.night import BEGIN
from tocsin.domain.people import PersonId, Presence
from tocsin.service.presences import SeveralPresences

ADA = PersonId("ada")
LATER = BEGIN + timedelta(minutes=1)
TALKED = Presence(((ADA, BEGIN),))
LEFT = Presence(((ADA, BEGIN),), ((ADA, LATER),))
NOBODY = Presence()


@dataclass(frozen=True)
class Surface:
    saw: Presence

    def presence(self) -> Presence:
        return self.saw


def several(*saw: Presence) -> Presence:
    return SeveralPresences([Surface(each) for each in saw]).presence()


def test_without_surfaces_nobody_is_seen() -> None:
    assert several() == NOBODY


@pytest.mark.parametrize("saw", [(TALKED, LEFT), (LEFT, TALKED)])
def test_who_left_one_surface_and_is_on_another_is_here(saw: tuple[Presence, ...]) -> None:
    assert several(*saw).shows(ADA, BEGIN)


@pytest.mark.parametrize("saw", [(LEFT,), (LEFT, LEFT), (LEFT, NOBODY)])
def test_who_left_every_surface_that_saw_them_is_gone(saw: tuple[Presence, ...]) -> None:
    assert several(*saw).gone_since(ADA) == LATER


def test_the_newest_sign_counts() -> None:
    assert several(TALKED, Presence(((ADA, LATER),))).seen_at(ADA) == LATER


def test_who_is_joined_anywhere_is_joined() -> None:
    assert several(Presence(joined=frozenset({ADA})), NOBODY).joined == {ADA}
