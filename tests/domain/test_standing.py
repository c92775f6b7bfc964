"""Where people stand: for whom they may count, who could still help, who is here."""

from dataclasses import replace

from tests.domain.night import BOTH, CLOCK, RELENG, SECURITY, SRE, Night, stranger, verified
from tocsin.domain import events as e
from tocsin.domain.commands import Adopt, Confirm, Need, PutOnHold
from tocsin.domain.people import Account, Person, PersonId
from tocsin.domain.policy import Demand
from tocsin.domain.request import Status
from tocsin.domain.standing import could_fill, excluded, named_teams, unfillable

BO = PersonId("bo-sre")


def test_those_who_could_still_confirm_for_a_team_are_its_members_who_have_not_and_may() -> None:
    night = Night()
    night.teams["lin"] = frozenset({SRE})
    night.confirmed("bo-sre", requester="mo-sre")
    assert could_fill(night.request, night.situation(CLOCK), SRE) == ("pat-both",)


def test_a_team_of_which_only_requester_and_author_are_left_is_named_as_unfillable() -> None:
    night = Night()
    night.teams |= {"lin": frozenset({SRE}), "bo-sre": frozenset(), "pat-both": frozenset()}
    night.asked("mo-sre")
    assert unfillable(night.request, night.situation(CLOCK)) == (SRE,)


def test_one_person_left_for_two_teams_leaves_one_unfillable() -> None:
    night = Night()
    night.teams |= dict.fromkeys(("bo-sre", "mo-sre", "kim-releng", "rei-releng"), frozenset())
    assert len(unfillable(night.asked().request, night.situation(CLOCK))) == 1


def test_a_team_whose_places_are_for_the_one_on_call_is_not_unfillable_while_it_has_members() -> None:
    night = Night(policy=replace(BOTH, confirm=(Demand(SRE, on_call=True),))).asked()
    assert unfillable(night.request, night.situation(CLOCK)) == ()


def test_somebody_who_was_requester_before_never_confirms() -> None:
    night = Night().asked()
    night.taken_in([e.RequestAdopted(PersonId("dee"))], verified("dee"))
    night.taken_in([e.RequestAdopted(BO)], verified("bo-sre"))
    night.taken_in([e.RequestAdopted(PersonId("mo-sre"))], verified("mo-sre"))
    assert "You asked for it before, so your yes cannot count." in night.refused("bo-sre", Confirm(night.word))


def test_a_stranger_is_known_again_by_nick_or_account_and_not_by_a_host_that_nobody_shows() -> None:
    night = Night()
    night.cries(replace(stranger("Bo-SRE", "bo.example.org")))
    night.says("ada", Adopt())
    assert "You share a nick" in excluded(night.request, BO, night.situation(CLOCK))
    assert not excluded(night.request, PersonId("mo-sre"), night.situation(CLOCK))


def test_a_stranger_is_known_again_by_an_account_that_the_directory_has() -> None:
    night = Night()
    speaker = stranger("passer-by")
    night.cries(replace(speaker, marks=replace(speaker.marks, account="bo_at_work")))
    night.says("ada", Adopt())
    situation = night.situation(CLOCK)
    bo = Person(BO, frozenset({SRE}), accounts=(Account("Bo_At_Work"),))
    known = replace(situation, directory=replace(situation.directory, people=(bo,)))
    assert "You share a nick, host or account" in excluded(night.request, BO, known)
    assert not excluded(night.request, BO, situation)


def test_somebody_the_directory_has_no_nick_of_is_no_stranger() -> None:
    night = Night()
    night.cries(stranger("gone"))
    night.says("ada", Adopt())
    assert not excluded(night.request, PersonId("gone"), night.situation(CLOCK))


def test_a_team_that_is_added_and_asked_by_the_policy_too_has_its_places_once() -> None:
    policy = replace(BOTH, in_freeze=(Demand(SECURITY),))
    night = Night(policy=policy).asked()
    night.says("ada", Need(SECURITY))
    for person in ("bo-sre", "kim-releng", "sam-sec"):
        night.says(person, Confirm(night.word))
    assert night.stands(Status.READY)


def test_confirming_and_informed_teams_are_the_named_ones() -> None:
    night = Night().asked()
    assert named_teams(night.request) == {SRE, RELENG, SECURITY}
    assert e.HoldPlaced(PersonId("sam-sec"), "wait") in night.says("sam-sec", PutOnHold("wait"))
