"""Of a private request the public hears its id and its state, whatever it holds and whatever is asked."""

from dataclasses import replace

from tests.domain.night import BOTH, CHANGE, CLOCK, SECURITY, WISH, verified
from tests.views.telling import Told
from tocsin.domain.change import Verdict
from tocsin.domain.commands import Confirm, Go, Good, Lift, Note, PutOnHold, Resume, RollBack, Stop, Take, Unlock
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.deployment import Fate
from tocsin.domain.plan import FetchProof, Step
from tocsin.domain.policy import Demand
from tocsin.views.board import listing

SECRET = "xyzzy"


def secret_night() -> Told:
    """Everything that anybody wrote in it holds the secret word."""
    steps = (
        Step(f"{SECRET} step", ("deploy", SECRET), undo=("undeploy", SECRET), look=f"{SECRET} look"),
        Step("everywhere", ("deploy", "{sha}"), undo=("undeploy",)),
    )
    change = replace(
        CHANGE,
        project="config",
        branch=SECRET,
        subject=f"Fix {SECRET}",
        author_name=SECRET,
        brings=(SECRET,),
        public=Verdict.NO,
    )
    wish = replace(WISH, task=f"T{SECRET}", sentence=SECRET, why_not_rollback=SECRET, going_back_why=SECRET)
    policy = replace(BOTH, banner=SECRET, confirm=(*BOTH.confirm, Demand(SECURITY)))
    night = Told(steps=steps, proofs=(FetchProof(f"https://{SECRET}.example.org/", SECRET),), policy=policy, wish=wish)
    night.change = change
    night.url = f"https://{SECRET}.example.org"
    return night


def played() -> Told:
    night = secret_night()
    ada = verified("ada")
    cry = Ask(f"help with {SECRET}", night.wish, "#ops-private", private=True, told=SECRET)
    night.taken_in(cry.decide(None, night.situation(ada)), ada)
    night.acts(CLOCK, Learn())
    night.says("ada", Note(SECRET))
    night.says("bo-sre", PutOnHold(SECRET))
    night.says("bo-sre", Lift(SECRET))
    for person in ("bo-sre", "kim-releng", "sam-sec"):
        night.says(person, Confirm(night.word))
    night.later(seconds=15)
    night.says("kim-releng", Take())
    night.says("kim-releng", Go())
    night.runs()
    night.later(seconds=5)
    night.says("ada", Good())
    night.says("kim-releng", Good())
    night.says("bo-sre", Stop(SECRET))
    night.says("bo-sre", Resume())
    night.says("kim-releng", Resume())
    night.runs(7, Fate.ENDED)
    night.says("ada", RollBack())
    night.runs()
    night.runs()
    night.seen(live=False)
    night.says("bo-sre", Unlock(SECRET))
    return night


def test_the_public_hears_the_id_and_each_state_and_nothing_else() -> None:
    states = ("confirming", "ready", "deploying", "paused", "deploying", "paused", "rolling back", "rolled back")
    assert played().public == [f"E17: {state} (private)" for state in states]


def test_the_admin_log_hears_the_id_the_start_and_the_end_and_nothing_else() -> None:
    assert played().logged == ["!log E17 started (private)", "!log E17 rolled back (private)"]


def test_a_list_in_public_shows_a_private_request_by_id_and_state() -> None:
    night = secret_night()
    ada = verified("ada")
    night.taken_in(Ask(SECRET, night.wish, "#ops", private=True).decide(None, night.situation(ada)), ada)
    assert listing([night.request], may_hear_private=False) == [f"E17: {night.request.status} (private)"]
    assert SECRET in listing([night.request], may_hear_private=True)[0]


def test_the_words_are_secret_indeed_and_are_said_where_they_may_be() -> None:
    night = played()
    assert sum(SECRET in text for text in night.heard) > 10
    assert not any(SECRET in text for text in (*night.public, *night.logged))
