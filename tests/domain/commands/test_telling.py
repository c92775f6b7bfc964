"""What became of telling others is kept once for each outcome, and moves nothing else of a request."""

from dataclasses import replace

from tests.domain.night import CLOCK, Night
from tocsin.domain import events as e
from tocsin.domain.commands.telling import ReportTold

FAILED = e.OutsideTold(e.Outside.ADMIN_LOG, "started", "!log E17 started", e.Arrival.FAILED, "nothing listens there")
SENT = replace(FAILED, outcome=e.Arrival.SENT, detail="")


def test_a_failure_that_is_repeated_is_kept_once_and_what_follows_is_news() -> None:
    night = Night().deploying()
    assert night.acts(CLOCK, ReportTold(FAILED)) == [FAILED]
    assert night.acts(CLOCK, ReportTold(replace(FAILED, detail="it broke off"))) == []
    assert night.acts(CLOCK, ReportTold(SENT)) == [SENT]
    assert night.request.outside == ((SENT, night.now),)


def test_each_turn_and_each_place_has_news_of_its_own() -> None:
    night = Night().deploying()
    others = (replace(SENT, about="done"), replace(SENT, place=e.Outside.TASK))
    for told in (SENT, *others):
        assert night.acts(CLOCK, ReportTold(told)) == [told]
    assert night.request.told(e.Outside.TASK, "started") == others[1]
    assert night.request.told(e.Outside.TASK, "done") is None


def test_telling_others_is_nobodys_act_and_changes_no_status() -> None:
    night = Night().deploying()
    before = night.request
    night.later(minutes=5)
    night.acts(CLOCK, ReportTold(SENT))
    assert replace(night.request, outside=()) == before
