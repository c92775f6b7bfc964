"""What others outside are told, and how people here see whether they were: in the status, the report, the channel."""

from dataclasses import replace

import pytest

from tests.domain.night import CLOCK, TASK
from tests.views.telling import Told
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import MakePrivate, MakePublic
from tocsin.domain.commands.telling import ReportTold
from tocsin.views.board import status
from tocsin.views.lines import BUDGET_BYTES
from tocsin.views.outside import is_to_be_told, turns
from tocsin.views.report import report
from tocsin.views.timeline import timeline

LINE = "!log E17 done: disable on mediawiki-config [record 9:ab]"
SENT = e.OutsideTold(e.Outside.ADMIN_LOG, "done", LINE, e.Arrival.SENT)
FAILED = replace(SENT, outcome=e.Arrival.FAILED, detail="admin log at 127.0.0.1:9200: nothing listens there")
MISSING = replace(SENT, outcome=e.Arrival.MISSING)


def done(*told: e.OutsideTold) -> Told:
    night = Told().verifying()
    night.seen(live=True)
    for each in told:
        night.acts(CLOCK, ReportTold(each))
    return night


def test_the_turns_of_a_request_are_its_start_and_its_ends_in_order() -> None:
    found = list(turns(done(SENT).recorded))
    assert [turn.about for turn in found] == ["started", "done"]
    assert found[0].request.carrying and not found[1].request.open


@pytest.mark.parametrize("told", [SENT, FAILED, replace(SENT, outcome=e.Arrival.SEEN)])
def test_that_a_line_was_sent_failed_or_was_seen_is_said_in_no_channel(told: e.OutsideTold) -> None:
    night = done()
    said = len(night.heard)
    night.acts(CLOCK, ReportTold(told))
    assert (night.lines, len(night.heard)) == ([], said)


def test_of_a_line_that_never_appeared_the_channel_hears_what_to_type() -> None:
    assert done(SENT, MISSING).line == (
        "E17: its done line never appeared in the admin log."
        " Say it yourself: !log E17 done: disable on mediawiki-config"
    )


def test_where_nobody_could_look_it_is_not_called_missing() -> None:
    told = replace(MISSING, detail="sal.example.org: did not answer within 4.5 s")
    assert done(told).line == (
        "E17: its done line may be missing in the admin log (sal.example.org: did not answer within 4.5 s)."
        " If it is, say it yourself: !log E17 done: disable on mediawiki-config"
    )


def test_of_a_request_that_has_become_private_nobody_is_told_to_type_what_it_was_about() -> None:
    night = done(SENT)
    night.says("ada", MakePrivate())
    night.acts(CLOCK, ReportTold(MISSING))
    assert night.line.endswith("Say it yourself: !log E17 done (private)")
    assert not any("mediawiki-config" in text for text in night.public)


def test_a_line_to_type_is_cut_rather_than_said_in_two() -> None:
    night = done(replace(MISSING, text=f"!log E17 done: {'words ' * 60}[record 9:ab]", detail="x" * 400))
    assert len(night.line.encode()) <= BUDGET_BYTES
    assert "say it yourself: !log E17 done: words" in night.line


def test_the_status_and_the_report_show_how_it_stands_with_each_line() -> None:
    night = done(replace(SENT, about="started", outcome=e.Arrival.SEEN), FAILED)
    night.acts(CLOCK, ReportTold(replace(SENT, place=e.Outside.TASK)))
    told = (
        "Admin log: started seen there, done not sent yet (admin log at 127.0.0.1:9200: nothing listens there)."
        " Comment on the task: done sent."
    )
    assert told in " ".join(status(night.request, night.situation(CLOCK)))
    assert told in " ".join(report(night.recorded))


def test_before_anybody_was_told_neither_says_a_word_of_it() -> None:
    night = Told().deploying()
    assert "Admin log" not in " ".join([*status(night.request, night.situation(CLOCK)), *report(night.recorded)])


def test_the_timeline_has_every_outcome_with_its_text() -> None:
    last = [line.partition("tocsin  ")[2] for line in timeline(done(FAILED, SENT, MISSING).recorded)[-3:]]
    assert last == [
        f"E17: its done line for the admin log could not be sent yet: {FAILED.detail}.",
        f"E17: its done line for the admin log is sent: {LINE}",
        "E17: its done line never appeared in the admin log."
        " Say it yourself: !log E17 done: disable on mediawiki-config",
    ]
    seen = timeline(done(replace(SENT, outcome=e.Arrival.SEEN)).recorded)[-1]
    assert seen.endswith("E17: its done line for the admin log was seen there.")


# --- who may hear what ------------------------------------------------------------------------------------------------


def test_the_task_hears_of_ends_alone_and_the_admin_log_of_starts_too() -> None:
    night = done()
    start, end = turns(night.recorded)
    places = (e.Outside.ADMIN_LOG, e.Outside.TASK)
    assert [is_to_be_told(start, place, night.request) for place in places] == [True, False]
    assert [is_to_be_told(end, place, night.request) for place in places] == [True, True]


@pytest.mark.parametrize(("public", "told"), [(Verdict.NO, True), (Verdict.YES, False), (Verdict.UNKNOWN, False)])
def test_of_a_private_request_only_a_private_task_hears(public: Verdict, told: bool) -> None:
    night = Told()
    night.task = replace(TASK, public=public)
    night.verifying()
    night.seen(live=True)
    if not night.request.private:
        night.says("ada", MakePrivate())
    *_, end = turns(night.recorded)
    assert is_to_be_told(end, e.Outside.TASK, night.request) is told
    unknown = replace(night.request, facts=replace(night.request.facts, task=None))
    assert not is_to_be_told(end, e.Outside.TASK, unknown)


def test_without_a_task_there_is_none_to_comment_on() -> None:
    night = done()
    *_, end = turns(night.recorded)
    without = replace(night.request, wish=replace(night.request.wish, task=""))
    assert not is_to_be_told(end, e.Outside.TASK, without)


def test_what_was_made_public_by_people_is_told_to_its_task() -> None:
    night = Told()
    night.task = replace(TASK, public=Verdict.UNKNOWN)
    night.confirmed()
    if not night.request.private:
        night.says("ada", MakePrivate())
    night.says("ada", MakePublic())
    night.says("bo-sre", MakePublic())
    assert not night.request.private
    *_, end = turns(done().recorded)
    assert is_to_be_told(end, e.Outside.TASK, night.request)
