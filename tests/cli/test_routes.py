"""The table of the HTTP API has every verb of the rules and every question, and nothing else."""

from tocsin.cli.routes import ACTS, ENDED, QUESTIONS, WHATEVER_RUNS, route_of
from tocsin.domain.commands import VERBS as RULES
from tocsin.domain.commands import HouseCommand
from tocsin.domain.request import OPEN, Status
from tocsin.service.questions import QUESTIONS as ANSWERED


def test_every_verb_of_the_rules_has_a_route() -> None:
    assert set(ACTS) == {each.name for each in RULES}


def test_every_question_but_help_has_a_route() -> None:
    assert set(QUESTIONS) == set(ANSWERED) - {"help"}


def test_no_act_goes_by_get_and_no_question_by_post() -> None:
    assert {each.method for each in ACTS.values()} == {"POST"}
    assert {each.method for each in QUESTIONS.values()} == {"GET"}


def test_no_two_verbs_share_a_route() -> None:
    every = [(each.method, each.path) for each in (*ACTS.values(), *QUESTIONS.values(), WHATEVER_RUNS)]
    assert len(set(every)) == len(every)


def test_what_is_said_of_the_house_needs_no_id_and_all_else_but_asking_does() -> None:
    house = {each.name for each in RULES if each.meaning in HouseCommand.__args__}
    assert {name for name, route in ACTS.items() if not route.about_one} == house | {"emergency"}


def test_a_stop_without_an_id_is_about_whatever_runs() -> None:
    assert route_of({"verb": "stop", "request": ""}).path == "/api/v1/stop"
    assert route_of({"verb": "stop", "request": "E17"}).of("E17") == "/api/v1/requests/E17/stop"


def test_a_kind_of_change_is_written_as_addresses_have_it() -> None:
    assert QUESTIONS["now"].of("", "a&b c/d") == "/api/v1/calendar/now?kind=a%26b%20c%2Fd"


def test_what_is_not_open_is_over() -> None:
    assert {str(each) for each in set(Status) - OPEN} == ENDED
