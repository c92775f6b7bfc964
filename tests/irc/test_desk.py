"""Which request an act is about, and what it is told when that is not clear."""

import pytest

from tests.domain.night import CHANGE
from tests.irc.night_shift import OPS, PRIVATE, NightShift
from tocsin.domain.errors import UnknownRequest
from tocsin.irc.grammar import Wanted


def wanted(shift: NightShift, text: str) -> Wanted:
    found = shift.desk.parse(text, in_private=False)
    assert isinstance(found, Wanted)
    return found


async def two_open() -> NightShift:
    shift = NightShift()
    await shift.asked()
    await shift.says("lin", "!emergency 1235 T1235 data")
    return shift


async def test_the_one_open_request_is_meant_where_none_is_named() -> None:
    shift = NightShift()
    await shift.asked()
    assert shift.desk.which(wanted(shift, "!confirm a-b"), OPS) == ("E1",)
    assert shift.desk.which(wanted(shift, "!confirm a-b"), None) == ("E1",)


async def test_of_two_open_ones_the_id_is_asked_for_with_the_verb_to_repeat() -> None:
    shift = await two_open()
    with pytest.raises(UnknownRequest, match=r"There is E1, E2. Say the id too, e.g.  !confirm E2"):
        shift.desk.which(wanted(shift, "!confirm a-b"), OPS)


async def test_an_unknown_id_is_answered_with_the_open_ones() -> None:
    shift = await two_open()
    with pytest.raises(UnknownRequest, match=r"There is no request E99. There is E1, E2."):
        shift.desk.which(wanted(shift, "!confirm E99 a-b"), OPS)


async def test_where_nothing_is_open_it_says_how_to_ask() -> None:
    shift = await two_open()
    with pytest.raises(UnknownRequest, match=r"Nothing is open here; to ask for something: !emergency"):
        shift.desk.which(wanted(shift, "!confirm a-b"), PRIVATE)


async def test_a_renewal_is_never_guessed_and_names_what_expired() -> None:
    shift = NightShift()
    await shift.asked()
    await shift.says("ada", "!withdraw E1")
    with pytest.raises(UnknownRequest, match="Nothing is open here"):
        shift.desk.which(wanted(shift, "!renew"), OPS)


async def test_a_stop_without_an_id_is_about_what_runs() -> None:
    shift = NightShift()
    await shift.deploying()
    await shift.says("lin", "!emergency 1235 T1235 data")
    assert [each.id for each in shift.desk.open_here(OPS)] == ["E1", "E2"]
    assert shift.desk.which(wanted(shift, "!stop"), OPS) == ("E1",)


async def test_people_and_teams_are_known_by_every_name_and_anew_after_the_directory_was_read() -> None:
    shift = NightShift()
    assert wanted(shift, "!need E1 release engineering").command == wanted(shift, "!need E1 releng").command
    shift.configuration = NightShift().configuration
    assert wanted(shift, "!give E1 lin").verb == "give"


async def test_an_answer_calls_nobody_but_the_one_who_asked() -> None:
    shift = NightShift()
    await shift.asked()
    await shift.says("lin", "!who")
    assert shift.mouth.said[-1].text.startswith("lin: E1: requester: a\u2060da")
    assert CHANGE.label not in shift.mouth.said[-1].text
