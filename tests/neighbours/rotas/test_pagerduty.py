"""PagerDuty as documented, and doing anything else: the first level is on call, the second stands in."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.neighbours.sites import Answer, Site, site
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Directory, OnCall, Person, PersonId, TeamId
from tocsin.neighbours.rotas.pagerduty import ACCEPT, PAGERDUTY, PagerDuty
from tocsin.neighbours.rotas.people import RotaPeople
from tocsin.neighbours.rotas.sources import PagerDutySettings

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SRE = TeamId("sre")
BO, CY = PersonId("bo-sre"), PersonId("cy-sre")
DIRECTORY = Directory(
    (
        Person(BO, frozenset({SRE}), emails=("bo@example.org",)),
        Person(CY, frozenset({SRE}), known_as=("Cyrene Cole", "PCYCY")),
    )
)
EMAIL = {"id": "PBOBO", "summary": "B. B.", "email": "bo@example.org"}


def entry(level: int, user: Mapping[str, object] | str, start: str | None = None, end: str | None = None) -> object:
    told = {"id": "PXXXX", "summary": user} if isinstance(user, str) else user
    return {"user": told, "escalation_level": level, "start": start, "end": end, "schedule": {"id": "PSCHED"}}


@pytest.fixture
def pagerduty() -> Iterator[Site]:
    with site() as served:
        yield served


async def shift(served: Site, *entries: object, **more: object) -> OnCall:
    served.says("/oncalls?", {"oncalls": list(entries), "more": False, **more}, b"")
    return await asked(served)


async def asked(served: Site) -> OnCall:
    settings = PagerDutySettings(SRE, ("PSCHED", "P&2"), "a-token", served.address)
    return await PagerDuty(settings, RotaPeople(DIRECTORY, SRE, PAGERDUTY)).on_call(NOW)


async def test_the_first_level_is_on_call_the_second_stands_in_and_others_are_not_asked(pagerduty: Site) -> None:
    told = await shift(pagerduty, entry(2, "Cyrene Cole"), entry(1, EMAIL), entry(3, "Zed"))
    assert told == OnCall(((SRE, (BO,)),), ((SRE, (CY,)),))


@pytest.mark.parametrize("user", [{"id": "PCYCY"}, {"id": "P1", "summary": "cyrene cole"}])
async def test_somebody_is_known_by_their_address_id_or_name(pagerduty: Site, user: dict[str, object]) -> None:
    assert (await shift(pagerduty, entry(1, user))).of(SRE) == (CY,)


async def test_it_is_asked_about_this_moment_and_these_schedules_with_the_token(pagerduty: Site) -> None:
    await shift(pagerduty)
    assert parse_qs(urlsplit(pagerduty.asked[0]).query) == {
        "schedule_ids[]": ["PSCHED", "P&2"],
        "since": ["2026-11-24T02:00:00+00:00"],
        "until": ["2026-11-24T02:01:00+00:00"],
        "earliest": ["true"],
        "include[]": ["users"],
        "limit": ["100"],
    }
    assert pagerduty.signed_in == ["Token token=a-token"]
    assert pagerduty.headers[0].get_all("Accept") == [ACCEPT]


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        (None, None, True),
        ("2026-11-24T02:00:00Z", "2026-11-24T03:00:00Z", True),
        ("2026-11-24T03:00:00+01:00", "2026-11-24T09:00:00+01:00", True),
        ("2026-11-24T02:00:01Z", "2026-11-24T03:00:00Z", False),
        ("2026-11-23T02:00:00Z", "2026-11-24T02:00:00Z", False),
    ],
)
async def test_a_shift_that_begins_later_or_is_over_is_nobodys_now(
    pagerduty: Site, start: str | None, end: str | None, holds: bool
) -> None:
    told = await shift(pagerduty, entry(1, EMAIL, start, end))
    assert (told.of(SRE), told.unknown) == (((BO,), frozenset()) if holds else ((), frozenset({SRE})))


async def test_one_page_of_several_is_no_answer(pagerduty: Site) -> None:
    with pytest.raises(Unreachable, match="name fewer schedules"):
        await shift(pagerduty, entry(1, EMAIL), more=True)


@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"oncalls": [{}]},
        {"oncalls": [entry(1, EMAIL, "yesterday")]},
        {"oncalls": [entry(1, EMAIL, "2026-11-24")]},
    ],
)
async def test_another_shape_is_no_answer(pagerduty: Site, told: object) -> None:
    pagerduty.says("/oncalls?", told, b"")
    with pytest.raises(Unreachable, match="in a shape that we do not know"):
        await asked(pagerduty)


@pytest.mark.parametrize(
    ("status", "why"), [(404, "does not show these schedules"), (401, "does not take"), (500, "500")]
)
async def test_whatever_else_it_does_is_no_answer_and_the_token_is_not_said(
    pagerduty: Site, status: int, why: str
) -> None:
    pagerduty.answers["/oncalls?"] = Answer(b"", status)
    with pytest.raises(Unreachable, match=why) as caught:
        await asked(pagerduty)
    assert "a-token" not in repr(caught.value)
