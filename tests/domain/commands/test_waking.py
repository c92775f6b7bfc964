"""Who is to be woken still, and that what came of it is kept once for each person and call."""

from datetime import timedelta

from tests.domain.night import CLOCK, RELENG, SRE, Night, verified
from tocsin.domain import events as e
from tocsin.domain.commands import Renew, ShowPresence, Wake
from tocsin.domain.commands.waking import ReportWaking
from tocsin.domain.people import PersonId

MOST = 5
BO, KIM = PersonId("bo-sre"), PersonId("kim-releng")


def called_at_once() -> Night:
    """Nobody of either team is here, so one of each is woken."""
    night = Night().asked()
    night.looks()
    return night


def to_wake(night: Night, most: int = MOST) -> list[str]:
    return [person for person, _ in night.request.to_wake(most)]


def attempt(night: Night, person: PersonId) -> e.WakeAttempted:
    return e.WakeAttempted(person, night.now, e.WakeOutcome.SENT, ("mail",))


def test_everybody_whom_a_waking_call_names_is_to_be_woken_for_the_team_that_is_called() -> None:
    found = called_at_once().request.to_wake(MOST)
    assert [(person, waking.team) for person, waking in found] == [(KIM, RELENG), (BO, SRE)]


def test_who_is_only_reminded_or_asked_too_is_not_woken() -> None:
    night = Night().asked()
    night.looks_with("bo-sre", "kim-releng")
    night.later(minutes=8).looks_with("bo-sre", "kim-releng")
    assert night.request.nudged(e.Nudge.WIDENED, SRE)
    assert to_wake(night) == []


def test_of_twelve_who_are_called_at_once_five_are_woken_the_first_ones() -> None:
    night, people = Night().asked(), tuple(PersonId(f"person-{number}") for number in range(12))
    night.taken_in([e.Nudged(e.Nudge.PAUSE_WOKEN, people)], CLOCK)
    assert to_wake(night) == list(people[:5])
    assert to_wake(night, most=2) == list(people[:2])
    night.acts(CLOCK, ReportWaking(tuple(attempt(night, person) for person in people[:5])))
    assert to_wake(night) == []


def test_what_was_tried_is_tried_no_more_whatever_came_of_it() -> None:
    night = called_at_once()
    failed = e.WakeAttempted(BO, night.now, e.WakeOutcome.FAILED, detail="mail did not take it")
    assert night.acts(CLOCK, ReportWaking((failed,))) == [failed]
    assert to_wake(night) == [KIM]


def test_what_is_reported_twice_is_kept_once() -> None:
    night = called_at_once()
    night.acts(CLOCK, ReportWaking((attempt(night, BO),)))
    assert night.acts(CLOCK, ReportWaking((attempt(night, BO), attempt(night, KIM)))) == [attempt(night, KIM)]


def test_who_acts_on_the_request_is_awake() -> None:
    night = called_at_once()
    night.later(seconds=1).says("bo-sre", ShowPresence())
    assert to_wake(night) == [KIM]


def test_who_was_woken_and_is_called_once_more_is_woken_once_more() -> None:
    night = called_at_once()
    night.acts(CLOCK, ReportWaking((attempt(night, BO), attempt(night, KIM))))
    night.later(minutes=1).says("ada", Wake())
    assert sorted(to_wake(night)) == [BO, KIM]


def test_who_is_called_twice_before_anything_was_tried_is_woken_once_for_the_newest_call() -> None:
    night = called_at_once()
    first = night.now
    night.later(minutes=1).says("ada", Wake())
    [waking] = [waking for person, waking in night.request.to_wake(MOST) if person == BO]
    assert waking.at == first + timedelta(minutes=1)
    night.acts(CLOCK, ReportWaking((attempt(night, BO),)))
    assert to_wake(night) == [KIM]


def test_what_came_of_an_earlier_call_leaves_a_later_one_to_be_tried() -> None:
    night = called_at_once()
    earlier = attempt(night, BO)
    night.later(minutes=1).says("ada", Wake())
    night.acts(CLOCK, ReportWaking((earlier,)))
    assert sorted(to_wake(night)) == [BO, KIM]


def test_a_renewed_request_wakes_nobody_for_calls_of_before_and_keeps_what_came_of_them() -> None:
    night = called_at_once()
    late = attempt(night, BO)
    night.later(hours=4).looks()
    night.acts(verified("ada"), Renew())
    assert to_wake(night) == []
    assert night.acts(CLOCK, ReportWaking((late,))) == [late]
