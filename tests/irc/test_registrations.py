from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.irc.talking import SETTINGS, Talk
from tocsin.irc.events import RegistrationTold, ServiceReplied
from tocsin.irc.message import UnsafeLine

SERVICES = ":NickServ!NickServ@services.example.org"


@pytest.fixture
def talk() -> Talk:
    return Talk().ready()


def told(talk: Talk, *notices: str, source: str = SERVICES) -> list[RegistrationTold]:
    events = talk.server(*[f"{source} NOTICE tocsin :{notice}" for notice in notices])
    return [event for event in events if isinstance(event, RegistrationTold)]


def test_the_entity_id_is_asked_by_nick_and_told_by_account(talk: Talk) -> None:
    talk.session.ask_registration("bo-sre")
    assert talk.out() == ["PRIVMSG NickServ :ACC bo-sre *"]
    assert told(talk, "bo-sre -> bo ACC 3 AAAAAAAAB") == [RegistrationTold("bo", "AAAAAAAAB", None)]


def test_formatting_in_an_answer_does_not_matter(talk: Talk) -> None:
    talk.session.ask_registration("bo-sre")
    assert told(talk, "\x02bo-sre\x02 -> bo ACC \x0303,043\x03 AAAAAAAAB") == [
        RegistrationTold("bo", "AAAAAAAAB", None)
    ]


@pytest.mark.parametrize("answer", [
    "bo-sre -> * ACC 0 (not registered)",
    "bo-sre -> bo ACC 1 AAAAAAAAB",
    "bo-sre ACC 3 AAAAAAAAB",
    "lin -> bo ACC 3 AAAAAAAAB",
    "<mallory> bo-sre -> bo ACC 3 AAAAAAAAB",
])  # fmt: skip
def test_anything_but_signed_in_tells_nothing(talk: Talk, answer: str) -> None:
    talk.session.ask_registration("bo-sre")
    assert told(talk, answer) == []


@pytest.mark.parametrize("source", [
    ":NickServ!NickServ@mallory.example.org",
    ":NickServ",
    ":mallory!NickServ@services.example.org",
    ":ChanServ!ChanServ@services.example.org",
])  # fmt: skip
def test_only_services_are_believed(talk: Talk, source: str) -> None:
    talk.session.ask_registration("bo-sre")
    assert talk.server(f"{source} NOTICE tocsin :bo-sre -> bo ACC 3 AAAAAAAAB") == []


def test_what_was_not_asked_is_not_told(talk: Talk) -> None:
    assert told(talk, "bo-sre -> bo ACC 3 AAAAAAAAB") == []
    talk.session.ask_registration("bo-sre")
    talk.pass_time(31)
    assert told(talk, "bo-sre -> bo ACC 3 AAAAAAAAB") == []


def test_where_entity_ids_are_hidden_the_date_of_the_registration_is_asked(talk: Talk) -> None:
    talk.session.ask_registration("bo-sre")
    talk.out()
    assert told(talk, "bo-sre -> bo ACC 3") == []
    talk.pass_time(2)
    assert talk.out() == ["PRIVMSG NickServ :INFO bo"]
    answers = told(
        talk,
        "Information on \x02bo\x02 (account \x02bo\x02):",
        "Registered : Nov 20 08:15:30 2024 +0000 (2y 0w 3d ago)",
        "Last seen  : now",
        "Registered : Jan 01 00:00:00 2001 +0000 (long ago)",
        "*** \x02End of Info\x02 ***",
    )
    assert answers == [RegistrationTold("bo", None, datetime(2024, 11, 20, 8, 15, 30, tzinfo=UTC))]


def test_information_that_was_not_asked_for_is_not_told(talk: Talk) -> None:
    assert (
        told(talk, "Information on bo (account bo):", "Registered : Nov 20 08:15:30 2024", "*** End of Info ***") == []
    )


def test_an_impossible_date_is_no_date(talk: Talk) -> None:
    talk.session.ask_registration("bo-sre")
    told(talk, "bo-sre -> bo ACC 3")
    answers = told(talk, "Information on bo (account bo):", "Registered : Nov 40 08:15:30 2024", "*** End of Info ***")
    assert answers == [RegistrationTold("bo", None, None)]


def test_what_services_say_is_passed_on(talk: Talk) -> None:
    events = talk.server(f"{SERVICES} NOTICE tocsin :You are now \x02identified\x02.")
    assert events == [ServiceReplied("NickServ", "You are now identified.")]


def test_the_host_of_services_is_learned_from_their_answer_about_ourselves() -> None:
    talk = Talk(replace(SETTINGS, services_host=None))
    talk.sign_on()
    talk.join()
    assert "PRIVMSG NickServ :ACC tocsin *" in talk.out()
    impostor = ":NickServ!x@mallory.example.org"
    assert talk.server(f"{impostor} NOTICE tocsin :tocsin -> mallory ACC 3 AAAAAAAAX") == []
    assert told(talk, "tocsin -> tocsin ACC 3 AAAAAAAAC") == [RegistrationTold("tocsin", "AAAAAAAAC", None)]
    talk.session.ask_registration("bo-sre")
    assert told(talk, "bo-sre -> bo ACC 3 AAAAAAAAB", source=impostor) == []
    assert told(talk, "bo-sre -> bo ACC 3 AAAAAAAAB") == [RegistrationTold("bo", "AAAAAAAAB", None)]


def test_questions_that_are_never_answered_take_no_memory(talk: Talk) -> None:
    for number in range(200):
        talk.session.ask_registration(f"n{number}")
    assert told(talk, "n0 -> bo ACC 3 AAAAAAAAB") == []
    assert told(talk, "n199 -> bo ACC 3 AAAAAAAAB") != []


def test_a_nick_that_is_none_is_not_asked_about(talk: Talk) -> None:
    with pytest.raises(UnsafeLine):
        talk.session.ask_registration("bo\r\nQUIT")
