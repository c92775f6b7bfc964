"""How requests stand: each in a line, one of them in a few, always with what to type next."""

from dataclasses import replace

from tests.domain.night import BOTH, CLOCK, WORDS, verified
from tests.views.telling import CRY, Told
from tocsin.domain.commands import Confirm, MakePrivate, PutOnHold, RollBack, Stop, Take, TellLive, Withdraw
from tocsin.domain.commands.opening import Ask
from tocsin.domain.deployment import Fate
from tocsin.domain.people import RequestId
from tocsin.views.board import NOTHING_OPEN, listing, status

MATTER = '1234/3 "Stop caching painted pages" (T1234), data, disable on mediawiki-config, for ada.'
WHY = "Why: painted pages are cached corrupted; not rolled back: it would lose today's paints."


def of(night: Told) -> list[str]:
    return status(night.request, night.situation(CLOCK))


def test_where_nothing_is_open_it_says_how_to_ask() -> None:
    night = Told().asked()
    night.says("ada", Withdraw())
    assert listing([], may_hear_private=True) == [NOTHING_OPEN]
    assert listing([night.request], may_hear_private=True) == [NOTHING_OPEN]


def test_each_open_request_is_a_line_with_what_it_waits_for() -> None:
    night = Told().asked()
    night.says("bo-sre", Confirm(night.word))
    night.says("sam-sec", PutOnHold("what?"))
    assert listing([night.request], may_hear_private=False) == [
        f"E17 is confirming: {MATTER[:-1]}; needs Release Engineering; on hold by sam-sec."
    ]


def test_a_strangers_request_says_that_nobody_known_asks() -> None:
    night = Told(policy=replace(BOTH, informed=()), wish=CRY)
    stranger = replace(verified("passer-by"), person=None)
    night.taken_in(Ask("help!", night.wish, "#ops").decide(None, night.situation(stranger)), stranger)
    assert listing([night.request], may_hear_private=True)[0].endswith(
        ", for passer-by, not known here; needs Release Engineering and SRE."
    )


def test_of_many_the_newest_are_lines_and_the_others_ids() -> None:
    request = Told().asked().request
    many = [replace(request, id=RequestId(f"E{number}")) for number in range(1, 12)]
    lines = listing(many, may_hear_private=True)
    assert lines[0] == "Open too: E1, E2, E3"
    assert [line.split()[0] for line in lines[1:]] == [f"E{number}" for number in range(4, 12)]


def test_a_private_request_is_listed_by_its_id_and_state_where_the_public_listens() -> None:
    night = Told().asked()
    night.says("ada", MakePrivate())
    assert listing([night.request], may_hear_private=False) == ["E17: confirming (private)"]
    assert listing([night.request], may_hear_private=True)[0].startswith("E17 is confirming: 1234/3")


def test_asked_for_it_says_what_is_missing() -> None:
    assert of(Told(wish=CRY).asked().later(minutes=4)) == [
        'E17 is asked, for 4 min now: 1234/3 "Stop caching painted pages" (T1234) on mediawiki-config, for ada.'
        " It needs a reason, a remedy, a sentence why and whether going back is safe (yes, no or unknown), e.g."
        "  !E17 data disable -- pages are lost, more every minute; a rollback would lose edits; going back is safe"
    ]


def test_being_confirmed_it_says_who_is_missing_what_holds_and_shows_the_plan() -> None:
    night = Told().asked()
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", PutOnHold("who is watching the caches?"))
    first, second = of(night)
    assert first == (
        f"E17 is confirming, for 0 s now: {MATTER} {WHY} It has the yes of bo-sre (SRE)."
        " Still needed: Release Engineering. It is on hold by kim-releng (!lift E17): who is watching the caches?"
    )
    assert second.startswith("E17 data, disable: config 1234/3 8f3ac21 by lin")
    assert second.endswith(f"To confirm: !confirm E17 {night.word}")


def test_a_team_that_has_nobody_left_is_named() -> None:
    night = Told()
    night.teams = night.teams | {name: frozenset() for name in ("bo-sre", "mo-sre", "pat-both")}
    night.asked()
    assert "Still needed: Release Engineering and SRE. Nobody of SRE is left who could confirm." in of(night)[0]


def test_ready_it_says_who_starts_it_and_links_where_there_is_a_page() -> None:
    night = Told().confirmed()
    lines = status(night.request, night.situation(CLOCK), "https://tocsin.example.org/")
    assert lines == [
        f"E17 is ready, for 15 s now: {MATTER} https://tocsin.example.org/E17. {WHY}"
        " It is confirmed by kim-releng (Release Engineering) and bo-sre (SRE)."
        " Deployer wanted: !take E17, then !go E17"
    ]
    night.says("dee", Take())
    assert of(night)[0].endswith("dee starts it: !go E17")


def test_deploying_it_says_which_step_runs_and_how_to_pause() -> None:
    night = Told().deploying()
    assert of(night)[0].endswith("It comes to step 1 of 2: canaries. Deployer: kim-releng. To pause it: !stop E17")
    night.starts()
    assert of(night)[0].endswith("It runs step 1 of 2: canaries. Deployer: kim-releng. To pause it: !stop E17")
    night.ends()
    assert of(night)[0].endswith("It waits at canaries: look at it, then !good E17 (ada, kim-releng)")


def test_paused_it_says_each_cause_and_what_ends_it() -> None:
    night = Told().deploying()
    night.starts()
    night.says("bo-sre", Stop("errors rise"))
    night.says("bo-sre", PutOnHold("the caches?"))
    (line,) = of(night)
    assert line.startswith(f"E17 is paused, for 0 s now: {MATTER} Why: painted pages are cached corrupted")
    assert line.endswith(
        'It is stopped by bo-sre ("errors rise"). It is held by bo-sre ("the caches?"). It runs step 1 of 2: canaries.'
        " bo-sre stopped it: bo-sre, or another of their team, says !resume E17; bo-sre holds it: !lift E17"
    )
    night.ends(None, Fate.UNKNOWN)
    assert "nobody knows whether canaries ran: two of you say !ran E17 yes, or no" in " ".join(of(night))


def test_when_every_cause_of_a_pause_has_ended_it_says_who_goes_on() -> None:
    night = Told().deploying()
    night.says("bo-sre", Stop())
    request = night.request.carried(causes=())
    assert status(request, night.situation(CLOCK))[0].endswith("To go on: !resume E17 (kim-releng)")


def test_being_proved_it_asks_for_what_people_see() -> None:
    night = Told(proofs=WORDS).verifying()
    seen = "What you see yourself: !live E17, or !not live E17"
    assert of(night)[0].endswith(f"It waits to be seen live. {seen}")
    night.says("ada", RollBack())
    assert "It comes to undoing step 1 of 2: everywhere. Deployer: kim-releng." in of(night)[0]
    night.runs()
    night.runs()
    assert of(night)[0].endswith(f"It waits to be seen gone. {seen}")
    night.says("ada", TellLive(live=False))
    assert of(night)[0].startswith("E17 is rolled back, 0 s ago: ")
    assert of(night)[0].endswith("mediawiki-config is locked for it; to open it: !unlock E17 <how it was addressed>")


def test_over_it_says_since_when_and_an_expired_one_how_it_is_asked_for_again() -> None:
    night = Told().verifying()
    night.seen(live=True)
    assert of(night.later(minutes=3)) == [f"E17 is done, 3 min ago: {MATTER} {WHY}"]
    night = Told().asked().later(hours=4)
    night.looks()
    assert of(night)[0].endswith("To ask again: !renew E17")
