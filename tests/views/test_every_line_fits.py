"""Whatever comes in from outside: every line is one line, fits, hides nothing, and no event is without its words."""

from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.night import CLOCK, WISH
from tests.storage.any_event import any_of
from tests.views.telling import Told
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import Confirm, Describe, PutOnHold, Refuse, Stop
from tocsin.domain.commands.carrying_out import EndStep
from tocsin.domain.commands.opening import Learn
from tocsin.domain.deployment import Direction, Fate
from tocsin.domain.events import Nudge
from tocsin.domain.evolving import evolve
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.policy import Demand
from tocsin.domain.recorded import Origin, Recorded, StreamId
from tocsin.domain.request import Stamp
from tocsin.domain.wish import WikiEdit
from tocsin.views.admin_log import log_line
from tocsin.views.announcing import announcements, house_lines
from tocsin.views.board import listing, status
from tocsin.views.lines import BUDGET_BYTES, whole
from tocsin.views.people import who
from tocsin.views.report import report
from tocsin.views.sentences.every import sentence

EVENTS: tuple[type, ...] = get_args(e.RequestEvent)
HIDDEN = set(map(chr, (*range(32), *range(127, 160), 0x2028, 0x2029, 0x202E, 0x2066, 0x200B, 0xFEFF)))
LONG = "words without end \u202e\u2028\x07 " * 60


T = TypeVar("T")


def inflated(value: T) -> T:
    """Return a value with every text in it forty times as long."""
    made: T = _inflated(value)
    return made


def _inflated(value: Any) -> Any:  # noqa: ANN401 - whatever an event may hold
    if isinstance(value, str) and not isinstance(value, Enum):
        return value * 40
    if isinstance(value, Demand):  # a policy asks for a few people: a configuration with millions is refused
        return replace(value, team=TeamId(value.team * 40), count=1 + abs(value.count) % 3)
    if isinstance(value, tuple):
        return tuple(_inflated(each) for each in value)
    if isinstance(value, frozenset):
        return frozenset(_inflated(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _inflated(getattr(value, field.name)) for field in fields(value)})
    return value


def fits(text: str) -> bool:
    return len(text.encode()) <= BUDGET_BYTES and not set(text) & HIDDEN


@cache
def standing(where: str) -> Told:
    """Return a night, not to be played on, in a state in which an event may come."""
    night = Told()
    if where == "asked":
        return night.asked()
    if where == "checkpoint":
        return night.at_checkpoint()
    night.deploying()
    if where == "running":
        night.starts()
    elif where == "failed":
        night.runs(3)
    elif where == "unknown":
        night.runs(None, Fate.UNKNOWN)
    return night


STATES = ("asked", "checkpoint", "running", "failed", "unknown")


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_event_is_told_in_lines_that_fit_whatever_is_in_it(kind: type, data: st.DataObject) -> None:
    event = inflated(data.draw(any_of(kind)))
    told = 0
    for where in STATES:
        night = standing(where)
        before = None if kind is e.RequestOpened else night.request
        recorded = Recorded(1, StreamId("E17"), 1, night.now, Origin("x" * 500, CLOCK.surface), event)
        try:
            after = evolve(before, event, Stamp(night.now))
        except (AssertionError, IndexError):
            continue  # such an event cannot come there
        lines = announcements(before, after, (recorded,), "https://tocsin.example.org", night.situation(CLOCK))
        assert all(fits(line.text) for line in lines)
        assert fits(log_line(after, (recorded,)))
        said = sentence(event, before, after)
        assert not set(whole(after.id, said)) & HIDDEN
        told += 1
    assert told, "there is a state in which it can come"


@settings(max_examples=60, deadline=None)
@given(st.one_of([any_of(kind) for kind in get_args(e.HouseEvent)]))
def test_every_event_of_the_house_fits(event: e.HouseEvent) -> None:
    recorded = Recorded(1, StreamId("house"), 1, Told().now, Origin("tocsin", CLOCK.surface), inflated(event))
    assert all(fits(line.text) for line in house_lines((recorded,)))


def hostile() -> Told:
    """A request in which everything that people or systems may write is far too long."""
    wish = replace(
        WISH,
        sentence=LONG,
        why_not_rollback=LONG,
        going_back=Verdict.NO,
        going_back_why=LONG,
        wiki=WikiEdit(LONG, LONG, LONG),
    )
    night = Told(wish=wish)
    assert night.change
    night.change = replace(night.change, subject=LONG, author_name="lin", brings=(LONG, LONG))
    return night.asked()


def test_what_to_type_is_never_cut_however_long_the_rest_is() -> None:
    night = hostile()
    assert night.heard[-1].endswith(f"To confirm: !confirm E17 {night.word}")
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", PutOnHold(LONG))
    assert night.line.startswith("E17 is on hold by kim-releng: words without end")
    night.says("rei-releng", Refuse(LONG))
    assert night.line.endswith("!refuse E17 <why>")
    assert all(fits(text) for text in night.heard)


def test_a_stop_and_a_steps_last_line_may_be_as_long_as_they_like() -> None:
    night = Told().deploying()
    night.says("bo-sre", Stop(LONG))
    assert night.line.endswith("bo-sre stopped it: bo-sre, or another of their team, says !resume E17")
    night = Told().deploying()
    night.starts()
    night.acts(CLOCK, EndStep(Direction.FORWARD, 0, 1, Fate.ENDED, 0, timedelta(seconds=1), last_line=LONG))
    assert night.line.endswith("Look at it, then !good E17 (ada, kim-releng)")
    assert all(fits(text) for text in night.heard)


def test_what_is_asked_about_a_hostile_request_fits_too() -> None:
    night = hostile()
    night.says("kim-releng", PutOnHold(LONG))
    around = night.situation(CLOCK)
    told = [
        *status(night.request, around, "https://tocsin.example.org"),
        *who(night.request, around),
        *listing([night.request], may_hear_private=True),
        *report(night.recorded),
    ]
    assert all(fits(text) for text in told)
    assert told[-1].startswith("E17") and any(f"!confirm E17 {night.word}" in text for text in told)


def test_a_new_plan_with_long_news_still_shows_its_check_word() -> None:
    night = hostile()
    night.says("bo-sre", Confirm(night.word))
    night.says("ada", Describe(replace(WISH, sentence="other")))
    night.acts(CLOCK, Learn())
    assert night.heard[-1].endswith(f"!confirm E17 {night.word}")


@pytest.mark.parametrize("nudge", list(Nudge))
@pytest.mark.parametrize("where", STATES)
def test_everything_that_the_clock_can_say_has_its_words_in_every_state(nudge: Nudge, where: str) -> None:
    night = standing(where)
    said = e.Nudged(nudge, (PersonId("ada"),), None, "not a number")
    recorded = Recorded(1, StreamId("E17"), 1, night.now, Origin("tocsin", CLOCK.surface), said)
    after = evolve(night.request, said, Stamp(night.now))
    lines = announcements(night.request, after, (recorded,))
    assert len(lines) == 1 and lines[0].text.startswith("E17: ") and lines[0].calls == ("ada",)
