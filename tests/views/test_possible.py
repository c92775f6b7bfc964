"""What somebody could do now: everything that the rules would take, and nothing else; of the rest, why not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.domain.night import CLOCK, WORDS, Night, unverified, verified
from tocsin.domain.commands import Adopt, Confirm, Good, MakePrivate, PutOnHold, RollBack, Stop, Withdraw
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.deployment import Fate
from tocsin.domain.people import Speaker
from tocsin.domain.request import Status
from tocsin.views.possible import ALWAYS_SHOWN, Choice, choices, is_wanted, wanted


def of(night: Night, who: str | Speaker) -> tuple[Choice, ...]:
    speaker = verified(who) if isinstance(who, str) else who
    return choices(night.request, night.situation(speaker))


def possible(night: Night, who: str | Speaker) -> set[str]:
    return {each.verb for each in of(night, who) if each.possible}


def one(night: Night, who: str | Speaker, verb: str) -> Choice:
    return next(each for each in of(night, who) if each.verb == verb)


def needed(night: Night, who: str) -> str:
    first = wanted(of(night, who))
    return first.typed if first else ""


def a_strangers_cry() -> Night:
    night = Night()
    night.cries(replace(verified("passer-by"), person=None))
    return night


def on_hold() -> Night:
    night = Night().asked()
    night.says("sam-sec", PutOnHold("who watches?"))
    return night


def failed() -> Night:
    night = Night().deploying()
    night.runs(code=1)
    return night


def lost() -> Night:
    night = Night().deploying()
    night.runs(code=None, fate=Fate.UNKNOWN)
    return night


def stopped() -> Night:
    night = Night().at_checkpoint()
    night.says("bo-sre", Stop())
    return night


def going_back() -> Night:
    night = Night().at_checkpoint()
    night.says("bo-sre", RollBack())
    return night


def gone_back() -> Night:
    night = going_back()
    while not night.waits:
        night.runs()
    return night


def withdrawn() -> Night:
    night = Night().asked()
    night.says("ada", Withdraw())
    return night


def expired() -> Night:
    night = Night().asked().later(hours=9)
    night.acts(CLOCK, LookAgain())
    return night


def private() -> Night:
    night = Night().asked()
    night.says("ada", MakePrivate())
    return night


def done() -> Night:
    night = Night().verifying()
    night.seen(live=True)
    return night


STANDS: tuple[Callable[[], Night], ...] = (
    a_strangers_cry,
    lambda: Night().asked(),
    on_hold,
    lambda: Night().confirmed(),
    lambda: Night().deploying(),
    lambda: Night().at_checkpoint(),
    stopped,
    failed,
    lost,
    lambda: Night().verifying(),
    lambda: Night(proofs=WORDS).verifying(),
    going_back,
    gone_back,
    withdrawn,
    expired,
    private,
    done,
)
EVERYBODY = ("ada", "lin", "bo-sre", "mo-sre", "kim-releng", "pat-both", "sam-sec", "dee")


@pytest.mark.parametrize("begun", STANDS)
def test_each_verb_is_open_or_says_why_not_to_everybody_wherever_it_stands(begun: Callable[[], Night]) -> None:
    night = begun()
    for who in (*map(verified, EVERYBODY), unverified("bo-sre"), replace(verified("passer-by"), person=None)):
        offered = of(night, who)
        assert {each.verb for each in offered} >= ALWAYS_SHOWN - {"lift"}
        assert all(all(each.why_not) for each in offered)
        first = wanted(offered)
        assert first is None or first.possible
        assert is_wanted(night.request, night.situation(who)) == (first is not None)


def test_the_nights_above_stand_where_they_say() -> None:
    stands = [begun().request.status for begun in STANDS]
    assert set(stands) >= {
        Status.ASKED, Status.CONFIRMING, Status.READY, Status.DEPLOYING, Status.PAUSED, Status.VERIFYING,
        Status.ROLLING_BACK, Status.WITHDRAWN, Status.EXPIRED, Status.DONE,
    }  # fmt: skip


def test_a_member_of_a_required_team_is_waited_for_to_confirm_with_the_word() -> None:
    night = Night().asked()
    assert needed(night, "bo-sre") == f"!confirm E17 {night.word}"
    assert one(night, "bo-sre", "confirm").values == (("check_word", night.word),)
    assert needed(night, "ada") == ""


def test_a_deployer_is_waited_for_once_it_is_confirmed() -> None:
    night = Night().asked()
    assert "take" in possible(night, "dee")
    assert needed(night, "dee") == ""
    assert needed(Night().confirmed(), "dee") in ("!go E17", "!take E17")


def test_a_start_is_offered_on_what_was_last_seen_for_nobody_is_asked_anew_for_a_button() -> None:
    night = Night().confirmed()
    night.change = None
    assert needed(night, "dee") == "!go E17"


def test_once_said_it_is_not_waited_for_again() -> None:
    night = Night().asked()
    night.says("bo-sre", Confirm(night.word))
    assert needed(night, "bo-sre") == ""
    assert "unconfirm" in possible(night, "bo-sre")
    assert "confirm" not in possible(night, "bo-sre")


def test_a_hold_needs_its_reason_and_a_stop_does_not() -> None:
    night = Night().deploying()
    assert one(night, "bo-sre", "hold").needs_text
    stop = one(night, "bo-sre", "stop")
    assert (stop.text, stop.needs_text) == ("reason", False)


def test_ones_own_hold_is_lifted_without_a_word_and_anothers_with_a_reason() -> None:
    night = on_hold()
    own = one(night, "sam-sec", "lift")
    assert own.possible
    assert not own.needs_text
    assert own.values == (("holder", "sam-sec"),)
    night.says("bo-sre", PutOnHold("and the caches?"))
    of_bo = next(each for each in of(night, "mo-sre") if ("holder", "bo-sre") in each.values)
    assert of_bo.possible
    assert of_bo.needs_text
    assert one(night, "ada", "lift").why_not


def test_going_on_after_a_failure_asks_for_a_reason() -> None:
    night = failed()
    resume = one(night, "kim-releng", "resume")
    assert (resume.why_not, resume.needs_text) == ((), True)


def test_at_a_checkpoint_the_look_of_each_is_waited_for_by_its_name() -> None:
    night = Night().at_checkpoint()
    assert needed(night, "ada") == "!good E17"
    assert one(night, "ada", "good").label == "Good: canaries looks right"
    night.says("ada", Good())
    assert needed(night, "ada") == ""
    assert needed(night, "kim-releng") == "!good E17"


def test_an_unknown_outcome_is_asked_of_those_who_can_know() -> None:
    night = lost()
    assert {each.typed for each in of(night, "kim-releng") if each.verb == "ran" and each.possible} == {
        "!ran E17 yes",
        "!ran E17 no",
    }


def test_where_people_are_the_proof_their_word_is_waited_for() -> None:
    assert needed(Night(proofs=WORDS).verifying(), "ada") == "!live E17"


def test_a_strangers_request_waits_to_be_taken_on() -> None:
    night = a_strangers_cry()
    assert needed(night, "ada") == "!adopt E17"
    night.says("ada", Adopt())
    assert "adopt" not in possible(night, "kim-releng")


def test_an_expired_request_is_asked_again_in_one_word() -> None:
    assert needed(expired(), "ada") == "!renew E17"


def test_a_private_request_is_offered_to_be_public_and_no_other_way_round() -> None:
    assert "private" not in {each.verb for each in of(private(), "ada")}
    assert "public" not in {each.verb for each in of(Night().asked(), "ada")}


def test_who_is_not_signed_in_is_offered_nothing_that_counts() -> None:
    night = Night().asked()
    nobody = Speaker("somebody", verified("x").surface, doubt="Sign in first.")
    assert "confirm" not in possible(night, nobody)
    assert "Sign in first." in one(night, nobody, "confirm").why_not


def test_a_place_asked_about_is_decided_and_nothing_happens() -> None:
    night = Night().asked()
    before = night.request
    of(night, "bo-sre")
    assert night.request == before


def test_what_cannot_be_taken_back_is_grave() -> None:
    grave = {each.verb for each in of(Night().asked(), "ada") if each.grave}
    assert grave == {"go", "withdraw", "rollback", "abort", "close"}
