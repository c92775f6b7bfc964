"""Whether a wish is whole: what is asked for in one line, what the calendar says to it, which recipe carries it out."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.domain.night import BEGIN, BOTH, CHANGE, CLOCK, SECURITY, WISH, Night, kinds
from tocsin.domain import events as e
from tocsin.domain.change import ChangeStatus, Verdict
from tocsin.domain.commands import Confirm, Describe, Go, Take
from tocsin.domain.commands.opening import Learn
from tocsin.domain.people import TargetId
from tocsin.domain.plan import Reason, Remedy, Step, Value
from tocsin.domain.policy import Demand
from tocsin.domain.qualifying import milder
from tocsin.domain.request import Status
from tocsin.domain.schedule import Calendar, Freeze, Window
from tocsin.domain.situation import Catalogue
from tocsin.domain.wish import WikiEdit, Wish

HOUR = timedelta(hours=1)
OPEN = Window("morning", BEGIN - HOUR, BEGIN + HOUR)
WIKI_EDIT = WikiEdit("enwiki", "MediaWiki:Common.js", "the interface admins were told")


def lacks(night: Night) -> str:
    return "; ".join(night.asked().request.lacking)


# --- the words of the requester ---------------------------------------------------------------------------------------


def test_reason_remedy_why_and_the_way_back_are_asked_for_in_one_line() -> None:
    assert lacks(Night(wish=Wish(named="1234"))) == (
        "a reason; a remedy; a sentence why; whether going back is safe (yes, no or unknown)"
    )


def test_rolling_back_needs_no_word_why_not_to_roll_back_and_still_whether_going_back_is_safe() -> None:
    assert lacks(Night(wish=Wish(named="1234", remedy=Remedy.ROLLBACK))) == (
        "a reason; a sentence why; whether going back is safe (yes, no or unknown)"
    )


@pytest.mark.parametrize("remedy", [remedy for remedy in Remedy if remedy not in (Remedy.ROLLBACK, Remedy.WIKI_EDIT)])
def test_anything_further_down_the_ladder_says_why_not_roll_back(remedy: Remedy) -> None:
    assert lacks(Night(wish=replace(WISH, remedy=remedy, why_not_rollback=""))) == "why not roll back"


def test_an_edit_on_a_wiki_says_where_why_nothing_else_serves_and_whether_its_community_was_told() -> None:
    edit = replace(WISH, remedy=Remedy.WIKI_EDIT, why_not_rollback="")
    assert lacks(Night(wish=edit)) == ("why nothing else serves; the wiki, the page and whether its community was told")
    half = replace(edit, why_not_rollback="the script is on the wiki", wiki=replace(WIKI_EDIT, community_told=" "))
    assert lacks(Night(wish=half)) == "the wiki, the page and whether its community was told"
    assert Night(wish=replace(half, wiki=WIKI_EDIT)).asked().stands(Status.CONFIRMING)


def test_the_profile_may_ask_one_more_team_about_an_edit_on_a_wiki() -> None:
    edit = replace(WISH, remedy=Remedy.WIKI_EDIT, wiki=WIKI_EDIT)
    night = Night(policy=replace(BOTH, for_remedy=((Remedy.WIKI_EDIT, (Demand(SECURITY),)),)), wish=edit).confirmed()
    assert night.stands(Status.CONFIRMING)
    night.says("sam-sec", Confirm(night.word))
    assert night.stands(Status.READY)


@pytest.mark.parametrize(("verdict", "words"), [("no", "not safe"), ("unknown", "not known to be safe")])
def test_where_going_back_is_not_safe_or_not_known_to_be_a_word_why_is_asked(verdict: str, words: str) -> None:
    wish = replace(WISH, going_back=Verdict(verdict), going_back_why="")
    assert lacks(Night(wish=wish)) == f"a word why going back is {words}"


def test_without_a_change_or_a_recipe_that_is_asked_for() -> None:
    assert Wish().missing()[0] == "a change or a recipe"


def test_a_change_that_nobody_has_shown_yet_is_waited_for() -> None:
    night = Night(change=None)
    night.unknown = ("code review",)
    assert (
        lacks(night)
        == "the change itself: code review does not answer, I keep asking; a recipe without {sha} can go on"
    )


def test_a_change_that_is_not_known_for_another_cause_is_waited_for() -> None:
    assert lacks(Night(change=None)) == "the change itself: the review system has not shown it yet, I keep asking"


def unseen(**other: object) -> Night:
    """Return a night whose change nobody can show, and whose recipe needs nothing of it."""
    night = Night(change=None, steps=(Step("all", ("disable",)),), **other)  # type: ignore[arg-type] # as a night takes
    night.unknown = ("code review",)
    return night


def test_with_a_recipe_that_needs_no_change_one_that_nobody_can_show_is_confirmed_and_started_by_its_number() -> None:
    night = unseen().deploying()
    assert night.stands(Status.DEPLOYING)
    assert night.request.proposal and night.request.proposal.change is None


def test_a_change_that_comes_into_sight_is_shown_and_confirmed_anew() -> None:
    night = unseen().confirmed()
    night.says("kim-releng", Take())
    night.later(seconds=15)
    night.change, night.unknown = CHANGE, ()
    assert "1234/3 is seen now, and was not when this was confirmed" in night.refused("kim-releng", Go())
    night.acts(CLOCK, Learn())
    assert night.request.proposal and night.request.proposal.change == CHANGE
    assert not night.request.confirmations


def test_of_several_targets_a_recipe_tells_which_while_nobody_shows_the_change() -> None:
    night = unseen()
    (known,) = night.catalogue.targets
    other = replace(known, id=TargetId("other"), recipes=(replace(known.recipes[0], name="elsewhere"),))
    night.catalogue = Catalogue((known, other))
    night.asked()
    assert night.request.target is None
    night.says("ada", Describe(Wish(recipe="elsewhere")))
    assert night.request.target == "other"


def test_what_the_review_system_says_in_place_of_the_change_is_what_the_requester_is_told() -> None:
    night = Night(change=None)
    night.unknown = ("code review",)
    night.asked()
    night.refusal, night.unknown = "There is no change 1234 on gerrit.example.org.", ()
    night.acts(CLOCK, Learn())
    said = "There is no change 1234 on gerrit.example.org. Ask anew with another: !emergency <change>"
    assert night.request.lacking == (said,)


def test_a_change_that_no_target_takes_any_more_waits_for_an_administrator() -> None:
    night = Night().asked()
    night.catalogue = Catalogue()
    night.acts(CLOCK, Learn())
    assert night.request.lacking == ("a target: no target takes this any more, an administrator must add it",)


# --- the calendar -----------------------------------------------------------------------------------------------------


def test_a_window_that_is_open_is_the_answer_until_somebody_says_anyway() -> None:
    night = Night()
    night.calendar = Calendar((OPEN,))
    assert lacks(night) == "*anyway*: the window morning is open until 03:00 UTC, use it if you can"
    assert e.PlanProposed in kinds(night.says("ada", Describe(Wish(anyway=True))))
    assert night.request.wish.anyway


def test_a_window_that_opens_within_30_min_takes_the_word_that_it_cannot_wait() -> None:
    night = Night()
    night.calendar = Calendar((Window("morning", BEGIN + timedelta(minutes=30), BEGIN + HOUR),))
    assert lacks(night) == "*anyway*, if it cannot wait: the window morning opens at 02:30 UTC"


def test_a_window_that_opens_later_than_in_30_min_is_no_question() -> None:
    night = Night()
    night.calendar = Calendar((Window("morning", BEGIN + timedelta(minutes=30, seconds=1), BEGIN + HOUR),))
    assert night.asked().stands(Status.CONFIRMING)


def test_what_is_broken_now_asks_nobody_to_wait() -> None:
    night = Night(policy=replace(BOTH, broken_now=True))
    night.calendar = Calendar((OPEN,))
    assert night.asked().stands(Status.CONFIRMING)


def test_a_window_that_opens_after_it_was_proposed_takes_no_yes_back() -> None:
    night = Night().confirmed()
    night.calendar = Calendar((OPEN,))
    night.acts(CLOCK, Learn())
    assert night.stands(Status.READY)


def test_the_hours_of_a_window_are_said_in_utc_wherever_the_calendar_is_kept() -> None:
    night = Night()
    berlin = timezone(timedelta(hours=1))
    night.calendar = Calendar((Window("morning", OPEN.starts.astimezone(berlin), OPEN.ends.astimezone(berlin)),))
    assert "open until 03:00 UTC" in lacks(night)


def test_a_freeze_adds_the_teams_that_the_profile_names_and_is_no_wall() -> None:
    night = Night(policy=replace(BOTH, in_freeze=(Demand(SECURITY),)))
    night.calendar = Calendar(freezes=(Freeze("holiday", BEGIN, BEGIN + HOUR, "nobody is here"),))
    night.confirmed()
    assert night.stands(Status.CONFIRMING)
    night.says("sam-sec", Confirm(night.word))
    assert night.stands(Status.READY)


def test_a_freeze_that_begins_while_it_is_ready_asks_the_added_team_too_and_voids_no_yes() -> None:
    night = Night(policy=replace(BOTH, in_freeze=(Demand(SECURITY),))).confirmed()
    night.calendar = Calendar(freezes=(Freeze("holiday", night.now, night.now + HOUR),))
    assert kinds(night.acts(CLOCK, Learn())) == [e.FactsLearned, e.NoLongerReady]
    assert len(night.request.confirmations) == 2


# --- window edges -----------------------------------------------------------------------------------------------------


def test_a_window_includes_its_first_moment_and_not_its_last() -> None:
    assert OPEN.holds(OPEN.starts) and not OPEN.holds(OPEN.ends)
    assert not OPEN.holds(OPEN.starts - timedelta(microseconds=1))


def test_of_several_open_windows_the_one_that_lasts_longest_counts() -> None:
    longer = Window("long", BEGIN, BEGIN + 2 * HOUR)
    assert Calendar((OPEN, longer)).open_at(BEGIN) == longer


def test_in_a_freeze_no_window_is_open_and_none_that_starts_in_it_is_the_next() -> None:
    after = Window("after", BEGIN + 5 * HOUR, BEGIN + 6 * HOUR)
    inside = Window("inside", BEGIN + HOUR, BEGIN + 2 * HOUR)
    calendar = Calendar((OPEN, inside, after), (Freeze("holiday", BEGIN, BEGIN + 4 * HOUR),))
    assert calendar.open_at(BEGIN) is None and calendar.next_after(BEGIN) == after


def test_over_the_change_to_daylight_saving_a_window_keeps_the_hours_of_its_own_place() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    day = datetime(2026, 3, 29, 1, 30, tzinfo=berlin)
    window = Window("night", day, day.replace(hour=3, minute=30))
    minutes = [BEGIN.replace(month=3, day=29, hour=0, minute=0) + timedelta(minutes=n) for n in range(180)]
    held = [minute for minute in minutes if window.holds(minute)]
    assert (held[0].strftime("%H:%M"), held[-1].strftime("%H:%M")) == ("00:30", "01:29"), "an hour is left out"


# --- few are touched --------------------------------------------------------------------------------------------------

FEW = replace(WISH, reason=Reason.FUNCTIONALITY, remedy=Remedy.FIX, few_affected=True)


def test_where_few_are_touched_and_only_functionality_is_lost_the_answer_is_disable_or_the_next_window() -> None:
    night = Night(wish=FEW)
    night.calendar = Calendar((Window("morning", BEGIN + 6 * HOUR, BEGIN + 7 * HOUR),))
    said = milder(night.asked().request)
    assert said.endswith("the answer is disable, or the next window (morning, Sat 08:00 UTC)")
    assert night.stands(Status.CONFIRMING), "a confirmer may still say yes"


@pytest.mark.parametrize(
    "wish", [replace(FEW, remedy=Remedy.DISABLE), replace(FEW, reason=Reason.DATA), replace(FEW, few_affected=False)]
)
def test_anywhere_else_there_is_no_milder_answer(wish: Wish) -> None:
    assert milder(Night(wish=wish).asked().request) == ""


def test_where_no_window_is_known_the_milder_answer_names_none() -> None:
    assert milder(Night(wish=FEW).asked().request).endswith("the answer is disable, or the next window")


# --- the recipe -------------------------------------------------------------------------------------------------------


def test_of_several_recipes_for_a_remedy_it_is_asked_which() -> None:
    night = Night()
    night.with_recipes(night.recipe, replace(night.recipe, name="flags"))
    assert lacks(night) == "which recipe, e.g.  with config (config, flags)"
    night.says("ada", Describe(Wish(recipe="flags")))
    assert night.request.proposal and night.request.proposal.plan.recipe == "flags"


def test_a_recipe_that_the_target_does_not_have_for_the_remedy_is_asked_again() -> None:
    night = Night(wish=replace(WISH, recipe="nonesuch"))
    assert lacks(night) == "a recipe that mediawiki-config has for disable (config)"


def test_a_recipe_is_not_passed_off_as_another_remedy() -> None:
    night = Night(wish=replace(WISH, recipe="deploy"))
    deploy = replace(night.recipe, name="deploy", remedies=frozenset({Remedy.FIX}))
    night.with_recipes(night.recipe, deploy)
    assert lacks(night) == "a recipe that mediawiki-config has for disable (config)"


def test_a_remedy_for_which_the_target_has_no_recipe_is_asked_again() -> None:
    night = Night()
    night.with_recipes(replace(night.recipe, remedies=frozenset({Remedy.FIX})))
    assert lacks(night) == "another remedy: mediawiki-config has no recipe for disable"


def test_what_a_recipe_lacks_is_asked_for_in_its_own_words() -> None:
    night = Night()
    night.with_recipes(replace(night.recipe, values=(Value("group", choices=("group0", "group1")),)))
    assert "The recipe config needs group=..., e.g. with config group=group0." in lacks(night)
    night.says("ada", Describe(Wish(values=(("group", "group1"),))))
    assert night.request.proposal and night.request.proposal.plan.values == (("group", "group1"),)


def test_another_recipe_forgets_the_values_of_the_one_before() -> None:
    night = Night(wish=replace(WISH, recipe="config", values=(("group", "group1"),)))
    night.with_recipes(replace(night.recipe, values=(Value("group"),)), replace(night.recipe, name="flags"))
    night.asked().says("ada", Describe(Wish(recipe="flags")))
    assert night.stands(Status.CONFIRMING) and night.request.wish.values == ()


def test_a_change_that_moved_to_where_the_target_does_not_take_it_is_a_request_of_its_own() -> None:
    night = Night().confirmed()
    night.change = replace(CHANGE, project="elsewhere")
    assert kinds(night.acts(CLOCK, Learn())) == [e.FactsLearned, e.PlanWithdrawn, e.MoreAsked]
    assert night.request.lacking == (
        "a request of its own: 1234 is for elsewhere main, which does not go to mediawiki-config: !emergency 1234",
    )


def test_a_change_that_turns_out_to_be_abandoned_is_asked_about_before_anybody_confirms_it() -> None:
    night = Night(change=None).asked()
    night.change = replace(CHANGE, status=ChangeStatus.ABANDONED)
    night.acts(CLOCK, Learn())
    asked = "a change that is not abandoned: restore 1234, or !withdraw E17 and ask for another"
    assert night.request.lacking == (asked,)
    night.change = CHANGE
    assert e.PlanProposed in kinds(night.acts(CLOCK, Learn()))


def test_a_change_added_to_a_recipe_is_waited_for_when_it_is_not_shown_yet() -> None:
    night = Night(change=None, wish=replace(WISH, named="", recipe="config"), steps=(Step("all", ("deploy",)),))
    night.asked().says("ada", Describe(Wish(named="1234")))
    assert night.request.lacking == ("the change itself: the review system has not shown it yet, I keep asking",)
