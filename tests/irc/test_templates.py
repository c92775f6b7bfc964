"""The cry for help, as people type it in a hurry."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.commands.opening import Ask
from tocsin.domain.plan import Reason, Remedy
from tocsin.irc import wording
from tocsin.irc.templates import cry_of, emergency_of

URL = "https://gerrit.example.org/r/1234"
FIVE = {
    "both": "thcipriani: greg-g [TRAIN CONDUCTOR] help! I'd like to do an emergency deploy for"
    f" {URL} -- context is T1234",
    "both-2": f"kim-releng, help please, I need an emergency deployment of {URL}, pages are lost, see T1234",
    "both-3": f"thcipriani: [TRAIN CONDUCTOR]: help! I'd like to do an emergency deploy for {URL} -- context is T1234",
    "sre": f"I need an emergency deploy for {URL} -- context is T1234, are SRE ok with a deployment?"
    " (cc: thcipriani [CONDUCTOR]). I need someone to deploy.",
    "sre-oncall": f"I need an emergency deploy for {URL} -- context is T1234, are SRE ok with a deployment?"
    " (cc: thcipriani kim-releng bo-sre). I already have someone to deploy.",
}


def cry(text: str) -> Ask:
    heard = cry_of(text)
    assert isinstance(heard, Ask), heard
    assert heard.wording == text
    return heard


def quickly(text: str) -> Ask | str | None:
    """Read a line, which must not take longer the more ways there are to read it."""
    began = time.thread_time()
    heard = cry_of(text)
    assert time.thread_time() - began < 0.5
    return heard


def opened(words: str) -> Ask:
    heard = emergency_of(words)
    assert isinstance(heard, Ask), heard
    return heard


@pytest.mark.parametrize("text", FIVE.values(), ids=FIVE)
@pytest.mark.parametrize(
    "typed", [str, str.strip, lambda text: text.replace("deploy", "DEPLOY"), lambda text: f"  {text}!!"]
)
def test_each_of_the_five_lines_is_heard(text: str, typed: type[str]) -> None:
    heard = cry(typed(text))
    assert (heard.wish.named, heard.wish.task, heard.private) == (URL, "T1234", False)


def test_the_line_tells_whether_somebody_is_needed_to_deploy() -> None:
    assert [cry(text).told for text in FIVE.values()] == ["", "", "", "needs a deployer", "already has a deployer"]


@pytest.mark.parametrize(
    "text",
    [
        "help, i need an emergancy deploy of 1234, T99",
        "HELP I NEED AN EMERGENCY DEPLOYMENT OF 1234 T99",
        "i'd like an emergency-deploy for change 1234 (T99)",
        "I\u2019d like to do an emergecny depoly for 1234 -- context is T99",
        "T99: 1234 needs an emergency deploy, can someone from SRE look?",
        "could we do an emergency deploy of #1234? context is https://phabricator.example.org/T99",
        "context: T99. please, an emergency deployment: 1234.",
        "mo-sre S4 is down, help! emergency deploy for 1234 -- context is T99",
        "I need an emergency deploy in 5 min, for 1234, 300 users cannot log in, T99",
        "since 02:14 1.45.0-wmf.3 is broken, I want an emergency deploy of 1234 for T99",
    ],
)
def test_order_case_slips_and_further_words_do_not_matter(text: str) -> None:
    heard = cry(text)
    assert (heard.wish.named, heard.wish.task) == ("1234", "T99")


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("https://gerrit.example.org/r/c/config/+/1234/3", "https://gerrit.example.org/r/c/config/+/1234/3"),
        ("<https://gerrit.example.org/r/1234>", "https://gerrit.example.org/r/1234"),
        ("HTTPS://gerrit.example.org/1234.", "HTTPS://gerrit.example.org/1234"),
        ("(https://gerrit.example.org/r/1234)", "https://gerrit.example.org/r/1234"),
        ("1234/3", "1234/3"),
        ("I" + "8f3ac21b9d" * 4, "I" + "8f3ac21b9d" * 4),
    ],
)
def test_a_change_is_an_address_a_number_a_patchset_or_a_change_id(typed: str, named: str) -> None:
    assert cry(f"help! I need an emergency deploy for {typed} please").wish.named == named


def test_without_a_task_it_is_a_cry_all_the_same() -> None:
    assert cry("help! I need an emergency deploy for 1234").wish.task == ""


def test_a_recipe_can_stand_for_a_change() -> None:
    assert cry("help! I need an emergency deployment: recipe train-rollback").wish.recipe == "train-rollback"


def test_the_word_private_makes_it_private() -> None:
    assert cry("help! I need a private emergency deploy for 1234").private


def test_a_cry_without_a_change_is_asked_for_which() -> None:
    assert str(cry_of("thcipriani: help! I'd like to do an emergency deploy")).startswith("For which change?")


@pytest.mark.parametrize(
    "text", ["emergency deploy for 1234", "bo-sre: emergency deploy 1234 T99", "help, no emergency deploy of 1234 now"]
)
def test_what_may_be_a_cry_is_told_how_to_cry(text: str) -> None:
    assert cry_of(text) == "If you ask for one, say:  !emergency 1234 -- why"


@pytest.mark.parametrize(
    "text",
    [
        "the emergency deploy of 1234 went fine",
        "please don't do an emergency deploy of 1234",
        "during the emergency deploy of 1234 we need to watch the caches",
        "I need 1234 deployed some day",
        "emergency! please deploy",
        "help",
        "",
    ],
)
def test_talk_about_emergencies_is_no_cry(text: str) -> None:
    assert cry_of(text) is None


@pytest.mark.parametrize(
    "words",
    [
        "1234 T99 data disable -- pages are corrupted; going back is safe",
        "data disable T99 1234 -- pages are corrupted; going back is safe",
        "disable: 1234, t99, DATA pages are corrupted; going back is safe",
        "1234 https://phabricator.example.org/T99 data disable \u2014 pages are corrupted; going back is safe",
    ],
)
def test_the_short_form_takes_its_parts_in_any_order(words: str) -> None:
    wish = opened(words).wish
    assert (wish.task, wish.reason, wish.remedy) == ("T99", Reason.DATA, Remedy.DISABLE)
    assert wish.named == "1234"
    assert wish.sentence.endswith("pages are corrupted")


def test_text_without_dashes_is_text() -> None:
    wish = opened("1234 pages are down").wish
    assert (wish.named, wish.reason, wish.sentence) == ("1234", None, "pages are down")


def test_the_short_form_takes_a_recipe_its_values_and_the_word_private() -> None:
    heard = opened('with train-rollback wiki=enwiki why="two words" private availability rollback -- it broke')
    assert (heard.wish.recipe, heard.private) == ("train-rollback", True)
    assert heard.wish.values == (("wiki", "enwiki"), ("why", "two words"))


@pytest.mark.parametrize(
    "named",
    [
        "example/website#12",
        "example/tools/website!12",
        "https://github.com/example/website/pull/12",
        "https://gitlab.example.org/example/tools/website/-/merge_requests/12",
    ],
)
def test_a_change_of_a_forge_is_named_with_its_project(named: str) -> None:
    heard = opened(f"{named} T99 data -- pages are corrupted")
    assert (heard.wish.named, heard.wish.task, heard.wish.reason) == (named, "T99", Reason.DATA)
    assert cry(f"help! I need an emergency deploy for {named}, pages are down").wish.named == named


@pytest.mark.parametrize("typed", ["#12", "!12", "12"])
def test_the_mark_before_a_number_is_no_part_of_it(typed: str) -> None:
    heard = opened(f"{typed} data -- pages are corrupted")
    assert (heard.wish.named, heard.wish.reason) == ("12", Reason.DATA)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("1234 1235 1236 1237 1238 1239 1240 1241 1242 1243 T99 data -- why", 10),
        ("1234, 1235 and 1236 data", 3),
        (f"{URL} {URL[:-1]}5 T99", 2),
        (f"{URL}, {URL[:-1]}5, {URL[:-1]}6", 3),
        ("example/website#12 example/api#7", 2),
        ("1234/3 998/1", 2),
        (" ".join(["I" + f"{n:040x}" for n in range(3)]), 3),
    ],
)
def test_a_request_is_for_one_change_and_several_are_answered_with_what_to_do(words: str, count: int) -> None:
    said = f"That names {count} changes, and a request is for one: ask for each by itself, or put one on top of the"
    assert str(emergency_of(words)).startswith(said)
    assert str(cry_of(f"help! I need an emergency deploy for {words}")).startswith(said)


@pytest.mark.parametrize(
    "words",
    [
        "1234 1234 data -- said twice",
        "1234 T1235 data -- a task beside it",
        "1234 data error 1503 everywhere",
        "1234 5 of 8 servers are down",
        "1234 503 errors a minute",
        "1234 data -- after 1230 and 1231",
        f"{URL} https://graphs.example.org/d/1234 data",
        f"{URL} https://gerrit.example.org/T1235 data",
    ],
)
def test_what_is_said_beside_a_change_is_no_second_one(words: str) -> None:
    assert isinstance(emergency_of(words), Ask)


def test_a_row_of_changes_does_not_keep_the_bot_from_everything_else() -> None:
    assert quickly("help, emergency deploy " + " ".join(str(n) for n in range(1000, 1190))) is not None
    assert quickly("help, emergency deploy " + "a/" * 480 + "#") is not None


@pytest.mark.parametrize("words", ["T99 data -- pages are corrupted", "https://phabricator.example.org/T99"])
def test_a_task_alone_is_answered_with_a_line_to_complete(words: str) -> None:
    said = "T99 is a task. For which change? Say e.g.  !emergency 1234 T99 data -- what is broken, and for whom"
    assert emergency_of(words) == said


def test_a_reason_that_is_none_of_the_five_is_kept_as_such() -> None:
    assert opened("1234 deadline -- we promised it").other_reason == "deadline"


def test_the_short_form_without_a_change_is_asked_for_which() -> None:
    assert (
        emergency_of("please")
        == emergency_of("")
        == "For which change? Say e.g.  !emergency 1234 T1234 data -- what is broken, and for whom"
    )


@pytest.mark.parametrize("row", [":", ",", ": ", ":,", "x:", "a: , "])
def test_a_row_of_colons_does_not_keep_the_bot_from_everything_else(row: str) -> None:
    assert quickly(f"{row * 40} what about 1234, #emergency deployment") is None
    assert quickly(f"help {row * 200} emergency deploy 1234") is not None
    assert quickly(f"help, emergency deploy 1234 -- context {row * 220}")


@pytest.mark.parametrize("names", ["", "kim-releng: ", "kim-releng,bo-sre: ", "a:b:c: ", ":: "])
def test_an_emergency_that_a_line_begins_with_is_asked_about_after_names_too(names: str) -> None:
    assert str(cry_of(f"{names}an emergency deploy 1234")).startswith("If you ask for one")


@given(st.lists(st.sampled_from(["emergency", "Emergencey", "DEPLOY", "delpoyment", "d", "-", "_", " ", "\t", "é"])))
def test_no_cry_is_missed_by_looking_for_its_second_word_first(parts: list[str]) -> None:
    text = "".join(parts)
    if wording.TWO_WORDS.search(text):
        assert wording.SECOND_OF_TWO.search(text)
