"""The room of a request: everything that people need before they say yes, and how it goes on from there."""

from dataclasses import replace

from tests.domain.night import BEGIN, BOTH, CHANGE, CLOCK, SRE, WORDS, Night, verified
from tests.views.test_possible import failed, going_back, lost, on_hold, private
from tocsin.domain.change import Size, Task, Verdict
from tocsin.domain.commands import Confirm
from tocsin.domain.people import OnCall, PersonId
from tocsin.domain.plan import Step
from tocsin.domain.policy import Demand
from tocsin.domain.situation import CALENDAR
from tocsin.domain.wish import Wish
from tocsin.views.room import Fact, Room, room


def of(night: Night) -> Room:
    return room(night.request, night.situation(CLOCK))


def fact(night: Night, name: str) -> Fact:
    return next(each for each in of(night).facts if each.name == name)


def test_one_sentence_says_who_asks_for_what_where_and_why() -> None:
    shown = of(Night().asked())
    assert shown.headline == (
        "ada asks for an emergency disable on mediawiki-config: 1234/3 \u201cStop caching painted pages\u201d, "
        "reason: data"
    )
    assert "painted pages are cached corrupted" in shown.why


def test_the_steps_stand_exactly_as_they_will_run_and_so_does_the_way_back() -> None:
    steps = (Step("all", ("deploy", "{sha}", "--message", "it's; rm -rf /"), undo=("undeploy", "two words")),)
    (stage,) = of(Night(steps=steps).asked()).plan
    assert stage.command == f"""deploy {CHANGE.sha} --message 'it'"'"'s; rm -rf /'"""
    assert stage.undo == "undeploy 'two words'"
    assert stage.status == "waiting"


def test_the_change_is_told_to_the_last_letter_of_its_sha() -> None:
    night = Night(
        change=replace(
            CHANGE, size=Size(files=1, added=2, removed=1), ci=Verdict.YES, url="https://review.example.org/1234"
        )
    )
    night.asked()
    assert fact(night, "Change").url == "https://review.example.org/1234"
    assert "by lin" in fact(night, "Change").text
    assert CHANGE.sha in fact(night, "Exactly").text
    assert "+2 -1 on 1 file, CI passed" in fact(night, "State").text
    assert not fact(night, "State").doubtful


def test_what_nobody_could_say_is_said_to_be_unknown() -> None:
    night = Night()
    night.unknown = ("code review", CALENDAR)
    night.change = None
    night.asked()
    assert "code review" in fact(night, "Nobody could say").text
    assert fact(night, "Nobody could say").doubtful
    assert fact(night, "Calendar").doubtful
    assert fact(night, "Change").doubtful


def test_a_task_that_is_not_public_is_named_by_its_id_alone() -> None:
    night = Night()
    night.task = Task("T1234", "the secret title", Verdict.UNKNOWN)
    night.asked()
    night.began = replace(night.request, private=False)
    assert fact(night, "Task").text == "T1234"
    assert "the secret title" in fact(private_with(night), "Task").text


def private_with(night: Night) -> Night:
    night.began = replace(night.request, private=True)
    return night


def test_each_place_says_who_fills_it_and_who_could() -> None:
    night = Night().asked()
    night.on_call = OnCall()
    night.says("kim-releng", Confirm(night.word))
    places = {each.team: each for each in of(night).needed}
    releng, sre = places["Release Engineering"], places["SRE"]
    assert ([each.person for each in releng.filled], releng.wanted, releng.could) == (["kim-releng"], 0, ())
    assert (sre.filled, sre.wanted) == ((), 1)
    assert {each.person for each in sre.could} >= {"bo-sre", "mo-sre"}


def test_who_is_on_call_or_here_is_told_apart() -> None:
    night = Night(policy=replace(BOTH, confirm=(Demand(SRE, on_call=True),)))
    night.on_call = OnCall(((SRE, (PersonId("bo-sre"),)),))
    night.asked()
    night.seen_people = {"bo-sre": night.now}
    situation = replace(night.situation(CLOCK), on_call=night.on_call)
    (sre,) = room(night.request, situation).needed
    assert sre.only_on_call
    assert {each.person: each.on_call for each in sre.could}[PersonId("bo-sre")]


def test_a_place_that_nobody_can_fill_any_more_says_so() -> None:
    night = Night().asked()
    night.teams = {person: teams - {SRE} for person, teams in night.teams.items()}
    assert {each.team: each.hopeless for each in of(night).needed}["SRE"]


def test_a_hold_stands_with_whose_it_is_and_why() -> None:
    (hold,) = of(on_hold()).holds
    assert (hold.person, hold.reason, hold.verified) == ("sam-sec", "who watches?", True)


def test_it_expires_when_nothing_is_done_and_no_longer_once_it_runs() -> None:
    assert of(Night().asked()).expires == BEGIN + BOTH.limits.act_expires
    assert of(Night().deploying()).expires is None


def test_each_step_tells_how_it_stands_and_what_it_printed_under_which_name() -> None:
    first, second = of(Night().at_checkpoint()).plan
    assert (first.status, first.attempt, first.at_checkpoint) == ("done", "E17-forward-1-1", True)
    assert (second.status, second.attempt) == ("waiting", "")


def test_what_failed_or_is_unknown_is_in_trouble_by_its_word() -> None:
    assert next((each.status, each.troubled) for each in of(failed()).plan) == ("failed", True)
    assert next((each.status, each.troubled) for each in of(lost()).plan) == ("unknown", True)
    assert of(failed()).troubled


def test_going_back_is_shown_beside_the_plan_as_it_goes() -> None:
    night = going_back()
    night.runs()
    shown = of(night)
    assert [(each.command, each.attempt) for each in shown.undoing if each.attempt] == [
        ("undeploy canary", "E17-back-1-1")
    ]
    assert len(shown.plan) == 2


def test_what_is_missing_is_asked_for_and_nothing_else_is_made_up() -> None:
    night = Night(wish=Wish(named="1234"))
    night.asked()
    shown = of(night)
    assert shown.missing
    assert (shown.plan, shown.check_word) == ((), "")


def test_roles_that_nobody_has_stand_empty() -> None:
    roles = dict(of(Night().asked()).roles)
    assert roles["Requester"] is not None
    assert roles["Requester"].person == "ada"
    assert roles["Deployer"] is None


def test_what_will_be_looked_at_is_said_before_anybody_confirms() -> None:
    assert of(Night().asked()).proofs == ("https://example.org/ shows 'fixed'",)
    assert of(Night(proofs=WORDS).asked()).proofs == ("the requester's word, or the deployer's with a confirmer's",)


def test_what_hides_or_turns_text_is_shown_wherever_it_came_from() -> None:
    bad = "a\u202eb\nc\x1b[31m"
    night = Night(
        change=replace(CHANGE, subject=bad, author_name=bad, branch=bad), wish=replace(Night().wish, sentence=bad)
    )
    night.cries(replace(verified("x"), name=bad, person=None))
    shown = repr(of(private_with(night)))
    assert "\\u202e" not in shown
    assert "\\x1b" not in shown
    assert "\\n" not in shown


def test_a_private_request_is_shown_whole_to_whom_it_is_shown() -> None:
    assert "Stop caching painted pages" in of(private()).headline
