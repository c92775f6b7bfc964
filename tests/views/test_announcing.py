"""What the channel hears of everything that is not the common night, each with what to type next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.domain.night import (
    BOTH,
    CLOCK,
    SECURITY,
    SRE,
    WISH,
    WORDS,
    unverified,
    verified,
)
from tests.views.telling import CRY, Told
from tocsin.domain import events as e
from tocsin.domain.change import Change, Verdict
from tocsin.domain.commands import (
    Abort,
    Adopt,
    Close,
    Confirm,
    Describe,
    MakePrivate,
    MakePublic,
    Need,
    Note,
    PutOnHold,
    Refuse,
    Renew,
    Resume,
    RollBack,
    ShowPresence,
    Stop,
    Take,
    TellLive,
    TellOutcome,
    Unconfirm,
    Unlock,
    Waive,
    Withdraw,
)
from tocsin.domain.commands import Lift as LiftHold
from tocsin.domain.commands.carrying_out import EndStep
from tocsin.domain.commands.holding import Object
from tocsin.domain.commands.opening import Ask, Learn, SeeUncounted
from tocsin.domain.deployment import Direction, Fate
from tocsin.domain.events import Enrolment
from tocsin.domain.people import PersonId, RequestId, Speaker, Surface
from tocsin.domain.plan import CommandProof, Proof, Reason, Remedy
from tocsin.domain.policy import Demand
from tocsin.domain.recorded import HOUSE, TOCSIN_ITSELF, Recorded
from tocsin.domain.schedule import Calendar, Freeze, Window
from tocsin.domain.situation import Ground, Lock
from tocsin.domain.wish import WikiEdit
from tocsin.views.announcing import announcements, house_lines, house_sentence

STRANGER = replace(verified("passer-by"), person=None)
ON_CLI = replace(verified("ada"), surface=Surface.CLI)
QUIET = replace(BOTH, informed=())


# --- the first answer -----------------------------------------------------------------------------------------------


def asked_by(speaker: Speaker, night: Told, told: str = "") -> Told:
    night.taken_in(Ask("help!", night.wish, "#ops", told=told).decide(None, night.situation(speaker)), speaker)
    return night


def test_a_strangers_request_is_heard_and_says_how_somebody_known_takes_it_on() -> None:
    night = asked_by(STRANGER, Told(policy=QUIET, wish=CRY))
    assert night.line == (
        'E17 for passer-by, whom the directory does not know: 1234/3 "Stop caching painted pages" (T1234).'
        " Asking kim-releng (Release Engineering) and bo-sre (SRE). To take it on as requester: !adopt E17"
    )
    night.says("ada", Adopt())
    assert night.lines[0] == "E17: ada takes it on and is its requester now."
    assert night.lines[1].startswith("ada: E17 needs a reason, a remedy")


def test_until_the_change_is_known_nothing_is_said_but_what_was_typed() -> None:
    night = Told(policy=QUIET, wish=CRY, change=None)
    asked_by(verified("ada"), night)
    assert night.line == "E17 for ada: 1234 (T1234). Asking kim-releng (Release Engineering) and bo-sre (SRE)."
    night.change = night_change()
    night.acts(CLOCK, Learn())
    assert night.lines[0] == 'E17: 1234/3 "Stop caching painted pages" by lin, for config on main.'
    assert night.lines[1].startswith("ada: E17 needs a reason")


def test_a_review_system_that_does_not_answer_is_named_once() -> None:
    night = Told(policy=QUIET, wish=CRY, change=None)
    asked_by(verified("ada"), night)
    night.unknown = ("code review",)
    night.acts(CLOCK, Learn())
    assert " No answer from code review; it goes on without. It is private: " in night.lines[0]
    assert night.acts(CLOCK, Learn()) == []


def test_what_a_silent_review_system_said_earlier_stands_with_its_time() -> None:
    night = Told(policy=QUIET, wish=CRY, change=None)
    asked_by(verified("ada"), night)
    night.change, night.unknown = night_change(), ("code review",)
    night.as_of = (("code review", night.now - timedelta(minutes=4)),)
    night.acts(CLOCK, Learn())
    assert night.lines[0].endswith(" on main. No answer now: code review as of Sat 01:56 UTC.")
    night.says("ada", Describe(WISH))
    assert " No answer now: code review as of Sat 01:56 UTC. " in night.lines[-1]


def test_the_first_answer_names_who_is_informed_that_a_deployer_is_wanted_and_what_else_is_open() -> None:
    night = Told(wish=CRY)
    night.ground = Ground(beside=(RequestId("E15"), RequestId("E16")))
    asked_by(verified("ada"), night, told="needs a deployer")
    assert night.lines[0].endswith(
        " Informed: Security. Deployer wanted: !take E17. Also open for the same target: E15, E16."
    )


def test_the_first_answer_says_which_rollback_left_a_lock() -> None:
    night = Told(policy=QUIET, wish=CRY)
    night.ground = Ground(locks=(Lock(RequestId("E16"), night.now - timedelta(minutes=6), 1234, "config", "1234/2"),))
    asked_by(verified("ada"), night)
    assert night.lines[0].endswith(" (SRE). E16 was rolled back 6 min ago: 1234/2.")


def test_what_is_confirmed_in_spite_of_a_lock_says_what_a_yes_opens() -> None:
    night = Told(policy=QUIET, wish=replace(WISH, remedy=Remedy.FIX))
    night.ground = Ground(locks=(Lock(RequestId("E16"), night.now - timedelta(minutes=6), 1234, "config", "1234/2"),))
    night.asked()
    assert "E16 left mediawiki-config locked for this; a yes opens it, this once." in " ".join(night.heard)


def test_the_first_answer_says_which_team_has_nobody_left() -> None:
    night = Told(policy=QUIET, wish=CRY)
    night.teams = night.teams | {name: frozenset() for name in ("bo-sre", "mo-sre", "pat-both")}
    asked_by(verified("ada"), night)
    assert "Nobody of SRE is left who could confirm" in night.lines[0]


def test_that_the_author_leaves_nobody_is_said_when_the_change_is_seen() -> None:
    night = Told(policy=QUIET, wish=CRY, change=None)
    night.teams = night.teams | {"mo-sre": frozenset(), "pat-both": frozenset()}
    asked_by(verified("ada"), night)
    assert "Nobody" not in night.lines[0]
    night.change = replace(night_change(), authors=frozenset({PersonId("bo-sre")}))
    night.ground = Ground(locks=(Lock(RequestId("E16"), night.now - timedelta(hours=2), 1234, "config", "1234/2"),))
    night.acts(CLOCK, Learn())
    assert (
        "Nobody of SRE is left who could confirm: wake somebody else, or let somebody else ask for it."
        in night.heard[1]
    )
    assert "E16 was undone there 2 h ago, look at it first: !status E16" in night.heard[1]


def test_a_profiles_banner_has_a_line_of_its_own() -> None:
    night = Told(policy=replace(QUIET, banner="If IRC fails: page through Klaxon."), wish=CRY).asked()
    assert "E17: If IRC fails: page through Klaxon." in night.heard


def test_a_request_by_recipe_names_the_recipe() -> None:
    night = Told(policy=QUIET, wish=replace(CRY, named="", recipe="config"), change=None).asked()
    assert night.heard[0].startswith("E17 for ada: recipe config (T1234). Asking kim-releng")


def test_who_says_not_rolled_back_themselves_is_not_told_it_twice() -> None:
    night = Told(policy=QUIET, wish=CRY).asked()
    night.acts(ON_CLI, Describe(replace(WISH, why_not_rollback="Not rolled back: it would lose paints")))
    assert "not rolled back: it would lose paints;" in night.lines[0]


# --- saying what is wanted ------------------------------------------------------------------------------------------


def test_what_was_said_elsewhere_is_told_in_the_channel() -> None:
    night = Told(policy=QUIET, wish=CRY).asked()
    night.acts(ON_CLI, Describe(WISH))
    assert night.lines[0] == (
        "E17 asks for data, disable: painted pages are cached corrupted;"
        " not rolled back: it would lose today's paints; going back: safe."
    )
    night.acts(ON_CLI, Note("users in Asia see it too"))
    assert night.line == "E17: ada notes: users in Asia see it too"
    night.says("ada", Note("users in Europe as well"))
    assert night.line == "E17: noted."


def test_the_example_asks_only_for_what_is_missing() -> None:
    night = Told(policy=QUIET, wish=replace(WISH, going_back=None, going_back_why="")).asked()
    assert night.heard[-1] == (
        "ada: E17 needs whether going back is safe (yes, no or unknown), e.g.  !E17 -- going back is safe"
    )
    night.says("ada", Describe(replace(WISH, going_back=Verdict.NO, going_back_why="")))
    assert night.line == (
        "ada: E17 needs a word why going back is not safe, e.g."
        "  !E17 -- going back is not safe, the cache holds new pages"
    )


def test_that_going_back_is_not_safe_is_shown_with_its_reason() -> None:
    night = Told(wish=replace(WISH, going_back=Verdict.UNKNOWN, going_back_why="nobody knows the schema")).asked()
    assert 'going back: not known to be safe ("nobody knows the schema"). To confirm: ' in night.heard[-1]


def test_that_only_few_are_touched_is_shown_to_those_who_confirm() -> None:
    wish = replace(WISH, reason=Reason.FUNCTIONALITY, remedy=Remedy.FIX, few_affected=True)
    night = Told(wish=wish).asked()
    assert night.heard[-1].startswith("E17 functionality, fix: config 1234/3 8f3ac21 by lin, CI not known.")
    assert (
        " Seen: only few users or a new feature are touched: the answer is disable, or the next window."
        in (night.heard[-1])
    )


def test_an_edit_on_a_wiki_is_shown_with_its_place_and_whether_the_community_knows() -> None:
    edit = WikiEdit("test.example.org", "Main Page", "yes, on its talk page")
    night = Told(wish=replace(WISH, remedy=Remedy.WIKI_EDIT, wiki=edit)).asked()
    assert ", on test.example.org, page Main Page, community told: yes, on its talk page. No window" in night.heard[-1]


def test_a_target_that_is_known_late_names_what_else_is_open_there_then() -> None:
    night = Told(policy=QUIET, wish=CRY, change=None)
    asked_by(verified("ada"), night)
    night.change, night.ground = night_change(), Ground(beside=(RequestId("E16"),))
    night.acts(CLOCK, Learn())
    assert night.lines[0].endswith("for config on main. Also open for the same target: E16.")


def test_without_anything_looked_up_a_change_seen_late_is_told_without_its_surroundings() -> None:
    night = Told(policy=QUIET, wish=CRY, change=None, looked_up=False)
    asked_by(verified("ada"), night)
    night.change, night.ground = night_change(), Ground(beside=(RequestId("E16"),))
    night.acts(CLOCK, Learn())
    assert night.lines[0] == 'E17: 1234/3 "Stop caching painted pages" by lin, for config on main.'


def test_a_wish_said_anew_voids_what_was_said_yes_to() -> None:
    night = Told().asked()
    night.says("bo-sre", Confirm(night.word))
    night.says("ada", Describe(replace(WISH, sentence="only some pages")))
    assert night.lines[0] == "E17: what is asked for changed, so the yes of bo-sre is void; please look again."


def test_a_plan_drawn_up_anew_before_any_yes_says_that_its_word_is_new() -> None:
    night = Told().asked()
    night.says("ada", Describe(replace(WISH, sentence="only some pages")))
    assert night.lines[0] == "E17: what is asked for changed; there is a new check word."


def test_a_proof_by_command_is_named() -> None:
    proofs: tuple[Proof, ...] = (CommandProof(("/usr/bin/check-live", "{sha}")),)
    assert Told(proofs=proofs).verifying().line.endswith("now it is to be seen live: by check-live.")


def test_a_freeze_is_shown_with_its_end() -> None:
    night = Told(policy=QUIET)
    night.calendar = Calendar(freezes=(Freeze("no_deploy_day", night.now, night.now + timedelta(days=2), "weekend"),))
    night.asked()
    assert ". In the freeze no_deploy_day (weekend) until Mon 02:00 UTC. Plan config:" in night.heard[-1]


def test_a_freeze_that_begins_is_told_with_the_team_that_it_adds() -> None:
    night = Told(policy=replace(QUIET, in_freeze=(Demand(SECURITY),))).asked()
    night.calendar = Calendar(freezes=(Freeze("all hands", night.now, night.now + timedelta(days=9)),))
    night.acts(CLOCK, Learn())
    assert "In the freeze all hands until Mon 19 Jan 02:00 UTC. Asking sam-sec for Security." in night.line
    assert night.last[0].calls == ("sam-sec",)


def test_a_reason_that_needs_one_more_team_calls_its_people() -> None:
    policy = replace(QUIET, for_reason=((Reason.SECURITY, (Demand(SECURITY),)),))
    night = Told(policy=policy, wish=CRY).asked()
    night.says("ada", Describe(replace(WISH, reason=Reason.SECURITY)))
    assert night.lines[0] == "E17: asking sam-sec for Security."
    assert night.last[0].calls == ("sam-sec",)


def test_a_window_that_is_open_is_shown_to_those_who_confirm() -> None:
    night = Told(policy=QUIET, wish=replace(WISH, anyway=True))
    night.calendar = Calendar((Window("UTC night", night.now, night.now + timedelta(hours=1)),))
    night.asked()
    assert ". The window UTC night is open until Sat 03:00 UTC. Plan config:" in night.heard[-1]


def test_a_calendar_that_did_not_answer_is_said_to_be_unknown() -> None:
    night = Told(policy=QUIET)
    night.unknown = ("calendar",)
    night.asked()
    assert ". The calendar is not known. Plan config:" in night.heard[-1]


def test_a_calendar_of_which_a_part_never_answered_is_said_to_be_only_a_part() -> None:
    night = Told(policy=QUIET)
    night.unknown = ("calendar",)
    night.calendar = Calendar((Window("UTC morning", night.now + timedelta(hours=6), night.now + timedelta(hours=7)),))
    night.asked()
    assert ". No window until Sat 08:00 UTC. Not all of the calendar answered. Plan config:" in night.heard[-1]


def test_a_calendar_that_is_stale_is_shown_with_its_age() -> None:
    night = Told(policy=QUIET)
    window = Window("UTC morning", night.now + timedelta(hours=6), night.now + timedelta(hours=7))
    night.calendar = Calendar((window,), as_of=night.now - timedelta(hours=7, minutes=20))
    night.asked()
    assert (
        ". No answer now: calendar as of Fri 18:40 UTC. No window until Sat 08:00 UTC. Plan config:" in night.heard[-1]
    )


def test_a_reason_that_is_none_of_the_five_is_refused_in_the_words_of_the_source_over_two_lines_if_need_be() -> None:
    night = Told(policy=QUIET, wish=CRY).asked()
    night.says("ada", Describe(CRY, other_reason="the manager wants it"))
    assert night.lines[0].startswith('E17 is refused and over: "the manager wants it" is none of the five reasons')
    assert night.lines[-1].endswith("If it is one of the five after all, ask anew: !emergency.")


# --- confirming -----------------------------------------------------------------------------------------------------


def test_a_yes_too_many_says_that_its_team_has_one() -> None:
    night = Told().asked()
    night.says("bo-sre", Confirm(night.word))
    night.says("mo-sre", Confirm(night.word))
    assert night.line == ("E17: mo-sre confirms too, for SRE, which has its yes. Still needed: Release Engineering.")


def test_a_yes_taken_back_says_who_is_needed_again() -> None:
    night = Told().confirmed()
    night.says("bo-sre", Unconfirm())
    assert night.line == f"E17: bo-sre takes their yes back. Still needed: SRE. To confirm: !confirm E17 {night.word}"


def test_a_yes_that_counts_no_longer_says_why() -> None:
    night = Told().confirmed()
    night.suspended.add("bo-sre")
    night.looks()
    assert night.line == (
        "E17: the yes of bo-sre counts no longer: their account is suspended. Still needed: SRE."
        f" To confirm: !confirm E17 {night.word}"
    )


def test_a_yes_in_anothers_place_says_why_it_counts() -> None:
    night = Told(policy=replace(QUIET, confirm=(Demand(SRE, on_call=True),))).asked()
    night.says("mo-sre", Confirm(night.word))
    assert night.line.startswith(
        "E17: mo-sre confirms for SRE (who is on call is not known). It is confirmed by mo-sre"
    )


def test_a_team_added_calls_its_people_and_voids_and_a_team_waived_voids() -> None:
    night = Told().asked()
    night.says("bo-sre", Confirm(night.word))
    night.says("ada", Need(SECURITY))
    assert night.lines[0] == (
        "E17: ada asks for the yes of Security too. Asking sam-sec for Security."
        " A team was added, so the yes of bo-sre is void; please look again."
    )
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    night.later(minutes=1).looks()
    assert night.line.startswith("E17: waking sam-sec for Security, nobody of the team is here. To confirm: !confirm")
    night.later(minutes=15)
    night.says("bo-sre", Waive(SECURITY, "nobody there answers"))
    assert night.line == (
        "E17: bo-sre would do without Security: nobody there answers."
        " A confirmer of each other team must say it too: !waive E17 <team> <why>"
    )
    night.says("kim-releng", Waive(SECURITY, "nobody there answers"))
    assert night.lines[0] == (
        "E17: Security did not answer and need not confirm; it is informed."
        " A team was waived, so the yes of bo-sre and kim-releng is void; please look again."
    )


def test_a_no_says_who_else_ends_it_and_the_second_ends_it() -> None:
    night = Told().asked()
    night.says("kim-releng", Refuse("this loses edits"))
    assert night.line == (
        "E17: kim-releng says no: this loses edits."
        " It is over when the requester, or another required team, agrees: !refuse E17 <why>"
    )
    night.says("bo-sre", Refuse("so it does"))
    assert night.line == "E17 is refused by kim-releng and bo-sre and over: so it does."


def test_a_hold_overruled_says_so() -> None:
    night = Told().asked()
    night.says("sam-sec", PutOnHold("what?"))
    night.later(minutes=16)
    night.says("bo-sre", LiftHold("it is watched"))
    assert night.line == (
        "E17: bo-sre (SRE) would lift the hold of sam-sec: it is watched."
        " One of each required team lifts it together: !lift E17 -- <why>"
    )
    night.says("kim-releng", LiftHold("it is watched"))
    assert night.line.startswith("E17: the hold of sam-sec is overruled by kim-releng: it is watched. Still needed:")


def test_an_unverified_hold_says_how_long_it_blocks_and_that_it_is_over() -> None:
    night = Told().asked()
    night.seen_people = {"bo-sre": night.now, "kim-releng": night.now}
    night.acts(unverified("mo-sre"), PutOnHold("no"))
    assert night.line == ("E17 is on hold for 3 min by mo-sre, not verified: mo-sre, log in and say it again: no.")
    assert night.last[0].calls == ("mo-sre",)
    night.later(minutes=3).looks()
    assert night.line.startswith("E17: the hold of mo-sre is over: nobody verified stood by it.")


def test_those_who_were_answered_need_no_line_more() -> None:
    night = Told().asked()
    for speaker, command in (
        (verified("bo-sre"), Object("not yet")),
        (replace(STRANGER, doubt="Log in first."), SeeUncounted("confirm")),
    ):
        assert night.acts(speaker, command)
        assert night.lines == []


def test_a_short_word_says_who_is_here() -> None:
    night = Told().asked()
    night.says("bo-sre", ShowPresence())
    assert night.line == "E17: bo-sre is here."


# --- nobody answers -------------------------------------------------------------------------------------------------


def test_silence_is_reminded_of_widened_woken_and_at_last_left_to_people() -> None:
    night = Told(policy=replace(QUIET, confirm=(Demand(SRE),))).asked()
    word = night.word
    for minutes, said in (
        (3, f"no answer from SRE for 3 min; asking bo-sre again. To confirm: !confirm E17 {word}"),
        (8, f"no answer from SRE for 8 min; asking bo-sre, mo-sre and pat-both too. To confirm: !confirm E17 {word}"),
        (15, f"waking bo-sre for SRE. To confirm: !confirm E17 {word}"),
        (
            45,
            "all were woken, and nobody has answered for 30 min. Tocsin will not start this. The source's way by hand"
            " is yours; write down afterwards what was done: !note E17 <what>",
        ),
    ):
        night.now = night.request.opened_at + timedelta(minutes=minutes)
        night.looks_with("bo-sre")
        assert night.line == f"E17: {said}"


def test_several_teams_are_called_in_one_line() -> None:
    night = Told().asked()
    night.looks()
    assert night.line == (
        "E17: waking kim-releng for Release Engineering, nobody of the team is here."
        f" Waking bo-sre for SRE, nobody of the team is here. To confirm: !confirm E17 {night.word}"
    )
    assert night.last[0].calls == ("kim-releng", "bo-sre")


def test_a_request_that_nobody_adopts_says_so() -> None:
    night = asked_by(STRANGER, Told(wish=CRY))
    night.later(minutes=5).looks_with("bo-sre", "kim-releng")
    assert "E17: nobody known has taken it on for 5 min. Whoever knows of it: !adopt E17" in night.heard[-1]


def test_a_ready_request_that_lies_says_who_starts_it() -> None:
    night = Told().confirmed().later(minutes=5)
    night.looks()
    assert night.line == ("E17: confirmed for 5 min and not started. Deployer wanted: !take E17, then !go E17")
    night = Told().confirmed()
    night.says("dee", Take())
    night.later(minutes=5).looks()
    assert night.line == (
        "E17: confirmed for 5 min and not started. The place is open: !take E17. dee starts it: !go E17"
    )


def test_an_expired_request_is_asked_for_again_in_one_word() -> None:
    night = Told().asked().later(hours=4)
    night.looks()
    assert night.line == (
        "E17 expired: nobody did anything for 4 h. Whatever was confirmed is void. To ask again: !renew E17 (ada)"
    )
    night.says("ada", Renew())
    assert night.lines[0] == "E17 is asked for again by ada; earlier confirmations are gone."
    assert night.lines[1].endswith(f"To confirm: !confirm E17 {night.word}")


# --- pauses ---------------------------------------------------------------------------------------------------------


def test_a_stop_says_why_and_what_ends_it_and_going_on_says_what_comes() -> None:
    night = Told().deploying()
    night.says("bo-sre", Stop("errors rise"))
    assert night.line == (
        'E17 is paused ("errors rise"). bo-sre stopped it: bo-sre, or another of their team, says !resume E17'
    )
    night.says("bo-sre", Resume())
    assert night.line == "E17: the stop of bo-sre is over. To go on: !resume E17 (kim-releng)"
    night.says("kim-releng", Resume())
    assert night.line == "E17 goes on, said kim-releng. Step 1 of 2: canaries."


def test_a_stop_while_a_step_runs_says_when_it_pauses() -> None:
    night = Told().deploying()
    night.starts()
    assert night.lines == []
    night.says("bo-sre", Stop())
    assert night.line == (
        "E17 is paused from the end of the running step on."
        " bo-sre stopped it: bo-sre, or another of their team, says !resume E17"
    )
    night.ends()
    assert night.line == "E17 step 1 of 2: canaries... done in 41 s."


def test_an_unverified_stop_asks_for_the_person_themselves() -> None:
    night = Told().deploying()
    night.acts(unverified("mo-sre"), Stop("no"))
    assert night.line.startswith("E17 is paused, for 3 min: mo-sre, log in and say it again.")
    assert night.last[0].calls == ("mo-sre",)


def test_a_hold_while_deploying_pauses_too_and_each_cause_says_what_ends_it() -> None:
    night = Told().deploying()
    night.says("bo-sre", Stop())
    night.says("bo-sre", PutOnHold("the caches?"))
    assert night.line == (
        "E17 is on hold by bo-sre: the caches? bo-sre stopped it: bo-sre, or another of their team, says !resume E17;"
        " bo-sre holds it: !lift E17"
    )
    night.says("bo-sre", LiftHold())
    assert night.line == (
        "E17: bo-sre lifts their hold. bo-sre stopped it: bo-sre, or another of their team, says !resume E17"
    )


def test_a_failed_step_says_how_it_failed_and_offers_to_go_back() -> None:
    night = Told().deploying()
    night.starts()
    night.acts(CLOCK, EndStep(Direction.FORWARD, 0, 1, Fate.ENDED, 3, timedelta(minutes=2), last_line="disk full"))
    assert night.line == (
        'E17 step 1 of 2: canaries... failed with exit code 3 after 2 min, "disk full". It is paused. canaries failed:'
        " the deployer and a confirmer each say !resume E17 <why it may go on>; To undo what ran: !rollback E17"
    )
    night.says("kim-releng", Resume("one host, known to be down"))
    assert night.line.startswith("E17: kim-releng would go on after the failure: one host, known to be down. canaries")
    night.says("bo-sre", Resume("one host, known to be down"))
    assert night.line == (
        "E17: the failure is over. It waits at canaries for people to look. To go on: !resume E17 (kim-releng)"
    )


@pytest.mark.parametrize(
    ("fate", "code", "words"),
    [
        (Fate.TIMED_OUT, None, "took too long and was ended after 41 s. It is paused. canaries failed:"),
        (Fate.KILLED, None, "killed after 41 s: nobody knows what it did. It is paused. Nobody knows whether"),
        (Fate.UNKNOWN, None, "nobody knows how it ended. It is paused. Nobody knows whether canaries ran:"),
    ],
)
def test_every_end_of_a_step_has_its_words(fate: Fate, code: int | None, words: str) -> None:
    night = Told().deploying()
    night.runs(code, fate)
    assert night.line.startswith(f"E17 step 1 of 2: canaries... {words}")


def test_an_abort_says_that_the_state_is_unknown_then() -> None:
    night = Told().deploying()
    night.starts()
    night.says("bo-sre", Abort())
    assert night.line == (
        "E17: bo-sre has the running step killed, and pauses it; what the step did is then not known."
        " bo-sre stopped it: bo-sre, or another of their team, says !resume E17"
    )


def test_an_unknown_outcome_is_settled_by_two() -> None:
    night = Told().deploying()
    night.runs(None, Fate.UNKNOWN)
    night.says("ada", TellOutcome(ran=True))
    assert night.line == (
        "E17: ada says that canaries ran. Nobody knows whether canaries ran: two of you say !ran E17 yes, or no;"
        " else !rollback E17 or !close E17 <what is true now>"
    )
    night.says("bo-sre", TellOutcome(ran=True))
    assert night.line == (
        "E17: two of you agree that it ran. It waits at canaries for people to look. To go on: !resume E17 (kim-releng)"
    )
    night.says("kim-releng", Resume())
    assert night.line == "E17 goes on, said kim-releng. Look at it, then !good E17 (ada, kim-releng)"


def test_a_yes_lost_while_deploying_pauses_until_another_is_given() -> None:
    night = Told().at_checkpoint()
    night.says("bo-sre", Unconfirm())
    assert night.line == (
        f"E17: bo-sre takes their yes back. It is paused. SRE must confirm: !confirm E17 {night.word}"
    )
    night.says("mo-sre", Confirm(night.word))
    assert night.line == ("E17: mo-sre confirms for SRE. The want of a yes is over. To go on: !resume E17 (kim-releng)")


def test_somebody_gone_pauses_until_they_are_here() -> None:
    night = Told().at_checkpoint()
    night.gone["ada"] = night.now
    night.later(seconds=61).looks()
    assert night.line == "E17 is paused. ada is gone: they, or another of their team, say !here E17"
    night.gone = {}
    night.says("ada", ShowPresence())
    assert night.line == "E17: ada is here. The absence of ada is over. To go on: !resume E17 (kim-releng)"


def test_a_long_pause_reminds_wakes_and_asks_for_each_yes_again() -> None:
    night = Told().deploying()
    night.says("bo-sre", Stop())
    ends = "bo-sre stopped it: bo-sre, or another of their team, says !resume E17"
    night.later(minutes=5).looks()
    assert night.line == f"E17: still paused. {ends}"
    night.later(minutes=10).looks()
    assert night.line == f"E17: still paused. Waking kim-releng, ada and bo-sre. {ends}"
    night.later(minutes=15).looks()
    assert night.line.startswith(
        "E17: paused for 30 min, so each yes is asked for again, of bo-sre and kim-releng: !confirm E17"
    )


def test_a_checkpoint_that_nobody_looks_at_reminds_wakes_and_proposes_to_go_back() -> None:
    night = Told().at_checkpoint()
    everybody = ("ada", "kim-releng", "bo-sre")
    for minutes, said in (
        (2, "it waits at canaries for kim-releng and ada to look, for 2 min now: !good E17"),
        (
            5,
            "waking kim-releng and ada to look at canaries;"
            " a confirmer may look now in the requester's stead: !good E17",
        ),
        (15, "canaries was not called good for 15 min. To go back: !rollback E17. To go on: !good E17"),
    ):
        at = night.request.underway.checkpoint
        assert at
        night.looks_with(*everybody)
        night.now = at.at + timedelta(minutes=minutes)
        night.looks_with(*everybody)
        assert night.line == f"E17: {said}"


def test_a_new_patchset_meanwhile_says_what_is_carried_out() -> None:
    night = Told().deploying()
    night.change = replace(night_change(), patchset=4, sha="a1b2c3d" + "0" * 33)
    night.acts(CLOCK, Learn())
    assert night.line == "E17: patchset 4 replaced 3. What is carried out is 1234/3, as confirmed."


# --- proof and ends -------------------------------------------------------------------------------------------------


def test_where_people_prove_it_they_are_asked_and_one_who_sees_it_not_live_may_go_back() -> None:
    night = Told(proofs=WORDS).verifying()
    assert night.line.endswith(
        "Every step ran; now it is to be seen live: by people's word. ada, what do you see? !live E17, or !not live E17"
    )
    night.says("kim-releng", TellLive(live=True))
    assert night.line == "E17: kim-releng says that it is live. ada, what do you see? !live E17, or !not live E17"
    night.says("bo-sre", TellLive(live=False))
    assert night.line == "E17: bo-sre says that it is not live. To go back: !rollback E17"


def test_the_word_of_the_requester_ends_it() -> None:
    night = Told(proofs=WORDS).verifying()
    night.says("ada", TellLive(live=True))
    assert night.line.startswith("E17 is live, by ada's word. 20 s from asking. ada: is it fixed?")


def test_a_machine_that_sees_it_not_live_is_heard_once_and_what_it_cannot_tell_is_not_told() -> None:
    night = Told().verifying()
    night.seen(live=None)
    assert night.lines == []
    night.seen(live=False)
    assert night.line == "E17: not live yet: seen on example.org."


def test_proof_that_does_not_come_proposes_to_go_back() -> None:
    night = Told().verifying().later(minutes=10)
    night.looks()
    assert night.line == (
        "E17: not seen live for 10 min. To go back: !rollback E17. What you see yourself: !live E17, or !not live E17"
    )


def test_going_back_where_it_may_do_harm_takes_two() -> None:
    night = Told(wish=replace(WISH, going_back=Verdict.NO, going_back_why="schema")).at_checkpoint()
    night.says("ada", RollBack())
    assert night.line == (
        "E17: ada wants to go back. Another of you must say it too, one of you a confirmer: !rollback E17"
    )
    night.says("bo-sre", RollBack())
    assert night.line == "E17 is being rolled back, the last step first: canaries."


def test_going_back_waits_for_the_step_that_runs() -> None:
    night = Told().deploying()
    night.starts()
    night.says("ada", RollBack())
    assert night.line == "E17 is to be rolled back, said ada; it begins when the running step has ended."
    night.ends()
    assert night.line == (
        "E17 step 1 of 2: canaries... done in 41 s. It is being rolled back, the last step first: canaries."
    )


def test_a_way_back_that_fails_pauses_and_is_seen_still_live() -> None:
    night = Told().verifying()
    night.says("ada", RollBack())
    night.runs()
    night.runs(1)
    assert "undoing step 2 of 2: canaries... failed with exit code 1" in night.line
    assert "!rollback" not in night.line
    night.says("kim-releng", Resume("half is back"))
    night.says("bo-sre", Resume("half is back"))
    night.says("kim-releng", Resume())
    night.seen(live=True)
    assert night.line == "E17: still live: seen on example.org."
    night.later(minutes=10).looks()
    assert night.line == (
        "E17: not seen to be gone for 10 min. Look at it, then say what you see: !live E17, or !not live E17"
    )


def test_unlocking_says_whose_word_and_why() -> None:
    night = Told().verifying()
    night.says("ada", RollBack())
    night.runs()
    night.runs()
    night.seen(live=False)
    night.says("bo-sre", Unlock("the cache key carries the version now"))
    assert night.line == "E17: bo-sre unlocks mediawiki-config: the cache key carries the version now."


def test_closing_by_hand_takes_two_and_says_what_is_true_now() -> None:
    night = Told().deploying()
    night.runs(4)
    night.says("ada", Close("canaries run 1234/3"))
    assert night.line == (
        "E17: ada would close it by hand: canaries run 1234/3."
        " Requester or deployer, and a confirmer, close it together: !close E17 <what is true now>"
    )
    night.says("bo-sre", Close("canaries run 1234/3"))
    assert night.line == (
        "E17 is closed by hand by ada and bo-sre; mediawiki-config is locked for it. True now: canaries run 1234/3."
    )


def test_a_request_taken_back_and_one_started_outside_are_over_in_one_line() -> None:
    night = Told().asked()
    night.says("ada", Withdraw())
    assert night.line == "E17 is withdrawn by ada."
    night = Told().asked()
    night.seen(live=False)
    assert night.lines == []
    night.seen(live=True)
    assert night.line == "E17 was started outside and is over, never confirmed: seen on example.org."


def test_the_review_is_reminded_of() -> None:
    night = Told().verifying()
    night.seen(live=True)
    night.later(hours=24 * 7).looks()
    assert night.line == "E17: ada, the review of it is due, 7 days on."


# --- what may be said -----------------------------------------------------------------------------------------------


def test_a_request_that_becomes_private_is_told_anew_where_nobody_heard_of_it() -> None:
    night = Told().asked()
    night.says("ada", MakePrivate())
    assert night.lines[0].startswith('E17 for ada: 1234/3 "Stop caching painted pages" (T1234). Asking kim-releng')
    assert night.lines[1].endswith(f"To confirm: !confirm E17 {night.word}")
    assert night.lines[2] == "E17 is private, said ada. In public only its id and state are said."
    assert night.public == ["E17: confirming (private)"]


def test_a_request_that_becomes_public_again_is_told_anew_as_well() -> None:
    night = Told().asked()
    night.says("ada", MakePrivate())
    night.says("bo-sre", Confirm(night.word))
    night.says("ada", MakePublic())
    assert night.line == "E17: ada would make it public. Requester and a confirmer make it public together: !public E17"
    night.says("bo-sre", MakePublic())
    assert night.lines[0].startswith('E17 for ada: 1234/3 "Stop caching painted pages"')
    assert night.lines[-1] == "E17 is public, said ada and bo-sre."


# --- with less, and the house ---------------------------------------------------------------------------------------


def test_without_anything_looked_up_what_the_request_remembers_is_said() -> None:
    night = Told(policy=QUIET, looked_up=False).confirmed()
    assert night.line == (
        "E17 is confirmed by kim-releng (Release Engineering) and bo-sre (SRE)."
        " Deployer wanted: !take E17, then !go E17"
    )
    night.says("kim-releng", Take())
    assert night.line == "E17: kim-releng is the deployer. To start: !go E17"


def test_an_act_without_events_says_nothing() -> None:
    night = Told().asked()
    assert announcements(night.request, night.request, ()) == ()


def house(event: e.HouseEvent) -> list[str]:
    night = Told()
    return [line.text for line in house_lines((Recorded(1, HOUSE, 1, night.now, TOCSIN_ITSELF, event),))]


ADA, LIN, BO, KIM = PersonId("ada"), PersonId("lin"), PersonId("bo-sre"), PersonId("kim-releng")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            e.PersonSuspended(LIN, BO, "their laptop was stolen"),
            "lin is suspended by bo-sre and counts nowhere; two others restore it: !restore lin."
            " their laptop was stolen.",
        ),
        (
            e.PersonSuspended(LIN, LIN, ""),
            "lin suspended their own account: their yes counts nowhere, until !restore lin",
        ),
        (e.RestoreSupported(LIN, BO), "bo-sre would restore lin; one more member says it too: !restore lin"),
        (e.PersonRestored(LIN, (BO, KIM)), "lin is restored by bo-sre and kim-releng and counts again."),
        (
            e.RestoreSupported(LIN, LIN, datetime(2026, 11, 3, 9, 30, tzinfo=UTC)),
            "lin says with a passkey (theirs since 2026-11-03 09:30 UTC) that the account is theirs again. Speak with"
            " them: for 1 h one member, not who suspended them, restores it: !restore lin",
        ),
        (e.PersonRestored(LIN, (LIN, KIM)), "lin is restored by their own passkey and kim-releng and counts again."),
        (
            e.ConfigurationChanged(("ada is no longer in the directory", "the policy both is version 2"), "0"),
            "The configuration changed; what is open keeps the policy of its opening:"
            " ada is no longer in the directory; the policy both is version 2.",
        ),
        (
            e.PasskeyVouched(BO, KIM, "lost their telephone"),
            "kim-releng vouches that bo-sre lost their passkeys: for 1 h they can enrol a new one."
            " Not so? !suspend bo-sre <why>. lost their telephone.",
        ),
        (
            e.PasskeyEnrolled(BO, "c", "k", "new telephone", Enrolment.VOUCHED, KIM),
            'bo-sre enrolled the passkey "new telephone" on the word of kim-releng; the ones before it are gone.'
            " Not so? !suspend bo-sre <why>",
        ),
        (
            e.PasskeyRemoved(BO, "c", "blue key"),
            'bo-sre removed their passkey "blue key": it confirms nothing any more.',
        ),
    ],
)
def test_what_concerns_the_whole_house_is_one_line(event: e.HouseEvent, said: str) -> None:
    assert house(event) == [said]
    assert house_sentence(event) == said


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            e.PasskeyEnrolled(BO, "c", "k", "telephone", Enrolment.FIRST),
            'bo-sre enrolled the passkey "telephone", their first: the session alone vouched for them.',
        ),
        (
            e.PasskeyEnrolled(BO, "c", "k", "blue key", Enrolment.WITH_OLDER),
            'bo-sre enrolled the passkey "blue key" with one that they had.',
        ),
        (
            e.PasskeyRemoved(BO, "c", "telephone", replaced=True),
            'The passkey "telephone" of bo-sre ended with the new one.',
        ),
    ],
)
def test_a_new_device_of_somebody_is_told_where_one_looks_and_troubles_no_channel(
    event: e.HouseEvent, said: str
) -> None:
    assert house(event) == []
    assert house_sentence(event) == said


def test_a_configuration_read_for_the_first_time_is_no_news() -> None:
    read = e.ConfigurationChanged((), "0")
    assert house(read) == []
    assert house_sentence(read) == "The configuration was read."


def night_change() -> Change:
    found = Told().change
    assert found is not None
    return found
