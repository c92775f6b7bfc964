"""Which open requests are for the same thing: by what they name, by the change that it turned out to be, by recipe."""

from dataclasses import replace

from tests.domain.night import CHANGE, WISH, Night
from tocsin.domain.change import Change
from tocsin.domain.commands import Withdraw
from tocsin.domain.people import RequestId
from tocsin.domain.request import Request
from tocsin.service.alike import Alike


def asked(number: int, named: str = "1234", recipe: str = "", change: Change | None = None) -> Request:
    night = Night(wish=replace(WISH, named=named, recipe=recipe))
    night.asked()
    facts = replace(night.request.facts, change=change) if change else night.request.facts
    return replace(night.request, id=RequestId(f"E{number}"), facts=facts)


def known(*requests: Request) -> Alike:
    alike = Alike()
    for request in requests:
        alike.take_in(None, request)
    return alike


def test_they_are_found_oldest_first() -> None:
    alike = known(asked(10), asked(9), asked(2))
    assert alike.of("1234", None, "") == ["E2", "E9", "E10"]


def test_what_it_is_named_and_what_it_turned_out_to_be_both_count() -> None:
    alike = known(asked(1, named="https://example.org/r/1234"), asked(2, named="painted pages"))
    assert alike.of("painted pages", None, "") == ["E2"]
    assert alike.of("anything", CHANGE, "") == ["E1", "E2"]
    assert alike.of("", CHANGE, "") == []


def test_one_number_in_two_projects_is_two_changes() -> None:
    alike = known(asked(1, named="https://example.org/config/pull/1234", change=CHANGE))
    assert alike.of("https://example.org/website/pull/1234", replace(CHANGE, project="website"), "") == []


def test_a_recipe_counts_where_no_change_is_named() -> None:
    alike = known(asked(1, recipe="block"))
    assert alike.of("", None, "block") == ["E1"]
    assert alike.of("5678", replace(CHANGE, number=5678), "block") == []
    assert alike.of("", None, "") == []


def test_one_that_is_over_is_no_longer_found_and_one_that_is_open_again_is() -> None:
    night = Night().asked()
    open_, alike = night.request, known(night.request)
    night.says("ada", Withdraw())
    alike.take_in(open_, night.request)
    assert alike.of("1234", CHANGE, "") == []
    alike.take_in(night.request, open_)
    assert alike.of("1234", CHANGE, "") == [open_.id]
