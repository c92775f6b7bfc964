"""What a typed line means: tolerant in how it is said, strict in what it does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.commands import (
    VERBS,
    Abort,
    Ask,
    Confirm,
    Describe,
    Give,
    Go,
    Good,
    Lift,
    Need,
    PutOnHold,
    RollBack,
    Stop,
    Suspend,
    TellLive,
    TellOutcome,
    Verb,
    Waive,
    Wake,
)
from tocsin.domain.people import PersonId, RequestId, TeamId
from tocsin.domain.plan import Remedy
from tocsin.irc.grammar import LONGEST_LINE, Asked, Line, Nothing, Plain, Unclear, Wanted, parse

E17 = RequestId("E17")
TEAMS = {"security": TeamId("security"), "sre": TeamId("sre"), "release engineering": TeamId("releng")}
PEOPLE = {name: PersonId(name) for name in ("lin", "mo-sre", "kim-releng")}
EXAMPLES = [pytest.param(verb, id=verb.name) for verb in VERBS]


def read(text: str, *, in_private: bool = False) -> Line:
    return parse(text, nick="tocsin", teams=TEAMS, people=PEOPLE, in_private=in_private)


def act(text: str, *, in_private: bool = False) -> Wanted:
    wanted = read(text, in_private=in_private)
    assert isinstance(wanted, Wanted), wanted
    return wanted


def sentence(text: str, *, in_private: bool = False) -> str:
    unclear = read(text, in_private=in_private)
    assert isinstance(unclear, Unclear), unclear
    return unclear.sentence


# ------------------------------------------------------------------------------------------- every verb, in each form


@pytest.mark.parametrize("verb", EXAMPLES)
@pytest.mark.parametrize(
    "form", ["{}", "  {}  ", "tocsin: {}", "tocsin, {}", "@tocsin {}", "TOCSIN: !{}", "@tocsin: !{}"]
)
def test_every_verb_is_understood_however_the_bot_is_addressed(verb: Verb, form: str) -> None:
    said = verb.example if form.strip() == "{}" else verb.example.removeprefix("!")
    wanted = act(form.format(said))
    assert wanted.verb == verb.name
    assert isinstance(wanted.command, verb.meaning)


@pytest.mark.parametrize("verb", EXAMPLES)
def test_every_verb_is_understood_in_a_private_message_without_any_mark(verb: Verb) -> None:
    assert isinstance(act(verb.example.removeprefix("!"), in_private=True).command, verb.meaning)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if "E17" in verb.example], ids=lambda verb: verb.name)
def test_every_verb_is_understood_in_any_case_with_the_id_before_it_or_a_colon_behind(verb: Verb) -> None:
    name, _, rest = verb.example.removeprefix("!").partition(" ")
    if name == "E17":
        assert act(f"!e17 {rest}").request == E17
        return
    for said in (f"!{name.upper()} e17{rest[3:]}", f"!{name}: #E17:{rest[3:]}"):
        wanted = act(said)
        assert (wanted.verb, wanted.request) == (verb.name, E17)
        assert isinstance(wanted.command, verb.meaning)
    if name != "rollback":
        assert isinstance(act(f"!E17 {name}{rest[3:]}").command, verb.meaning)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.example.startswith("!") and "E17" in verb.example])
def test_without_an_id_a_verb_is_about_the_one_open_request(verb: Verb) -> None:
    if verb.name != "describe":
        assert act(verb.example.replace(" E17", "", 1)).request is None


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("!confirm e17 Plum-Otter", Confirm("Plum-Otter")),
        ("!confirm E17 plum otter", Confirm("plum otter")),
        ("!confirm plum-otter E17", Confirm("plum-otter")),
        ("!confirm E17 plum-otter for SRE", Confirm("plum-otter", TeamId("sre"))),
        ("!confirm E17 plum-otter for the Release Engineering team.", Confirm("plum-otter", TeamId("releng"))),
        ("!confirm E17", Confirm("")),
        ("!hold E17 who is watching E12?", PutOnHold("who is watching E12?")),
        ("!lift E17 kim-releng -- the caches are watched", Lift("the caches are watched", PersonId("kim-releng"))),
        ("!lift E17 the caches are watched", Lift("the caches are watched")),
        ("!need E17 Security", Need(TeamId("security"))),
        ("!waive E17 security nobody answers", Waive(TeamId("security"), "nobody answers")),
        ("!give E17 mo-sre", Give(PersonId("mo-sre"))),
        ("!give E17 m\u2060o-sre", Give(PersonId("mo-sre"))),
        ("!good E17 test servers", Good("test servers")),
        ("!stop", Stop("")),
        ("!stop the caches are wrong", Stop("the caches are wrong")),
        ("!pause E17", Stop("")),
        ("!page E17", Wake()),
        ("!abort E17 NOW!", Abort()),
        ("!ran E17 yes", TellOutcome(ran=True)),
        ("!ran E17 No.", TellOutcome(ran=False)),
        ("!live E17", TellLive(live=True)),
        ("!not live E17", TellLive(live=False)),
        ("!E17 not live", TellLive(live=False)),
        ("!notlive E17", TellLive(live=False)),
        ("!roll back E17", RollBack()),
        ("!go E17 please!", Go()),
        ("!suspend lin their laptop was stolen", Suspend(PersonId("lin"), "their laptop was stolen")),
    ],
)
def test_what_stands_after_a_verb_becomes_its_fields(said: str, command: object) -> None:
    assert act(said).command == command


def test_the_remedies_disable_and_rollback_after_an_id_describe_and_are_no_verbs() -> None:
    described = act("!E17 data rollback -- 1233 broke it").command
    assert isinstance(described, Describe)
    assert described.wish.remedy is Remedy.ROLLBACK


# ---------------------------------------------------------------------------------------- what is answered, and how


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("!help", Asked("help", None)),
        ("!help confirm", Asked("help", None, "confirm")),
        ("!help !confirm", Asked("help", None, "confirm")),
        ("!help me", Asked("help", None)),
        ("tocsin:", Asked("help", None)),
        ("!status E17", Asked("status", E17)),
        ("!E17", Asked("status", E17)),
        ("!e17 status", Asked("status", E17)),
        ("!list", Asked("list", None)),
        ("tocsin: who?", Asked("who", None)),
        ("tocsin status E17", Asked("status", E17)),
        ("!now", Asked("now", None)),
        ("!timeline E17", Asked("timeline", E17)),
    ],
)
def test_questions_are_understood(said: str, asked: Asked) -> None:
    assert read(said) == asked


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("!confrim E17 plum-otter", "!confirm E17 plum-otter"),
        ("!approve E17 plum-otter", "!confirm E17 plum-otter"),
        ("!Deploy E17", "!go E17"),
        ("!unhold E17", "!hold E17"),
        ("!rolback E17", "!rollback E17"),
        ("!stpo", "!stop"),
        ("!statsu", "!status"),
        ("tocsin: emergenyc 1234", "!emergency 1234"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_command_and_never_done(said: str, meant: str) -> None:
    assert sentence(said).endswith(f"Did you mean:  {meant}")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("!abort E17", "!abort E17 now"),
        ("!ran E17 perhaps", "!ran E17 yes"),
        ("!need E17 gardeners", "There are releng, security, sre."),
        ("!give E17 nobody-known", "knows nobody named nobody-known"),
        ("!confirm E17 plum-otter if somebody watches", "A check word is two plain words"),
        ("!confirm E17 plum-ott\u0435r", "A check word is two plain words"),  # a Cyrillic letter
        ("!go E17 not yet", "!go E17"),
        ("!go E17 E18", "!go E17"),
        ("!withdraw E17 no wait", "!withdraw E17"),
        ("!not live E17 I think", "!not live E17"),
        ("!E17 rollback", "!rollback E17"),
        ("!E17 data disble -- why", "disble is neither one of the five reasons"),
        ("!confirm plum E17 E18", "One request at a time: E17 or E18?"),
        ("!emergency", "For which change?"),
        ("!describe E17", "Say a reason"),
        ("tocsin go E17", "If you say that to me:  !go E17"),
        ("tocsin: what a night", "I did not understand that."),
    ],
)
def test_what_does_not_fit_is_answered_with_what_to_type(said: str, told: str) -> None:
    assert told in sentence(said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("!ta\u212ae E17", "!take E17"),  # the sign of Kelvin
        ("!con\ufb01rm E17 plum-otter", "!confirm E17 plum-otter"),  # f and i in one letter
        ("tocsin: \u017ftop", "!stop"),  # a long s
    ],
)
def test_letters_that_become_plain_ones_without_capitals_make_no_verb(said: str, meant: str) -> None:
    assert sentence(said).endswith(f"If you mean it:  {meant}")


def test_an_answer_in_letters_that_are_not_plain_is_none() -> None:
    assert "Did it run?" in sentence("!ran E17 ye\u017f")


@pytest.mark.parametrize("said", ["!log restarted the caches", "!issync", "!", "!!!", "! ?", "!1234"])
def test_what_is_meant_for_other_bots_is_left_to_them(said: str) -> None:
    assert read(said) == Nothing()


@pytest.mark.parametrize("said", ["hello", "1234", "?"])
def test_in_a_private_message_everything_is_answered(said: str) -> None:
    assert sentence(said, in_private=True)


@pytest.mark.parametrize("said", ["yes", "OK.", "+1", "go ahead!", "!yes", "LGTM"])
def test_a_yes_in_plain_words_is_an_assent_and_no_act(said: str) -> None:
    assert read(said) == Plain(assent=True)


@pytest.mark.parametrize(
    "said", ["not yet", "Wait", "wait, the caches!", "no", "STOP!", "don't", "don\u2019t", "!wait"]
)
def test_a_not_yet_in_plain_words_is_an_objection_and_no_act(said: str) -> None:
    assert read(said) == Plain(objection=True)


@pytest.mark.parametrize(
    "said", ["no problem", "no objections here", "I am", "wait until you see what they built in that corner", "tocsin!"]
)
def test_other_talk_is_just_talk(said: str) -> None:
    assert read(said) == Plain()


# -------------------------------------------------------------------------------------------------------- what is odd


def test_a_line_that_is_too_long_is_answered_and_not_read() -> None:
    assert f"at most {LONGEST_LINE}" in sentence("!confirm E17 " + "x" * LONGEST_LINE)


@pytest.mark.parametrize(
    "said",
    [
        "!confirm E17 \x02plum-otter",
        "!go\x00",
        "tocsin: go\tE17",
        "\x02help! I need an emergency deploy for 1234",
        "!\x85go",
    ],
)
def test_a_line_with_controls_is_answered_and_never_done(said: str) -> None:
    assert "type it again without them" in sentence(said)


WORDS = st.sampled_from(
    ["!", "tocsin:", "E17", "e18", "--", ";", "confirm", "go", "emergency", "deploy", "1234", "help!", "I need an",
     "data", "disable", "with", "x=1", "not", "live", "roll", "back", "now", "\x02", "\u2060", "\x7f", "\u0130"]
)  # fmt: skip
LINES = st.one_of(
    st.text(max_size=200), st.lists(WORDS, max_size=12).map(" ".join), st.text().map(lambda text: f"!{text}")
)


@given(LINES, st.booleans())
def test_no_line_raises_and_none_with_controls_is_an_act(text: str, in_private: bool) -> None:
    meant = read(text, in_private=in_private)
    assert not (isinstance(meant, Wanted) and re.search(r"[\x00-\x1f\x7f-\x9f]", text.strip()))
    if isinstance(meant, Unclear):
        assert meant.sentence


@given(st.text(max_size=50))
def test_any_nick_of_ours_is_safe_to_look_for(nick: str) -> None:
    parse(f"{nick}: go", nick=nick, teams={}, people={}, in_private=False)


def test_a_cry_is_heard_in_the_channel_without_any_mark() -> None:
    assert isinstance(act("help! I need an emergency deploy for 1234").command, Ask)
