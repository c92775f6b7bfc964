"""Faults seeded into the rules, one at a time: each is a mistake that somebody could make there."""

import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.model.small_world import Staff
from tocsin.domain import check_word, evolving, objecting, quorum, standing
from tocsin.domain import events as e
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.policy import Place
from tocsin.domain.quorum import Quorum, Voice
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation

Fault = Callable[[pytest.MonkeyPatch], None]


def the_requester_counts(patch: pytest.MonkeyPatch) -> None:
    whole = standing.excluded

    def lenient(request: Request, person: PersonId, situation: Situation) -> str:
        return whole(replace(request, requester=None), person, situation)

    _everywhere(patch, whole, lenient)


def the_author_counts(patch: pytest.MonkeyPatch) -> None:
    def lenient(request: Request, person: PersonId | None) -> bool:
        return False

    _everywhere(patch, standing.is_author, lenient)


def who_left_the_team_counts(patch: pytest.MonkeyPatch) -> None:
    def lenient(request: Request, situation: Situation, person: PersonId) -> frozenset[TeamId]:
        return frozenset(team for team in standing.required_teams(request) if person in request.roster.of(team))

    _everywhere(patch, standing.teams_of, lenient)


def who_joined_since_counts(patch: pytest.MonkeyPatch) -> None:
    def lenient(request: Request, situation: Situation, person: PersonId) -> frozenset[TeamId]:
        return frozenset(team for team in standing.required_teams(request) if situation.is_member(person, team))

    _everywhere(patch, standing.teams_of, lenient)


def who_is_suspended_counts(patch: pytest.MonkeyPatch) -> None:
    whole = standing.teams_of

    def lenient(request: Request, situation: Situation, person: PersonId) -> frozenset[TeamId]:
        return whole(request, _nobody_suspended(situation), person)

    _everywhere(patch, whole, lenient)
    whole_excluded = standing.excluded
    _everywhere(patch, whole_excluded, lambda r, p, s: whole_excluded(r, p, _nobody_suspended(s)))


def one_person_fills_two_places(patch: pytest.MonkeyPatch) -> None:
    def generous(places: tuple[Place, ...], voices: list[Voice]) -> dict[Place, Voice]:
        return {place: voice for place in places for voice in voices if voice.fills(place)}

    patch.setattr(quorum, "_matching", generous)


def one_yes_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Quorum, "met", property(lambda self: bool(self.counted)))


def any_word_will_do(patch: pytest.MonkeyPatch) -> None:
    _everywhere(patch, check_word.same_word, lambda typed, shown: True)


def a_new_patchset_voids_nothing(patch: pytest.MonkeyPatch) -> None:
    whole = evolving._proposed

    def lenient(request: Request, event: e.PlanProposed) -> Request:
        kept = request.confirmations if event.why.startswith("patchset") else ()
        return replace(whole(request, event), confirmations=kept)

    patch.setattr(evolving, "_proposed", lenient)


def a_yes_taken_back_still_counts(patch: pytest.MonkeyPatch) -> None:
    _ignoring(patch, e.ConfirmationTakenBack)


def an_old_yes_counts(patch: pytest.MonkeyPatch) -> None:
    _everywhere(patch, standing.oldest_yes, lambda request, situation: None)


def a_yes_asked_for_again_still_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Request, "asked_again_at", None)


def an_unverified_yes_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Situation, "person", property(lambda self: self.speaker.person or self.speaker.claimed))
    _everywhere(patch, objecting.unknown_speaker, lambda situation: iter(()))


def a_hold_does_not_block(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Request, "with_hold", lambda self, hold: self)


def a_quorum_lost_on_the_way_pauses_nothing(patch: pytest.MonkeyPatch) -> None:
    whole = standing.quorum
    met = Quorum(((PersonId("anybody"), TeamId("any")),), ())

    def lenient(request: Request, situation: Situation) -> Quorum:
        return met if request.deployment else whole(request, situation)

    _everywhere(patch, whole, lenient)


ALL: dict[Fault, tuple[Staff, ...]] = {
    the_requester_counts: (),
    the_author_counts: (),
    who_left_the_team_counts: (Staff.LEFT,),
    who_joined_since_counts: (Staff.JOINED,),
    who_is_suspended_counts: (Staff.SUSPENDED,),
    one_person_fills_two_places: (),
    one_yes_is_enough: (),
    any_word_will_do: (),
    a_new_patchset_voids_nothing: (),
    a_yes_taken_back_still_counts: (),
    an_old_yes_counts: (),
    an_unverified_yes_counts: (),
    a_hold_does_not_block: (),
    a_quorum_lost_on_the_way_pauses_nothing: (),
    a_yes_asked_for_again_still_counts: (),
}
"""The faults, each with what must become of the teams for it to matter: the less, the sooner it is found."""


def _nobody_suspended(situation: Situation) -> Situation:
    return replace(situation, directory=replace(situation.directory, suspended=frozenset()))


def _ignoring(patch: pytest.MonkeyPatch, kind: type[e.RequestEvent]) -> None:
    """Let one kind of event move nothing."""
    whole = evolving.evolve

    def forgetful(request: Request | None, event: e.RequestEvent, stamp: object) -> Request:
        return request if request and isinstance(event, kind) else whole(request, event, stamp)  # type: ignore[arg-type]

    _everywhere(patch, whole, forgetful)


def _everywhere(patch: pytest.MonkeyPatch, rule: object, faulty: object) -> None:
    """Put a faulty rule wherever the right one is used: a rule is one, whoever has imported it."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("tocsin.domain", "tests.model")):
            for attribute, value in list(vars(module).items()):
                if value is rule:
                    patch.setattr(module, attribute, faulty)
