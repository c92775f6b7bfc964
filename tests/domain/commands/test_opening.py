"""Asking: the cry opens a request whoever cries, names whom it asks, and what is missing is asked for afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.domain.night import (
    BEGIN,
    BOTH,
    CHANGE,
    CLOCK,
    RELENG,
    SECURITY,
    SRE,
    TASK,
    WIKI,
    WISH,
    Night,
    kinds,
    stranger,
    unverified,
    verified,
)
from tocsin.domain import events as e
from tocsin.domain.change import Change, ChangeStatus, Verdict
from tocsin.domain.commands import Adopt, Confirm, Describe, MakePublic, Note, Withdraw
from tocsin.domain.commands.opening import LONGEST_WORDING, Ask, Learn, SeeUncounted
from tocsin.domain.people import OnCall, PersonId, RequestId, TargetId, TeamId
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.policy import Demand
from tocsin.domain.request import Status
from tocsin.domain.schedule import Calendar, Window
from tocsin.domain.situation import Catalogue, Ground, Lock, Target
from tocsin.domain.wish import Wish

ADA = verified("ada")
BARE = Wish(named="1234")
OTHER = Target(TargetId("parsoid"), "#services", "#services-private", BOTH, (), (("parsoid", "*"),))
STRICTER = replace(OTHER, id=TargetId("strict"), policy=replace(BOTH, confirm=(*BOTH.confirm, Demand(SECURITY))))


def cry(wish: Wish = BARE, channel: str = "#ops") -> Ask:
    return Ask("help!", wish, channel)


def opened_by(night: Night, ask: Ask) -> e.RequestOpened:
    opened = night.cries(ADA, ask)[0]
    assert isinstance(opened, e.RequestOpened)
    return opened


def asked(night: Night) -> dict[TeamId, tuple[PersonId, ...]]:
    return dict(opened_by(night, cry()).asked)


# --- the cry ----------------------------------------------------------------------------------------------------------


def test_a_change_alone_is_enough_to_open_a_request() -> None:
    night = Night()
    assert e.RequestOpened in kinds(night.cries(ADA, cry()))
    assert night.stands(Status.ASKED) and night.request.requester == "ada" and night.request.target == WIKI
    assert night.request.lacking[:3] == ("a reason", "a remedy", "a sentence why")


def test_the_first_answer_names_who_is_on_call() -> None:
    night = Night()
    night.on_call = OnCall(((SRE, (PersonId("mo-sre"),)),))
    opened = opened_by(night, cry())
    assert dict(opened.asked)[SRE] == ("mo-sre",) and opened.on_call == ("mo-sre",)


def test_of_several_on_call_those_who_are_here_are_named_first() -> None:
    night = Night()
    night.on_call = OnCall(((SRE, (PersonId("bo-sre"), PersonId("pat-both"), PersonId("mo-sre"))),))
    assert asked(night)[SRE] == ("bo-sre", "pat-both")
    night.seen_people = {"mo-sre": BEGIN}
    assert asked(night)[SRE] == ("mo-sre", "bo-sre")


def test_who_sits_in_the_channel_is_named_before_those_on_call_of_whom_nothing_is_known_and_after_who_was_seen() -> (
    None
):
    night = Night()
    shift = tuple(PersonId(person) for person in ("bo-sre", "pat-both", "mo-sre"))
    night.on_call, night.joined = OnCall(((SRE, shift),)), frozenset({"pat-both", "kim-releng"})
    assert asked(night)[SRE] == ("pat-both", "bo-sre")
    night.seen_people = {"mo-sre": BEGIN}
    assert asked(night)[SRE] == ("mo-sre", "pat-both")


@pytest.mark.parametrize("gone", [{}, {"mo-sre": BEGIN + timedelta(minutes=1)}])
def test_who_was_here_long_ago_or_has_left_is_not_named_before_others_on_call(gone: dict[str, datetime]) -> None:
    night = Night()
    night.on_call = OnCall(((SRE, (PersonId("bo-sre"), PersonId("mo-sre"))),))
    night.seen_people, night.gone = {"mo-sre": BEGIN}, gone
    night.later(minutes=5 if gone else 11)
    assert asked(night)[SRE] == ("bo-sre", "mo-sre")


def test_who_is_here_and_not_on_call_is_not_named_before_who_is() -> None:
    night = Night()
    night.on_call = OnCall(((SRE, (PersonId("bo-sre"),)),))
    night.seen_people = {"mo-sre": BEGIN}
    assert asked(night)[SRE] == ("bo-sre",)


def test_where_nobody_is_on_call_it_names_who_was_seen_last() -> None:
    night = Night()
    night.seen_people = {"pat-both": BEGIN, "mo-sre": BEGIN + timedelta(minutes=1)}
    assert asked(night) == {RELENG: ("pat-both",), SRE: ("mo-sre",)}


def test_where_nobody_was_seen_it_names_somebody_of_each_team() -> None:
    assert asked(Night()) == {RELENG: ("kim-releng",), SRE: ("bo-sre",)}


def test_nobody_is_asked_to_confirm_their_own_request() -> None:
    night = Night()
    opened = night.cries(verified("kim-releng"), cry())[0]
    assert isinstance(opened, e.RequestOpened) and dict(opened.asked)[RELENG] == ("pat-both",)


def test_a_cry_that_names_everything_is_to_be_confirmed_at_once() -> None:
    night = Night()
    assert e.PlanProposed in kinds(night.cries(ADA))
    assert night.stands(Status.CONFIRMING)


def test_the_same_wish_typed_twice_opens_one_request_and_the_second_person_may_still_confirm() -> None:
    night = Night().asked()
    night.twin = RequestId("E17")
    assert "E17 is open for that already; you may still confirm" in night.not_opened(verified("bo-sre"))
    assert e.ConfirmationGiven in kinds(night.says("bo-sre", Confirm(night.word)))


def test_a_cry_for_nothing_is_told_what_to_type() -> None:
    assert "Which change, or which recipe? Say e.g.  !emergency 1234" in Night().not_opened(ADA, cry(Wish()))


def test_a_recipe_alone_opens_a_request_for_its_target() -> None:
    night = Night(change=None)
    assert opened_by(night, cry(Wish(recipe="config"))).target == WIKI


def test_a_recipe_that_no_target_has_opens_nothing() -> None:
    assert "No target has a recipe named nonesuch." in Night().not_opened(ADA, cry(Wish(recipe="nonesuch")))


def test_a_change_that_no_target_takes_opens_nothing() -> None:
    night = Night(change=replace(CHANGE, project="elsewhere"))
    assert "No target is configured that takes this change" in night.not_opened(ADA)


def test_a_wall_of_words_opens_nothing() -> None:
    said = Ask("x" * (LONGEST_WORDING + 1), BARE, "#ops")
    assert "That is 2001 characters; say it in at most 2000." in Night().not_opened(ADA, said)


def test_nobody_has_more_than_five_requests_open() -> None:
    night = Night()
    night.open_by_speaker = 5
    assert "You have 5 requests open; withdraw one first" in night.not_opened(ADA)


def test_all_that_is_wrong_with_a_cry_is_said_at_once() -> None:
    night = Night()
    night.open_by_speaker, night.twin = 5, RequestId("E3")
    said = night.not_opened(ADA, cry(Wish()))
    assert all(words in said for words in ("E3 is open", "Which change", "You have 5"))


# --- the target -------------------------------------------------------------------------------------------------------


def test_the_target_follows_from_the_change_and_not_from_the_channel() -> None:
    night = Night()
    night.catalogue = Catalogue((OTHER, night.target))
    opened = opened_by(night, cry(channel="#services"))
    assert (opened.target, opened.channel) == (WIKI, "#ops")


def test_of_two_possible_targets_the_stricter_policy_counts() -> None:
    night = Night(change=replace(CHANGE, project="parsoid"))
    night.catalogue = Catalogue((OTHER, STRICTER, night.target))
    assert opened_by(night, cry()).target == "strict"


def test_a_silent_review_system_keeps_nobody_from_asking_and_the_change_settles_the_target_later() -> None:
    night = Night(change=None)
    night.catalogue = Catalogue((night.target, OTHER))
    night.unknown = ("code review",)
    opened = opened_by(night, cry(WISH, channel="#services"))
    assert (opened.target, opened.policy, night.request.channel) == (None, BOTH, "#services")
    night.change, night.unknown = CHANGE, ()
    assert e.TargetSettled in kinds(night.acts(CLOCK, Learn()))
    assert night.request.target == WIKI and night.request.channel == "#ops"


def test_a_recipe_named_with_a_change_does_not_settle_the_target_before_the_change_is_known() -> None:
    night = Night(change=None)
    night.catalogue = Catalogue((night.target, OTHER))
    opened_by(night, cry(replace(WISH, recipe="config")))
    night.change = replace(CHANGE, project="parsoid")
    night.acts(CLOCK, Learn())
    assert night.request.target == "parsoid" and night.request.proposal is None


def test_in_a_channel_of_no_target_the_strictest_of_all_is_asked_until_the_change_is_known() -> None:
    night = Night(change=None)
    night.catalogue = Catalogue((night.target, STRICTER))
    assert opened_by(night, cry(channel="#elsewhere")).policy == STRICTER.policy


def test_nobody_joins_a_team_between_the_cry_and_the_moment_the_target_is_known() -> None:
    night = Night(change=None)
    night.cries(ADA)
    night.teams["dee"] = frozenset({SRE})
    night.change = CHANGE
    night.acts(CLOCK, Learn())
    assert "dee" not in night.request.roster.of(SRE)
    assert "members of" in night.refused("dee", Confirm(night.word))


def test_two_requests_for_one_target_are_told_of_each_other() -> None:
    night = Night()
    night.ground = Ground(beside=(RequestId("E16"),))
    assert opened_by(night, cry()).beside == ("E16",)


def test_the_first_answer_says_what_a_rollback_left_on_the_target() -> None:
    night = Night()
    lock = Lock(RequestId("E16"), BEGIN - timedelta(minutes=6), 1234, "config", "1234/2")
    night.ground = Ground(locks=(lock,))
    assert opened_by(night, cry()).warnings == ("E16 was rolled back 6 min ago: 1234/2",)


def test_the_first_answer_says_when_nobody_of_a_team_is_left_who_could_confirm() -> None:
    night = Night()
    night.teams |= {"bo-sre": frozenset(), "pat-both": frozenset()}
    opened = night.cries(verified("mo-sre"), cry())[0]
    assert isinstance(opened, e.RequestOpened)
    assert opened.warnings == (
        "nobody of SRE is left who could confirm: wake somebody else, an administrator can add them",
    )


# --- a reason that is none of the five --------------------------------------------------------------------------------

NICE = "it would be nice to have this today"


def test_a_reason_that_is_none_of_the_five_is_refused_with_the_words_of_the_source_and_the_next_window() -> None:
    night = Night()
    starts = BEGIN + timedelta(hours=6)
    night.calendar = Calendar((Window("morning", starts, starts + timedelta(hours=1)),))
    said = night.not_opened(ADA, replace(cry(), other_reason=NICE))
    assert f'"{NICE}" is none of the five reasons' in said
    for words in ("security issue", "data loss or corruption", "availability", "abuse", "functionality or appearance"):
        assert words in said
    assert "The next window is morning, Sat 08:00 UTC." in said and said.endswith("ask anew: !emergency")


def test_a_request_whose_reason_turns_out_to_be_none_of_the_five_is_refused_and_over() -> None:
    night = Night(wish=BARE).asked()
    refused = night.says("ada", Describe(Wish(), NICE))
    assert kinds(refused) == [e.RequestRefused] and night.stands(Status.REFUSED)
    assert night.cries(ADA, cry()), "and it may be asked anew"


def test_a_request_that_has_one_of_the_five_reasons_is_not_ended_by_another_word() -> None:
    night = Night().confirmed()
    assert "E17 stays one of data; to take it back: !withdraw E17" in night.refused("ada", Describe(Wish(), NICE))
    assert night.stands(Status.READY)


def test_in_a_window_such_a_wish_is_sent_to_the_window() -> None:
    night = Night()
    night.calendar = Calendar((Window("morning", BEGIN, BEGIN + timedelta(hours=1)),))
    assert "The window morning is open until 03:00 UTC: use it." in night.not_opened(
        ADA, replace(cry(), other_reason=NICE)
    )


@pytest.mark.parametrize(
    ("known", "words"),
    [(True, "No next window is known."), (False, "When the next window is, no calendar could say.")],
)
def test_where_no_window_is_known_it_says_so(known: bool, words: str) -> None:
    night = Night()
    night.calendar = Calendar(known=known)
    assert words in night.not_opened(ADA, replace(cry(), other_reason=NICE))


def test_of_a_calendar_it_is_kept_once_that_it_is_stale_and_since_when() -> None:
    night = Night()
    read = night.now - timedelta(hours=5, minutes=59)
    night.calendar = Calendar(as_of=read)
    night.asked()
    assert not night.request.facts.as_of
    night.later(minutes=70)
    assert night.acts(CLOCK, Learn())
    assert dict(night.request.facts.as_of) == {"calendar": read}
    night.later(minutes=70)
    assert night.acts(CLOCK, Learn()) == []


# --- strangers and adoption -------------------------------------------------------------------------------------------


def test_a_stranger_is_heard_and_the_people_on_call_are_named() -> None:
    night = Night()
    opened = night.cries(stranger(), cry())[0]
    assert isinstance(opened, e.RequestOpened)
    assert opened.requester is None and opened.name == "passer-by" and opened.marks.nick == "passer-by"
    assert {team for team, _ in opened.asked} == {RELENG, SRE}


def test_a_strangers_request_waits_until_somebody_known_adopts_it() -> None:
    night = Night()
    night.cries(stranger())
    assert night.request.lacking == ("somebody whom the directory knows to adopt it: !adopt E17",)
    assert "Only the requester of E17 may do that; it has none yet: !adopt E17" in night.refused("bo-sre", Withdraw())
    assert e.PlanProposed in kinds(night.says("ada", Adopt()))
    assert night.request.requester == "ada" and night.stands(Status.CONFIRMING)


def test_the_one_who_adopted_it_is_its_requester_and_does_not_confirm_it() -> None:
    night = Night()
    night.cries(stranger())
    night.says("bo-sre", Adopt())
    assert "You asked for it" in night.refused("bo-sre", Confirm(night.word))


def test_nobody_unverified_adopts() -> None:
    night = Night()
    night.cries(stranger())
    assert "The directory does not know you." in night.refused_to(stranger(), Adopt())


def test_what_has_a_requester_is_not_adopted() -> None:
    assert "E17 has a requester: ada." in Night().asked().refused("bo-sre", Adopt())


def test_a_suspended_account_is_heard_like_a_strangers_and_speaks_for_nobody() -> None:
    night = Night()
    night.suspended.add("ada")
    opened = night.cries(ADA)[0]
    assert isinstance(opened, e.RequestOpened) and opened.requester is None and opened.marks.nick == "ada"
    assert "Your account is suspended" in night.refused("ada", Adopt())


def test_about_a_request_that_is_over_nothing_more_is_learned() -> None:
    night = Night().asked()
    night.says("ada", Withdraw())
    night.change = replace(CHANGE, patchset=4, sha="b" * 40)
    assert night.acts(CLOCK, Learn()) == []


# --- saying what is missing -------------------------------------------------------------------------------------------


def test_what_is_missing_is_asked_for_once_and_again_only_when_it_differs() -> None:
    night = Night(wish=BARE)
    assert e.MoreAsked in kinds(night.cries(ADA))
    assert night.acts(CLOCK, Learn()) == []
    assert e.MoreAsked in kinds(night.says("ada", Describe(Wish(reason=Reason.DATA))))


def test_once_nothing_is_missing_the_plan_and_its_check_word_are_shown() -> None:
    night = Night(wish=BARE).asked()
    stated = night.says("ada", Describe(replace(WISH, named="")))
    assert kinds(stated) == [e.WishStated, e.PlanProposed]
    assert night.stands(Status.CONFIRMING)


def test_only_the_requester_says_what_is_wanted() -> None:
    assert "Only the requester of E17 may do that; that is ada." in Night().asked().refused("lin", Describe(BARE))


def test_what_is_said_already_is_refused() -> None:
    assert "E17 says just that already." in Night().asked().refused("ada", Describe(Wish(reason=Reason.DATA)))


def test_another_change_is_a_request_of_its_own() -> None:
    said = Night().asked().refused("ada", Describe(Wish(named="5678")))
    assert "another change is a request of its own: !emergency 5678" in said


def test_a_sentence_that_is_a_wall_of_words_is_refused() -> None:
    said = Night().asked().refused("ada", Describe(Wish(sentence="x" * 2001)))
    assert "That is 2001 characters" in said


@pytest.mark.parametrize(
    "more",
    [
        Wish(task="T99"),
        Wish(reason=Reason.AVAILABILITY),
        Wish(remedy=Remedy.FIX),
        Wish(sentence="it is worse than that"),
        Wish(why_not_rollback="there is nothing to go back to"),
        Wish(going_back=Verdict.NO, going_back_why="the schema changed"),
        Wish(few_affected=True),
        Wish(anyway=True),
    ],
)
def test_whatever_the_requester_changes_voids_every_yes_and_asks_again(more: Wish) -> None:
    night = Night().confirmed()
    before = night.word
    proposed = night.says("ada", Describe(more))[-1]
    assert isinstance(proposed, e.PlanProposed) and proposed.why == "what is asked for changed"
    assert night.request.confirmations == () and night.word != before and night.stands(Status.CONFIRMING)


def test_what_changes_after_a_window_opened_is_confirmed_anew_all_the_same() -> None:
    night = Night().confirmed()
    night.calendar = Calendar((Window("morning", BEGIN, BEGIN + timedelta(hours=9)),))
    assert kinds(night.says("ada", Describe(Wish(sentence="worse"))))[-1] is e.PlanProposed
    assert night.request.confirmations == ()


# --- facts ------------------------------------------------------------------------------------------------------------


def test_an_abandoned_change_opens_nothing_and_what_to_do_is_said() -> None:
    night = Night(change=replace(CHANGE, status=ChangeStatus.ABANDONED))
    assert night.not_opened(ADA) == "1234 is abandoned: restore it first, or ask for the change in its place."


@pytest.mark.parametrize(
    ("now", "news"),
    [
        (replace(CHANGE, patchset=4, sha="d" * 40), "patchset 4 replaced 3"),
        (replace(CHANGE, sha="d" * 40), "the change was replaced"),
        (replace(CHANGE, brings=("1233/1",)), "what else would go live with it changed"),
        (replace(CHANGE, status=ChangeStatus.ABANDONED), "the change is abandoned now"),
        (replace(CHANGE, ci=Verdict.YES), ""),
    ],
)
def test_what_is_new_about_the_change_is_said(now: Change, news: str) -> None:
    night = Night().asked()
    night.change = now
    learned = night.acts(CLOCK, Learn())[0]
    assert isinstance(learned, e.FactsLearned) and learned.news == news


def test_a_system_that_falls_silent_takes_nothing_away_that_was_known() -> None:
    night = Night().asked()
    night.change, night.task, night.unknown = None, None, ("code review", "task")
    night.acts(CLOCK, Learn())
    assert night.request.facts.change == CHANGE and night.request.facts.task == TASK
    assert night.request.facts.unknown == ("code review", "task")


# --- what may be said in public ---------------------------------------------------------------------------------------


def test_what_the_public_may_read_is_public() -> None:
    assert not Night().asked().request.private


@pytest.mark.parametrize("verdict", [Verdict.NO, Verdict.UNKNOWN])
@pytest.mark.parametrize("of", ["change", "task"])
def test_what_the_public_may_not_read_or_nobody_can_tell_is_private(of: str, verdict: Verdict) -> None:
    night = Night()
    if of == "change":
        night.change = replace(CHANGE, public=verdict)
    else:
        night.task = replace(TASK, public=verdict)
    assert night.asked().request.private


def test_a_request_of_which_nothing_was_found_out_is_private() -> None:
    night = Night(change=None)
    night.unknown = ("code review",)
    assert night.asked().request.private


def test_a_word_makes_it_private_from_the_beginning() -> None:
    assert opened_by(Night(), replace(cry(), private=True)).private


def test_a_matter_of_security_without_a_task_is_private_from_the_beginning() -> None:
    assert opened_by(Night(), cry(Wish(named="1234", reason=Reason.SECURITY))).private


def test_a_request_that_turns_out_to_be_about_security_is_private_at_once() -> None:
    night = Night(wish=BARE).asked()
    assert not night.request.private
    assert e.MadePrivate in kinds(night.says("ada", Describe(Wish(reason=Reason.SECURITY))))


def test_the_readability_of_a_task_named_before_says_nothing_about_the_one_named_now() -> None:
    night = Night().asked()
    night.says("ada", Describe(Wish(task="T666")))
    assert night.request.facts.task is None
    assert e.MadePrivate in kinds(night.acts(CLOCK, Learn())), "an answer about T1234 came late"
    assert night.request.facts.task is None


def test_what_two_people_have_shown_stays_public_until_there_is_news() -> None:
    night = Night(change=replace(CHANGE, public=Verdict.UNKNOWN)).confirmed()
    night.says("ada", MakePublic())
    night.says("bo-sre", MakePublic())
    assert night.acts(CLOCK, Learn()) == [] and not night.request.private
    night.change = replace(CHANGE, public=Verdict.NO)
    assert e.MadePrivate in kinds(night.acts(CLOCK, Learn()))


# --- remarks ----------------------------------------------------------------------------------------------------------


def test_anybody_adds_a_remark_and_it_voids_nothing() -> None:
    night = Night().confirmed()
    assert night.acts(stranger(), Note("users in Asia see it too")) == [
        e.Noted("passer-by", "users in Asia see it too")
    ]
    assert night.stands(Status.READY)


def test_an_empty_remark_is_told_how_to_say_something() -> None:
    assert "Note what? e.g.  !note E17" in Night().asked().refused("dee", Note(" "))


def test_a_remark_that_is_a_wall_of_words_is_refused() -> None:
    assert "That is 2001 characters" in Night().asked().refused("dee", Note("x" * 2001))


def test_what_an_unverified_voice_tried_is_kept_as_seen_not_counted() -> None:
    seen = Night().asked().acts(unverified("bo-sre"), SeeUncounted("confirm"))
    assert seen == [e.SeenNotCounted("bo-sre", "confirm", "Log in to services first.")]
