"""Checkpoints: two different people look before it goes on, and no time that passes stands for any of them."""

from tests.domain.night import CLOCK, Night, called, every_team_looks, kinds, nudges, unverified
from tocsin.domain import events as e
from tocsin.domain.commands import Good, Resume, ShowPresence, Stop, Unconfirm
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.request import Status


def test_at_a_checkpoint_nothing_starts_until_requester_and_deployer_found_it_good() -> None:
    night = Night().at_checkpoint()
    assert kinds(night.says("ada", Good())) == [e.GoodGiven]
    assert night.waits
    assert kinds(night.says("kim-releng", Good())) == [e.GoodGiven, e.CheckpointPassed]
    assert not night.waits


def test_the_order_of_the_two_does_not_matter() -> None:
    night = Night().at_checkpoint()
    night.says("kim-releng", Good())
    assert e.CheckpointPassed in kinds(night.says("ada", Good()))


def test_one_person_looks_once() -> None:
    night = Night().at_checkpoint()
    night.says("ada", Good())
    assert night.refused("ada", Good()) == "You found canaries good already."


def test_a_confirmer_has_no_look_where_requester_and_deployer_are_two() -> None:
    assert night_refuses("bo-sre") == "canaries is for kim-releng and ada to look at."


def night_refuses(person: str) -> str:
    return Night().at_checkpoint().refused(person, Good())


def test_where_one_person_is_requester_and_deployer_a_confirmer_looks_as_well() -> None:
    night = Night().at_checkpoint(deployer="ada")
    assert kinds(night.says("ada", Good())) == [e.GoodGiven]
    assert e.CheckpointPassed in kinds(night.says("bo-sre", Good()))


def test_where_one_person_is_both_the_look_of_a_confirmer_alone_is_not_enough() -> None:
    night = Night().at_checkpoint(deployer="ada")
    assert kinds(night.says("bo-sre", Good())) == [e.GoodGiven]
    assert kinds(night.says("kim-releng", Good())) == [e.GoodGiven]
    assert e.CheckpointPassed in kinds(night.says("ada", Good()))


def test_good_does_not_count_for_a_checkpoint_announced_less_than_5_s_before() -> None:
    night = Night().at_checkpoint().later(seconds=-1)
    assert night.refused("ada", Good()) == "canaries was announced only now: look at it, then !good E17"
    assert kinds(night.later(seconds=1).says("ada", Good())) == [e.GoodGiven]


def test_good_counts_at_once_for_the_checkpoint_that_it_names() -> None:
    night = Night().at_checkpoint().later(seconds=-5)
    assert kinds(night.says("ada", Good("Canaries"))) == [e.GoodGiven]


def test_good_for_another_checkpoint_does_not_count() -> None:
    assert Night().at_checkpoint().refused("ada", Good("everywhere")) == "E17 waits at canaries, not at everywhere."


def test_good_where_nothing_waits_is_refused() -> None:
    assert "E17 waits at no checkpoint now; it is deploying" in Night().deploying().refused("ada", Good())
    assert "E17 waits at no checkpoint now; it is ready" in Night().confirmed().refused("ada", Good())


def test_good_while_paused_is_refused_and_asked_for_again_afterwards() -> None:
    night = Night().at_checkpoint()
    night.says("kim-releng", Stop())
    assert "E17 waits at no checkpoint now; it is paused" in night.refused("ada", Good())
    night.says("kim-releng", Resume())
    assert kinds(night.says("ada", Good())) == [e.GoodGiven]


def test_an_unverified_good_does_not_count() -> None:
    assert "Log in to services first." in Night().at_checkpoint().refused_to(unverified("ada"), Good())


def test_a_suspended_person_looks_at_nothing() -> None:
    night = Night().at_checkpoint()
    night.suspended.add("ada")
    assert "Your account is suspended" in night.refused("ada", Good())


def test_it_reminds_after_2_min_wakes_after_5_and_proposes_to_roll_back_after_15() -> None:
    night = Night().at_checkpoint().later(seconds=-5)
    assert nudges(night.later(minutes=2, seconds=-1).looks()) == []
    assert called(night.later(seconds=1).looks()) == [(e.Nudge.LOOK, ("kim-releng", "ada"))]
    night.says("ada", Good())
    assert called(night.later(minutes=3).looks()) == [(e.Nudge.LOOK_WOKEN, ("kim-releng",))]
    for person in ("ada", "bo-sre", "kim-releng"):
        night.later(seconds=1).says(person, ShowPresence())
    assert nudges(night.later(minutes=9, seconds=56).looks()) == []
    assert nudges(night.later(seconds=1).looks()) == [e.Nudge.LOOK_ROLLBACK]
    assert night.stands(Status.DEPLOYING)


def test_rolling_back_is_proposed_after_15_min_even_where_the_silence_paused_it_before() -> None:
    night = Night().at_checkpoint()
    night.later(minutes=11).looks()
    assert night.stands(Status.PAUSED)
    assert e.Nudge.LOOK_ROLLBACK in nudges(night.later(minutes=4).looks())


def test_waiting_begins_anew_after_a_pause() -> None:
    night = Night().at_checkpoint()
    night.says("kim-releng", Stop())
    night.later(minutes=9)
    for person in ("ada", "bo-sre", "kim-releng"):
        night.says(person, ShowPresence())
    night.says("kim-releng", Resume())
    assert nudges(night.looks()) == []
    assert nudges(night.later(minutes=2).looks()) == [e.Nudge.LOOK]


def test_once_people_were_woken_a_confirmer_looks_in_the_requesters_stead() -> None:
    night = Night().at_checkpoint().later(minutes=5)
    night.looks()
    assert kinds(night.says("bo-sre", Good())) == [e.GoodGiven]
    assert kinds(night.says("kim-releng", Good())) == [e.GoodGiven, e.CheckpointPassed]


def test_the_deployer_who_confirmed_does_not_stand_for_the_requester_as_well() -> None:
    night = Night().at_checkpoint().later(minutes=5)
    night.looks()
    assert kinds(night.says("kim-releng", Good())) == [e.GoodGiven]


def test_nobody_looks_in_the_deployers_stead() -> None:
    night = Night().at_checkpoint(deployer="dee").later(minutes=5)
    night.looks()
    assert kinds(night.says("bo-sre", Good())) == [e.GoodGiven]
    assert kinds(night.says("kim-releng", Good())) == [e.GoodGiven]


def test_no_wait_however_long_passes_a_checkpoint() -> None:
    night = Night().at_checkpoint()
    for _ in range(200):
        assert not {e.CheckpointPassed, e.Resumed, e.StepStarted} & set(kinds(night.later(minutes=7).looks()))
    assert night.request.underway.checkpoint


def test_where_the_profile_asks_it_every_required_team_looks_too() -> None:
    night = Night(policy=every_team_looks()).at_checkpoint(deployer="dee")
    for person in ("ada", "dee", "bo-sre"):
        assert kinds(night.says(person, Good())) == [e.GoodGiven]
    assert night.refused("mo-sre", Good()) == "canaries is for Release Engineering to look at."
    assert kinds(night.says("kim-releng", Good())) == [e.GoodGiven, e.CheckpointPassed]


def test_a_deployer_who_confirmed_looks_for_their_team_as_well() -> None:
    night = Night(policy=every_team_looks()).at_checkpoint()
    for person in ("ada", "bo-sre"):
        night.says(person, Good())
    assert e.CheckpointPassed in kinds(night.says("kim-releng", Good()))


def test_a_member_who_said_here_looks_for_their_team() -> None:
    night = Night(policy=every_team_looks()).at_checkpoint()
    night.says("mo-sre", ShowPresence())
    for person in ("ada", "mo-sre"):
        night.says(person, Good())
    assert e.CheckpointPassed in kinds(night.says("kim-releng", Good()))


def test_a_yes_taken_back_at_a_checkpoint_pauses_it() -> None:
    night = Night().at_checkpoint()
    assert kinds(night.says("bo-sre", Unconfirm())) == [e.ConfirmationTakenBack, e.Paused]
    assert night.acts(CLOCK, LookAgain()) == []
