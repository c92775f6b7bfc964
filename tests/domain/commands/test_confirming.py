"""Confirming: one person's verified yes, for one team, for exactly what was shown; and the no."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.night import BEGIN, BOTH, RELENG, SECURITY, SRE, WISH, Night, kinds, stranger, unverified, verified
from tocsin.domain import events as e
from tocsin.domain.commands import Adopt, Confirm, Go, Lift, Refuse, Stop, Unconfirm, Withdraw
from tocsin.domain.people import Marks, OnCall, PersonId
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.policy import Demand, Policy
from tocsin.domain.request import Status
from tocsin.domain.schedule import Calendar, Window

ON_CALL = Policy("sre-oncall", "1", (Demand(SRE, on_call=True),), informed=(RELENG,))
BO_ON_CALL = OnCall(((SRE, (PersonId("bo-sre"),)),))


def on_call_night(shift: OnCall = BO_ON_CALL) -> Night:
    night = Night(policy=ON_CALL)
    night.on_call = shift
    return night.asked()


def given(night: Night, person: str, confirm: Confirm | None = None) -> e.ConfirmationGiven:
    event = night.says(person, confirm or Confirm(night.word))[0]
    assert isinstance(event, e.ConfirmationGiven)
    return event


# --- whose yes counts -------------------------------------------------------------------------------------------------


def test_one_yes_of_each_required_team_makes_it_ready() -> None:
    night = Night().asked()
    assert kinds(night.says("bo-sre", Confirm(night.word))) == [e.ConfirmationGiven]
    assert night.stands(Status.CONFIRMING)
    ready = night.says("kim-releng", Confirm(night.word))
    assert ready[-1] == e.BecameReady(((PersonId("kim-releng"), RELENG), (PersonId("bo-sre"), SRE)))


def test_the_order_of_arrival_does_not_matter() -> None:
    night = Night().confirmed("kim-releng", "bo-sre")
    assert night.stands(Status.READY)


def test_two_of_one_team_are_not_one_of_each() -> None:
    assert Night().confirmed("bo-sre", "mo-sre").stands(Status.CONFIRMING)


def test_a_member_of_no_required_team_does_not_confirm() -> None:
    night = Night().asked()
    said = night.refused("sam-sec", Confirm(night.word))
    assert "E17 is for members of Release Engineering and SRE who were members before it opened" in said


def test_an_informed_team_does_not_confirm() -> None:
    night = Night().asked()
    assert SECURITY in night.request.policy.informed
    assert "E17 is for members of" in night.refused("sam-sec", Confirm(night.word))


def test_somebody_who_joined_the_team_after_the_opening_does_not_confirm() -> None:
    night = Night().asked()
    night.teams["dee"] = frozenset({SRE})
    assert "who were members before it opened" in night.refused("dee", Confirm(night.word))


def test_somebody_who_left_the_team_does_not_confirm() -> None:
    night = Night().asked()
    night.teams["bo-sre"] = frozenset()
    assert "who were members before it opened" in night.refused("bo-sre", Confirm(night.word))


def test_an_unverified_yes_does_not_count() -> None:
    night = Night().asked()
    assert "Log in to services first." in night.refused_to(unverified("bo-sre"), Confirm(night.word))


def test_a_suspended_persons_yes_does_not_count() -> None:
    night = Night().asked()
    night.suspended.add("bo-sre")
    assert "Your account is suspended here" in night.refused("bo-sre", Confirm(night.word))


def test_the_requester_does_not_confirm() -> None:
    night = Night().asked("bo-sre")
    assert "You asked for it, so your own yes cannot count." in night.refused("bo-sre", Confirm(night.word))


def test_the_stranger_who_first_asked_does_not_confirm_by_whatever_sign_they_are_known() -> None:
    night = Night()
    night.cries(stranger("bo-sre", host="bo.example.org"))
    night.says("ada", Adopt())
    assert "You share a nick, host or account" in night.refused("bo-sre", Confirm(night.word))
    from_that_host = replace(verified("mo-sre"), marks=Marks(nick="mo-sre", host="BO.example.org"))
    assert "You share a nick, host or account" in night.refused_to(from_that_host, Confirm(night.word))
    assert given(night, "kim-releng").person == "kim-releng"


def test_the_author_does_not_confirm() -> None:
    night = Night()
    night.teams["lin"] = frozenset({SRE})
    night.asked()
    assert "You wrote the change, so your yes cannot count." in night.refused("lin", Confirm(night.word))


def test_where_the_profile_says_so_the_author_confirms_and_the_line_says_it() -> None:
    night = Night(policy=replace(BOTH, author_may_confirm=True))
    night.teams["lin"] = frozenset({SRE})
    night.asked()
    assert given(night, "lin").remark == "they wrote the change, and both 1 lets its author confirm"


def test_with_a_reason_of_security_that_team_confirms_too() -> None:
    policy = replace(BOTH, for_reason=((Reason.SECURITY, (Demand(SECURITY),)),))
    night = Night(policy=policy, wish=replace(WISH, reason=Reason.SECURITY)).confirmed()
    assert night.stands(Status.CONFIRMING)
    night.says("sam-sec", Confirm(night.word))
    assert night.stands(Status.READY)


# --- for exactly what was shown ---------------------------------------------------------------------------------------


def test_a_yes_before_the_plan_is_known_is_told_what_is_missing() -> None:
    night = Night(change=None).asked()
    assert "E17 is asked: something is still missing, see !status." in night.refused("bo-sre", Confirm("plum-otter"))


def test_another_check_word_does_not_count_and_the_one_in_force_is_shown() -> None:
    night = Night().asked()
    said = night.refused("bo-sre", Confirm("no-word"))
    assert "no-word is not the check word now" in said and said.endswith(f"!confirm E17 {night.word}")


def test_a_yes_without_the_check_word_is_asked_to_say_it() -> None:
    night = Night().asked()
    assert "Say the check word, so that it is clear what you confirm" in night.refused("bo-sre", Confirm(""))


@pytest.mark.parametrize("typed", [str.upper, str.title, lambda word: word.replace("-", " ")])
def test_the_check_word_is_taken_as_people_type_it(typed: object) -> None:
    night = Night().asked()
    assert callable(typed)
    assert given(night, "bo-sre", Confirm(typed(night.word))).check_word == night.word


def test_all_that_is_wrong_with_a_yes_is_said_at_once() -> None:
    night = Night().asked()
    said = night.refused("ada", Confirm("no-word", team=SRE))
    for words in ("E17 is for members of", "You asked for it", "no-word is not", "You cannot speak for SRE here."):
        assert words in said


# --- for one team -----------------------------------------------------------------------------------------------------


def test_a_person_may_say_for_which_team_they_speak_and_that_is_kept() -> None:
    night = Night().asked()
    assert given(night, "pat-both", Confirm(night.word, RELENG)).teams == {RELENG}
    night.says("kim-releng", Confirm(night.word))
    assert night.stands(Status.CONFIRMING), "pat speaks for Release Engineering, and so does kim"


def test_a_person_may_change_the_team_for_which_they_speak() -> None:
    night = Night().confirmed("kim-releng")
    night.says("pat-both", Confirm(night.word, RELENG))
    night.says("pat-both", Confirm(night.word, SRE))
    assert night.stands(Status.READY) and len(night.request.confirmations) == 2


def test_the_same_yes_twice_is_no_news() -> None:
    night = Night().confirmed("bo-sre")
    assert "Your yes for E17 stands already, since 02:00 UTC." in night.refused("bo-sre", Confirm(night.word))


# --- on call ----------------------------------------------------------------------------------------------------------


def test_who_is_on_call_confirms() -> None:
    night = on_call_night()
    assert given(night, "bo-sre").on_call_for == {SRE} and night.stands(Status.READY)


def test_another_of_the_team_is_told_who_is_on_call() -> None:
    night = on_call_night()
    said = night.refused("mo-sre", Confirm(night.word))
    assert "SRE on call must confirm: bo-sre. Without an answer for 15 min any member counts." in said


def test_being_on_call_makes_nobody_a_member() -> None:
    night = on_call_night(OnCall(((SRE, (PersonId("dee"),)),)))
    assert "E17 is for members of SRE" in night.refused("dee", Confirm(night.word))
    assert "no member since before it" in given(night, "bo-sre").remark


def test_a_change_of_shift_takes_no_yes_away() -> None:
    night = on_call_night()
    given(night, "bo-sre")
    night.on_call = OnCall(((SRE, (PersonId("mo-sre"),)),))
    night.looks()
    assert night.stands(Status.READY)


def test_somebody_on_call_who_is_removed_from_the_team_counts_no_more() -> None:
    night = on_call_night()
    given(night, "bo-sre")
    night.teams["bo-sre"] = frozenset()
    assert kinds(night.looks())[:2] == [e.ConfirmationVoided, e.NoLongerReady]


def test_where_the_one_on_call_does_not_answer_for_15_min_any_member_counts_and_the_line_says_why() -> None:
    night = on_call_night().later(minutes=15)
    assert given(night, "mo-sre").remark == "the one on call did not answer"
    assert night.stands(Status.READY)


def test_where_the_one_on_call_did_answer_nobody_stands_in_for_them() -> None:
    night = on_call_night()
    given(night, "bo-sre")
    night.says("bo-sre", Unconfirm())
    assert "SRE on call must confirm" in night.later(minutes=15).refused("mo-sre", Confirm(night.word))


def test_where_the_one_on_call_asked_for_it_any_member_counts_at_once() -> None:
    night = Night(policy=ON_CALL)
    night.on_call = BO_ON_CALL
    night.asked("bo-sre")
    assert "the one on call cannot count: they asked for it" in given(night, "mo-sre").remark


@pytest.mark.parametrize("shift", [OnCall(), OnCall(((SRE, (PersonId("bo-sre"),)),), unknown=frozenset({SRE}))])
def test_where_nobody_knows_who_is_on_call_any_member_counts(shift: OnCall) -> None:
    night = on_call_night(shift)
    assert given(night, "mo-sre").remark == "who is on call is not known"


def test_a_yes_of_the_one_on_call_needs_no_remark() -> None:
    night = on_call_night()
    assert given(night.later(minutes=15), "bo-sre").remark == ""


# --- only a few are touched -------------------------------------------------------------------------------------------


def test_where_only_a_few_are_touched_a_confirmer_may_still_say_yes_and_what_they_saw_is_recorded() -> None:
    night = Night(wish=replace(WISH, reason=Reason.FUNCTIONALITY, remedy=Remedy.FIX, few_affected=True))
    starts = BEGIN + timedelta(hours=30)
    night.calendar = Calendar((Window("sunday", starts, starts + timedelta(hours=1)),))
    night.asked()
    assert given(night, "bo-sre").remark == (
        "seen: only few users or a new feature are touched: the answer is disable, "
        "or the next window (sunday, Sun 08:00 UTC)"
    )


# --- taking it back ---------------------------------------------------------------------------------------------------


def test_a_yes_is_taken_back_in_one_word_and_it_is_ready_no_more() -> None:
    night = Night().confirmed()
    assert kinds(night.says("bo-sre", Unconfirm())) == [e.ConfirmationTakenBack, e.NoLongerReady]


def test_nobody_takes_back_what_they_did_not_give() -> None:
    assert "You have no confirmation of E17 to take back." in Night().confirmed().refused("mo-sre", Unconfirm())


def test_after_the_end_no_yes_is_taken_back() -> None:
    night = Night().confirmed()
    night.says("ada", Withdraw())
    assert "E17 is withdrawn: it is over" in night.refused("bo-sre", Unconfirm())


def test_a_suspended_person_may_still_take_their_yes_back() -> None:
    night = Night().confirmed()
    night.suspended.add("bo-sre")
    assert e.ConfirmationTakenBack in kinds(night.says("bo-sre", Unconfirm()))


def test_a_yes_while_paused_by_a_stop_alone_is_refused() -> None:
    night = Night().deploying()
    night.says("sam-sec", Stop())
    assert "E17 is paused" in night.refused("mo-sre", Confirm(night.word))


# --- the no -----------------------------------------------------------------------------------------------------------


def test_a_no_is_a_hold_with_its_reason_and_takes_ones_own_yes_back() -> None:
    night = Night().confirmed()
    said = night.says("bo-sre", Refuse("this would lose today's edits"))
    assert kinds(said) == [e.ConfirmationTakenBack, e.RefusalGiven, e.HoldPlaced, e.NoLongerReady]
    assert "bo-sre holds it: no: this would lose today's edits." in night.refused("kim-releng", Go())


def test_a_no_by_another_required_team_as_well_ends_it() -> None:
    night = Night().asked()
    night.says("bo-sre", Refuse("not now"))
    assert kinds(night.says("kim-releng", Refuse("nor ours")))[-1] is e.RequestRefused
    assert night.stands(Status.REFUSED)


def test_a_second_no_of_the_same_team_does_not_end_it() -> None:
    night = Night().asked()
    night.says("bo-sre", Refuse("not now"))
    assert e.RequestRefused not in kinds(night.says("mo-sre", Refuse("no")))


def test_the_no_of_somebody_in_both_teams_said_twice_is_one_no() -> None:
    night = Night().asked()
    night.says("pat-both", Refuse("not now"))
    assert e.RequestRefused not in kinds(night.says("pat-both", Refuse("I mean it")))


def test_a_no_of_somebody_who_left_the_team_since_does_not_end_it_with_another() -> None:
    night = Night().asked()
    night.says("bo-sre", Refuse("not now"))
    night.teams["bo-sre"] = frozenset()
    assert e.RequestRefused not in kinds(night.says("pat-both", Refuse("no")))


def test_the_requester_who_agrees_with_a_no_ends_it() -> None:
    night = Night().asked()
    night.says("bo-sre", Refuse("not now"))
    assert night.says("ada", Refuse())[-1] == e.RequestRefused("not now")


def test_a_no_that_was_lifted_is_gone() -> None:
    night = Night().asked()
    night.says("bo-sre", Refuse("not now"))
    night.says("bo-sre", Lift())
    assert "Nobody has refused E17; to take it back yourself: !withdraw E17" in night.refused("ada", Refuse())
    assert e.RequestRefused not in kinds(night.says("kim-releng", Refuse("nor ours")))


def test_a_no_without_a_reason_is_asked_why() -> None:
    assert "Why not? e.g.  !refuse E17" in Night().asked().refused("bo-sre", Refuse(" "))


def test_only_members_of_a_required_team_say_no() -> None:
    assert "E17 is for members of" in Night().asked().refused("sam-sec", Refuse("no"))


def test_a_no_of_somebody_unverified_or_suspended_does_not_count() -> None:
    night = Night().asked()
    night.suspended.add("mo-sre")
    assert "Your account is suspended" in night.refused("mo-sre", Refuse("no"))
    assert "Log in to services first." in night.refused_to(unverified("bo-sre"), Refuse("no"))


def test_after_go_nobody_refuses_but_stops() -> None:
    assert "E17 is deploying: it is under way; !stop E17 pauses it." in Night().deploying().refused(
        "bo-sre", Refuse("no")
    )
