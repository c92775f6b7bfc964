"""What is answered to questions over the socket, and who hears what is private."""

import pytest

from tests.local.office import WISH, Office
from tests.service.world import E1


async def test_a_question_is_answered_in_lines(office: Office) -> None:
    await office.asks()
    answer = await office.says("status", E1)
    assert (answer["outcome"], answer["request"], answer["status"]) == ("told", "E1", "confirming")
    assert any("Stop caching painted pages" in each for each in answer["lines"])


@pytest.mark.parametrize("verb", ["list", "status", "who", "timeline", "report", "now", "next", "irc"])
async def test_every_question_has_an_answer(office: Office, verb: str) -> None:
    await office.asks()
    answer = await office.says(verb)
    assert answer["outcome"] == "told"
    assert answer["lines"]


async def test_the_list_names_what_is_open_for_programs_too(office: Office) -> None:
    await office.asks()
    assert (await office.says("list"))["requests"] == [{"request": "E1", "status": "confirming"}]


async def test_help_is_told_about_a_verb(office: Office) -> None:
    answer = await office.sends({"verb": "help", "words": "confirm"})
    assert any("confirm" in each for each in answer["lines"])


async def test_a_question_about_an_unknown_request_says_so(office: Office) -> None:
    assert (await office.says("status", "E99"))["outcome"] == "unknown"


@pytest.mark.parametrize("person", ["ada", "bo-sre", "rei-releng", "sam-sec", "mo-sre", "dee"])
async def test_whoever_has_a_part_hears_what_is_private(office: Office, person: str) -> None:
    await private(office)
    answer = await office.becomes(person).says("status", E1)
    assert any("Stop caching painted pages" in each for each in answer["lines"])


@pytest.mark.parametrize("person", ["lin", "nobody"])
@pytest.mark.parametrize("verb", ["status", "who", "timeline", "report", "list"])
async def test_nobody_else_hears_more_than_id_and_state(office: Office, person: str, verb: str) -> None:
    await private(office)
    answer = await office.becomes(person).says(verb)
    assert all("caching" not in each and "1234" not in each for each in answer["lines"])
    assert any("E1" in each for each in answer["lines"])


async def test_a_stranger_who_asks_in_private_hears_no_more_than_that_it_is_asked(office: Office) -> None:
    answer = await office.becomes("nobody").says("emergency", wording="help!", wish=WISH, channel="", private=True)
    assert answer["outcome"] == "done"
    assert answer["lines"] == [f"E1: {answer['status']} (private)"]


async def test_an_act_on_a_private_request_tells_nothing_to_one_without_a_part(office: Office) -> None:
    await private(office)
    answer = await office.becomes("lin").says("note", E1, text="me too")
    assert answer["outcome"] == "done"
    assert answer["lines"] == ["E1: confirming (private)"]


async def test_an_act_on_a_private_request_is_told_to_one_with_a_part(office: Office) -> None:
    await private(office)
    answer = await office.becomes("bo-sre").says("confirm", E1, check_word=office.word)
    assert "bo-sre" in answer["lines"][0]


async def private(office: Office) -> None:
    await office.asks()
    assert (await office.says("private", E1))["outcome"] == "done"
