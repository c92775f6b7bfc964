"""What remains: everything that happened, in order, and who, what, when, and how long each wait was."""

from dataclasses import replace
from datetime import timedelta

from tests.domain.night import BOTH, unverified, verified
from tests.views.telling import Told
from tocsin.domain.commands import Confirm, Go, Lift, PutOnHold, Renew, Take, Withdraw
from tocsin.domain.commands.opening import Ask
from tocsin.domain.people import Surface
from tocsin.views.report import Milestones, report
from tocsin.views.timeline import timeline


def carried_out() -> Told:
    night = Told(policy=replace(BOTH, informed=())).asked()
    night.later(minutes=1).says("bo-sre", Confirm(night.word))
    night.later(minutes=3).says("kim-releng", PutOnHold("who is watching the caches?"))
    night.later(minutes=1)
    night.says("kim-releng", Lift())
    night.says("kim-releng", Confirm(night.word))
    night.later(seconds=20).says("kim-releng", Take())
    night.says("kim-releng", Go())
    night.finishes()
    night.later(seconds=30)
    night.seen(live=True)
    return night


def test_each_event_has_a_line_with_its_time_who_did_it_and_where() -> None:
    night = carried_out()
    lines = timeline(night.recorded)
    assert len(lines) == len(night.recorded)
    assert lines[0] == (
        "2026-01-10 02:00:00 UTC  ada, irc  E17 for ada: 1234 (T1234)."
        " Asking kim-releng (Release Engineering) and bo-sre (SRE)."
    )
    assert "2026-01-10 02:01:00 UTC  bo-sre, irc  E17: bo-sre confirms for SRE." in lines
    assert "2026-01-10 02:05:20 UTC  the runner  E17 step 1 of 2: canaries starts." in lines
    assert "2026-01-10 02:05:25 UTC  kim-releng, irc  E17: canaries is found good by ada and kim-releng." in lines
    assert lines[-1].startswith("2026-01-10 02:05:55 UTC  tocsin  E17 is live, seen on example.org. 5 min 55 s")


def test_whoever_was_not_verified_is_shown_as_such_and_the_surface_is_named() -> None:
    night = Told().asked()
    night.acts(unverified("mo-sre"), PutOnHold("no"))
    night.acts(replace(verified("ada"), surface=Surface.CLI), Withdraw())
    lines = timeline(night.recorded)
    assert "  mo-sre, not verified, irc  E17 is on hold for 3 min by mo-sre, not verified" in lines[-2]
    assert lines[-1].endswith("  ada, cli  E17 is withdrawn by ada.")


def test_nothing_is_cut_in_a_timeline() -> None:
    night = Told().asked()
    night.says("kim-releng", PutOnHold("because " * 100))
    assert timeline(night.recorded)[-1].endswith("because " * 99 + "because.")


def test_the_report_says_who_what_when_and_how_long_each_wait_was() -> None:
    assert report(carried_out().recorded) == [
        'E17 is done: 1234/3 "Stop caching painted pages" (T1234) on mediawiki-config,'
        " asked for by ada at 2026-01-10 02:00:00 UTC.",
        "E17: data, disable: painted pages are cached corrupted; not rolled back: it would lose today's paints.",
        "E17: Confirmed by kim-releng (Release Engineering) and bo-sre (SRE). Carried out by kim-releng."
        " On the way: 1 hold.",
        "E17: Waits: asked to named 0 s, named to first yes 1 min, first yes to quorum 4 min, quorum to go 20 s,"
        " go to live 35 s, in all 5 min 55 s.",
    ]


def test_the_waits_are_to_be_had_as_numbers() -> None:
    waits = dict(Milestones.of(carried_out().recorded).waits())
    assert waits["first yes to quorum"] == timedelta(minutes=4)
    assert waits["in all"] == timedelta(minutes=5, seconds=55)


def test_a_request_that_came_to_nothing_is_reported_as_far_as_it_came() -> None:
    night = Told().asked().later(minutes=2)
    night.says("ada", Withdraw())
    assert report(night.recorded)[-2:] == [
        "E17: Confirmed by nobody. Not carried out.",
        "E17: Waits: asked to named 0 s, in all 2 min.",
    ]


def test_a_request_that_was_asked_for_again_has_not_ended_by_having_expired() -> None:
    night = Told().asked().later(hours=4)
    night.looks()
    assert Milestones.of(night.recorded).ended == night.now
    night.says("ada", Renew())
    assert Milestones.of(night.recorded).ended is None


def test_a_strangers_request_is_reported_in_their_name() -> None:
    night = Told()
    stranger = replace(verified("passer-by"), person=None)
    night.taken_in(Ask("help!", night.wish, "#ops").decide(None, night.situation(stranger)), stranger)
    assert "asked for by passer-by, not known here, at 2026-01-10" in report(night.recorded)[0]
