"""Whose account it is: a name alone is nobody, the pinned registration tells."""

import asyncio
from datetime import UTC, datetime

import pytest

from tocsin.domain.people import Account, Directory, Person, PersonId
from tocsin.irc.events import RegistrationTold
from tocsin.irc.identities import MOST_KNOWN, Identities, spelled
from tocsin.irc.names import folding

PEOPLE = (
    Person(PersonId("bo-sre"), accounts=(Account("Bo[sre]", "AAAAAAAAB"), Account("bo-phone")), nicks=("bo",)),
    Person(PersonId("lin"), accounts=(Account("lin", "2024-11-20T08:00:00Z"),)),
)
REGISTERED = datetime(2024, 11, 20, 8, tzinfo=UTC)


class Services:
    """Answers each question at once, as it was told to."""

    def __init__(self, *answers: RegistrationTold) -> None:
        self.asked: list[str] = []
        self.answers = list(answers)
        self.identities = Identities(lambda: Directory(PEOPLE), self.ask, folding("rfc1459"))

    def ask(self, nick: str) -> None:
        self.asked.append(nick)
        for answer in self.answers:
            self.identities.told(answer)


BO = RegistrationTold("Bo[sre]", "AAAAAAAAB", None)


async def test_the_pinned_registration_removes_every_doubt() -> None:
    services = Services(BO)
    assert await services.identities.doubt("bo{SRE}", "bo") == ""
    assert services.identities.registration("Bo[sre]") == "AAAAAAAAB"


async def test_the_date_of_the_registration_serves_where_services_hide_ids() -> None:
    services = Services(RegistrationTold("lin", None, REGISTERED))
    assert await services.identities.doubt("lin", "lin") == ""
    assert services.identities.registration("lin") == "2024-11-20T08:00:00Z"


async def test_an_account_that_was_registered_anew_is_nobodys() -> None:
    services = Services(RegistrationTold("Bo[sre]", "AAAAAAAAE", None))
    assert "registered anew" in await services.identities.doubt("Bo[sre]", "bo")


async def test_an_account_that_is_not_pinned_counts_for_nobody_and_says_how_to_pin_it() -> None:
    doubt = await Services(BO).identities.doubt("bo-phone", "bo")
    assert doubt.endswith("tocsin directory pin bo-sre bo-phone")


async def test_an_account_that_the_directory_does_not_have_is_nobodys() -> None:
    services = Services(BO)
    assert "nobody with the services account mallory" in await services.identities.doubt("mallory", "bo")
    assert services.asked == []


async def test_services_are_asked_once_for_each_account_of_a_connection() -> None:
    services = Services(BO)
    for _ in range(3):
        await services.identities.doubt("Bo[sre]", "bo")
    assert services.asked == ["bo"]


@pytest.mark.parametrize("forgetting", ["one", "all"])
async def test_what_was_forgotten_is_asked_anew(forgetting: str) -> None:
    services = Services(BO)
    await services.identities.doubt("Bo[sre]", "bo")
    if forgetting == "one":
        services.identities.forget("bo[SRE]")
        services.identities.forget(None)
    else:
        services.identities.forget_all()
    await services.identities.doubt("Bo[sre]", "bo")
    assert len(services.asked) == 2


async def test_silent_services_leave_a_doubt_within_the_patience() -> None:
    doubt = await Services().identities.doubt("Bo[sre]", "bo", patience_seconds=0.01)
    assert "Services did not tell" in doubt


async def test_an_answer_about_another_account_is_no_answer() -> None:
    services = Services(RegistrationTold("lin", None, REGISTERED))
    assert "Services did not tell" in await services.identities.doubt("Bo[sre]", "bo", patience_seconds=0.01)


async def test_everybody_who_waits_for_one_answer_gets_it_however_impatient_another_was() -> None:
    services = Services()
    waiting = asyncio.create_task(services.identities.doubt("Bo[sre]", "bo"))
    assert await services.identities.doubt("Bo[sre]", "bo", patience_seconds=0.01)
    services.identities.told(BO)
    async with asyncio.timeout(1):
        assert await waiting == ""
    assert services.asked == ["bo"]


async def test_what_is_known_has_a_bound() -> None:
    services = Services(BO)
    for number in range(MOST_KNOWN + 1):
        services.identities.told(RegistrationTold(f"account{number}", "id", None))
    assert services.identities.registration("account0") == ""


def test_a_nick_names_a_person_and_never_proves_one() -> None:
    identities = Services().identities
    assert identities.person_of_nick("BO") == "bo-sre"
    assert identities.person_of_nick("bo-sre") == "bo-sre"
    assert identities.person_of_nick("mallory") is None


def test_a_registration_without_id_and_date_is_spelled_as_nothing() -> None:
    assert spelled(RegistrationTold("lin", None, None)) == ""


def test_people_are_found_as_the_directory_and_the_network_have_them_now() -> None:
    directory, fold = [Directory(PEOPLE)], [folding("ascii")]
    identities = Identities(lambda: directory[0], lambda _: None, lambda name: fold[0](name))
    assert identities.person_of_account("bo{sre}") is None
    fold[0] = folding("rfc1459")  # as a server says only after the first lines
    assert identities.person_of_account("bo{sre}") == PEOPLE[0]
    directory[0] = Directory((Person(PersonId("mo-sre"), accounts=(Account("bo-phone"),), nicks=("bo",)),))
    assert identities.person_of_account("bo{sre}") is None
    assert identities.person_of_nick("Bo") == "mo-sre"
