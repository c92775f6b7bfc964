"""What people of this machine can do over its socket: all that they can on IRC, and nothing that the rules refuse."""

import asyncio

import pytest

from tests.local.office import E2, LOGIN, Office
from tests.service.world import E1
from tocsin.domain.request import Status

DOUBT = f"The directory has nobody with the login {LOGIN}; an administrator can add it to logins."


async def test_a_whole_night_can_be_spoken_over_the_socket(office: Office) -> None:
    await office.starts()
    assert office.request.confirmers == ("bo-sre", "kim-releng")
    assert office.request.deployer == "kim-releng"
    assert office.request.status is Status.DEPLOYING


async def test_an_act_is_answered_in_lines_with_id_and_state(office: Office) -> None:
    answer = await office.asks()
    assert (answer["outcome"], answer["request"], answer["status"]) == ("done", "E1", "confirming")
    assert answer["requests"] == [{"request": "E1", "status": "confirming"}]
    assert answer["lines"][0].startswith("E1 for ada: 1234/3")


async def test_the_record_says_who_the_kernel_named_and_how(office: Office) -> None:
    await office.asks()
    (first, *_) = office.store.since(0, 1)
    assert (first.origin.person, first.origin.surface) == ("ada", "cli")
    assert first.origin.proof == f"login {LOGIN}, told by the kernel"
    assert first.origin.act == "cli key-00000001"


async def test_everybody_known_to_the_directory_is_refused_what_the_rules_refuse(office: Office) -> None:
    await office.asks()
    answer = await office.says("confirm", E1, check_word=office.word)
    assert answer["outcome"] == "refused"
    assert any("you" in each.casefold() for each in answer["lines"])
    assert office.request.confirmers == ()


async def test_every_reason_of_a_refusal_is_a_line(office: Office) -> None:
    await office.asks()
    answer = await office.says("confirm", E1, check_word="wrong-word")
    assert len(answer["lines"]) > 1


@pytest.mark.parametrize("verb", ["confirm", "stop", "hold", "go", "here"])
async def test_a_login_that_the_directory_does_not_know_is_told_so(office: Office, verb: str) -> None:
    await office.starts()
    fields = {"confirm": {"check_word": office.word}, "hold": {"reason": "wait"}}.get(verb, {})
    answer = await office.becomes("nobody").says(verb, E1, **fields)
    assert answer["outcome"] == "refused"
    assert DOUBT in answer["lines"]
    assert office.request.status is Status.DEPLOYING
    assert office.request.holds == ()


async def test_a_cry_of_somebody_unknown_is_heard_all_the_same(office: Office) -> None:
    answer = await office.asks("nobody")
    assert answer["outcome"] == "done"
    assert office.request.requester is None
    assert office.request.name == LOGIN


async def test_the_same_key_is_never_counted_twice(office: Office) -> None:
    await office.asks()
    sent = {"verb": "note", "request": "E1", "fields": {"text": "seen in Asia too"}, "key": "the-same-key"}
    assert (await office.sends(sent))["outcome"] == "done"
    again = await office.sends(sent)
    assert again == {
        "outcome": "repeated",
        "lines": ["This very act was recorded before; it is not counted twice."],
    }


async def test_ids_are_understood_in_any_case(office: Office) -> None:
    await office.asks()
    assert (await office.says("note", "#e1", text="hm"))["request"] == "E1"


async def test_an_unknown_request_is_said_to_be_unknown(office: Office) -> None:
    answer = await office.says("note", "E99", text="hm")
    assert answer["outcome"] == "unknown"
    assert answer["lines"][0].startswith("There is no request E99.")


async def test_without_an_id_the_one_open_request_is_meant(office: Office) -> None:
    await office.asks()
    answer = await office.becomes("bo-sre").says("hold", reason="who is watching the caches?")
    assert answer["request"] == "E1"
    assert [hold.person for hold in office.request.holds] == ["bo-sre"]


async def test_without_an_id_and_with_none_open_it_says_where_to_look(office: Office) -> None:
    answer = await office.says("go")
    assert answer == {"outcome": "unknown", "lines": ["Which request? None is open; every one there was: !list"]}


async def test_without_an_id_and_with_two_open_it_names_both(office: Office) -> None:
    await office.asks()
    await office.asks_for_another()
    answer = await office.says("go")
    assert answer["lines"] == ["Which request? Open are E1, E2. Say the id too, e.g.  !go E1"]


async def test_a_stop_without_an_id_stops_whatever_runs(office: Office) -> None:
    await office.starts()
    answer = await office.becomes("bo-sre").says("stop", reason="errors")
    assert (answer["outcome"], answer["request"]) == ("done", "E1")
    assert office.request.status is Status.PAUSED


async def test_a_stop_without_an_id_leaves_alone_what_does_not_run(office: Office) -> None:
    await office.starts()
    await office.asks_for_another()
    answer = await office.becomes("bo-sre").says("stop")
    assert answer["requests"] == [{"request": "E1", "status": "paused"}]


async def test_a_stop_without_an_id_stops_all_that_runs_each_for_itself(office: Office) -> None:
    await office.starts()
    await office.asks_for_another()
    await office.carries_out(E2)
    answer = await office.becomes("bo-sre").says("stop", reason="errors everywhere")
    assert answer["outcome"] == "done"
    assert answer["requests"] == [{"request": "E1", "status": "paused"}, {"request": "E2", "status": "paused"}]
    assert [each[:2] for each in answer["lines"][:1]] == ["E1"]


async def test_of_several_to_stop_one_that_refuses_keeps_no_other_from_stopping(office: Office) -> None:
    await office.starts()
    await office.asks_for_another("lin")
    await office.carries_out(E2)
    answer = await office.becomes("lin").says("stop")
    assert (answer["outcome"], answer["requests"]) == ("done", [{"request": "E2", "status": "paused"}])
    assert answer["lines"][-1].startswith("Only people with a part in E1")
    assert office.request.status is Status.DEPLOYING


async def test_when_all_that_runs_refuses_every_reason_is_said(office: Office) -> None:
    await office.starts()
    await office.asks_for_another()
    await office.carries_out(E2)
    answer = await office.becomes("dee").says("stop")
    assert answer["outcome"] == "refused"
    assert [each.partition(",")[0] for each in answer["lines"]] == [
        "Only people with a part in E1",
        "Only people with a part in E2",
    ]


async def test_a_stop_when_nothing_runs_says_how_to_keep_it_from_starting(office: Office) -> None:
    await office.asks()
    answer = await office.says("stop")
    assert answer["lines"] == ["Nothing runs, so there is nothing to stop. To keep one from starting: !hold E1 <why>"]


async def test_people_and_teams_are_known_by_every_name_in_the_directory(office: Office) -> None:
    await office.asks()
    office.becomes("bo-sre")
    assert (await office.says("need", E1, team="Security"))["outcome"] == "done"
    assert office.request.needed == ("security",)
    refused = await office.says("need", E1, team="cooks")
    assert refused == {"outcome": "malformed", "lines": ["Which team? There are releng, security, sre."]}
    refused = await office.says("give", E1, to="zoe")
    assert refused["lines"] == ["The directory knows nobody named zoe; say a nick or name as it has them."]


async def test_a_lift_may_name_whose_hold_it_is(office: Office) -> None:
    await office.asks()
    await office.becomes("bo-sre").says("hold", E1, reason="wait")
    answer = await office.becomes("mo-sre").says("lift", E1, reason="bo-sre it is watched now")
    assert answer["outcome"] == "done"
    assert office.request.holds == ()


async def test_a_suspension_is_of_the_whole_house(office: Office) -> None:
    answer = await office.becomes("bo-sre").says("suspend", whom="lin", reason="their laptop was stolen")
    assert answer["outcome"] == "done"
    assert office.world.requests.house.suspended_people == frozenset({"lin"})


async def test_what_cannot_be_recorded_is_said_not_to_be_done(office: Office) -> None:
    await office.asks()
    office.store.unavailable = "the disk is full"
    answer = await office.says("note", E1, text="hm")
    assert answer == {
        "outcome": "unrecorded",
        "lines": ["Nothing was done: the record cannot be written (the disk is full)."],
    }


async def test_a_stop_works_without_the_record(office: Office) -> None:
    await office.starts()
    office.store.unavailable = "the disk is full"
    assert (await office.becomes("bo-sre").says("stop"))["outcome"] == "done"
    assert office.world.brake.pulled(E1)


async def test_acts_of_many_at_once_are_all_done(office: Office) -> None:
    await office.asks()
    answers = await asyncio.gather(*(office.says("note", E1, text=f"remark {number}") for number in range(15)))
    assert [answer["outcome"] for answer in answers] == ["done"] * 15
