"""The voice: the conversation of a common night, word for word, with what a plain git review system knows."""

from dataclasses import replace

from tests.domain.night import BOTH, CHANGE, CLOCK, FETCH, SRE
from tests.views.telling import CRY, Told
from tocsin.domain.change import Size, Verdict
from tocsin.domain.commands import Confirm, Describe, Go, Good, Lift, PutOnHold, RollBack, Take
from tocsin.domain.commands.opening import Learn
from tocsin.domain.commands.proving import ReportSight
from tocsin.domain.people import OnCall, PersonId
from tocsin.domain.plan import Reason, Remedy, Step
from tocsin.domain.schedule import Calendar, Window
from tocsin.domain.wish import Wish

THREE = (
    Step("test servers", ("deploy", "{sha}", "test"), undo=("undeploy", "test"), look="test servers"),
    Step("canaries", ("deploy", "{sha}", "canary"), undo=("undeploy", "canary")),
    Step("everywhere", ("deploy", "{sha}"), undo=("undeploy",)),
)
GIVEN = Wish(
    reason=Reason.DATA,
    remedy=Remedy.DISABLE,
    sentence="painted pages are cached corrupted",
    why_not_rollback="a rollback would lose today's paints",
    going_back=Verdict.YES,
    going_back_why="going back is safe",
)


def begun() -> Told:
    """Ada cried for help, on a Saturday night."""
    night = Told(
        steps=THREE,
        proofs=FETCH,
        policy=replace(BOTH, informed=()),
        wish=CRY,
        change=replace(CHANGE, subject="Stop caching newly painted pages", size=Size(1, 2, 2)),
        url="https://tocsin.example.org/",
    )
    night.on_call = OnCall(((SRE, (PersonId("bo-sre"),)),))
    opens = night.now.replace(day=12, hour=8)
    night.calendar = Calendar((Window("UTC morning", opens, opens.replace(hour=9)),))
    night.asked()
    return night


def described() -> Told:
    """Everything was said that is to be confirmed."""
    night = begun()
    night.says("ada", Describe(GIVEN))
    return night


def started() -> Told:
    """Both teams said yes, and kim-releng said go."""
    night = described()
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    night.later(seconds=15)
    night.says("kim-releng", Take())
    night.says("kim-releng", Go())
    return night


def test_the_first_answer_names_the_change_and_whom_it_asks_for_which_team_then_what_is_missing() -> None:
    night = begun()
    assert night.heard == [
        'E17 for ada: 1234/3 "Stop caching newly painted pages" (T1234).'
        " Asking kim-releng (Release Engineering) and bo-sre (SRE, on call). https://tocsin.example.org/E17",
        "ada: E17 needs a reason, a remedy, a sentence why and whether going back is safe (yes, no or unknown), e.g."
        "  !E17 data disable -- pages are lost, more every minute; a rollback would lose edits; going back is safe",
    ]


def test_the_first_answer_calls_those_who_are_asked_and_the_second_the_requester() -> None:
    night = begun()
    assert night.calls_of("Asking") == ("kim-releng", "bo-sre")
    assert night.calls_of("needs") == ("ada",)


def test_the_plan_is_one_line_with_the_check_word_at_its_end() -> None:
    night = described()
    assert night.line == (
        "E17 data, disable: config 1234/3 8f3ac21 by lin, +2 -2 on 1 file, CI not known. No window until Mon 08:00 UTC."
        " Plan config: test servers (look), canaries, everywhere; going back: safe."
        f" To confirm: !confirm E17 {night.word}"
    )


def test_a_yes_says_for_which_team_it_counts_and_who_is_still_needed() -> None:
    night = described()
    night.says("bo-sre", Confirm(night.word))
    assert night.line == "E17: bo-sre confirms for SRE. Still needed: Release Engineering."


def test_a_hold_says_whose_and_why_and_lifting_it_says_who_is_still_needed() -> None:
    night = described()
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", PutOnHold("who is watching the caches?"))
    assert night.line == "E17 is on hold by kim-releng: who is watching the caches?"
    night.says("kim-releng", Lift())
    assert night.line == (
        f"E17: kim-releng lifts their hold. Still needed: Release Engineering. To confirm: !confirm E17 {night.word}"
    )


def test_a_new_patchset_says_whose_yes_is_void_and_shows_the_new_plan() -> None:
    night = described()
    night.says("bo-sre", Confirm(night.word))
    night.change = replace(night.request.facts.change or CHANGE, patchset=4, sha="a1b2c3d" + "0" * 33)
    night.acts(CLOCK, Learn())
    assert night.lines == [
        "E17: patchset 4 replaced 3, so the yes of bo-sre is void; please look again.",
        "E17 data, disable: config 1234/4 a1b2c3d by lin, +2 -2 on 1 file, CI not known. No window until Mon 08:00 UTC."
        " Plan config: test servers (look), canaries, everywhere; going back: safe."
        f" To confirm: !confirm E17 {night.word}",
    ]
    assert night.last[0].calls == ("bo-sre",)


def test_the_last_yes_says_who_confirmed_that_all_are_here_and_that_a_deployer_is_wanted() -> None:
    night = described()
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", Confirm(night.word))
    assert night.line == (
        "E17 is confirmed by kim-releng (Release Engineering) and bo-sre (SRE); all are here."
        " Deployer wanted: !take E17, then !go E17"
    )


def test_who_is_not_here_is_named_when_it_is_ready() -> None:
    night = described()
    night.says("bo-sre", Confirm(night.word))
    night.gone["ada"] = night.now
    night.says("kim-releng", Confirm(night.word))
    assert "; not here now: ada, who say !here E17. Deployer wanted" in night.line


def test_the_deployer_is_named_and_told_how_to_start() -> None:
    night = described()
    night.says("bo-sre", Confirm(night.word))
    night.says("ada", Take())
    assert night.line == "E17: ada is the deployer."
    night.says("kim-releng", Confirm(night.word))
    assert night.line == (
        "E17 is confirmed by kim-releng (Release Engineering) and bo-sre (SRE); all are here. ada starts it: !go E17"
    )
    assert night.last[0].calls == ("ada",)


def test_go_says_who_deploys_by_whose_yes_and_what_comes_first() -> None:
    assert started().line == (
        "E17 is being deployed by kim-releng, confirmed by kim-releng (Release Engineering) and bo-sre (SRE)."
        " Step 1 of 3: test servers. To pause it: !stop E17"
    )


def test_a_step_with_a_checkpoint_says_how_it_ended_and_who_looks() -> None:
    night = started()
    night.runs()
    assert night.line == "E17 step 1 of 3: test servers... done in 41 s. Look at it, then !good E17 (ada, kim-releng)"
    assert night.last[0].calls == ("ada", "kim-releng")


def test_each_good_is_acknowledged_and_the_last_says_what_comes_next() -> None:
    night = started()
    night.runs()
    night.later(seconds=5)
    night.says("ada", Good())
    assert night.line == "E17: ada finds test servers good. Still to look: !good E17 (kim-releng)"
    night.says("kim-releng", Good())
    assert night.line == "E17: test servers is found good by ada and kim-releng. Step 2 of 3: canaries."


def test_a_step_without_a_checkpoint_says_how_it_ended_and_the_last_how_it_is_proved() -> None:
    night = started()
    night.runs()
    night.later(seconds=5)
    night.says("ada", Good())
    night.says("kim-releng", Good())
    night.runs()
    assert night.line == "E17 step 2 of 3: canaries... done in 41 s."
    night.runs()
    assert night.line == (
        "E17 step 3 of 3: everywhere... done in 41 s. Every step ran; now it is to be seen live: on https://example.org/."
    )


def test_the_end_says_where_it_was_seen_how_long_it_took_and_what_is_left_to_do() -> None:
    night = started().later(minutes=9)
    night.finishes()
    night.acts(CLOCK, ReportSight(0, live=True, saw="seen on example.org at 02:14:07 UTC"))
    assert night.line == (
        "E17 is live, seen on example.org at 02:14:07 UTC. 9 min 20 s from asking. ada: is it fixed?"
        " Left to do: 1234 lands on the main branch too (ada); review within 7 days (ada)."
    )
    assert night.logged[1:] == [
        "!log E17 done: disable on mediawiki-config, 1234/3 (T1234) data, for ada,"
        " confirmed by kim-releng (Release Engineering) bo-sre (SRE)"
    ]


def test_going_back_says_what_is_undone_how_it_is_seen_and_that_the_target_is_locked() -> None:
    night = started()
    night.runs()
    night.says("ada", RollBack())
    assert night.line == "E17 is being rolled back, the last step first: test servers."
    night.runs()
    assert night.line == (
        "E17 undoing step 1 of 1: test servers... done in 41 s."
        " All is undone; now it is to be seen gone: on https://example.org/."
    )
    night.seen(live=False)
    assert night.line == (
        "E17 is rolled back, seen on example.org; mediawiki-config is locked for it."
        " Left to do: 1234 is still in git and goes live with the next deployment: revert it (ada);"
        " review within 7 days (ada). To open the target again: !unlock E17 <how the cause was addressed>"
    )
    assert night.logged[1:] == [
        "!log E17 rolled back: disable on mediawiki-config, 1234/3 (T1234) data, for ada,"
        " confirmed by kim-releng (Release Engineering) bo-sre (SRE)"
    ]
