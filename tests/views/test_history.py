"""Looking for requests of before: by person, target, reason and words; by nothing that a room does not show."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.domain.night import WIKI, Night
from tocsin.domain.change import Task, Verdict
from tocsin.domain.commands.holding import PutOnHold
from tocsin.views.history import Search, found

SECRET = Task("T1234", "A hole in the login", Verdict.NO)


def held() -> Night:
    night = Night().confirmed()
    night.says("sam-sec", PutOnHold("who is watching the caches?"))
    return night


@pytest.mark.parametrize(
    "search",
    [
        Search(),
        Search(person="ada"),
        Search(person="BO-"),
        Search(person="sam-sec"),
        Search(target=WIKI),
        Search(reason="data"),
        Search(text="e17"),
        Search(text="corrupted PAINTED"),
        Search(text="stop caching"),
        Search(text="1234/3"),
        Search(text="watching the caches"),
        Search(person="ada", target=WIKI, reason="data", text="lose today's"),
    ],
)
def test_a_request_is_found_by_anything_that_its_room_shows(search: Search) -> None:
    assert found([held().request], search)


@pytest.mark.parametrize(
    "search",
    [
        Search(person="da"),
        Search(person="mo-sre"),
        Search(target="another"),
        Search(reason="abuse"),
        Search(text="painted but not there"),
        Search(person="ada", reason="abuse"),
    ],
)
def test_everything_that_is_looked_for_must_be_right(search: Search) -> None:
    assert not found([held().request], search)


@pytest.mark.parametrize(("public", "private", "seen"), [("no", False, 0), ("yes", False, 1), ("no", True, 1)])
def test_a_title_that_is_not_shown_is_not_searched(public: str, private: bool, seen: int) -> None:
    request = Night().asked().request
    task = replace(SECRET, public=Verdict(public))
    shown = replace(request, facts=replace(request.facts, task=task), private=private)
    assert len(found([shown], Search(text="hole login"))) == seen


def test_the_order_stays() -> None:
    begun: tuple[Callable[[], Night], ...] = (held, lambda: Night().asked())
    requests = [each().request for each in begun]
    assert found(requests[::-1], Search(text="painted")) == requests[::-1]
