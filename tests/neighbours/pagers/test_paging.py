"""Waking people through real services: who takes the message, who does not, and what nobody is told of them."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from tests.domain.night import SRE, Night
from tests.neighbours.pager_services import Service, closed_port, hanging_service, json_service, mail_service
from tocsin.domain.commands import MakePrivate
from tocsin.domain.errors import Unreachable
from tocsin.domain.events import WakeOutcome
from tocsin.domain.people import PersonId, TeamId
from tocsin.neighbours.pagers import paging
from tocsin.neighbours.pagers.paging import Pager, Paging, PagingSettings, kinds
from tocsin.service.ports import Woken
from tocsin.views.waking import Message, waking_message

BO, MO, KIM = PersonId("bo-sre"), PersonId("mo-sre"), PersonId("kim-releng")
URL = "https://tocsin.example.org"
MESSAGE = Message("E17 needs you", "E17 needs you: 1234/3, in #ops. https://tocsin.example.org/E17")
SECONDS = 3.0
"""What a service is given here; the machine may take longer to start a process."""


@pytest.fixture
def taking() -> Iterator[Service]:
    with json_service() as service:
        yield service


@pytest.fixture
def mail() -> Iterator[Service]:
    with mail_service() as service:
        yield service


@pytest.fixture
def hanging() -> Iterator[Service]:
    with hanging_service() as service:
        yield service


def pagers(people: Mapping[PersonId, str], teams: Mapping[TeamId, str] | None = None) -> Paging:
    own = {person: (Pager("JSON", address),) for person, address in people.items()}
    shared = {team: (Pager("JSON", address),) for team, address in (teams or {}).items()}
    return Paging(PagingSettings(own, shared), SECONDS)


async def test_the_message_arrives_with_the_id_and_the_page(taking: Service) -> None:
    woken = await pagers({BO: taking.json()}).wake([BO], SRE, MESSAGE)
    assert woken == {BO: Woken(WakeOutcome.SENT, ("JSON",))}
    assert taking.sent == [(MESSAGE.subject, MESSAGE.body)]


async def test_it_arrives_by_mail_too(mail: Service) -> None:
    settings = PagingSettings({BO: (Pager("mail", mail.mail("bo@example.org")),)})
    woken = await Paging(settings).wake([BO], SRE, MESSAGE)
    assert woken == {BO: Woken(WakeOutcome.SENT, ("mail",))}
    assert mail.sent == [(MESSAGE.subject, MESSAGE.body)]


async def test_of_a_private_request_nothing_but_the_id_and_the_page_is_sent(mail: Service, taking: Service) -> None:
    night = Night().asked()
    night.says("ada", MakePrivate())
    settings = PagingSettings({BO: (Pager("mail", mail.mail("bo@example.org")), Pager("JSON", taking.json()))})
    await Paging(settings).wake([BO], SRE, waking_message(night.request, URL))
    assert mail.sent == taking.sent == [("E17", "E17 https://tocsin.example.org/E17")]
    assert not any(word in raw for raw in (*mail.raw, *taking.raw) for word in (b"1234", b"painted", b"#ops", b"needs"))


async def test_a_service_that_is_down_is_told_by_its_kind_and_the_others_are_rung(taking: Service) -> None:
    down = f"json://127.0.0.1:{closed_port()}/secret"
    woken = await pagers({BO: down, KIM: taking.json()}).wake([BO, KIM], None, MESSAGE)
    assert woken == {
        BO: Woken(WakeOutcome.FAILED, detail="JSON did not take it"),
        KIM: Woken(WakeOutcome.SENT, ("JSON",)),
    }


async def test_a_service_that_refuses_did_not_take_it(taking: Service) -> None:
    taking.status = 500
    woken = await pagers({BO: taking.json()}).wake([BO], None, MESSAGE)
    assert woken[BO].detail == "JSON did not take it"


async def test_a_service_that_hangs_is_stepped_over_in_time_and_keeps_nobody_from_theirs(
    taking: Service, hanging: Service
) -> None:
    people = {BO: hanging.json("?rto=60"), KIM: taking.json(), MO: hanging.json("another?rto=60")}
    before = time.monotonic()
    woken = await pagers(people).wake([BO, KIM, MO], None, MESSAGE)
    assert time.monotonic() - before < SECONDS + paging.START_SECONDS
    assert woken[BO] == woken[MO] == Woken(WakeOutcome.FAILED, detail="JSON did not answer within 3 s")
    assert woken[KIM].outcome is WakeOutcome.SENT


async def test_one_pager_of_several_that_takes_it_is_enough_and_what_the_others_did_is_kept(taking: Service) -> None:
    two = (Pager("mail", f"mailto://127.0.0.1:{closed_port()}?from=t@example.org&to=bo@example.org"),)
    settings = PagingSettings({BO: (*two, Pager("JSON", taking.json()))})
    woken = await Paging(settings, SECONDS).wake([BO], None, MESSAGE)
    assert woken == {BO: Woken(WakeOutcome.SENT, ("JSON",), "mail did not take it")}


async def test_who_has_no_pager_is_said_to_have_none_and_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "RINGING", ["/there/is/no/such/program"])
    assert await pagers({KIM: "json://127.0.0.1"}).wake([BO], SRE, MESSAGE) == {BO: Woken(WakeOutcome.NOBODY)}


async def test_those_without_a_pager_of_their_own_are_reached_once_by_that_of_the_team_called(taking: Service) -> None:
    paging = pagers({KIM: taking.json("kim")}, {SRE: taking.json("sre"), TeamId("releng"): taking.json("releng")})
    woken = await paging.wake([BO, MO, KIM], SRE, MESSAGE)
    assert {each.outcome for each in woken.values()} == {WakeOutcome.SENT}
    assert sorted(taking.paths) == ["/kim", "/sre"]
    assert (await paging.wake([BO], None, MESSAGE))[BO].outcome is WakeOutcome.NOBODY


async def test_two_people_behind_one_pager_are_rung_once(taking: Service) -> None:
    await pagers({BO: taking.json(), MO: taking.json()}).wake([BO, MO], None, MESSAGE)
    assert len(taking.sent) == 1


async def test_without_any_pager_nobody_is_woken_and_with_one_a_few() -> None:
    assert Paging(PagingSettings()).most == 0
    assert pagers({BO: "json://127.0.0.1"}).most == 5
    assert Paging(replace(PagingSettings(teams={SRE: ()}), most=2)).most == 2


async def test_a_machine_that_starts_no_process_wakes_nobody_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "RINGING", ["/there/is/no/such/program"])
    with capture_logs() as logged:
        woken = await pagers({BO: "json://127.0.0.1/secret"}).wake([BO], None, MESSAGE)
    assert woken[BO].outcome is WakeOutcome.FAILED
    assert [each["event"] for each in logged] == ["nobody can be paged: no process could be started"]


async def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "RINGING", ["sleep", "60"])
    monkeypatch.setattr(paging, "START_SECONDS", 0.2)
    with capture_logs() as logged:
        woken = await replace(pagers({BO: "json://127.0.0.1/secret"}), seconds=0.1).wake([BO], None, MESSAGE)
    assert woken[BO].detail == "JSON did not answer within 0.1 s"
    assert "secret" not in str(logged)


async def test_an_address_is_shown_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    address = f"mailto://bo:xyzzy@127.0.0.1:{closed_port()}?from=t@example.org&to=xyzzy@example.org"
    settings = PagingSettings({BO: (Pager("mail", address), Pager("JSON", "json://xyzzy:xyzzy@127.0.0.1:1/xyzzy"))})
    with capture_logs() as logged:
        paging = Paging(settings, SECONDS)
        woken = await paging.wake([BO], None, MESSAGE)
    assert woken[BO].outcome is WakeOutcome.FAILED
    assert "xyzzy" not in f"{logged} {woken} {paging} {settings} {capfd.readouterr()}"


def test_an_address_is_known_by_what_people_call_its_service_or_not_at_all() -> None:
    addresses = ["mailtos://bo:x@example.org", "json://127.0.0.1", "nothing://x", "json://", "", "not an address"]
    assert kinds(addresses) == ("mail", "JSON", "", "", "", "")


def test_where_apprise_cannot_look_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "RINGING", ["false"])
    with pytest.raises(Unreachable, match="apprise did not look at the addresses"):
        kinds(["json://127.0.0.1/secret"])
