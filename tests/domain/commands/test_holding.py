"""Holding: somebody's "not yet" blocks whatever the count, until it is lifted by those who may."""

from dataclasses import replace

import pytest

from tests.domain.night import BOTH, RELENG, SRE, WORDS, Night, kinds, stranger, unverified
from tocsin.domain import events as e
from tocsin.domain.commands import Confirm, Describe, Go, Lift, PutOnHold, ShowPresence, Take, Withdraw
from tocsin.domain.commands.holding import Object
from tocsin.domain.people import PersonId
from tocsin.domain.request import Status
from tocsin.domain.wish import Wish

WHY = "who is watching the caches?"


def held(by: str = "bo-sre", deployer: str | None = None) -> Night:
    """A request that both teams confirmed, on hold."""
    night = Night().confirmed()
    if deployer:
        night.says(deployer, Take())
    night.says(by, PutOnHold(WHY))
    return night


def lifted(events: list[e.RequestEvent]) -> list[e.HoldLifted]:
    return [event for event in events if isinstance(event, e.HoldLifted)]


# --- who holds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["bo-sre", "mo-sre", "rei-releng", "sam-sec", "ada", "dee"])
def test_members_of_confirming_and_informed_teams_the_requester_and_the_deployer_hold_it(person: str) -> None:
    night = held(person, deployer="dee")
    assert not night.stands(Status.READY)
    assert f"{person} holds it: {WHY}" in night.refused("dee", Go())


def test_somebody_without_a_part_in_it_holds_nothing() -> None:
    assert "Only people with a part in E17" in Night().confirmed().refused("lin", PutOnHold(WHY))


def test_a_hold_takes_the_readiness_away_and_says_whose_it_is() -> None:
    placed = Night().confirmed().says("bo-sre", PutOnHold(WHY))
    assert placed == [e.HoldPlaced(PersonId("bo-sre"), WHY), e.NoLongerReady("on hold by bo-sre")]


def test_a_hold_gives_a_reason() -> None:
    assert f"Why hold it? e.g.  !hold E17 {WHY}" in Night().confirmed().refused("bo-sre", PutOnHold(""))


def test_the_same_hold_twice_is_no_news_and_a_new_reason_replaces_the_old() -> None:
    night = held()
    assert "Your hold on E17 stands already." in night.refused("bo-sre", PutOnHold(WHY))
    night.says("bo-sre", PutOnHold("the replicas lag"))
    assert [hold.reason for hold in night.request.holds] == ["the replicas lag"]


def test_the_suspended_may_still_hold() -> None:
    night = Night().confirmed()
    night.suspended.add("mo-sre")
    assert e.HoldPlaced in kinds(night.says("mo-sre", PutOnHold(WHY)))


def test_nothing_that_is_over_is_held() -> None:
    night = Night().confirmed()
    night.says("ada", Withdraw())
    assert "E17 is withdrawn: it is over" in night.refused("bo-sre", PutOnHold(WHY))


def test_a_new_patchset_or_a_changed_wish_lifts_no_hold() -> None:
    night = held()
    night.says("ada", Describe(Wish(sentence="worse now")))
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    assert night.stands(Status.CONFIRMING) and night.request.hold(PersonId("bo-sre"))


# --- unverified voices ------------------------------------------------------------------------------------------------


def test_an_unverified_voice_with_the_nick_of_somebody_known_holds_for_a_while_once() -> None:
    night = Night().confirmed()
    placed = night.acts(unverified("bo-sre"), PutOnHold(WHY))[0]
    assert placed == e.HoldPlaced(PersonId("bo-sre"), WHY, verified=False) and night.stands(Status.CONFIRMING)
    night.later(minutes=3).looks()
    assert night.stands(Status.READY)
    assert "Seen, but not counted a second time." in night.refused_to(unverified("bo-sre"), PutOnHold(WHY))


def test_the_verified_word_makes_an_unverified_hold_last() -> None:
    night = Night().confirmed()
    night.acts(unverified("bo-sre"), PutOnHold(WHY))
    night.says("bo-sre", PutOnHold(WHY))
    night.later(minutes=10).looks()
    assert night.stands(Status.CONFIRMING) and night.request.holds[0].verified


def test_a_voice_that_is_nobodys_holds_nothing() -> None:
    assert "The directory does not know you." in Night().confirmed().refused_to(stranger(), PutOnHold(WHY))


def test_an_unverified_voice_holds_nothing_that_is_over() -> None:
    night = Night().confirmed()
    night.says("ada", Withdraw())
    assert "E17 is withdrawn." in night.refused_to(unverified("bo-sre"), PutOnHold(WHY))


# --- lifting ----------------------------------------------------------------------------------------------------------


def test_the_holder_lifts_their_hold_without_a_reason_and_it_is_ready_again() -> None:
    assert kinds(held().says("bo-sre", Lift())) == [e.HoldLifted, e.BecameReady]


def test_another_of_the_holders_team_lifts_it_with_a_reason() -> None:
    night = held()
    assert "Say why it may be lifted: !lift E17 bo-sre -- " in night.refused("mo-sre", Lift())
    assert lifted(night.says("mo-sre", Lift("I watch them"))) == [
        e.HoldLifted(PersonId("bo-sre"), PersonId("mo-sre"), "I watch them")
    ]


def test_a_member_of_another_team_does_not_lift_it_while_the_holder_may_still_answer() -> None:
    said = held().refused("kim-releng", Lift("fine"))
    assert "bo-sre must lift it, or another of their team; after 15 min" in said


@pytest.mark.parametrize("role", ["requester", "deployer", "author"])
def test_a_team_mate_with_a_stake_in_it_does_not_lift_it(role: str) -> None:
    night = Night(policy=replace(BOTH, informed=(*BOTH.informed, SRE)))
    if role == "author":
        night.teams["lin"] = frozenset({SRE})
    mate = {"requester": "mo-sre", "deployer": "mo-sre", "author": "lin"}[role]
    night.asked("mo-sre" if role == "requester" else "ada")
    if role == "deployer":
        night.says("mo-sre", Take())
    night.says("bo-sre", PutOnHold(WHY))
    assert "bo-sre must lift it" in night.refused(mate, Lift("fine"))


def test_a_suspended_person_lifts_nothing_not_even_their_own_hold() -> None:
    night = held()
    night.suspended.add("bo-sre")
    assert "Your account is suspended: you can still hold and stop" in night.refused("bo-sre", Lift())


def test_an_unverified_word_lifts_nothing() -> None:
    assert "Log in to services first." in held().refused_to(unverified("bo-sre"), Lift())


def test_where_nothing_holds_it_says_so() -> None:
    assert "Nothing holds E17." in Night().confirmed().refused("bo-sre", Lift())


def test_of_several_holds_one_is_named() -> None:
    night = held()
    night.says("sam-sec", PutOnHold("one more thing"))
    assert "Whose hold? !lift E17 bo-sre -- why (bo-sre or sam-sec)" in night.refused("mo-sre", Lift("fine"))
    night.says("mo-sre", Lift("fine", PersonId("bo-sre")))
    assert [hold.person for hold in night.request.holds] == ["sam-sec"]


def test_ones_own_hold_needs_no_name_among_several() -> None:
    night = held()
    night.says("sam-sec", PutOnHold("one more thing"))
    night.says("sam-sec", Lift())
    assert [hold.person for hold in night.request.holds] == ["bo-sre"]


# --- overruling -------------------------------------------------------------------------------------------------------


def overrule(night: Night) -> list[e.RequestEvent]:
    night.says("mo-sre", Lift("we looked"))
    return night.says("rei-releng", Lift("so did we"))


def test_a_holder_who_does_not_answer_for_15_min_is_overruled_by_one_of_each_required_team() -> None:
    night = held("sam-sec").later(minutes=15)
    assert kinds(night.says("mo-sre", Lift("we looked"))) == [e.LiftSupported]
    overruled = night.says("rei-releng", Lift("so did we"))
    assert lifted(overruled)[0].overruled and night.stands(Status.READY)


def test_before_15_min_nobody_is_overruled() -> None:
    night = held("sam-sec").later(minutes=14, seconds=59)
    assert "sam-sec must lift it" in night.refused("mo-sre", Lift("we looked"))


def test_a_holder_who_did_something_about_it_has_answered() -> None:
    night = held("sam-sec").later(minutes=14)
    night.says("sam-sec", PutOnHold("still looking"))
    assert "sam-sec must lift it" in night.later(minutes=14).refused("mo-sre", Lift("we looked"))


def test_a_holder_who_is_busy_elsewhere_has_not_answered() -> None:
    night = held("sam-sec").later(minutes=15)
    night.seen_people["sam-sec"] = night.now
    assert lifted(overrule(night))


def test_a_holder_who_left_is_overruled_at_once() -> None:
    night = held("sam-sec")
    night.gone["sam-sec"] = night.now
    assert lifted(overrule(night))[0].overruled


def test_a_holder_of_no_team_is_overruled_at_once() -> None:
    assert lifted(overrule(held("ada")))[0].overruled


def test_the_requester_does_not_overrule_though_a_member() -> None:
    night = Night().asked("mo-sre")
    night.says("sam-sec", PutOnHold(WHY))
    said = night.later(minutes=15).refused("mo-sre", Lift("fine"))
    assert "One of each required team lift it together, none of them requester or author of E17." in said


def test_the_author_does_not_overrule_though_a_member() -> None:
    night = Night()
    night.teams["lin"] = frozenset({RELENG})
    night.asked().says("sam-sec", PutOnHold(WHY))
    assert "none of them requester or author" in night.later(minutes=15).refused("lin", Lift("fine"))


def test_one_member_of_two_teams_does_not_overrule_alone() -> None:
    night = held("sam-sec").later(minutes=15)
    assert not lifted(night.says("pat-both", Lift("we looked")))
    assert not lifted(night.says("pat-both", Lift("I mean it")))


def test_nobody_of_no_team_overrules() -> None:
    assert "One of each required team lift it together" in held("sam-sec").later(minutes=15).refused(
        "dee", Lift("fine")
    )


def test_somebody_whom_the_directory_no_longer_knows_holds_still_and_is_overruled() -> None:
    night = held("sam-sec")
    del night.teams["sam-sec"]
    assert not night.stands(Status.READY)
    assert lifted(overrule(night))[0].overruled


# --- plain words ------------------------------------------------------------------------------------------------------


def test_plain_words_of_a_named_teams_member_are_heard_once_for_each_person() -> None:
    night = Night().confirmed()
    assert kinds(night.says("sam-sec", Object("not yet"))) == [e.ObjectionHeard]
    assert night.says("sam-sec", Object("wait")) == []
    assert kinds(night.says("mo-sre", Object("wait"))) == [e.ObjectionHeard]


@pytest.mark.parametrize("person", ["ada", "dee", "lin"])
def test_plain_words_of_anybody_else_are_just_words(person: str) -> None:
    assert Night().confirmed().says(person, Object("wait")) == []


def test_plain_words_of_an_unverified_voice_are_just_words() -> None:
    assert Night().confirmed().acts(unverified("bo-sre"), Object("wait")) == []


def test_plain_words_before_a_plan_and_after_go_delay_nothing() -> None:
    assert Night(change=None).asked().says("bo-sre", Object("wait")) == []
    assert Night(proofs=WORDS).deploying().says("bo-sre", Object("wait")) == []


def test_saying_here_is_no_hold() -> None:
    night = held("sam-sec")
    night.says("bo-sre", ShowPresence())
    assert not night.stands(Status.READY)
