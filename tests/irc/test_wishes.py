"""What people say of a request: reason, remedy, recipe, and the answers hidden in their sentences."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.domain.change import Verdict
from tocsin.domain.commands.opening import Describe
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.wish import WikiEdit, Wish
from tocsin.irc.wishes import wish_of


def wish(text: str) -> Wish:
    described = wish_of(text)
    assert isinstance(described, Describe), described
    return described.wish


def test_the_line_of_the_conversation_answers_everything() -> None:
    said = wish(
        "data disable -- painted pages are cached corrupted; a rollback would lose today's paints; going back is safe"
    )
    assert (said.reason, said.remedy, said.going_back) == (Reason.DATA, Remedy.DISABLE, Verdict.YES)
    assert said.sentence == "painted pages are cached corrupted"
    assert said.why_not_rollback == "a rollback would lose today's paints"
    assert said.going_back_why == "going back is safe"


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("remedy", Remedy)
def test_every_reason_and_remedy_is_understood(reason: Reason, remedy: Remedy) -> None:
    said = wish(f"{str(remedy).upper()}, {reason}: -- why")
    assert (said.reason, said.remedy, said.sentence) == (reason, remedy, "why")


@pytest.mark.parametrize(
    ("typed", "remedy", "reason"),
    [
        ("data loss, turn off", Remedy.DISABLE, Reason.DATA),
        ("outage roll back", Remedy.ROLLBACK, Reason.AVAILABILITY),
        ("spam wiki edit", Remedy.WIKI_EDIT, Reason.ABUSE),
        ("broken hotfix", Remedy.FIX, Reason.FUNCTIONALITY),
        ("reason: security remedy: block", Remedy.BLOCK, Reason.SECURITY),
    ],
)
def test_common_words_for_them_are_understood(typed: str, remedy: Remedy, reason: Reason) -> None:
    assert (wish(typed).remedy, wish(typed).reason) == (remedy, reason)


@pytest.mark.parametrize(
    ("clause", "verdict"),
    [
        ("going back is safe", Verdict.YES),
        ("safe to go back", Verdict.YES),
        ("this touches no cache, going back is fine", Verdict.YES),
        ("is it safe to go back? no", Verdict.NO),
        ("going back is not safe", Verdict.NO),
        ("going back is not really safe", Verdict.NO),
        ("going back isn\u2019t safe", Verdict.NO),
        ("going back: no", Verdict.NO),
        ("we cannot go back", Verdict.NO),
        ("going back is unsafe, the schema changed", Verdict.NO),
        ("going back is unknown", Verdict.UNKNOWN),
        ("not sure whether going back is safe", Verdict.UNKNOWN),
        ("going back should be safe", Verdict.UNKNOWN),
        ("going back is probably safe", Verdict.UNKNOWN),
    ],
)
def test_what_is_said_of_going_back_is_read_with_care(clause: str, verdict: Verdict) -> None:
    assert wish(f"data fix -- pages are lost; {clause}").going_back is verdict


@pytest.mark.parametrize("between", ["; ", ". ", ", ", " and "])
def test_going_back_is_told_apart_from_what_stands_before_it(between: str) -> None:
    said = wish(f"data fix -- pages are lost{between}going back is safe")
    assert (said.sentence, said.going_back_why) == ("pages are lost", "going back is safe")


def test_of_a_rollback_the_sentence_may_speak_of_rolling_back() -> None:
    assert wish("data rollback -- roll back 1233, it lost pages").sentence == "roll back 1233, it lost pages"


def test_a_wiki_edit_says_where_and_whether_its_people_were_told() -> None:
    said = wish("abuse wiki-edit -- a script steals passwords; wiki enwiki, page MediaWiki:Common.js, told at the pump")
    assert said.wiki == WikiEdit("enwiki", "MediaWiki:Common.js", "at the pump")


def test_a_row_of_spaces_in_a_wiki_edit_is_read_as_quickly_as_any() -> None:
    began = time.thread_time()
    assert wish("fix -- wiki enwiki page " + " " * 900 + "x").wiki is None
    assert time.thread_time() - began < 0.5


def test_recipe_values_and_marks_are_read() -> None:
    said = wish("functionality disable few users with undeploy-feature wiki=enwiki anyway -- why")
    assert (said.recipe, said.values, said.few_affected, said.anyway) == (
        "undeploy-feature",
        (("wiki", "enwiki"),),
        True,
        True,
    )


def test_text_may_follow_without_dashes_once_something_was_understood() -> None:
    said = wish("data disable Pages are lost; going back is safe")
    assert (said.sentence, said.going_back) == ("Pages are lost", Verdict.YES)


def test_a_task_can_be_named_later() -> None:
    assert wish("t1234 data").task == "T1234"


def test_a_reason_that_is_none_of_the_five_is_handed_on_as_such() -> None:
    described = wish_of("feature -- it looks nicer")
    assert isinstance(described, Describe)
    assert described.other_reason == "feature"


@pytest.mark.parametrize("text", ["date disable -- why", "urgent", "datadisable"])
def test_a_word_that_is_not_understood_is_asked_about(text: str) -> None:
    assert "is neither one of the five reasons (security, data" in str(wish_of(text))


def test_nothing_at_all_is_asked_about() -> None:
    assert str(wish_of(" -- ")).startswith("Say a reason")


def test_every_kind_of_space_is_a_space() -> None:
    assert wish("\x85data\u00a0disable\u2028T1234") == wish("data disable T1234")


@given(st.text(max_size=300))
@example(":\x850")
def test_no_text_raises(text: str) -> None:
    assert wish_of(text)
