"""Who takes part: more and fewer teams, the deployer, being here, and being woken."""

from dataclasses import replace

import pytest

from tests.domain.night import BOTH, RELENG, SECURITY, SRE, WISH, Night, called, kinds, stranger, unverified
from tocsin.domain import events as e
from tocsin.domain.commands import (
    Confirm,
    Describe,
    Give,
    Go,
    Need,
    PutOnHold,
    Renew,
    ShowPresence,
    Take,
    Unconfirm,
    Waive,
    Wake,
)
from tocsin.domain.deployment import CauseKind
from tocsin.domain.people import OnCall, PersonId, TeamId
from tocsin.domain.plan import Reason
from tocsin.domain.policy import Demand
from tocsin.domain.request import Status
from tocsin.domain.wish import Wish

BECAUSE = "nobody there answers"


def security_night() -> Night:
    """Both teams confirmed; Security must too, was woken 15 min ago and has not answered."""
    night = Night().asked()
    night.says("ada", Need(SECURITY))
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    night.says("ada", Wake())
    return night.later(minutes=15)


# --- more teams -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["ada", "mo-sre"])
def test_the_requester_or_a_member_of_a_required_team_adds_a_team_and_every_yes_is_asked_again(person: str) -> None:
    night = Night().confirmed()
    assert kinds(night.says(person, Need(SECURITY))) == [e.TeamNeeded, e.PlanProposed]
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    assert night.stands(Status.CONFIRMING)
    night.says("sam-sec", Confirm(night.word))
    assert night.stands(Status.READY)


def test_an_observer_adds_no_team() -> None:
    assert "E17 is for members of" in Night().asked().refused("lin", Need(SECURITY))


def test_a_team_that_must_confirm_already_is_not_added() -> None:
    assert "SRE must confirm E17 already." in Night().asked().refused("ada", Need(SRE))


def test_a_team_with_nobody_in_it_is_not_added_and_those_that_have_somebody_are_named() -> None:
    said = Night().asked().refused("ada", Need(TeamId("nobodies")))
    assert said == "There is no team nobodies with anybody in it; there are releng, security, sre."


def test_after_go_no_team_is_added() -> None:
    assert "E17 is deploying" in Night().deploying().refused("bo-sre", Need(SECURITY))


# --- fewer teams ------------------------------------------------------------------------------------------------------


def test_one_confirmer_of_each_own_team_waives_a_specialist_team_that_was_woken_and_did_not_answer() -> None:
    night = security_night()
    assert kinds(night.says("bo-sre", Waive(SECURITY, BECAUSE))) == [e.WaiverSupported]
    waived = night.says("kim-releng", Waive(SECURITY, BECAUSE))
    assert kinds(waived) == [e.WaiverSupported, e.TeamWaived, e.PlanProposed]
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    assert night.stands(Status.READY)


def test_a_waived_team_is_informed_and_may_still_hold() -> None:
    night = Night(policy=replace(BOTH, informed=())).asked()
    night.says("ada", Need(SECURITY))
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Confirm(night.word))
    night.says("ada", Wake())
    night.later(minutes=15)
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Waive(SECURITY, BECAUSE))
    assert e.HoldPlaced in kinds(night.says("sam-sec", PutOnHold("we are here now")))


def test_the_teams_of_the_profile_itself_are_never_waived() -> None:
    night = security_night().later(hours=1)
    assert "SRE can never be waived: the policy both asks for it." in night.refused("kim-releng", Waive(SRE, BECAUSE))


def test_a_team_that_a_reason_brings_in_can_be_waived() -> None:
    policy = replace(BOTH, for_reason=((Reason.SECURITY, (Demand(SECURITY),)),))
    night = Night(policy=policy, wish=replace(WISH, reason=Reason.SECURITY)).confirmed()
    night.says("ada", Wake())
    night.later(minutes=15)
    night.says("bo-sre", Waive(SECURITY, BECAUSE))
    assert e.TeamWaived in kinds(night.says("kim-releng", Waive(SECURITY, BECAUSE)))


def test_a_team_that_was_not_woken_or_may_still_answer_is_not_waived() -> None:
    night = Night().asked()
    night.says("ada", Need(SECURITY))
    night.says("bo-sre", Confirm(night.word))
    said = night.later(minutes=20).refused("bo-sre", Waive(SECURITY, BECAUSE))
    assert "Security can be waived when it was woken and has not answered for 15 min: !wake E17" in said
    night.says("ada", Wake())
    assert "can be waived when" in night.later(minutes=14).refused("bo-sre", Waive(SECURITY, BECAUSE))


def test_a_team_that_answered_is_not_waived() -> None:
    night = security_night()
    night.says("sam-sec", ShowPresence())
    assert "can be waived when" in night.refused("bo-sre", Waive(SECURITY, BECAUSE))


def test_a_member_of_both_own_teams_does_not_waive_alone_not_even_by_saying_it_twice() -> None:
    night = security_night()
    night.says("pat-both", Confirm(night.word))
    assert e.TeamWaived not in kinds(night.says("pat-both", Waive(SECURITY, BECAUSE)))
    assert e.TeamWaived not in kinds(night.says("pat-both", Waive(SECURITY, BECAUSE)))


def test_only_who_confirmed_waives_and_gives_a_reason() -> None:
    night = security_night()
    said = night.refused("mo-sre", Waive(SECURITY))
    assert "Only somebody who has confirmed E17 can waive a team." in said and "Say why: !waive E17 security" in said


def test_who_has_taken_their_yes_back_no_longer_stands_for_a_waiver() -> None:
    night = security_night()
    night.says("bo-sre", Waive(SECURITY, BECAUSE))
    night.says("bo-sre", Unconfirm())
    assert e.TeamWaived not in kinds(night.says("kim-releng", Waive(SECURITY, BECAUSE)))


def test_a_team_that_need_not_confirm_is_not_waived() -> None:
    night = Night().confirmed()
    assert "Security need not confirm E17." in night.refused("bo-sre", Waive(SECURITY, BECAUSE))


def test_a_waived_team_can_be_needed_again_and_then_takes_new_waivers() -> None:
    night = security_night()
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Waive(SECURITY, BECAUSE))
    night.says("ada", Need(SECURITY))
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Confirm(night.word))
    assert night.stands(Status.CONFIRMING)
    assert e.TeamWaived not in kinds(night.says("bo-sre", Waive(SECURITY, BECAUSE)))


def test_asking_anew_asks_the_waived_team_again() -> None:
    night = security_night()
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Waive(SECURITY, BECAUSE))
    night.later(hours=4).looks()
    night.says("ada", Renew())
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Confirm(night.word))
    assert night.stands(Status.CONFIRMING) and night.request.waived == ()


# --- the deployer -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["ada", "kim-releng", "dee"])
def test_requester_confirmer_or_whoever_may_deploy_the_target_takes_it(person: str) -> None:
    night = Night().confirmed()
    assert night.says(person, Take()) == [e.DeployerTaken(PersonId(person))]


def test_somebody_who_may_not_deploy_takes_nothing() -> None:
    said = Night().confirmed().refused("bo-sre", Take())
    assert said == "bo-sre may not deploy mediawiki-config; who may: !who E17"


def test_before_the_target_is_known_nobody_takes_it() -> None:
    assert "may not deploy a target that is not known yet" in Night(change=None).asked().refused("dee", Take())


def test_a_place_that_is_filled_is_not_taken() -> None:
    night = Night().confirmed()
    night.says("dee", Take())
    assert "You are the deployer of E17 already." in night.refused("dee", Take())
    said = night.refused("kim-releng", Take())
    assert "E17 has a deployer: that is dee. They hand over with !give, or when absent for a minute." in said


def test_a_deployer_who_is_absent_for_60_s_is_replaced() -> None:
    night = Night().confirmed()
    night.says("dee", Take())
    night.gone["dee"] = night.now
    assert "E17 has a deployer" in night.later(seconds=59).refused("kim-releng", Take())
    assert night.later(seconds=1).says("kim-releng", Take()) == [
        e.DeployerTaken(PersonId("kim-releng"), PersonId("dee"))
    ]


def test_a_deployer_who_has_long_been_silent_is_replaced() -> None:
    night = Night().confirmed()
    night.says("dee", Take())
    assert "E17 has a deployer" in night.later(minutes=10, seconds=59).refused("kim-releng", Take())
    assert e.DeployerTaken in kinds(night.later(seconds=1).says("kim-releng", Take()))


def test_the_deployer_hands_over_to_somebody_who_may_deploy() -> None:
    night = Night().confirmed()
    night.says("dee", Take())
    assert night.says("dee", Give(PersonId("mo-sre"))) == [e.DeployerTaken(PersonId("mo-sre"), PersonId("dee"))]
    assert e.DeploymentStarted in kinds(night.says("mo-sre", Go()))


@pytest.mark.parametrize(
    ("person", "to", "why"),
    [
        ("ada", "mo-sre", "Only the deployer may do that; that is dee."),
        ("dee", "bo-sre", "bo-sre may not deploy mediawiki-config"),
        ("dee", "dee", "dee is the deployer already."),
    ],
)
def test_nobody_else_gives_and_nobody_else_is_given(person: str, to: str, why: str) -> None:
    night = Night().confirmed()
    night.says("dee", Take())
    assert why in night.refused(person, Give(PersonId(to)))


def test_where_there_is_no_deployer_nothing_is_given() -> None:
    assert "there is none yet: !take E17" in Night().confirmed().refused("ada", Give(PersonId("dee")))


def test_a_suspended_deployer_hands_nothing_over() -> None:
    night = Night().confirmed()
    night.says("dee", Take())
    night.suspended.add("dee")
    assert "Your account is suspended" in night.refused("dee", Give(PersonId("mo-sre")))


def test_a_deployer_given_the_place_in_the_middle_pauses_it_first() -> None:
    night = Night().deploying()
    assert kinds(night.says("kim-releng", Give(PersonId("dee")))) == [e.DeployerTaken, e.Paused]
    assert night.causes == [(CauseKind.STOP, "dee")]


# --- being here -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["ada", "mo-sre", "bo-sre"])
def test_roles_and_members_of_required_teams_say_here(person: str) -> None:
    assert kinds(Night().confirmed().says(person, ShowPresence())) == [e.PresenceShown]


def test_an_observer_is_here_for_nothing() -> None:
    assert "E17 is for members of" in Night().confirmed().refused("lin", ShowPresence())


def test_here_said_twice_is_kept_once() -> None:
    night = Night().confirmed()
    night.says("mo-sre", ShowPresence())
    night.later(minutes=1).says("mo-sre", ShowPresence())
    assert night.request.here == ((PersonId("mo-sre"), night.now),)


# --- being woken ------------------------------------------------------------------------------------------------------


def test_a_role_wakes_the_teams_that_have_not_answered() -> None:
    night = Night().confirmed("bo-sre")
    night.on_call = OnCall(((RELENG, (PersonId("rei-releng"),)),))
    assert called(night.says("ada", Wake())) == [(e.Nudge.WOKEN, ("rei-releng", "kim-releng"))]


def test_where_all_have_answered_all_are_woken() -> None:
    assert [people for _, people in called(Night().confirmed().says("ada", Wake()))] == [("kim-releng",), ("bo-sre",)]


def test_the_requester_is_never_woken_for_their_own_request() -> None:
    night = Night().asked("bo-sre")
    assert "bo-sre" not in {person for _, people in called(night.says("bo-sre", Wake())) for person in people}


def test_at_most_five_are_woken() -> None:
    night = Night()
    night.on_call = OnCall(((SRE, tuple(PersonId(f"sre-{n}") for n in range(9))),))
    night.teams |= {f"sre-{n}": frozenset({SRE}) for n in range(9)}
    woken = called(night.asked().says("ada", Wake()))
    assert max(len(people) for _, people in woken) == 5


def test_an_observer_and_an_unverified_voice_wake_nobody() -> None:
    night = Night().asked()
    assert "Only the requester, the deployer and the confirmers of E17" in night.refused("lin", Wake())
    assert "Log in to services first." in night.refused_to(unverified("ada"), Wake())
    assert "The directory does not know you." in night.refused_to(stranger(), Wake())


def test_an_act_of_a_suspended_member_is_no_answer_of_their_team() -> None:
    night = Night().asked()
    night.says("bo-sre", ShowPresence())
    night.suspended.add("bo-sre")
    assert (e.Nudge.WOKEN, ("bo-sre",)) in called(night.says("ada", Wake()))


def test_what_is_missing_is_answered_by_the_requester_alone_while_teams_are_added() -> None:
    night = Night().asked()
    night.says("mo-sre", Need(SECURITY))
    assert "Only the requester" in night.refused("mo-sre", Describe(Wish(sentence="worse")))
