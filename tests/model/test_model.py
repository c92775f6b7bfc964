"""Every order of commands and outside facts in a small world, over the real rules.

The invariant: no step without a met quorum of distinct, verified people for exactly this.
"""

from collections.abc import Callable

import pytest

from tests.model.walk import walk
from tocsin.domain import proposing, quorum, standing
from tocsin.domain.commands import confirming
from tocsin.domain.people import PersonId
from tocsin.domain.policy import Place
from tocsin.domain.quorum import Quorum, Voice

pytestmark = pytest.mark.model

MOST = 400_000
FAULT_IS_FOUND_WITHIN = 200_000


def test_no_step_starts_without_a_quorum_of_different_verified_people_for_exactly_this() -> None:
    walked = walk(MOST)
    end = "a fixed point" if walked.complete else f"depth {walked.depth}"
    print(
        f"\n{walked.states} states, {walked.transitions} transitions, to {end}, "
        f"{walked.steps_started} steps started, {walked.seconds:.0f} s"
    )
    assert walked.broken == []
    assert walked.complete or walked.transitions >= 100_000
    assert walked.steps_started > 100


def _requester_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing, "excluded", lambda *_: "")
    patch.setattr(confirming, "excluded", lambda *_: "")


def _one_person_fills_two_places(patch: pytest.MonkeyPatch) -> None:
    def generous(places: tuple[Place, ...], voices: list[Voice]) -> dict[Place, Voice]:
        return {place: voice for place in places for voice in voices if voice.fills(place)}

    patch.setattr(quorum, "_matching", generous)


def _any_word_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(confirming, "same_word", lambda *_: True)


def _a_new_patchset_voids_nothing(patch: pytest.MonkeyPatch) -> None:
    whole = proposing.proposing

    def blind(request, situation, why=""):  # type: ignore[no-untyped-def]
        return [] if request.proposal and request.confirmations else whole(request, situation, why)

    patch.setattr("tocsin.domain.commands.opening.proposing", blind)


def _former_members_count(patch: pytest.MonkeyPatch) -> None:
    def lenient(request, situation, person: PersonId):  # type: ignore[no-untyped-def]
        return frozenset(team for team in standing.required_teams(request) if person in request.roster.of(team))

    patch.setattr(standing, "teams_of", lenient)


def _one_yes_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Quorum, "met", property(lambda self: bool(self.counted)))


@pytest.mark.parametrize(
    "fault",
    [
        _requester_counts,
        _one_person_fills_two_places,
        _former_members_count,
        _one_yes_is_enough,
    ],
    ids=lambda fault: fault.__name__.strip("_").replace("_", " "),
)
def test_a_fault_in_the_rules_is_found(
    fault: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    walked = walk(FAULT_IS_FOUND_WITHIN)
    assert walked.broken, f"nothing was found in {walked.transitions} transitions"
