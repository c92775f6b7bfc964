"""Of a private request the public hears its id and its state, whatever it holds and whatever is asked."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.domain.night import BOTH, CHANGE, CLOCK, SECURITY, WIKI, WISH, verified
from tests.views.telling import Told
from tocsin.domain import events as e
from tocsin.domain.change import Task, Verdict
from tocsin.domain.commands import Confirm, Go, Good, Lift, Note, PutOnHold, Resume, RollBack, Stop, Take, Unlock
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.deployment import Fate
from tocsin.domain.plan import FetchProof, Step
from tocsin.domain.policy import Demand
from tocsin.domain.request import Request
from tocsin.irc.topics import piece
from tocsin.irc.where import Where
from tocsin.service.requests import Requests, acts
from tocsin.views.acting import unfolded
from tocsin.views.admin_log import by_hand
from tocsin.views.board import listing
from tocsin.views.outside import is_to_be_told, turns
from tocsin.views.task_comment import task_comment
from tocsin.views.waking import waking_message

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


def played(*, private: bool = True) -> Told:
    night = secret_night()
    if not private:
        night.change = replace(night.change or CHANGE, public=Verdict.YES)
        night.task = Task(night.wish.task, SECRET, Verdict.YES)
    ada = verified("ada")
    cry = Ask(f"help with {SECRET}", night.wish, "#ops-private", private=private, told=SECRET)
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


# --- everything that leaves for where the public may read it; whoever adds a place adds it here ---------------------


def in_the_channel(night: Told) -> list[str]:
    lines = [line.text for line in night.told] if not night.request.private else []
    return [*lines, *night.public]


def in_the_admin_log(night: Told) -> list[str]:
    told = [e.OutsideTold(e.Outside.ADMIN_LOG, "rolled back", line, e.Arrival.MISSING, SECRET) for line in night.logged]
    return [*night.logged, *(by_hand(each, night.request) for each in told)]


def in_a_comment_on_a_task_that_the_public_reads(night: Told) -> list[str]:
    return [
        task_comment(turn, "12:abcdef", night.url)
        for turn in turns(night.recorded)
        if is_to_be_told(turn, e.Outside.TASK, public_task(night.request))
    ]


def public_task(request: Request) -> Request:
    return replace(request, facts=replace(request.facts, task=Task(request.wish.task, SECRET, Verdict.YES)))


def on_a_pager(night: Told) -> list[str]:
    messages = [waking_message(each, "https://tocsin.example.org") for each in stages(night)]
    return [text for message in messages for text in (message.subject, message.body)]


def in_the_topic(night: Told) -> list[str]:
    where = Where(lambda: night.catalogue, str.__eq__)
    return [piece("#ops", [each], where) for each in stages(night)]


def in_a_list(night: Told) -> list[str]:
    return [line for each in stages(night) for line in listing([each], may_hear_private=False)]


def to_those_who_ask_for_the_same_target(night: Told) -> list[str]:
    """They hear of the locks that it left there, at the moment when it had left one."""
    requests, heard = Requests(), list[str]()
    for act in acts(night.recorded):
        requests.take_in(act)
        if (ground := requests.ground(WIKI)).locks:
            other = Told(wish=replace(WISH, named="99"))
            other.ground = ground
            heard += other.asked().heard
    return heard


def stages(night: Told) -> list[Request]:
    return [moment.after for moment in unfolded(None, tuple(night.recorded))]


EVERY_PUBLIC_OUTPUT = (
    in_the_channel,
    in_the_admin_log,
    in_a_comment_on_a_task_that_the_public_reads,
    on_a_pager,
    in_the_topic,
    in_a_list,
    to_those_who_ask_for_the_same_target,
)
TELL_OF_ANY = {in_a_comment_on_a_task_that_the_public_reads}
"""Where nothing at all is told of a private request."""
NAME_NOTHING = {in_the_topic, to_those_who_ask_for_the_same_target}
"""Where not even of a public request more is told than its id, its state and its change."""


@pytest.mark.parametrize("output", EVERY_PUBLIC_OUTPUT)
def test_no_public_output_holds_a_word_of_what_is_private(output: Callable[[Told], list[str]]) -> None:
    said = output(played())
    assert not [text for text in said if SECRET in text]
    assert any("E17" in text for text in said) is (output not in TELL_OF_ANY)


@pytest.mark.parametrize("output", [each for each in EVERY_PUBLIC_OUTPUT if each not in NAME_NOTHING])
def test_the_same_outputs_do_tell_of_a_request_that_the_public_may_read(output: Callable[[Told], list[str]]) -> None:
    assert any(SECRET in text for text in output(played(private=False)))
