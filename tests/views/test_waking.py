"""What a pager shows, and what the channel hears of waking people: little, and of what is private the id alone."""

from dataclasses import replace

import pytest

from tests.domain.night import BOTH, CHANGE, CLOCK, Night
from tests.views.telling import Told
from tocsin.domain import events as e
from tocsin.domain.change import Task, Verdict
from tocsin.domain.commands import MakePrivate, MakePublic, Wake
from tocsin.domain.commands.opening import Describe, Learn
from tocsin.domain.commands.waking import ReportWaking
from tocsin.domain.events import WakeOutcome
from tocsin.domain.people import PersonId
from tocsin.domain.situation import Catalogue
from tocsin.domain.wish import Wish
from tocsin.views.timeline import timeline
from tocsin.views.waking import Message, waking_message

URL = "https://tocsin.example.org/"
KLAXON = "https://klaxon.example.org"
ALONE = Message("E17", "E17 https://tocsin.example.org/E17")


def told(*attempts: tuple[str, WakeOutcome, str], klaxon: str = "") -> Told:
    """People were called and tried; the newest lines are about what came of it."""
    night = Told().asked()
    night.catalogue = replace(night.catalogue, klaxon=klaxon)
    night.looks()
    report = tuple(
        e.WakeAttempted(PersonId(person), night.now, outcome, ("mail",) if outcome is WakeOutcome.SENT else (), detail)
        for person, outcome, detail in attempts
    )
    night.last = ()
    night.acts(CLOCK, ReportWaking(report))
    return night


# --- the pager --------------------------------------------------------------------------------------------------------


def test_a_pager_shows_what_it_is_for_where_and_the_page() -> None:
    assert waking_message(Night().asked().request, URL) == Message(
        "E17 needs you",
        'E17 needs you: 1234/3 "Stop caching painted pages" (T1234), in #ops. https://tocsin.example.org/E17',
    )


def test_without_a_page_it_shows_the_channel() -> None:
    assert waking_message(Night().asked().request, "").body.endswith("(T1234), in #ops.")


def test_of_a_private_request_it_shows_the_id_and_the_page_alone_in_subject_and_body() -> None:
    night = Night().asked()
    night.says("ada", MakePrivate())
    assert waking_message(night.request, URL) == ALONE


@pytest.mark.parametrize("public", [Verdict.NO, Verdict.UNKNOWN])
def test_of_a_change_that_the_public_may_not_read_it_shows_the_id_alone(public: Verdict) -> None:
    assert waking_message(Night(change=replace(CHANGE, public=public)).asked().request, URL) == ALONE


def test_while_it_is_not_known_whether_the_public_may_read_it_the_id_alone_is_shown() -> None:
    night = Night().asked()
    night.says("ada", Describe(Wish(task="T99")))
    assert not night.request.private
    assert waking_message(night.request, URL) == ALONE
    night.task = Task("T99", "More pages are corrupted", Verdict.YES)
    night.acts(CLOCK, Learn())
    assert waking_message(night.request, URL) != ALONE


def test_what_two_people_have_shown_is_shown_on_a_pager_too() -> None:
    night = Night(change=replace(CHANGE, public=Verdict.NO)).confirmed()
    night.says("ada", MakePublic())
    night.says("bo-sre", MakePublic())
    assert waking_message(night.request, URL) != ALONE


# --- the channel ------------------------------------------------------------------------------------------------------


def test_who_was_paged_is_not_told_in_the_channel_and_stands_in_the_timeline() -> None:
    night = told(("bo-sre", WakeOutcome.SENT, ""), ("kim-releng", WakeOutcome.SENT, "JSON did not take it"))
    assert night.lines == []
    assert [line.partition("E17: ")[2] for line in timeline(night.recorded)[-2:]] == [
        "bo-sre was paged by mail.",
        "kim-releng was paged by mail (JSON did not take it).",
    ]


@pytest.mark.parametrize(
    ("klaxon", "then"), [("", "Call them, by telephone."), (KLAXON, f"Call them, or page them by hand: {KLAXON}")]
)
def test_who_could_not_be_paged_is_told_with_what_to_do(klaxon: str, then: str) -> None:
    night = told(("bo-sre", WakeOutcome.FAILED, "mail did not answer within 10 s"), klaxon=klaxon)
    assert night.line == f"E17: bo-sre could not be paged (mail did not answer within 10 s). {then}"
    assert night.last[0].calls == ("bo-sre",)


def test_who_has_no_pager_is_told_in_the_same_line_and_what_to_do_once() -> None:
    night = told(("bo-sre", WakeOutcome.FAILED, "mail did not take it"), ("kim-releng", WakeOutcome.NOBODY, ""))
    assert night.line == (
        "E17: bo-sre could not be paged (mail did not take it). kim-releng has no pager here. Call them, by telephone."
    )


def test_a_call_that_was_missed_is_told_with_how_it_is_said_again() -> None:
    night = told(("bo-sre", WakeOutcome.LATE, ""))
    assert night.line == "E17: bo-sre was to be woken at 02:00 UTC, and was not. To wake them now: !wake E17"


def test_of_a_request_that_is_over_nothing_is_told_any_more() -> None:
    night = Told().asked()
    night.looks()
    late = e.WakeAttempted(PersonId("bo-sre"), night.now, WakeOutcome.NOBODY)
    night.later(hours=4).looks()
    night.last = ()
    assert night.acts(CLOCK, ReportWaking((late,))) == [late]
    assert night.lines == []


def test_with_a_klaxon_the_line_that_wakes_says_where_people_are_paged_by_hand() -> None:
    night = Told().asked()
    night.catalogue = Catalogue(night.catalogue.targets, KLAXON)
    night.looks()
    assert " ".join(night.lines).endswith(f"Or page Release Engineering and SRE by hand: {KLAXON}")
    night.later(minutes=1).says("ada", Wake())
    assert " ".join(night.lines).endswith(f"Or page Release Engineering and SRE by hand: {KLAXON}")


def test_with_a_klaxon_a_profiles_banner_ends_with_it() -> None:
    night = Told(policy=replace(BOTH, banner="If IRC fails, page through Klaxon."))
    night.catalogue = replace(night.catalogue, klaxon=KLAXON)
    night.asked()
    assert f"E17: If IRC fails, page through Klaxon. {KLAXON}" in night.heard
